"""Adversarial Lipschitz regularisation: the worst direction is looked for."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import each, judged, outside_autocast, recording, within

__all__ = ["AdversarialLipschitz"]


def _norm(x: Tensor) -> Tensor:
    """``(N, *shape)`` to ``(N, 1, ...)``, never 0."""
    norm: Tensor = torch.linalg.vector_norm(x.flatten(1), dim=1).clamp(min=1e-10)
    return norm.reshape(-1, *(1 for _ in x.shape[1:]))


class AdversarialLipschitz(ganzoo.Term, weight=10.0):
    """ALP: where a step changes the score most, it shall not change it more than its length.

    ::

        L_D += weight * E [|D(x) - D(x + r)| / |r|_2 - target]+^2

    x are the real and the generated samples alike. The direction of r is found by power
    iteration, from a random one: it is the gradient of the change in score, ``probe`` away. Its
    length is uniform in shortest .. longest. Gradients reach the scores alone, so there is no
    double backward.

    Departures: images are not clipped to -1 .. 1 on the way, as they are in the authors' code.

    Args:
        weight: lambda; 10 in the authors' code.
        every: see :class:`ganzoo.Term`.
        target: K of the paper.
        probe: xi of the paper: how far off the gradient is taken.
        shortest, longest: bounds of the length, in units of the data.
        iterations: of the power method.

    Raises:
        BadOption: fewer than 1 iteration, or lengths that are not above 0 and in order.

    Reference: Terjék 2019, arXiv 1907.05681.
    """

    target: float = ganzoo.option(1.0)
    probe: float = ganzoo.option(10.0)
    shortest: float = ganzoo.option(0.1, above=0)
    longest: float = ganzoo.option(10.0)
    iterations: int = ganzoo.option(1, at_least=1)

    def __post_init__(self) -> None:
        within("longest", self.longest, at_least=self.shortest)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        real = self._cost(play, play.real_x.detach(), lambda: play.real)
        fake = self._cost(play, play.fake_x.detach(), lambda: play.fake)
        return torch.cat([real, fake]).mean()

    def _cost(
        self, play: ganzoo.Play, x: Tensor, remembered: Callable[[], ganzoo.DiscriminatorOutput]
    ) -> Tensor:
        here = each(judged(play, x, remembered).score)
        step = self._direction(play, x, here.detach())
        length = self.shortest + (self.longest - self.shortest) * play.uniform(len(x)).to(x)
        step = step * length.reshape(_norm(x).shape)
        change = (here - each(judged(play, x + step).score)).abs()
        return (change / _norm(step).flatten() - self.target).relu().square()

    def _direction(self, play: ganzoo.Play, x: Tensor, here: Tensor) -> Tensor:
        """The direction ``(N, *shape)`` of length 1 in which the score changes most."""
        direction = play.uniform(*x.shape).to(x) - 0.5
        for _ in range(self.iterations):
            tried = (direction / _norm(direction)).requires_grad_()
            with recording(), outside_autocast(x):
                change = (here - each(play.judge(x + self.probe * tried).score)).abs()
                (direction,) = torch.autograd.grad(change.sum(), tried)
        return direction / _norm(direction)
