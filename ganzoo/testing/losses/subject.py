"""What the checks of a loss examine."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ganzoo.game import Objective, Traits
from ganzoo.registry import Found, default_registry, get_loss
from ganzoo.testing.check import skip
from ganzoo.testing.losses.bench import Bench, Said
from ganzoo.testing.losses.players import Shown, column

__all__ = ["FAKE", "REAL", "Subject", "close"]

# Eighths: the same number in half precision and in double.
REAL = torch.tensor([0.25, 1.25, -0.5, 2.0, 0.875, -1.5, 0.125, 1.5], dtype=torch.float64)
"""Scores of 8 real samples, none at a usual kink."""
FAKE = torch.tensor([-0.25, 0.75, -1.125, 0.5, -2.0, 1.375, 0.0, -0.625], dtype=torch.float64)
"""Scores of 8 generated samples."""


class Subject:
    """An objective under examination, made afresh for each question.

    Args:
        loss: a registered name, or an objective, which is copied and left as it is.
        options: of the registered loss.

    Attributes:
        name: how it is called.
        found: its entry; None of an objective.
        traits: what the loss declares of itself; of one that declares nothing, the usual.
        declared: whether it declares anything.
        waived: the checks that its author says do not hold, with reasons.
        players: who moves.
        excused: always empty; what does not apply is found check by check.
    """

    excused = ""

    def __init__(self, loss: str | Objective, **options: Any) -> None:
        self.options = options
        self._made = get_loss(loss, **options) if isinstance(loss, str) else copy.deepcopy(loss)
        made = self._made
        self.name = loss if isinstance(loss, str) else made.name or type(made).__name__
        self.found: Found | None = None
        if isinstance(loss, str):
            self.found = default_registry().find("losses", loss)
        self.declared = made.traits is not None
        self.traits = made.traits or Traits()
        self.waived: Mapping[str, str] = dict(self.traits.waived)
        self.players = made.players
        self.conditional, self.needs = made.conditional, made.needs

    def remade(self, **options: Any) -> Subject:
        """The same with some options changed."""
        assert self.found is not None
        return type(self)(self.found.id, **{**self.options, **options})

    def objective(self) -> Objective:
        """The objective in its initial state."""
        return copy.deepcopy(self._made)

    def plain(self) -> Objective:
        """What values from elsewhere are of: the whole objective."""
        return self.objective()

    def bare(self) -> Objective:
        """Those of its terms that are losses, without what is added to them."""
        terms = [term for term in self.objective().terms if getattr(term, "traits", None)]
        return Objective(*terms) if terms else self.objective()  # type: ignore[arg-type]

    def bench(self, size: int = 2, **options: Any) -> Bench:
        """A fresh objective, seated; the options are those of :class:`Bench`."""
        return Bench(self.objective(), size, **options)

    def say(self, player: str, real: Tensor, fake: Tensor, *, shown: Shown = column) -> Said:
        """Let a fresh objective speak to a player, and take the gradients.

        Args:
            player: ``"discriminator"`` or ``"generator"``.
            real, fake: ``(N, K)`` of which the scores are made, or the scores ``(N,)``.
            shown: what the discriminator makes of them.
        """
        size = real.shape[1] if real.ndim > 1 else 2
        return self.bench(size, shown=shown, dtype=real.dtype).turn(player, real, fake)

    def value(self, player: str, real: Tensor, fake: Tensor, shown: Shown = column) -> float:
        """The loss of a fresh objective, as a number."""
        return float(self.say(player, real, fake, shown=shown).value)

    @cached_property
    def heard(self) -> Mapping[str, bool]:
        """Of each player, whether its loss depends on scores."""
        answers = {}
        for player in self.players:
            slopes = [slope for each in self.say(player, REAL, FAKE).by_score for slope in each]
            answers[player] = any(slope is not None and bool(slope.any()) for slope in slopes)
        return answers

    def needs_scores(self, player: str = "discriminator") -> None:
        """Skip the check where a player's loss does not depend on scores."""
        if not self.heard.get(player, False):
            skip(f"the {player}'s loss does not look at scores")

    @property
    def neutral(self) -> float:
        """The score of a discriminator that cannot tell; 0 where none is declared."""
        return 0.0 if self.traits.neutral is None else self.traits.neutral

    @cached_property
    def samples_matter(self) -> bool:
        """Whether it takes more than the scores of the samples: the discriminator's slope, its
        scores at other points, or the samples themselves.
        """
        for player in self.players:
            said = self.say(player, REAL, FAKE)
            steep = self.value(player, REAL, FAKE, lambda x: (2 * x - x.detach())[:, :1])
            if said.strange or not close(steep, float(said.value)):
                return True
        return self.places_matter

    @cached_property
    def places_matter(self) -> bool:
        """Whether it looks at where the samples are, beside their scores."""
        for player in self.players:
            real, fake = (torch.stack([s, 3 * s + 1], 1) for s in (REAL, FAKE))
            if not close(self.value(player, real, fake), self.value(player, REAL, FAKE)):
                return True
        return False


def close(one: float, other: float, tolerance: float = 1e-9) -> bool:
    """Whether two losses are the same but for rounding."""
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance / 10)
