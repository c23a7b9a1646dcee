"""An objective under examination, seated with networks whose scores the checks choose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ganzoo.game import Game, Objective, Play, Spec
from ganzoo.testing.losses.players import (
    SLOPE,
    Judge,
    Maker,
    Reader,
    SameForAll,
    Shown,
    column,
    samples,
)

__all__ = ["Bench", "Said", "seeded"]

_CLASSES = 3
_SPARE = 16  # elements of a latent vector beside the sample, for codes


@dataclass
class Said:
    """What an objective said in one turn.

    ``value`` is its loss, detached; ``real`` and ``fake`` are the samples, ``judge`` has what
    it was asked and told, ``gradients`` are those of the loss by name, and ``by_score`` those by
    everything the judge told, in its order.
    """

    value: Tensor
    real: Tensor
    fake: Tensor
    judge: Judge
    play: Play
    gradients: dict[str, Tensor | None] = field(default_factory=dict)
    by_score: list[list[Tensor | None]] = field(default_factory=list)

    def slopes(self, kind: str) -> Tensor:
        """The gradient by the scores of the ``"real"`` or ``"fake"`` samples, ``(N, elements)``,
        summed over the times they were asked about; 0 without one.
        """
        x: Tensor = getattr(self, kind)
        total = torch.zeros(len(x), 1, dtype=x.dtype)
        for asked, found in zip(self.judge.asked, self.by_score, strict=True):
            if asked.shape == x.shape and torch.equal(asked, x.detach()):
                for slope in found:
                    if slope is not None:
                        total = total + slope.reshape(len(x), -1)
        return total

    @property
    def strange(self) -> bool:
        """Whether the judge was asked about other points."""
        known = (self.real, self.fake)
        return any(
            not any(a.shape == k.shape and torch.equal(a, k) for k in known)
            for a in self.judge.asked
        )

    @property
    def others_matter(self) -> bool:
        """Whether scores at other points are in the loss, beside their slope."""
        known = (self.real, self.fake)
        return any(
            gradient is not None and bool(gradient.any())
            for asked, found in zip(self.judge.asked, self.by_score, strict=True)
            for gradient in found
            if not any(asked.shape == x.shape and torch.equal(asked, x) for x in known)
        )


class Bench:
    """An objective seated with a judge, a generator and an encoder, and attached.

    Args:
        objective: it is moved to the dtype and the device.
        size: elements of a sample.
        shown: see :class:`Judge`.
        dtype, device: of the networks.

    Attributes:
        labels: ``(N,)`` of every turn; where there are none, they follow from the samples.
    """

    def __init__(
        self,
        objective: Objective,
        size: int,
        *,
        shown: Shown = column,
        dtype: torch.dtype = torch.float64,
        device: str = "cpu",
    ) -> None:
        self.judge = Judge(shown, dtype, objective.needs | {"score"})
        spec = Spec((size,), size + _SPARE, _CLASSES)
        self.objective = objective
        self.labels: Tensor | None = None
        maker, reader = Maker(size, dtype), Reader(spec.latent, dtype)
        maker.conditional = reader.conditional = objective.conditional
        self.game = Game(maker, self.judge, spec, encoder=reader)
        self.game.check(objective)
        with seeded():
            self.game.attach(objective)
        if next(objective.parameters(), None) is not None:
            objective.to(dtype)
        if device != "cpu":
            self.game.to(device)
            objective.to(device)

    def play(self, player: str, real: Tensor, fake: Tensor, *, step: int = 0) -> Play:
        """A turn: real samples ``(N, K)``, and generated ones that the generator will make."""
        drawn = self.game.prior.draw(len(fake), SameForAll(0, "latent").seek(step))
        z = torch.cat([fake, drawn[:, fake.shape[1] :].to(fake)], 1)
        labels = self.labels
        if self.objective.conditional and labels is None:
            both = max((real, fake), key=len)
            labels = (both[:, -1].detach() * 8).abs().round().long() % _CLASSES
        return self.game.play(
            player,
            real_x=real,
            z=z,
            labels=labels,
            # the meta device has no generators, and no numbers either
            noise=None if real.is_meta else SameForAll(0, "noise", real.device).seek(step),
            tracked=self.objective.tracked(self.objective.due(step), player),
        )

    def turn(
        self, player: str, real: Tensor, fake: Tensor, *, step: int = 0, act: bool = False
    ) -> Said:
        """Let the objective speak to a player, and take all gradients.

        Args:
            player: ``"discriminator"`` or ``"generator"``.
            real, fake: ``(N, K)`` of which the scores are made, or the scores ``(N,)``.
            step: of the training.
            act: whether the terms act after it, as after an optimiser's step.
        """
        x = (samples(real.detach()) / SLOPE).requires_grad_()
        g = (samples(fake.detach(), 0.0625) / SLOPE).requires_grad_()
        self.judge.asked, self.judge.told = [], []
        play, due = self.play(player, x, g, step=step), self.objective.due(step)
        with seeded():
            value = self.objective.loss(play, due)
            said = Said(value.detach(), x.detach(), g.detach(), self.judge, play)
            self._differentiate(value, said, (vars(play).get("real_x", x), g))
            if act:
                self.objective.after(play, due)
        return said

    def _differentiate(self, value: Tensor, said: Said, leaves: tuple[Tensor, Tensor]) -> None:
        """Fill in the gradients, and those of all parameters."""
        parameters = [*self.game.parameters(), *self.objective.parameters()]
        scores = [scale for scales in self.judge.told for scale in scales]
        wanted = [t for t in (*parameters, *leaves, *scores) if t.requires_grad]
        # not backward: a penalty's own differentiation would leave its mark in the .grad of scores
        found = torch.autograd.grad(value, wanted, allow_unused=True) if value.requires_grad else ()
        by = {id(t): g for t, g in zip(wanted, found, strict=False)}
        for parameter in parameters:
            parameter.grad = by.get(id(parameter))
        said.by_score = [[by.get(id(scale)) for scale in scales] for scales in self.judge.told]
        said.gradients = {
            "the real samples": by.get(id(leaves[0])),
            "the generated samples": by.get(id(leaves[1])),
            "the discriminator": self.judge.gain.grad,
            "the generator": next(self.game.generator.parameters()).grad,
        }


@contextmanager
def seeded() -> Iterator[None]:
    """The same random numbers every time, and none taken from the caller's."""
    state = torch.get_rng_state()
    torch.default_generator.manual_seed(0)
    try:
        yield
    finally:
        torch.set_rng_state(state)
