"""Sphere GAN: moments of a distance on the hypersphere."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo_probability_metrics.features import both, features

__all__ = ["Sphere", "polar_distance", "sphere"]


def polar_distance(points: Tensor) -> Tensor:
    """How far each of ``(N, F)`` points is from the north pole once it is put on the sphere
    by inverse stereographic projection: pi at 0, 0 at infinity, ``(N,)``.
    """
    norm = torch.linalg.vector_norm(points, dim=1)
    # arccos of the projection's last coordinate is the same, and infinitely steep at the poles
    return 2 * torch.atan2(torch.ones_like(norm), norm)


class Sphere(ganzoo.Term):
    """The difference of moments of the distance to the pole.

    Args:
        moments: how many, from the first on.
    """

    needs = frozenset({"features"})
    traits = ganzoo.Traits(neutral=None, growth="bounded", monotone=False)
    moments: int = ganzoo.option(3, at_least=1)

    def spread(self, points: Tensor) -> Tensor:
        """The moments' sum for features ``(N, F)``, 0-dim."""
        distance = polar_distance(points)
        return torch.stack([distance.pow(k).mean() for k in range(1, self.moments + 1)]).sum()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Generated features near the pole, real ones far from it, 0-dim."""
        real, fake = both(play)
        return self.spread(fake) - self.spread(real)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Generated features far from the pole, 0-dim."""
        return -self.spread(features(play.fake))


def sphere(*, moments: int = 3, discriminator_turns: int = 1) -> ganzoo.Objective:
    """Sphere GAN: an integral probability metric of moments of geodesic distances on the
    sphere, bounded without any constraint on the network.

    With h = features of D, ``(N, F)``, and d(t) = 2 arctan(1 / |t|), the distance of t from
    the pole on the unit sphere of F + 1 dimensions, both minimised::

        L_D = -E sum_k d(h(x))^k + E sum_k d(h(G))^k,  k = 1 .. moments
        L_G = -E sum_k d(h(G))^k

    Every moment lies within 0 .. pi^k; -L_D is 0 where the laws agree.

    Departures: d by the arc tangent of two arguments. The authors' code has an arc cosine,
    whose slope is infinite at the poles, and one moment.

    Args:
        moments: the highest.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: fewer than one moment.

    Reference: Park and Kwon, Sphere generative adversarial network based on geometric
    moment matching, CVPR 2019 (no arXiv id).
    """
    defaults = ganzoo.Defaults(
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        betas=(0.0, 0.9),
        origin="the authors' code",
    )
    return ganzoo.Objective(
        Sphere(moments=moments), discriminator_turns=discriminator_turns, defaults=defaults
    )
