"""Losses by optimal transport between the features of two batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.defaults import CLIPPED
from ganzoo_probability_metrics.features import both
from ganzoo_probability_metrics.transport import transport_cost

__all__ = ["MinibatchEnergy", "SinkhornDivergence", "cosine_distances", "ot_gan", "sinkhorn"]


def cosine_distances(x: Tensor, y: Tensor) -> Tensor:
    """1 less the cosine of each row of ``(N, F)`` with each of ``(M, F)``: ``(N, M)``."""
    return 1 - kernels.linear(_units(x), _units(y))


def _units(x: Tensor) -> Tensor:
    """Rows of length 1; those of length 0 stay, and their gradient stays small."""
    lengths = kernels.root(x.square().sum(1, keepdim=True))
    return x / (lengths + (lengths == 0).to(x))


_COSTS = {
    "cosine": cosine_distances,
    "euclidean": kernels.distances,
    "squared": kernels.squares,
}


class _Transport(ganzoo.Term):
    """A distance by transport: the generator's loss, and the discriminator's with its sign
    turned.

    Args:
        cost: between features.
        epsilon: weight of the entropy.
        iterations: of Sinkhorn's algorithm.
    """

    needs = frozenset({"features"})
    through = True

    cost: str = ganzoo.option(one_of=_COSTS)
    epsilon: float = ganzoo.option(above=0)
    iterations: int = ganzoo.option(at_least=1)

    def between(self, *pairs: tuple[Tensor, Tensor]) -> Sequence[Tensor]:
        """What it costs to take rows of ``(N, F)`` to those of ``(M, F)``, for each pair of
        such sets, 0-dim.
        """
        costs = [_COSTS[self.cost](x, y) for x, y in pairs]
        if len({cost.shape for cost in costs}) > 1:
            return [self._cost_of(cost) for cost in costs]
        return self._cost_of(torch.stack(costs)).unbind()

    def _cost_of(self, cost: Tensor) -> Tensor:
        return transport_cost(
            cost, epsilon=self.epsilon, iterations=self.iterations, through=self.through
        )

    def distance(self, play: ganzoo.Play) -> Tensor:
        """Of the real from the generated features, 0-dim."""
        raise NotImplementedError(f"{type(self).__name__}.distance")

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Features in which transport is dear, 0-dim."""
        return -self.distance(play)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Samples for which it is cheap, 0-dim."""
        return self.distance(play)


class SinkhornDivergence(_Transport):
    """``2 W(X, Y) - W(X, X) - W(Y, Y)`` of real and generated features."""

    traits = ganzoo.Traits(neutral=None, batch_coupled=True, monotone=False, growth="quadratic")

    def distance(self, play: ganzoo.Play) -> Tensor:
        """See the class."""
        real, fake = both(play)
        across, reals, fakes = self.between((real, fake), (real, real), (fake, fake))
        return 2 * across - reals - fakes


class MinibatchEnergy(_Transport):
    """``W(X, Y) + W(X, Y') + W(X', Y) + W(X', Y') - 2 W(X, X') - 2 W(Y, Y')``, X and X' being
    the halves of the real features, Y and Y' those of the generated ones.
    """

    through = False
    traits = ganzoo.Traits(
        neutral=None,
        batch_coupled=True,
        monotone=False,
        growth="bounded",
        minimum=2,
        waived=(
            ("gradcheck", "the plan is a constant to the gradient"),
            ("permutation", "the halves of a batch are its first and its second one"),
        ),
    )

    def distance(self, play: ganzoo.Play) -> Tensor:
        """See the class."""
        real, fake = both(play, least=2)
        (a, b), (c, d) = real.tensor_split(2), fake.tensor_split(2)
        *across, reals, fakes = self.between((a, c), (a, d), (b, c), (b, d), (a, b), (c, d))
        return torch.stack(across).sum() - 2 * (reals + fakes)


def sinkhorn(
    *,
    cost: Literal["cosine", "euclidean", "squared"] = "euclidean",
    epsilon: float = 1.0,
    iterations: int = 10,
    clip: float = 0.01,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """The Sinkhorn divergence of learned features: optimal transport between batches,
    smoothed by entropy, with its bias taken off.

    With h = features of D, ``(N, F)``, X = h(x), Y = h(G), c a cost between features, and P
    the plan of least <P, c> - epsilon * entropy(P), both minimised::

        W(X, Y) = <P, c>
        L_G = 2 W(X, Y) - W(X, X) - W(Y, Y)
        L_D = -L_G,   then every weight of D is clipped to -clip .. clip

    As epsilon goes to 0, L_G becomes twice the optimal transport cost of the batches, as it
    grows, a discrepancy of the kernel -c: with the Euclidean cost, the energy distance. The
    gradient goes through the iterations, which run on logarithms. L_G is 0 where the two
    batches agree.

    Departures: the divergence is not halved. The clipping is that of ``wgan``: without a
    bound the discriminator enlarges its features for ever, unless the cost is the cosine,
    which needs none. Features so bounded are small, and the default epsilon makes an energy
    distance of them; for a sharp plan set epsilon to a fraction of the cost.

    Args:
        cost: ``"euclidean"``, ``"squared"`` Euclidean or ``"cosine"`` distance, 1 less the
            cosine.
        epsilon: weight of the entropy, in units of the cost.
        iterations: of Sinkhorn's algorithm, a fixed number.
        clip: bound of D's weights; 0 leaves them alone.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: another cost, an epsilon that is not above 0, no iterations.

    Reference: Genevay et al. 2017, arXiv 1706.00292.
    """
    bound = (ganzoo.terms.WeightClip(clip),) if clip else ()
    return ganzoo.Objective(
        SinkhornDivergence(cost=cost, epsilon=epsilon, iterations=iterations),
        *bound,
        discriminator_turns=discriminator_turns,
        defaults=CLIPPED,
    )


def ot_gan(
    *, epsilon: float = 0.002, iterations: int = 100, discriminator_turns: int = 1
) -> ganzoo.Objective:
    """OT-GAN: the minibatch energy distance, transport between halves of batches.

    With h = features of D, ``(N, F)``, X and X' the halves of h(x), Y and Y' those of h(G),
    the cost c = 1 - cosine, and P the plan of least <P, c> - epsilon * entropy(P), a constant
    to the gradient, both minimised::

        W(X, Y) = <P, c>
        L_G = W(X, Y) + W(X, Y') + W(X', Y) + W(X', Y') - 2 W(X, X') - 2 W(Y, Y')
        L_D = -L_G

    It is an energy distance between batches as wholes: 0 in expectation where the laws of the
    features agree, and its gradients have no bias from the size of the batch. A single value
    lies within -8 .. 8.

    Departures: 100 iterations instead of the code's 500. The authors moved the generator
    several times for each step of the discriminator, with batches of thousands; here a step
    moves it once. W is a mean over the batch, in the code a sum.

    Args:
        epsilon: weight of the entropy; the inverse of the code's sinkhorn_lambda, 500.
        iterations: of Sinkhorn's algorithm, a fixed number.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: an epsilon that is not above 0, no iterations.
        ShapeMismatch: in use, with fewer than two samples of either kind.

    Reference: Salimans et al. 2018, arXiv 1803.05573.
    """
    defaults = ganzoo.Defaults(
        generator_lr=3e-4,
        discriminator_lr=3e-4,
        origin="the authors' code (arXiv 1803.05573), but for its batch of 5000",
    )
    return ganzoo.Objective(
        MinibatchEnergy(cost="cosine", epsilon=epsilon, iterations=iterations),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )
