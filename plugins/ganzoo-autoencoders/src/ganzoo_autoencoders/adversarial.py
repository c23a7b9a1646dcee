"""The adversarial autoencoder."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo_autoencoders.adversary import Judge, score_loss
from ganzoo_autoencoders.codes import drawn
from ganzoo_autoencoders.likelihood import Likelihood, likelihood_of

__all__ = ["AdversarialCode", "aae"]


class AdversarialCode(ganzoo.Term):
    """Reconstruction, and a discriminator of this term's own that tells codes from the prior.

    Args:
        likelihood: of a sample, given what its code decodes to.
        base: the loss of the scores of codes.
        adversarial: weighs what the encoder hears from the discriminator of codes.
        width: of that discriminator's hidden layers.
        stochastic: whether codes are drawn, and not means.
    """

    needs = frozenset()
    roles = frozenset({"generator", "encoder"})
    trained_by = "discriminator"
    traits = ganzoo.Traits(neutral=None, growth="quadratic")
    likelihood: Likelihood = ganzoo.option()
    base: ganzoo.terms.ScoreTerm = ganzoo.option()
    adversarial: float = ganzoo.option(at_least=0, words="0 or more")
    width: int = ganzoo.option()
    stochastic: bool = ganzoo.option()

    def attach(self, game: ganzoo.Game) -> None:
        """Build the discriminator of codes."""
        self.likelihood.check(game.spec)
        self.judge = Judge(game.prior.latent, self.width)

    def code(self, play: ganzoo.Play) -> Tensor:
        """A code for each real sample, ``(N, latent)``."""
        mean, log_variance = play.code
        return drawn(play, mean, log_variance) if self.stochastic else mean

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The base loss, latent vectors being real and codes generated, 0-dim."""
        codes = self.code(play)  # first: it says that an encoder is missing
        assert play.z is not None
        prior, code = self.judge.score(play.z), self.judge.score(codes)
        play.log["score/prior"] = prior.detach().mean()
        play.log["score/code"] = code.detach().mean()
        return self.base.real(prior).mean() + self.base.fake(code).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Reconstruction, and codes that pass for latent vectors, 0-dim."""
        code = self.code(play)
        cost = self.likelihood.cost(play.generate(code), play.real_x).mean()
        play.log["reconstruction"] = cost.detach()
        return cost + self.adversarial * self.base.generated(self.judge.score(code)).mean()


def aae(
    *,
    adversarial: float = 1.0,
    base: str = "nonsaturating",
    likelihood: str = "gaussian",
    scale: float | None = None,
    stochastic: bool = False,
    width: int = 128,
) -> ganzoo.Objective:
    """The adversarial autoencoder: a discriminator holds the codes of samples to the prior.

    With e = E(x), a code for each sample, and C a discriminator of codes that belongs to the
    loss, all minimised; C moves in the discriminator's turn, encoder and generator together::

        L_D = E softplus(-C(z)) + E softplus(C(e))
        L_G = E_x [-log p(x | G(e))] + adversarial * E softplus(-C(e))

    -log p as in ``vae``, a sum over a sample's elements. At the optimal C,
    L_D = 2 log 2 - 2 JSD(prior, codes): all that is asked of the codes is that together they
    look like the prior, whatever law that is. No network judges samples: the roles are
    generator and encoder alone.

    Departures: the paper takes turns between a step of reconstruction and one of the
    adversary, each with its own optimiser; here encoder and generator descend the sum.

    Args:
        adversarial: weighs the adversary for the encoder.
        base: the loss of C, by name: one of single scores, such as ``"lsgan"`` or ``"hinge"``.
        likelihood, scale: see ``vae``.
        stochastic: draw codes from the encoder's Gaussian; else its mean is the code, and its
            variance goes unused.
        width: of C's two hidden layers.

    Raises:
        BadOption: a value out of range, or a base of another kind.

    Reference: Makhzani et al. 2015, arXiv 1511.05644, section 2.
    """
    term = AdversarialCode(
        likelihood=likelihood_of(likelihood, scale, 0.5),
        base=score_loss(base),
        adversarial=adversarial,
        width=width,
        stochastic=stochastic,
    )
    defaults = ganzoo.Defaults(origin="a common default (Adam)")
    return ganzoo.Objective(term, defaults=defaults)
