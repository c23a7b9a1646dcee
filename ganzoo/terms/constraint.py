"""Constraints on the discriminator's weights."""

from __future__ import annotations

from torch import nn
from torch.nn.utils import parametrizations, parametrize

from ganzoo.errors import Incompatible
from ganzoo.game.game import Game
from ganzoo.game.options import option
from ganzoo.game.play import Play
from ganzoo.game.term import Term
from ganzoo.game.transforms import transformed

__all__ = ["SpectralNorm", "WeightClip"]


class WeightClip(Term, without=("weight", "every")):
    """Clips every parameter of the discriminator to ``-limit .. limit`` after its step
    (arXiv 1701.07875, algorithm 1).

    Args:
        limit: c of the paper.
    """

    limit: float = option(
        0.01, above=0, positional=True, words="weights are clipped to -limit .. limit, above 0"
    )

    def after_discriminator(self, play: Play) -> None:
        """Clip.

        Raises:
            Incompatible: when the discriminator is no ``nn.Module``.
        """
        if not isinstance(play.discriminator, nn.Module):
            raise Incompatible(
                "weight clipping needs the discriminator's parameters: give "
                f"an nn.Module; found {type(play.discriminator).__name__}"
            )
        for parameter in play.discriminator.parameters():
            if transformed():  # torch.func knows no rule for clamp_
                parameter.copy_(parameter.clamp(-self.limit, self.limit))
            else:
                parameter.clamp_(-self.limit, self.limit)


def _normalised(layer: nn.Module) -> bool:
    """Whether anybody parametrised it, be it by hooks as torch once did."""
    return parametrize.is_parametrized(layer) or hasattr(layer, "weight_orig")


class SpectralNorm(Term, without=("weight", "every")):
    """Divides every weight matrix of the discriminator by an estimate of its largest singular
    value (arXiv 1802.05957, eq. 8), by torch's own parametrisation.

    Linear and convolution layers that are parametrised already are left alone. Without a
    game, call :meth:`normalise` on the discriminator once, before making its optimiser; a
    module that was not normalised is refused.

    Args:
        iterations: power iterations in each forward pass.
    """

    layers = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)

    iterations: int = option(1, at_least=1, words="at least 1 power iteration")

    def attach(self, game: Game) -> None:
        """Parametrise the game's discriminator."""
        if game.discriminator is None:
            raise Incompatible("spectral normalisation needs a discriminator; none is seated")
        self.normalise(game.discriminator)

    def meet(self, discriminator: nn.Module) -> None:
        """See that it was normalised.

        Raises:
            Incompatible: none of its layers is parametrised.
        """
        layers = [part for part in discriminator.modules() if isinstance(part, self.layers)]
        if layers and not any(map(_normalised, layers)):
            raise Incompatible(
                "spectral normalisation changes the discriminator, and this one was not "
                "normalised: outside a Game, call ganzoo.terms.SpectralNorm().normalise(D) once, "
                "before making its optimiser"
            )

    def normalise(self, discriminator: nn.Module) -> None:
        """Parametrise the layers of any module, in place."""
        for module in discriminator.modules():
            if isinstance(module, self.layers) and not parametrize.is_parametrized(module):
                parametrizations.spectral_norm(module, n_power_iterations=self.iterations)
