"""Penalties that come with the losses of this plugin."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

import ganzoo
from ganzoo_probability_metrics.features import both, features

__all__ = ["FeatureNorm", "GradientPower", "GradientPowerAtSamples", "WitnessPenalty"]

Witness = Callable[[Tensor, Tensor, Tensor], Tensor]
"""From features of points, of real and of generated samples to a value for each point."""


class WitnessPenalty(ganzoo.Term):
    """``L_D += weight * E (|grad f(x^)|_2 - 1)^2`` at interpolates, f being the witness of a
    discrepancy of features: a function of a sample's features and of the batch's (arXiv
    1705.10743, 1801.01401). The norm is over all axes but the batch.

    Args:
        weight: lambda of the papers.
        witness: f.
    """

    needs = frozenset({"features"})
    witness: Witness = ganzoo.option()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        seen = both(play)

        def witness(points: Tensor) -> Tensor:
            return self.witness(features(ganzoo.terms.judged(play, points)), *seen)

        gradient = ganzoo.terms.gradient_of(witness, ganzoo.terms.between(play))
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=1)
        play.log["gradient_norm"] = norm.detach().mean()
        return (norm - 1).square().mean()


class FeatureNorm(ganzoo.Term):
    """``L_D += weight * (E mean_k h_k(x)^2 + E mean_k h_k(G(z))^2)``: keeps features small."""

    needs = frozenset({"features"})

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        real, fake = both(play)
        return real.square().mean() + fake.square().mean()


class GradientPower(ganzoo.Term):
    """``L_D += weight * E |grad D(x^)|_2^power`` at interpolates (arXiv 1712.01026)."""

    power: float = ganzoo.option(above=1, words="above 1, or the penalty bounds nothing")

    def gradients(self, play: ganzoo.Play) -> tuple[Tensor, ...]:
        """The score's gradients ``(N, prod(shape))`` at each kind of points."""
        return (ganzoo.terms.judged_gradient(play, ganzoo.terms.between(play)),)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The mean over the points of each kind, then over the kinds, 0-dim."""
        norms = [torch.linalg.vector_norm(each, dim=1) for each in self.gradients(play)]
        return torch.stack([norm.pow(self.power).mean() for norm in norms]).mean()


class GradientPowerAtSamples(GradientPower):
    """The same at the real and at the generated samples, half of it at each."""

    input_grads = frozenset({"real", "fake"})

    def gradients(self, play: ganzoo.Play) -> tuple[Tensor, ...]:
        """See :class:`GradientPower`."""
        gradient = ganzoo.terms.judged_gradient
        return (
            gradient(play, play.real_x, lambda: play.real),
            gradient(play, play.fake_x, lambda: play.fake),
        )
