"""Historical averaging."""

from __future__ import annotations

import torch
from torch import Tensor, nn

import ganzoo

__all__ = ["HistoricalAveraging"]


def _weights(network: nn.Module) -> Tensor:
    """All parameters as one vector, in an order that parametrisations leave alone."""
    named = {
        name.replace("parametrizations.", "").removesuffix(".original"): parameter
        for name, parameter in network.named_parameters()
    }
    return torch.cat([named[name].flatten() for name in sorted(named)])


class HistoricalAveraging(ganzoo.Term):
    """Historical averaging: a player's weights shall not run far from where they have been.

    ::

        L_D += weight * |theta_D - mean_t theta_D(t)|_2^2
        L_G += weight * |theta_G - mean_t theta_G(t)|_2^2

    The mean is over the initial weights and those after each of the player's turns that the
    term was due in; it carries no gradient. It knows the networks from a Game. Terms that
    change the shapes of weights (pacgan) are to be named before it.

    Args:
        weight: of the term; the paper names none.
        every: see :class:`ganzoo.Term`.

    Reference: Salimans et al. 2016, arXiv 1606.03498, section 3.3.
    """

    def attach(self, game: ganzoo.Game) -> None:
        """Remember the initial weights."""
        for player in ("discriminator", "generator"):
            network = getattr(game, player)
            if network is not None:
                self.remember(player, network)

    def remember(self, player: str, network: nn.Module) -> None:
        """Start a player's average with its weights as they are."""
        mean = _weights(network).detach().clone()
        self.register_buffer(f"{player}_mean", mean)
        self.register_buffer(f"{player}_count", torch.ones((), dtype=mean.dtype))

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The squared distance from the average, 0-dim."""
        return self._distance("discriminator", play.discriminator)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The squared distance from the average, 0-dim."""
        return self._distance("generator", play.generator)

    def after_discriminator(self, play: ganzoo.Play) -> None:
        """Take the new weights into the average."""
        self._follow("discriminator", play.discriminator)

    def after_generator(self, play: ganzoo.Play) -> None:
        """Take the new weights into the average."""
        self._follow("generator", play.generator)

    def _distance(self, player: str, network: object) -> Tensor:
        mean: Tensor | None = getattr(self, f"{player}_mean", None)
        if mean is None or not isinstance(network, nn.Module):
            raise ganzoo.Incompatible(
                f"historical-averaging follows the weights of the {player}, an nn.Module that "
                f"it knows from a Game, and there is none"
            )
        weights = _weights(network)
        if weights.shape != mean.shape:
            raise ganzoo.Incompatible(
                f"the {player} has {weights.numel()} weights, and had {mean.numel()} when "
                f"historical-averaging met it: name the term that rewires it before this one"
            )
        return (weights - mean).square().sum()

    def _follow(self, player: str, network: object) -> None:
        assert isinstance(network, nn.Module)
        count, mean = getattr(self, f"{player}_count"), getattr(self, f"{player}_mean")
        count.add_(1)
        mean.add_((_weights(network) - mean) / count)
