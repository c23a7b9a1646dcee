"""UOTM: the semi-dual of unbalanced optimal transport from latent vectors to data."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import softplus

import ganzoo
from ganzoo_probability_metrics.samples import beside

__all__ = ["SemiDual", "chi_squared", "kullback_leibler", "smooth_hinge", "uotm"]


def kullback_leibler(potential: Tensor) -> Tensor:
    """``exp(t) - 1``, elementwise."""
    return potential.expm1()


def chi_squared(potential: Tensor) -> Tensor:
    """``t^2 / 4 + t``, and -1 below t = -2, elementwise."""
    return (potential / 2 + 1).relu().square() - 1


def smooth_hinge(potential: Tensor) -> Tensor:
    """``2 softplus(t) - 2 log 2``, elementwise."""
    return 2 * softplus(potential) - 2 * math.log(2)


_CONJUGATES = {"kl": kullback_leibler, "chi2": chi_squared, "softplus": smooth_hinge}
_GROWTH: dict[Callable[[Tensor], Tensor], Literal["linear", "quadratic", "exponential"]] = {
    kullback_leibler: "exponential",
    chi_squared: "quadratic",
    smooth_hinge: "linear",
}


class SemiDual(ganzoo.Term):
    """A potential for the discriminator, a transport map for the generator.

    Args:
        conjugate: of the entropies that let mass differ: convex, increasing, 0 at 0 with
            slope 1.
        cost: of moving by one unit, squared.
    """

    conjugate: Callable[[Tensor], Tensor] = ganzoo.option()
    cost: float = ganzoo.option(at_least=0, words="0 or more")

    def __post_init__(self) -> None:
        self.traits = ganzoo.Traits(growth=_GROWTH[self.conjugate])

    def attach(self, game: ganzoo.Game) -> None:
        """Check that a latent vector holds a whole sample."""
        if self.cost and game.spec.latent < game.spec.size:
            raise ganzoo.Incompatible(
                f"uotm moves a latent vector to a sample, and needs at least as many latent "
                f"elements; found {game.spec.latent} for samples of {game.spec.size}. Set "
                f"latent={game.spec.size}, or cost=0 to leave the cost out."
            )

    def moved(self, play: ganzoo.Play) -> Tensor:
        """What moving each latent vector to its sample costs, ``(M,)``."""
        x = play.fake_x.reshape(len(play.fake_x), -1)
        if not self.cost:
            return torch.zeros_like(x[:, 0])
        if play.z is None:
            raise ganzoo.Incompatible(
                "uotm's cost is between latent vectors and samples, and only a Game knows the "
                "latent vectors; give cost=0 to leave the cost out"
            )
        return self.cost * (x - play.z[:, : x.shape[1]]).square().sum(1)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`uotm`."""
        real, fake = play.real.score, play.fake.score
        fake = fake - beside(self.moved(play), fake)
        return self.conjugate(fake).mean() + self.conjugate(-real).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``E c(z, G) - E f``, 0-dim."""
        return self.moved(play).mean() - play.fake.score.mean()


def uotm(
    *,
    entropy: Literal["kl", "chi2", "softplus"] = "kl",
    cost: float = 0.001,
    discriminator_turns: int = 1,
) -> ganzoo.Objective:
    """UOTM: the generator is a map of optimal transport from its latent vectors to data, the
    discriminator the potential of the semi-dual problem, with mass that may differ a little.

    With v = D, r = v(x) and f = v(G(z)), scores of any shape, c = cost * |z - G(z)|^2 over all
    elements of a sample, and Psi the conjugate of an entropy, both minimised::

        L_D = E Psi(f - c) + E Psi(-r)
        L_G = E (c - f)
        Psi(t) = exp(t) - 1               with entropy "kl"
                 t^2 / 4 + t, -1 below -2  with "chi2"
                 2 softplus(t) - 2 log 2   with "softplus"

    Without a cost the best potential is a function of the density ratio, and -L_D a
    divergence: with "kl" the logarithm's half, and int (sqrt p - sqrt q)^2; with "softplus"
    L_D is that of minimax, doubled, less 4 log 2. The latent vector must hold a sample: its
    first elements are the start of the transport, the others noise beside it.

    Departures: none. The authors add R1 to the discriminator, with a gamma for each data set:
    ``get_loss("uotm", add=["r1(gamma=0.2)"])``.

    Args:
        entropy: Psi.
        cost: tau of the paper, which took 0.001 for CIFAR-10; 0 leaves the cost out.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: another entropy, a negative cost.
        Incompatible: in use, where latent vectors are smaller than samples, or not known.

    Reference: Choi et al. 2023, arXiv 2305.14777, algorithm 1.
    """
    if entropy not in _CONJUGATES:
        raise ganzoo.BadOption(f"entropy={entropy!r}: one of {', '.join(map(repr, _CONJUGATES))}")
    defaults = ganzoo.Defaults(
        generator_lr=2e-4,
        discriminator_lr=1e-4,
        betas=(0.5, 0.9),
        origin="the rates of the authors' command for CelebA-HQ, common default betas",
    )
    term = SemiDual(conjugate=_CONJUGATES[entropy], cost=cost)
    return ganzoo.Objective(term, discriminator_turns=discriminator_turns, defaults=defaults)
