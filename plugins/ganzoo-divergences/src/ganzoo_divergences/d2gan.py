"""The dual discriminator GAN."""

from __future__ import annotations

from torch import Tensor, nn

import ganzoo
from ganzoo_divergences.columns import columns, head
from ganzoo_divergences.stable import log_softplus, softplus

__all__ = ["DualDiscriminator", "d2gan"]


class DualDiscriminator(ganzoo.Term):
    """Two positive scores, softplus of v1 and v2: one high for data, one for samples.

    In a game v1 is the discriminator's score, and v2 a head on its features that the term
    owns; in a training loop of one's own they are the columns of the score.

    Args:
        alpha, beta: what the logarithms weigh.
    """

    needs = frozenset({"score", "features"})
    traits = ganzoo.Traits(neutral=None, zero_sum=True, monotone=False)
    alpha: float = ganzoo.option()
    beta: float = ganzoo.option()

    def __post_init__(self) -> None:
        self.head: nn.Linear | None = None

    def attach(self, game: ganzoo.Game) -> None:
        """Build the second head."""
        self.head = head(game, 1)

    def pair(self, output: ganzoo.DiscriminatorOutput) -> tuple[Tensor, Tensor]:
        """v1 and v2, of any shapes."""
        if self.head is None:
            first, second = columns(output, 2).unbind(1)
            return first, second
        # in one form with the score: upcast from half precision
        return output.score, ganzoo.DiscriminatorOutput.of(self.head(output.features)).score

    def fake(self, play: ganzoo.Play) -> Tensor:
        """``E softplus(v1) - beta E log softplus(v2)`` of generated samples, 0-dim."""
        first, second = self.pair(play.fake)
        return softplus(first).mean() - self.beta * log_softplus(second).mean()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`d2gan`; 0-dim."""
        first, second = self.pair(play.real)
        real = softplus(second).mean() - self.alpha * log_softplus(first).mean()
        return real + self.fake(play)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The discriminator's loss on generated samples, negated; 0-dim."""
        return -self.fake(play)

    def probability(self, score: Tensor) -> Tensor | None:
        """``p / (p + q)`` at the optimum, where the score is v1 alone."""
        if self.head is None:
            return None
        ratio = softplus(score) / self.alpha
        return ratio / (1 + ratio)


def d2gan(*, alpha: float = 0.2, beta: float = 0.1) -> ganzoo.Objective:
    """Dual discriminator GAN: two discriminators, for KL(p, q) and KL(q, p) together.

    With logits v1 and v2 of two heads on one trunk, D1 = sp(v1) and D2 = sp(v2) positive by a
    softplus sp, r and f for real and generated samples, both minimised::

        L_D = -alpha E log sp(v1r) + E sp(v1f) + E sp(v2r) - beta E log sp(v2f)
        L_G = -E sp(v1f) + beta E log sp(v2f)

    At the optimal discriminators D1 = alpha p/q and D2 = beta q/p,
    -L_D = alpha (log alpha - 1) + beta (log beta - 1) + alpha KL(p, q) + beta KL(q, p), of which
    the generator follows the gradient.

    In a game any network that provides features will do: its score is v1, and v2 a linear head
    on its features that is built, trained and saved with the loss. In a loop of one's own, let
    the discriminator return two columns: scores ``(N, 2)``, patches ``(N, 2, H, W)``, or a list
    of those.

    Departures: the two discriminators share all but their last layer, where the paper has two
    networks. The authors' code for points in the plane has alpha = beta = 1.

    Args:
        alpha, beta: above 0; the paper takes them from 0 .. 1.

    Raises:
        BadOption: a weight that is not above 0.

    Reference: Nguyen et al. 2017, arXiv 1709.03831.
    """
    for name, value in (("alpha", alpha), ("beta", beta)):
        if not 0 < value < float("inf"):
            raise ganzoo.BadOption(f"{name}={value}: above 0; the paper takes up to 1")
    defaults = ganzoo.Defaults(batch=512, origin="the authors' code for points in the plane")
    return ganzoo.Objective(DualDiscriminator(alpha=alpha, beta=beta), defaults=defaults)
