"""SAN: any loss on a direction of the features that is the best slice between the laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

import ganzoo
from ganzoo_probability_metrics.features import both, features
from ganzoo_probability_metrics.heads import Head

__all__ = ["Slice", "san"]


class Slice(Head):
    """Scores are features along a direction of norm 1. The features learn by the losses that
    hear these scores, the direction by the Wasserstein loss alone.

    Args:
        features: see :class:`Head`.
    """

    direction: nn.Parameter
    traits = ganzoo.Traits(
        waived=(("gradcheck", "features and direction are each a constant to the other's loss"),)
    )

    def build(self, features: int) -> None:
        """Draw the direction."""
        super().build(features)
        self.direction = nn.Parameter(torch.randn(features))

    def along(self, h: Tensor) -> Tensor:
        """``<w, h>`` for features ``(N, F)``: ``(N,)``."""
        return (self.fitting(h) * normalize(self.direction, dim=0)).sum(1)

    def wrap(
        self, play: ganzoo.Play, discriminator: Callable[..., Any]
    ) -> Callable[..., ganzoo.DiscriminatorOutput]:
        """The discriminator with ``<w, h>`` for its score, w a constant."""

        def sliced(*inputs: Tensor) -> ganzoo.DiscriminatorOutput:
            output = ganzoo.DiscriminatorOutput.of(discriminator(*inputs))
            h = self.fitting(features(output))
            score = (h * normalize(self.direction.detach(), dim=0)).sum(1)
            return ganzoo.DiscriminatorOutput(score, h, output.reconstruction)

        return sliced

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """``E <w, h(G)> - E <w, h(x)>``, h a constant, 0-dim."""
        real, fake = both(play)
        return self.along(fake.detach()).mean() - self.along(real.detach()).mean()


def san(*, base: str = "hinge", features: int = 0) -> ganzoo.Objective:
    """The slicing adversarial network: another loss whose last layer has norm 1 and learns by
    a loss of its own, so that the generator descends a distance.

    With h = features of D, ``(N, F)``, w a direction of norm 1, sg(.) a constant to the
    gradient, and B_D, B_G what the base makes of scores r and f, both minimised::

        L_D = B_D(r, f) + E <w, sg(h(G))> - E <w, sg(h(x))>
        L_G = B_G(r, f)
        r = <sg(w), h(x)>,  f = <sg(w), h(G)>

    The features learn by the base, the direction by the Wasserstein loss, which is least
    where w points along E h(x) - E h(G). The optimum in h is that of the base.

    Departures: the direction has no bias, and is not scaled by the length it had before
    normalisation, as the code of its authors has it. The base is unconditional: the score of
    the network itself, and with it any projection of labels, is not used.

    Args:
        base: a registered loss on scores, by name.
        features: how many the discriminator has, outside a game; then the loss's own
            parameters go to the discriminator's optimiser.

    Raises:
        BadOption: a base that needs more than scores.
        Incompatible: in use outside a game, without features.

    Reference: Takida et al. 2023, arXiv 2301.12811.
    """
    objective = ganzoo.get_loss(base)
    if objective.needs != {"score"}:
        needs = ", ".join(sorted(objective.needs))
        raise ganzoo.BadOption(f"base={base!r} needs {needs}: a loss on scores alone will do")
    return objective + Slice(features=features)
