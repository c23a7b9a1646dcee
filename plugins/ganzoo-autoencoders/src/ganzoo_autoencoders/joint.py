"""The bidirectional GAN."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo_autoencoders.adversary import Judge, score_loss
from ganzoo_autoencoders.codes import drawn

__all__ = ["Joint", "bigan"]


class Joint(ganzoo.Term):
    """A score of samples together with their codes, by a head of this term's own over the
    seated discriminator's features and the code.

    Args:
        base: the loss of the scores of pairs.
        width: of the head's hidden layers.
        stochastic: whether codes are drawn, and not means.
    """

    needs = frozenset({"features"})
    roles = frozenset({"generator", "discriminator", "encoder"})
    trained_by = "discriminator"
    traits = ganzoo.Traits(neutral=None)
    base: ganzoo.terms.ScoreTerm = ganzoo.option()
    width: int = ganzoo.option()
    stochastic: bool = ganzoo.option()

    def attach(self, game: ganzoo.Game) -> None:
        """Build the head."""
        assert game.discriminator is not None
        self.head = Judge(game.discriminator.feature_dim + game.prior.latent, self.width)

    def scores(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        """Scores of (x, E(x)) and of (G(z), z), each ``(N, 1)``."""
        mean, log_variance = play.code
        code = drawn(play, mean, log_variance) if self.stochastic else mean
        real, fake = play.real.features, play.fake.features
        assert real is not None
        assert fake is not None
        assert play.z is not None
        pairs = (torch.cat([real, code], 1), torch.cat([fake, play.z], 1))
        encoded, generated = (self.head.score(pair) for pair in pairs)
        return encoded, generated

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The base loss, encoded pairs being real and generated ones not, 0-dim."""
        encoded, generated = self.scores(play)
        play.log["score/encoded"] = encoded.detach().mean()
        play.log["score/generated"] = generated.detach().mean()
        return self.base.real(encoded).mean() + self.base.fake(generated).mean()

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The same with the kinds swapped: both networks want to be taken for the other."""
        encoded, generated = self.scores(play)
        return self.base.real(generated).mean() + self.base.fake(encoded).mean()


def bigan(
    *, base: str = "nonsaturating", stochastic: bool = False, width: int = 128
) -> ganzoo.Objective:
    """The bidirectional GAN: a discriminator sees samples together with their codes.

    With r = D(x, E(x)) and f = D(G(z), z), logits of pairs, both minimised; encoder and
    generator move together::

        L_D = E softplus(-r) + E softplus(f)
        L_G = E softplus(r) + E softplus(-f)

    At the optimal discriminator L_D = 2 log 2 - 2 JSD of the two joint laws, which agree only
    where encoder and generator invert each other. D is a head that belongs to the
    loss, over the features of the seated discriminator and the code; the score of that
    discriminator itself is not used.

    Departures: the generator and the encoder have the discriminator's loss with the kinds
    swapped, and not its negative: the non-saturating form. ``stochastic=True`` draws the
    code from the encoder's Gaussian, which is ALI (arXiv 1606.00704), the same game found
    independently.

    Args:
        base: the loss of the pairs' scores, by name: one of single scores, such as
            ``"lsgan"`` or ``"hinge"``.
        stochastic: draw codes; else the encoder's mean is the code, and its variance unused.
        width: of the head's two hidden layers.

    Raises:
        BadOption: a value out of range, or a base of another kind.

    Reference: Donahue, Kraehenbuehl and Darrell 2016, arXiv 1605.09782; Dumoulin et
    al. 2016, arXiv 1606.00704.
    """
    term = Joint(base=score_loss(base), width=width, stochastic=stochastic)
    defaults = ganzoo.Defaults(origin="a common default (Adam), as in DCGAN")
    return ganzoo.Objective(term, defaults=defaults)
