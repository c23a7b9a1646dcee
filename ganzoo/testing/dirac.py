"""The Dirac-GAN: the smallest game there is, in which theory says what an objective does.

The data are one point, 0; the generator makes one point, theta; the discriminator is a line,
``D(x) = offset + psi x`` (Mescheder et al. 2018, arXiv 1801.04406). Near the equilibrium (0, 0)
the flow of both players' gradients is linear, with eigenvalues
``-kappa / 2 +- sqrt(kappa^2 / 4 - a b)``: a and b are the slopes of the losses at the offset, and
kappa comes of penalties alone. Without one they are imaginary at best, and training circles.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ganzoo.game import Objective, Play, Stream, Traits

__all__ = ["Dirac"]

_PLAYERS = ("generator", "discriminator")


class Dirac:
    """An objective in the Dirac-GAN.

    Args:
        objective: on scores and their gradients; it is left as it is.
        offset: the score of the data; the objective's neutral score where none is given.
        batch: samples in a batch, all alike; the objective's minimum where none is given.
    """

    def __init__(
        self, objective: Objective, *, offset: float | None = None, batch: int = 0
    ) -> None:
        traits = objective.traits or Traits()
        self.objective = objective
        self.offset = (traits.neutral or 0.0) if offset is None else offset
        self.batch = batch or traits.minimum

    def velocity(self, theta: float, psi: float) -> tuple[float, float]:
        """Where gradient descent moves (theta, psi), for a learning rate of 1."""
        d_theta, d_psi = self._velocity(torch.tensor([theta, psi], dtype=torch.float64))
        return float(d_theta.detach()), float(d_psi.detach())

    def jacobian(self, theta: float = 0.0, psi: float = 0.0) -> Tensor:
        """The Jacobian ``(2, 2)`` of :meth:`velocity`, by (theta, psi)."""
        state = torch.tensor([theta, psi], dtype=torch.float64).requires_grad_()
        rows = [
            torch.autograd.grad(
                each, state, retain_graph=True, allow_unused=True, materialize_grads=True
            )[0]
            for each in self._velocity(state)
        ]
        return torch.stack(rows)

    def eigenvalues(self) -> tuple[complex, complex]:
        """Those of the Jacobian at the equilibrium; the one of larger imaginary part first."""
        found = torch.linalg.eigvals(self.jacobian())
        one, other = (complex(value) for value in found.tolist())
        first, second = sorted((one, other), key=lambda v: (-v.imag, -v.real))
        return first, second

    def trajectory(
        self, start: tuple[float, float] = (1.0, 0.0), *, rate: float = 0.05, steps: int = 400
    ) -> list[tuple[float, float]]:
        """Where both players go at once from ``start``, by gradient descent.

        It ends early once it has left for good: beyond 100 of either.
        """
        places = [start]
        for _ in range(steps):
            theta, psi = places[-1]
            d_theta, d_psi = self.velocity(theta, psi)
            places.append((theta + rate * d_theta, psi + rate * d_psi))
            if not max(map(abs, places[-1])) < 100:
                break
        return places

    def _velocity(self, state: Tensor) -> tuple[Tensor, Tensor]:
        """The same on a tensor of two, with a graph."""
        theta, psi = (state if state.requires_grad else state.clone().requires_grad_()).unbind()
        moved = []
        for player, mine in zip(_PLAYERS, (theta, psi), strict=True):
            loss = self._loss(player, theta, psi)
            (slope,) = torch.autograd.grad(
                loss, mine, create_graph=True, allow_unused=True, materialize_grads=True
            )
            moved.append(-slope)
        return moved[0], moved[1]

    def _loss(self, player: str, theta: Tensor, psi: Tensor) -> Tensor:
        due = self.objective.due(0)
        fake = theta.reshape(1, 1).expand(self.batch, 1)
        play = Play(
            player,
            discriminator=lambda x: self.offset + psi * x,
            real_x=torch.zeros(self.batch, 1, dtype=torch.float64),
            fake_x=fake,
            noise=Stream(0, "dirac").seek(0),
            tracked=self.objective.tracked(due, player),
        )
        # A turn cuts the graph of the generated samples; the mixed derivative needs it.
        vars(play)["fake_x"] = fake
        return self.objective.loss(play, due)
