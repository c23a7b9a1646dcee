"""Losses made of cumulant generating functions: logarithms of mean exponentials."""

from __future__ import annotations

import math

from torch import Tensor

import ganzoo
from ganzoo_divergences.logistic import Logistic

__all__ = ["Cumulant", "Renyi", "cumulant", "kl_dv", "log_mean_exp", "renyigan"]


def log_mean_exp(score: Tensor, rate: float = 1.0) -> Tensor:
    """``1/k log E exp(k s)`` over every element, 0-dim; the mean for a rate k of 0."""
    if rate == 0:
        return score.mean()
    return ((rate * score).flatten().logsumexp(0) - math.log(score.numel())) / rate


class Cumulant(ganzoo.Term):
    """A difference of cumulants, of real scores from below and generated ones from above.

    Args:
        beta, gamma: their rates; 0 for the mean.
    """

    traits = ganzoo.Traits(neutral=None, batch_coupled=True, zero_sum=True, shift_invariant=True)
    beta: float = ganzoo.option()
    gamma: float = ganzoo.option()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``1/beta log E e^(-beta r) + 1/gamma log E e^(gamma f)``, 0-dim."""
        real, fake = play.real.score, play.fake.score
        return log_mean_exp(fake, self.gamma) - log_mean_exp(real, -self.beta)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``-1/gamma log E e^(gamma f)``, 0-dim."""
        return -log_mean_exp(play.fake.score, self.gamma)


def cumulant(
    *, beta: float = 0.5, gamma: float = 0.5, discriminator_turns: int = 5
) -> ganzoo.Objective:
    """Cumulant GAN: Renyi divergences in Donsker and Varadhan's way, with WGAN among them.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = 1/beta log E exp(-beta r) + 1/gamma log E exp(gamma f)
        L_G = -1/gamma log E exp(gamma f)

    and the means -E r, E f, -E f where beta or gamma is 0, exactly. At the optimal
    discriminator log(p/q) / (beta + gamma) and any constant,
    -L_D = 1/gamma R(p, q) with Renyi's divergence of order gamma / (beta + gamma), of which the
    generator follows the gradient. (0, 0) is ``wgan``, (0, 1) ``kl-dv``, (1, 0) KL(q, p) and
    (1/2, 1/2) -4 log(1 - H^2 / 2), H^2 the squared Hellinger distance.

    The logarithm is of a batch's mean, so the estimate is biased for small batches, and a
    batch's gradient is not the mean of its halves'.

    Departures: none. The authors' code adds the one-sided gradient penalty with weight 10:
    ``get_loss("cumulant", add=["gp(one_sided=True)"])``; (0, 0) needs one.

    Args:
        beta, gamma: any numbers.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: a rate that is not finite.

    Reference: Pantazis et al. 2020, arXiv 2006.06625.
    """
    for name, value in (("beta", beta), ("gamma", gamma)):
        if not math.isfinite(value):
            raise ganzoo.BadOption(f"{name}={value}: any finite number; 0 is WGAN's mean")
    defaults = ganzoo.Defaults(
        generator_lr=1e-4, discriminator_lr=1e-4, betas=(0.5, 0.9), origin="the authors' code"
    )
    return ganzoo.Objective(
        Cumulant(beta=beta, gamma=gamma),
        discriminator_turns=discriminator_turns,
        defaults=defaults,
    )


def kl_dv() -> ganzoo.Objective:
    """KL(p, q) in Donsker and Varadhan's way, as in MINE.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = log E exp(f) - E r
        L_G = -log E exp(f)

    At the optimal discriminator log p/q and any constant, -L_D = KL(p, q), of which the
    generator follows the gradient. ``fgan-kl`` bounds the same divergence less tightly.

    Departures: no moving average of E exp(f) in the gradient, which MINE takes against the bias
    of small batches. A batch's gradient is not the mean of its halves'.

    Reference: Belghazi et al. 2018, arXiv 1801.04062; Donsker and Varadhan 1983.
    """
    return ganzoo.Objective(Cumulant(beta=0, gamma=1))


class Renyi(Logistic):
    """The generator's part of cross-entropy, in Renyi's form.

    Args:
        alpha: the order.
    """

    alpha: float = ganzoo.option()

    def __post_init__(self) -> None:
        self.traits = ganzoo.Traits(batch_coupled=self.alpha != 1, zero_sum=self.alpha == 1)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``1/(alpha - 1) log E (1 - D)^(alpha - 1)``, 0-dim."""
        return log_mean_exp(-self.fake(play.fake.score), self.alpha - 1)


def renyigan(*, alpha: float = 3.0) -> ganzoo.Objective:
    """RenyiGAN: the original discriminator, and for the generator Renyi's cross-entropy.

    With r = D(x), f = D(G(z)), logits of any shape, and S the sigmoid, both minimised::

        L_D = E softplus(-r) + E softplus(f)
        L_G = 1/(alpha - 1) log E S(-f)^(alpha - 1)

    S(-f) is 1 - D; alpha = 1 is ``minimax``, exactly. At the optimal discriminator, logit
    log p/q, L_D = 2 log 2 - 2 JSD(p, q), and L_G with the same of real samples,
    1/(alpha - 1) log E S(r)^(alpha - 1), is twice the Jensen-Renyi divergence less 2 log 2,
    for R the Renyi divergence of order alpha: R(p, m) + R(q, m) - 2 log 2 with m = (p + q) / 2.
    Neutral score 0.

    Departures: the part of real samples is left out, since it does not depend on the generator.
    The paper's L1 form, |L_G + log 2|, is not offered.

    Args:
        alpha: the order, above 0.

    Raises:
        BadOption: an order that is not above 0.

    Reference: Bhatia et al. 2020, arXiv 2006.02479.
    """
    if not 0 < alpha < float("inf"):
        raise ganzoo.BadOption(f"alpha={alpha}: an order above 0, and finite")
    return ganzoo.Objective(Renyi(alpha=alpha))
