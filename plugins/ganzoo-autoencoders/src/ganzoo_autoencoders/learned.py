"""The VAE-GAN: a variational autoencoder whose measure of similarity is learned."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

import ganzoo
from ganzoo_autoencoders.adversary import score_loss
from ganzoo_autoencoders.codes import divergence, drawn, require_normal

__all__ = ["LearnedSimilarity", "vae_gan"]


class LearnedSimilarity(ganzoo.Term):
    """Reconstruction in the discriminator's features, divergence, and an adversarial loss of
    both samples and reconstructions.

    Args:
        base: the adversarial loss.
        gamma: weighs the reconstruction for the generator, and for it alone.
        beta: weighs the divergence.
    """

    needs = frozenset({"score", "features"})
    roles = frozenset({"generator", "discriminator", "encoder"})

    base: ganzoo.terms.ScoreTerm = ganzoo.option()
    gamma: float = ganzoo.option(above=0)
    beta: float = ganzoo.option(at_least=0, words="0 or more")

    def __post_init__(self) -> None:
        # as the loss of scores that it has, but for the optimum, which the codes move
        declared = self.base.traits or ganzoo.Traits()
        self.traits = replace(declared, neutral=None, zero_sum=False)

    def attach(self, game: ganzoo.Game) -> None:
        """Refuse a prior that is not standard normal."""
        require_normal(game)

    def fakes(self, play: ganzoo.Play, code: Tensor) -> Tensor:
        """Scores of generated samples and of reconstructions, one after the other."""
        remade = play.judge(play.generate(code.detach())).score
        return torch.cat([play.fake.score.flatten(), remade.flatten()])

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The base loss, with reconstructions among the generated samples, 0-dim."""
        fakes = self.fakes(play, drawn(play, *play.code))
        return self.base.real(play.real.score).mean() + self.base.fake(fakes).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """See the class, 0-dim."""
        code = drawn(play, *play.code)
        # The value is the code; the encoder hears 1 / gamma of what comes back through it,
        # and so of gamma times the reconstruction just the reconstruction.
        quiet = code.detach() + (code - code.detach()) / self.gamma
        remade, real = play.judge(play.generate(quiet)).features, play.real.features
        assert remade is not None
        assert real is not None
        cost = (remade - real).square().sum(1).mean() / 2
        kl = divergence(*play.code).mean()
        play.log["reconstruction"], play.log["kl"] = cost.detach(), kl.detach()
        fooling = self.base.generated(self.fakes(play, code)).mean()
        return self.beta * kl + self.gamma * cost + fooling


def vae_gan(
    *, base: str = "nonsaturating", gamma: float = 1.0, beta: float = 1.0
) -> ganzoo.Objective:
    """VAE-GAN: a VAE that reconstructs what the discriminator sees in a sample, and a GAN on
    its samples and reconstructions.

    With h the discriminator's features, e a draw from q(z | x) = N(mean, diag exp(lv)) of the
    encoder, and F the generated samples G(z) and the reconstructions G(e) together, all
    minimised; encoder and generator move together::

        L_D = E softplus(-D(x)) + E_F softplus(D(F))
        L_G = beta * KL + gamma * E_x [sum (h(G(e)) - h(x))^2 / 2] + E_F softplus(-D(F))

    KL as in ``vae``. The encoder gets no gradient from the last part and gamma times less
    from the middle one, so that it descends beta KL and the reconstruction, as the paper has
    it, and gamma weighs likeness against fooling for the generator alone. At the optimal D,
    L_D = 2 log 2 - 2 JSD between the data and the mixture of both kinds of fakes.

    Departures: the two kinds of fakes share one mean, where the paper sums over each, so that
    real and generated samples weigh the same; the features are those before the score; the
    generator's loss is the non-saturating one.

    Args:
        base: the adversarial loss, by name: one of single scores, such as ``"hinge"``.
        gamma: weighs the reconstruction for the generator.
        beta: weighs the divergence; 1 in the paper.

    Raises:
        BadOption: a value out of range, or a base of another kind.

    Reference: Larsen et al. 2015, arXiv 1512.09300, algorithm 1.
    """
    term = LearnedSimilarity(base=score_loss(base), gamma=gamma, beta=beta)
    defaults = ganzoo.Defaults(
        optimizer="rmsprop",
        generator_lr=3e-4,
        discriminator_lr=3e-4,
        betas=(0.0, 0.0),
        origin="a common default (RMSProp)",
    )
    return ganzoo.Objective(term, defaults=defaults)
