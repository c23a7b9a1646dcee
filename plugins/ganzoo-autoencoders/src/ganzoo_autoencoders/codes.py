"""Codes: the Gaussians over latent vectors that an encoder gives."""

from __future__ import annotations

from torch import Tensor

import ganzoo

__all__ = ["divergence", "drawn", "require_normal"]


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """``KL(N(mean, variance) | N(0, I))`` in nats, from ``(N, latent)`` twice to ``(N,)``."""
    return (mean.square() + log_variance.expm1() - log_variance).sum(1) / 2


def drawn(play: ganzoo.Play, mean: Tensor, log_variance: Tensor) -> Tensor:
    """One draw from each Gaussian, ``(N, latent)``, through which gradients flow."""
    return mean + (log_variance / 2).exp() * play.normal(*mean.shape)


def require_normal(game: ganzoo.Game) -> None:
    """Raise :class:`ganzoo.Incompatible` unless latent vectors are standard normal."""
    if not isinstance(game.prior, ganzoo.Normal):
        raise ganzoo.Incompatible(
            f"a variational autoencoder pulls its codes to a standard normal prior; this game's "
            f"is {type(game.prior).__name__}. Leave the setting prior at 'normal', or take 'aae'."
        )
