"""Latent optimisation: what the generator starts from is improved before anyone moves."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import each, outside_autocast
from ganzoo_regularizers.base import latents
from ganzoo_regularizers.dynamics import Unrolled

__all__ = ["LatentOptimisation"]


class LatentOptimisation(ganzoo.Term, weight=300.0, without=("every",)):
    """LOGAN: latent vectors take a step towards higher scores before the samples are made.

    ::

        z becomes z' = z + dz in both players' turns,   dz = rate * g / (damping + |g|_2^2)
        L_G += weight * E |dz|_2^2,   g = grad_z D(G(z))

    The step is that of natural-gradient descent with a damped Fisher matrix of one sample.
    Gradients flow through dz, in the discriminator's turn too: that is where each player hears of
    the other's next move. A turn costs one more forward and backward through both networks, and
    a double backward. Scores of several elements count with their mean. Samples that are asked
    for after training are made of z as drawn.

    Departures: the paper draws z uniformly in -1 .. 1 and clips z' to it; here the law is the
    game's, mostly normal, and ``bound`` is left out by default. The regulariser is that of the
    step as it was taken, after the choice of samples and the clip. StudioGAN calls it latent_op;
    its configurations for CIFAR-10 have the rate and the share of here, 0.1 for the damping and
    for the weight, and two such steps.

    Args:
        weight: w_r; 300 is a common default, and 0 leaves the length of steps alone.
        rate: alpha; 0.9 is a common default.
        damping: beta; 5 is a common default.
        share: of the samples, those that take the step, chosen anew in each turn.
        bound: z' is clipped to -bound .. bound; None for no clip.

    Raises:
        BadOption: a rate or damping that is not above 0, a share that is not in 0 .. 1, or a
            bound that is not above 0.
        Incompatible: beside unrolled; with a loss whose scores are low for real samples; in
            training, where there is no Game.

    Reference: Wu et al. 2019, arXiv 1912.00953, eq. 12 and algorithm 1.
    """

    waived = (
        ("gradient_isolation", "the step has the slopes of both networks; one player is moved"),
    )

    rate: float = ganzoo.option(0.9, above=0)
    damping: float = ganzoo.option(5.0, above=0)
    share: float = ganzoo.option(0.8, at_least=0, at_most=1)
    bound: float | None = ganzoo.option(None, above=0)

    def check(self, objective: ganzoo.Objective) -> None:
        """Refuse energies, and terms that would need the samples before they are made."""
        if objective.traits is not None and objective.traits.orientation < 0:
            raise ganzoo.Incompatible(
                "logan steps towards high scores; with this loss a low score means real. It goes "
                "with losses on logits"
            )
        if any(isinstance(term, Unrolled) for term in objective.terms):
            raise ganzoo.Incompatible(
                "logan asks the discriminator before there are samples, and unrolled steps it on "
                "the samples: leave one of them out"
            )

    def latents(self, play: ganzoo.Play, z: Tensor) -> Tensor:
        """``z'``, ``(M, latent)``, with a graph."""
        z = z if z.requires_grad else z.detach().requires_grad_()
        with torch.enable_grad(), outside_autocast(z):
            score = each(play.judge(play.generate(z)).score)
            (slope,) = torch.autograd.grad(score.sum(), z, create_graph=True)
        taken = (play.uniform(len(z), 1) < self.share).to(slope)
        step = self.rate * slope / (self.damping + slope.square().sum(1, keepdim=True))
        moved = z + taken * step
        return moved if self.bound is None else moved.clamp(-self.bound, self.bound)

    def discriminator(self, play: ganzoo.Play) -> None:
        """Nothing.

        Raises:
            Incompatible: samples were given, whose latent vectors can't be moved.
        """
        latents(play)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The mean squared length of the steps, 0-dim.

        Raises:
            Incompatible: as above.
        """
        moved = latents(play)
        assert play.drawn is not None
        return (moved - play.drawn).square().sum(1).mean()
