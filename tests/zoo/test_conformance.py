"""Every loss that is installed passes every check that applies to it."""

import pytest

import ganzoo
from ganzoo.testing import check_loss


@pytest.mark.parametrize("found", ganzoo.registry.entries("losses"), ids=lambda found: found.id)
def test_conformance(found):
    results = check_loss(found.id)
    assert {r.name: r.message for r in results if r.status == "failed"} == {}
