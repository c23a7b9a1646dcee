"""The conformance kit for architectures."""

from ganzoo.testing.networks import behaviour, shapes
from ganzoo.testing.networks.subject import Subject
from ganzoo.testing.words import DOCUMENTED, UNKNOWN_OPTION

__all__ = ["CHECKS", "Subject"]

CHECKS = (DOCUMENTED, UNKNOWN_OPTION, *shapes.CHECKS, *behaviour.CHECKS)
"""What any correct networks pass."""
