"""The training loops of the public collections of scripts, written out.

Those of the original, non-saturating and least-squares losses make one batch of generated
images in an iteration: the generator's turn comes first, and the discriminator judges the same
images again, detached. Those of WGAN-GP and of hinge with spectral normalisation give the
discriminator five turns with images of their own, do not detach them, and so differentiate the
generator for nothing in each. Both losses are read at the end of an iteration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

__all__ = ["DISCRIMINATOR", "GENERATOR", "TURNS", "Players", "penalty", "textbook"]

TURNS = {"nonsaturating": 1, "lsgan": 1, "wgan-gp": 5, "hinge + spectral-norm": 5}
"""The discriminator's turns in an iteration."""


def _logits(target: float) -> Callable[[Tensor], Tensor]:
    def loss(score: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(score, torch.full_like(score, target))

    return loss


def _squares(target: float) -> Callable[[Tensor], Tensor]:
    return lambda score: 0.5 * functional.mse_loss(score, torch.full_like(score, target))


DISCRIMINATOR: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "nonsaturating": (_logits(1.0), _logits(0.0)),
    "lsgan": (_squares(1.0), _squares(0.0)),
    "wgan-gp": (lambda score: -score.mean(), lambda score: score.mean()),
    "hinge + spectral-norm": (
        lambda score: functional.relu(1 - score).mean(),
        lambda score: functional.relu(1 + score).mean(),
    ),
}
"""The discriminator's loss on real and on generated samples."""

GENERATOR: dict[str, Callable[[Tensor], Tensor]] = {
    "nonsaturating": _logits(1.0),
    "lsgan": _squares(1.0),
    "wgan-gp": lambda score: -score.mean(),
    "hinge + spectral-norm": lambda score: -score.mean(),
}


class Players:
    """Plain networks, Adam for each, and batches of real images that come again and again."""

    def __init__(
        self, networks: tuple[nn.Module, nn.Module], batches: list[Tensor], latent: int, loss: str
    ) -> None:
        self.networks = self.generator, self.discriminator = networks
        self.device, self.latent, self.size = batches[0].device, latent, len(batches[0])
        if loss.endswith("spectral-norm"):
            for part in list(self.discriminator.modules()):
                if isinstance(part, nn.Linear | nn.Conv2d):
                    spectral_norm(part)
        self.generator_optimizer = self._adam(self.generator)
        self.discriminator_optimizer = self._adam(self.discriminator)
        self._batches = self._endless(batches)

    @staticmethod
    def _adam(network: nn.Module) -> torch.optim.Adam:
        return torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999))

    @staticmethod
    def _endless(batches: list[Tensor]) -> Iterator[Tensor]:
        while True:
            yield from batches

    def real(self) -> Tensor:
        """The next batch of real images."""
        return next(self._batches)

    def noise(self) -> Tensor:
        """Latent vectors."""
        return torch.randn(self.size, self.latent, device=self.device)


def penalty(discriminator: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """WGAN-GP's, per sample, as the scripts write it."""
    alpha = torch.rand(len(real), *(1,) * (real.ndim - 1), device=real.device)
    points = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    scores = discriminator(points)
    (gradient,) = torch.autograd.grad(
        scores, points, torch.ones_like(scores), create_graph=True, retain_graph=True
    )
    return ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def textbook(players: Players, loss: str) -> Callable[[], tuple[float, float]]:
    """One iteration of the scripts' loop for an objective."""
    return (_reusing if TURNS[loss] == 1 else _repeating)(players, loss)


def _reusing(players: Players, loss: str) -> Callable[[], tuple[float, float]]:
    on_real, on_fake = DISCRIMINATOR[loss]

    def step() -> tuple[float, float]:
        real = players.real()
        players.generator_optimizer.zero_grad()
        fake = players.generator(players.noise())
        made = GENERATOR[loss](players.discriminator(fake))
        made.backward()
        players.generator_optimizer.step()
        players.discriminator_optimizer.zero_grad()
        judged = on_real(players.discriminator(real))
        judged = judged + on_fake(players.discriminator(fake.detach()))
        judged.backward()
        players.discriminator_optimizer.step()
        return judged.item(), made.item()

    return step


def _repeating(players: Players, loss: str) -> Callable[[], tuple[float, float]]:
    on_real, on_fake = DISCRIMINATOR[loss]

    def step() -> tuple[float, float]:
        for _ in range(TURNS[loss]):
            real = players.real()
            players.discriminator_optimizer.zero_grad()
            fake = players.generator(players.noise())
            judged = on_real(players.discriminator(real)) + on_fake(players.discriminator(fake))
            if loss == "wgan-gp":
                judged = judged + 10 * penalty(players.discriminator, real, fake.detach())
            judged.backward()
            players.discriminator_optimizer.step()
        players.generator_optimizer.zero_grad()
        made = GENERATOR[loss](players.discriminator(players.generator(players.noise())))
        made.backward()
        players.generator_optimizer.step()
        return judged.item(), made.item()

    return step
