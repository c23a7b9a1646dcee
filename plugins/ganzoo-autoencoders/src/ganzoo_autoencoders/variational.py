"""The variational autoencoder, and the conditional one."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo_autoencoders.codes import divergence, drawn, require_normal
from ganzoo_autoencoders.likelihood import Likelihood, likelihood_of

__all__ = ["DEFAULTS", "SCALE", "Variational", "cvae", "vae"]

DEFAULTS = ganzoo.Defaults(
    generator_lr=1e-3, discriminator_lr=1e-3, betas=(0.9, 0.999), origin="a common default (Adam)"
)
SCALE = 0.5
"""The usual standard deviation around what is decoded."""


class Variational(ganzoo.Term):
    """Reconstruction and divergence: the negative evidence lower bound.

    Args:
        likelihood: of a sample, given what its code decodes to.
        beta: weighs the divergence.
        conditional: whether labels are needed.

    Raises:
        BadOption: a beta below 0.
    """

    needs = frozenset()
    roles = frozenset({"generator", "encoder"})
    held_out = frozenset({"elbo"})
    traits = ganzoo.Traits(neutral=None, growth="quadratic")
    likelihood: Likelihood = ganzoo.option()
    beta: float = ganzoo.option(1.0, at_least=0, words="0 or more")
    conditional: bool = ganzoo.option(False)

    def attach(self, game: ganzoo.Game) -> None:
        """Refuse a prior that is not standard normal, and samples of another kind."""
        require_normal(game)
        self.likelihood.check(game.spec)

    def code(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the real samples' codes, each ``(N, latent)``."""
        return play.code

    def parts(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        """Cost of the reconstruction and divergence of each real sample, ``(N,)``, in nats."""
        mean, log_variance = self.code(play)
        decoded = play.generate(drawn(play, mean, log_variance))
        return self.likelihood.cost(decoded, play.real_x), divergence(mean, log_variance)

    def bound(self, play: ganzoo.Play) -> Tensor:
        """The evidence lower bound of each real sample, ``(N,)``, in nats and with its
        constant: an estimate from one draw of each code.
        """
        cost, kl = self.parts(play)
        return -cost - kl - self.likelihood.constant(play.real_x[0].numel())

    def generator(self, play: ganzoo.Play) -> Tensor:
        """See the class, 0-dim."""
        cost, kl = self.parts(play)
        constant = self.likelihood.constant(play.real_x[0].numel())
        play.log["reconstruction"], play.log["kl"] = cost.detach().mean(), kl.detach().mean()
        play.log["elbo"] = -(play.log["reconstruction"] + play.log["kl"] + constant)
        return (cost + self.beta * kl).mean()


def vae(
    *, likelihood: str = "gaussian", scale: float | None = None, beta: float = 1.0
) -> ganzoo.Objective:
    """The variational autoencoder: no discriminator; an encoder says what z made a sample.

    With q(z | x) = N(mean, diag exp(lv)) of the encoder and one draw z of it for each sample,
    the encoder and the generator minimise together::

        L_G = E_x [ -log p(x | G(z)) + beta * KL ]
        KL  = 1/2 sum (mean^2 + exp(lv) - lv - 1)
        gaussian:   -log p = sum ((G(z) - x) / scale)^2 / 2         (without its constant)
        bernoulli:  -log p = -sum (t log p + (1 - t) log(1 - p)),   t = (1 + x)/2, p = (1 + G(z))/2

    Sums are over all elements of a sample, in nats, means over the batch. With beta 1, -L_G
    less the constant is the evidence lower bound (ELBO): at most log p(x), and equal to it
    where q is the true posterior. It is logged as ``elbo`` with its constant, beside
    ``reconstruction`` and ``kl``. Samples are G(z) with z from the prior N(0, I), the mean of
    what the likelihood would add noise to.

    Departures: the scale of the Gaussian is an option, 0.5 for data of unit scale, because a
    standard deviation of 1 explains such data by noise alone and leaves the code unused.
    Generators of images end in a tanh, so the Bernoulli probability is the sigmoid of twice
    its input; for grey pixels the Bernoulli is no law of the data, but the usual loss.

    Args:
        likelihood: ``"gaussian"``, or ``"bernoulli"`` for images in -1 .. 1.
        scale: the Gaussian's standard deviation, in the units of the data; None for 0.5.
        beta: weighs the divergence; other than 1 it is the beta-VAE's (no bound below 1).

    Raises:
        BadOption: a value out of range.

    Reference: Kingma and Welling 2013, arXiv 1312.6114, eq. 10.
    """
    return ganzoo.Objective(
        Variational(likelihood=likelihood_of(likelihood, scale, SCALE), beta=beta),
        defaults=DEFAULTS,
    )


def cvae(
    *, likelihood: str = "gaussian", scale: float | None = None, beta: float = 1.0
) -> ganzoo.Objective:
    """The conditional variational autoencoder: encoder and generator see the label y.

    With q(z | x, y) = N(mean, diag exp(lv)) of the encoder and one draw z of it for each
    sample, they minimise together::

        L_G = E_(x, y) [ -log p(x | G(z, y)) + beta * KL ]

    KL and -log p as in ``vae``. With beta 1, -L_G less the constant bounds log p(x | y) from
    below. The prior of z is N(0, I) whatever y, so that z holds what the label does not say.

    Departures: the paper's prior depends on what is conditioned on; with labels alone and
    this one nothing is lost. An encoder that does not look at labels leaves a bound that is
    less tight.

    Args:
        likelihood, scale, beta: see ``vae``.

    Raises:
        BadOption: a value out of range.

    Reference: Sohn, Lee and Yan, Learning structured output representation using deep
    conditional generative models, NeurIPS 2015.
    """
    law = likelihood_of(likelihood, scale, SCALE)
    term = Variational(likelihood=law, beta=beta, conditional=True)
    return ganzoo.Objective(term, defaults=DEFAULTS)
