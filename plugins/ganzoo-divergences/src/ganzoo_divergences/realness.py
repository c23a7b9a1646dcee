"""RealnessGAN: a distribution in the place of a score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import torch
from torch import Tensor, nn

import ganzoo
from ganzoo_divergences.anchors import anchors
from ganzoo_divergences.columns import columns, head

__all__ = ["Realness", "realness"]


class Realness(ganzoo.Term):
    """The discriminator's scores are the logits of K outcomes.

    In a game they are a head on the discriminator's features that the term owns, and what
    every other term sees as the score; in a loop of one's own the columns of the score.

    Args:
        real, fake: the anchors, ``(K,)`` each.
        relativistic: whether the generator is drawn to what is said of the real samples, or
            to the anchor.
    """

    needs = frozenset({"features"})
    anchor_real: Tensor
    anchor_fake: Tensor

    def __init__(self, real: Tensor, fake: Tensor, *, relativistic: bool = True) -> None:
        super().__init__()
        self.register_buffer("anchor_real", real)
        self.register_buffer("anchor_fake", fake)
        self.relativistic = relativistic
        self.head: nn.Linear | None = None
        self.traits = ganzoo.Traits(neutral=None, monotone=False, paired=relativistic)

    def attach(self, game: ganzoo.Game) -> None:
        """Build the head."""
        self.head = head(game, len(self.anchor_real))

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """In a game, the outcomes' logits in the place of the score."""
        outcomes = self.head
        if outcomes is None:
            return discriminator

        def judge(*inputs: Tensor) -> ganzoo.DiscriminatorOutput:
            said = ganzoo.DiscriminatorOutput.of(discriminator(*inputs))
            score = outcomes(said.features)
            return ganzoo.DiscriminatorOutput(score, said.features, said.reconstruction)

        return judge

    def logarithms(self, output: ganzoo.DiscriminatorOutput) -> Tensor:
        """Log-probabilities of the outcomes, ``(N, K, P)``."""
        return columns(output, len(self.anchor_real)).log_softmax(1)

    def apart(self, anchor: Tensor, said: Tensor) -> Tensor:
        """``E KL(anchor, said)``, 0-dim; ``said`` are log-probabilities ``(N, K, P)``."""
        law = anchor.to(said)[:, None]
        entropy: Tensor = torch.special.xlogy(law, law)  # 0 where the law is 0
        return (entropy - law * said).sum(1).mean()

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`realness`; 0-dim."""
        real, fake = self.logarithms(play.real), self.logarithms(play.fake)
        return self.apart(self.anchor_real, real) + self.apart(self.anchor_fake, fake)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """See :func:`realness`; 0-dim.

        Raises:
            ShapeMismatch: relativistic, with unequal batches.
        """
        fake = self.logarithms(play.fake)
        away = self.apart(self.anchor_fake, fake)
        if not self.relativistic:
            return self.apart(self.anchor_real, fake) - away
        real = self.logarithms(play.real)
        if len(real) != len(fake):
            raise ganzoo.ShapeMismatch(
                f"the relativistic generator sets the i-th generated sample against the i-th "
                f"real one and needs as many of each; found {len(fake)} and {len(real)}. With "
                f"generator='anchor' any two numbers will do."
            )
        return (real.exp() * (real - fake)).sum(1).mean() - away

    def probability(self, score: Tensor) -> Tensor:
        """``p / (p + q)`` at the optimum: how far scores ``(N, K, ...)`` are from one anchor to
        the other; ``(N, ...)``.
        """
        way = (self.anchor_real - self.anchor_fake).to(score)
        said = score.softmax(1).movedim(1, -1) - self.anchor_fake.to(score)
        return ((said * way).sum(-1) / way.square().sum()).clamp(0, 1)

    def extra_repr(self) -> str:
        """The options."""
        return f"outcomes={len(self.anchor_real)}, relativistic={self.relativistic}"


def realness(
    *,
    outcomes: int = 51,
    generator: Literal["relativistic", "anchor"] = "relativistic",
    anchor_real: Sequence[float] | None = None,
    anchor_fake: Sequence[float] | None = None,
) -> ganzoo.Objective:
    """RealnessGAN: the discriminator tells a distribution over K outcomes, and what is real and
    what is not are distributions too.

    With r and f the softmax over K logits of real and of generated samples, A1 and A0 the
    anchors of real and of generated ones, both minimised::

        L_D = E KL(A1, r) + E KL(A0, f)
        L_G = E_i KL(r_i, f_i) - E KL(A0, f)     or, anchor, E KL(A1, f) - E KL(A0, f)

    The optimal discriminator is (A1 p + A0 q) / (p + q). Where p = q it is (A1 + A0) / 2, and
    L_D is twice the Jensen-Shannon divergence of the anchors.

    In a game any network that provides features will do: a linear head on them gives the
    logits, is built, trained and saved with the loss, and takes the score's place for penalties
    as well; the network's own last layer stays unused. In a loop of one's own, let the
    discriminator return K columns: ``(N, K)``, ``(N, K, H, W)``, or a list of those.

    The generator's loss has no lower bound: the pull away from A0 has none. The relativistic
    one needs as many real as generated samples.

    Departures: the paper gives no anchors as numbers; without any, they have the shape of the
    authors' code, a uniform law moved up and a normal one moved down by half the outcomes,
    but no noise: the code draws histograms of a thousand numbers. That code's relativistic
    generator minimises E_i KL(r_i, f_i) alone; the second term is the paper's.

    Args:
        outcomes: K, where no anchors are given.
        generator: ``"relativistic"`` (objective 2 of the paper) or ``"anchor"`` (objective 3).
        anchor_real, anchor_fake: K probabilities each, and different.

    Raises:
        BadOption: anchors that are no two different laws, or an unknown loss of the generator.

    Reference: Xiangli et al. 2020, arXiv 2002.05512.
    """
    if generator not in ("relativistic", "anchor"):
        raise ganzoo.BadOption(f"generator={generator!r}: 'relativistic' or 'anchor'")
    real, fake = anchors(outcomes, anchor_real, anchor_fake)
    term = Realness(real, fake, relativistic=generator == "relativistic")
    defaults = ganzoo.Defaults(batch=32, origin="the authors' code on CelebA")
    return ganzoo.Objective(term, defaults=defaults)
