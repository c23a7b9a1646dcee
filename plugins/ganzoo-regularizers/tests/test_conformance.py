"""Everything that is registered against ganzoo's conformance kit."""

from __future__ import annotations

from ganzoo.testing import distribution_checks

test_all = distribution_checks("ganzoo-regularizers")
