"""The consistency term of CT-GAN, and the dropout that it needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import dropout

import ganzoo
from ganzoo.terms import each, features_of

__all__ = ["ConsistencyTerm"]

_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
_DROPOUTS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout)


def _dropped(rate: float, layer: nn.Module, inputs: Any, output: Tensor) -> Tensor:
    del inputs
    return dropout(output, rate, layer.training)


class ConsistencyTerm(ganzoo.Term, weight=2.0):
    """The consistency term: two stochastic passes over one real sample shall agree.

    ::

        L_D += weight * E [(D' - D'')^2 + features * mean_k (h' - h'')^2 - margin]+

    D' and D'' are scores, h' and h'' features (the penultimate layer) of the same real samples
    in two passes that differ by dropout. The paper adds it to wgan-gp.

    A discriminator without dropout gets some when it is seated: behind every linear and
    convolution layer but the last one registered, the score's. Under rectifiers that is dropout
    of the activations. It stays in force in every pass of training. In a loop of one's own,
    call :meth:`roughen` on the discriminator once. Which units drop follows torch's global
    random state, which the trainer puts in its place at every step.

    Departures: none for plain convolutions, where the authors' code drops half behind every
    layer too; in residual networks it drops 0.2, 0.5 and 0.5 behind the last three blocks.

    Args:
        weight: lambda_2 of the paper.
        every: see :class:`ganzoo.Term`.
        features: what the features count.
        margin: M / lambda_2 of the paper; 0 in the authors' code.
        dropout: the share that is dropped, where the discriminator drops none itself.

    Raises:
        BadOption: a dropout that is not above 0 and below 1.

    Reference: Wei et al. 2018, arXiv 1803.01541.
    """

    needs = frozenset({"score", "features"})

    features: float = ganzoo.option(0.1)
    margin: float = ganzoo.option(0.0)
    dropout: float = ganzoo.option(0.5, above=0, below=1)

    def attach(self, game: ganzoo.Game) -> None:
        """See that the discriminator drops something."""
        if game.discriminator is None:
            raise ganzoo.Incompatible("ct needs a discriminator; none is seated")
        self.roughen(game.discriminator)

    def roughen(self, discriminator: nn.Module) -> None:
        """Give any module dropout, in place, unless it has some."""
        parts = list(discriminator.modules())
        if any(isinstance(part, _DROPOUTS) and part.p > 0 for part in parts):
            return
        for layer in [part for part in parts if isinstance(part, _LAYERS)][:-1]:
            layer.register_forward_hook(partial(_dropped, self.dropout))

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The term, 0-dim."""
        one, other = play.real, play.judge(play.real_x)
        change = (each(one.score) - each(other.score)).square()
        inside = (features_of(one) - features_of(other)).square().mean(1)
        return (change + self.features * inside - self.margin).relu().mean()
