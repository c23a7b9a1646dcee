"""The f-GAN: any f-divergence as a game, from a pair of functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

import ganzoo

__all__ = ["FGAN", "Divergence", "fgan", "saturates"]

Function = Callable[[Tensor], Tensor]


@dataclass(frozen=True, repr=False)
class Divergence:
    """An f-divergence ``D_f(p, q) = int q f(p/q)``, as the functions of its game.

    Args:
        name: of the divergence, with its parameters.
        activation: g, from scores to the domain of the conjugate f*; increasing, so that a
            higher score means more real.
        conjugate: from scores to f*(g(score)), in a form that is stable as a whole.
        log_ratio: from the optimal discriminator's scores to log p/q, where they tell it.
        traits: of the saturating game.
    """

    name: str
    activation: Function
    conjugate: Function
    log_ratio: Function | None = None
    traits: ganzoo.Traits = field(default_factory=ganzoo.Traits)

    def __repr__(self) -> str:
        return self.name


class FGAN(ganzoo.terms.ScoreTerm):
    """``L_D = -E g(r) + E f*(g(f))``, ``L_G = -E f*(g(f))`` or, not saturating, ``-E g(f)``.

    Args:
        divergence: which.
        saturating: which loss of the generator.
    """

    divergence: Divergence = ganzoo.option()
    saturating: bool = ganzoo.option(True)

    def __post_init__(self) -> None:
        declared = self.divergence.traits
        # g rises everywhere; the conjugate of an f that is extended beyond u > 0 may not
        monotone = declared.monotone or not self.saturating
        self.traits = replace(declared, zero_sum=self.saturating, monotone=monotone)

    def real(self, score: Tensor) -> Tensor:
        """``-g(r)``."""
        return -self.divergence.activation(score)

    def fake(self, score: Tensor) -> Tensor:
        """``f*(g(f))``."""
        return self.divergence.conjugate(score)

    def generated(self, score: Tensor) -> Tensor:
        """``-f*(g(f))`` or ``-g(f)``."""
        paid = self.divergence.conjugate if self.saturating else self.divergence.activation
        return -paid(score)

    def probability(self, score: Tensor) -> Tensor | None:
        """``p / (p + q)`` at the optimum."""
        told = self.divergence.log_ratio
        return None if told is None else torch.sigmoid(told(score))


def saturates(generator: str) -> bool:
    """Whether ``generator`` asks for the saturating loss.

    Raises:
        BadOption: an unknown loss of the generator.
    """
    kinds = {"saturating": True, "nonsaturating": False}
    if generator not in kinds:
        raise ganzoo.BadOption(
            f"generator={generator!r}: 'saturating' (what the discriminator loses, the generator "
            f"gains) or 'nonsaturating' (the generator wants its samples taken for real)"
        )
    return kinds[generator]


def fgan(divergence: Divergence, generator: str) -> ganzoo.Objective:
    """The game of a divergence, with a loss of the generator by name; see :func:`saturates`."""
    return ganzoo.Objective(FGAN(divergence=divergence, saturating=saturates(generator)))
