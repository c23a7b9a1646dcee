"""The distributions that realness is compared with."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

import ganzoo

__all__ = ["anchors", "shifted"]

_REACH = 3.25  # how far a thousand normal draws reach, in standard deviations


def shifted(law: Tensor, places: float) -> Tensor:
    """A law on 0 .. K - 1, ``(K,)``, moved by so many places; what would leave stays on the
    last one, and what falls between two is shared.
    """
    last = len(law) - 1
    place = (torch.arange(len(law)) + places).clamp(0, last)
    low = place.floor()
    above = (place - low).to(law)
    moved = torch.zeros_like(law)
    moved.index_add_(0, low.long(), law * (1 - above))
    moved.index_add_(0, (low.long() + 1).clamp(max=last), law * above)
    return moved


def anchors(
    outcomes: int, real: Sequence[float] | None, fake: Sequence[float] | None
) -> tuple[Tensor, Tensor]:
    """The anchors of real and of generated samples, each ``(K,)`` of float64 and sum 1.

    Without any given they are a uniform law moved up by half the outcomes, and a normal one,
    cut where a thousand draws end, moved down by half.

    Raises:
        BadOption: fewer than two outcomes, or anchors that are no two different laws on the
            same outcomes.
    """
    if (real is None) != (fake is None):
        raise ganzoo.BadOption("anchor_real and anchor_fake: both, or neither")
    if real is not None and fake is not None:
        laws = [torch.tensor(list(law), dtype=torch.float64) for law in (real, fake)]
        wrong = any(
            law.ndim != 1 or bool((law < 0).any()) or abs(law.sum().item() - 1) > 1e-6
            for law in laws
        )
        if wrong or len(laws[0]) != len(laws[1]) or torch.equal(*laws):
            raise ganzoo.BadOption(
                f"anchor_real={real}, anchor_fake={fake}: two different lists of as many "
                f"probabilities, each 0 or more and with sum 1"
            )
        return laws[0], laws[1]
    if outcomes < 2:
        raise ganzoo.BadOption(f"outcomes={outcomes}: at least 2")
    place = torch.linspace(-_REACH, _REACH, outcomes, dtype=torch.float64)
    uniform, normal = torch.ones_like(place), torch.exp(-place.square() / 2)
    half = (outcomes - 1) / 2
    return shifted(uniform / uniform.sum(), half), shifted(normal / normal.sum(), -half)
