"""LS-GAN, the loss-sensitive one: a margin that grows with how far apart samples are."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import leaky_relu

import ganzoo
from ganzoo_probability_metrics.samples import beside, gaps

__all__ = ["LossSensitive", "loss_sensitive"]


class LossSensitive(ganzoo.Term):
    """A real sample should have a lower loss than a generated one, by a margin.

    Args:
        margin: for each unit of the sum of absolute differences of a pair.
        slope: of the cost where the margin is kept.
        real_weight: of the mean loss of real samples.
        weight: of the margins.
    """

    traits = ganzoo.Traits(
        orientation=-1,
        neutral=None,
        paired=True,
        monotone=False,
        waived=(("patches_and_scales", "margins are between whole samples, not patches"),),
    )

    margin: float = ganzoo.option(at_least=0)
    slope: float = ganzoo.option(at_most=1)
    real_weight: float = ganzoo.option()
    margin_weight: float = ganzoo.option()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`loss_sensitive`."""
        margin = self.margin * gaps(play).abs().sum(1)
        real, fake = play.real.score, play.fake.score
        cost = leaky_relu(beside(margin, real) + real - fake, self.slope).mean()
        return self.real_weight * real.mean() + self.margin_weight * cost

    def generator(self, play: ganzoo.Play) -> Tensor:
        """``E L(G)``, 0-dim."""
        return play.fake.score.mean()


def loss_sensitive(
    *,
    margin: float = 2e-4,
    slope: float = 0.0,
    real_weight: float = 0.0,
    margin_weight: float = 1.0,
    discriminator_turns: int = 1,
) -> ganzoo.Objective:
    """LS-GAN, the loss-sensitive GAN (not least squares): the discriminator is a loss L, low
    for real samples, and higher for generated ones the further they are off.

    With L(x) and L(G(z)) the scores, as many of each, of any shape, and
    m_i = margin * sum |x_i - G(z_i)| over the elements of a sample, both minimised::

        L_D = real_weight * E L(x) + margin_weight * E_i C(m_i + L(x_i) - L(G(z_i)))
        L_G = E L(G(z)),   C(a) = a for a >= 0, slope * a below

    The orientation is that of an energy: a lower score means more real. With ``slope`` 0 it
    is the LS-GAN: pairs that keep their margin cost nothing, and L_D without its first term
    is at least 0. With a slope above 0 it is the generalised one (GLS-GAN); with slope 1 the
    loss is linear in the scores, that of WGAN, and wants its constraint on the critic.

    Departures: the mean loss of real samples has weight 0 here, as in the authors' code, since
    nothing bounds it below. That code clips the weights as well:
    ``get_loss("loss-sensitive", add=["clip(limit=0.04)"])``; its slope for the generalised
    loss is 0.5. It is another loss than ``lsgan``.

    Args:
        margin: of a pair, for each unit of the sum of absolute differences.
        slope: nu of the generalised loss, at most 1.
        real_weight: of the mean loss of real samples.
        margin_weight: lambda of the paper.
        discriminator_turns: discriminator steps for each generator step.

    Raises:
        BadOption: a negative margin, a slope above 1.
        ShapeMismatch: in use, with unequal batches.

    Reference: Qi 2017, arXiv 1701.06264.
    """
    defaults = ganzoo.Defaults(
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        origin="the authors' code (arXiv 1701.06264)",
    )
    term = LossSensitive(
        margin=margin, slope=slope, real_weight=real_weight, margin_weight=margin_weight
    )
    return ganzoo.Objective(term, discriminator_turns=discriminator_turns, defaults=defaults)
