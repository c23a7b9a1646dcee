"""McGan: mean and covariance of learned features."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

import ganzoo
from ganzoo_probability_metrics.defaults import CLIPPED
from ganzoo_probability_metrics.features import both
from ganzoo_probability_metrics.heads import Head

__all__ = ["CovarianceMatching", "MeanMatching", "mcgan"]


class MeanMatching(ganzoo.Term):
    """The norm of the difference of mean features: the generator's loss, and the
    discriminator's with its sign turned.

    Args:
        order: q of the norm, at least 1.
    """

    needs = frozenset({"features"})
    traits = ganzoo.Traits(neutral=None, batch_coupled=True, monotone=False, shift_invariant=True)
    order: float = ganzoo.option(2.0, at_least=1, words="of a norm, at least 1")

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``|E h(x) - E h(G)|_q``, 0-dim."""
        real, fake = both(play)
        norm: Tensor = torch.linalg.vector_norm(real.mean(0) - fake.mean(0), ord=self.order)
        return norm

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The same, negated."""
        return -self.generator(play)


class CovarianceMatching(Head):
    """The difference of second moments along pairs of directions that the discriminator
    learns, those of a side orthonormal.

    Args:
        components: how many pairs.
        features: see :class:`Head`.
    """

    left: nn.Parameter
    right: nn.Parameter
    traits = ganzoo.Traits(neutral=None, monotone=False, growth="quadratic")
    components: int = ganzoo.option(at_least=1)

    def build(self, features: int) -> None:
        """Draw orthonormal directions."""
        super().build(features)
        count = min(self.components, features)
        self.left = nn.Parameter(nn.init.orthogonal_(torch.empty(features, count)))
        self.right = nn.Parameter(nn.init.orthogonal_(torch.empty(features, count)))

    def moment(self, h: Tensor) -> Tensor:
        """``E sum_j <u_j, h> <v_j, h>`` of features ``(N, F)``, 0-dim."""
        h = self.fitting(h)
        with ganzoo.terms.outside_autocast(h):
            left, right = h @ self.left.to(h), h @ self.right.to(h)
        return (left * right).sum(1).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The real moment less the generated one, 0-dim."""
        real, fake = both(play)
        return self.moment(real) - self.moment(fake)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The same, negated."""
        return -self.generator(play)

    def after_discriminator(self, play: ganzoo.Play) -> None:
        """Make the directions orthonormal again."""
        for directions in (self.left, self.right):
            q, r = torch.linalg.qr(directions)
            # of all factorisations the one nearest to what the step made
            directions.copy_(q * (2 * (r.diagonal() >= 0).to(q) - 1))


def mcgan(
    *,
    match: Literal["mean", "covariance", "both"] = "both",
    order: float = 2.0,
    components: int = 16,
    features: int = 0,
    clip: float = 0.01,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """McGan: features whose mean, and whose second moments, tell the laws apart the most.

    With h = features of D, ``(N, F)``, and U, V with ``components`` orthonormal columns each,
    both minimised::

        mean        L_G = |E h(x) - E h(G)|_order
        covariance  L_G = E <U'h(x), V'h(x)> - E <U'h(G), V'h(G)>
        L_D = -L_G,   then every weight of D is clipped to -clip .. clip, and U and V are made
                      orthonormal again

    and ``both`` is their sum. At the best U and V the second is the sum of the largest
    singular values of E h h'(x) - E h h'(G): its nuclear norm, with as many components as
    features. The second moments are not centred, as in the paper.

    Departures: the norm is in closed form (the paper's primal), with no vector to learn.

    Args:
        match: ``"mean"``, ``"covariance"`` or ``"both"``.
        order: q of the norm of the mean's difference, 1, 2 or infinity.
        components: columns of U and V, at most one for each feature.
        features: how many the discriminator has, outside a game; then the loss's own
            parameters (not of the mean alone) go to the discriminator's optimiser.
        clip: bound of D's weights; 0 leaves them alone.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: another match, an order below 1, no components.
        Incompatible: in use outside a game, without features.

    Reference: Mroueh, Sercu and Goel 2017, arXiv 1702.08398.
    """
    if match not in ("mean", "covariance", "both"):
        raise ganzoo.BadOption(f"match={match!r}: 'mean', 'covariance' or 'both'")
    terms: list[ganzoo.Term] = []
    if match != "covariance":
        terms.append(MeanMatching(order=order))
    if match != "mean":
        terms.append(CovarianceMatching(components=components, features=features))
    if clip:
        terms.append(ganzoo.terms.WeightClip(clip))
    return ganzoo.Objective(*terms, discriminator_turns=discriminator_turns, defaults=CLIPPED)
