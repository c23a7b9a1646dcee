"""Terms that look at what the other terms make of the game: consensus and unrolling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

import ganzoo
from ganzoo.terms import outside_autocast
from ganzoo_regularizers.base import latents
from ganzoo_regularizers.history import HistoricalAveraging

__all__ = ["Consensus", "Unrolled"]


def _again(
    play: ganzoo.Play,
    term: ganzoo.Term,
    player: str,
    discriminator: Callable[..., Any],
    fake: Tensor,
) -> ganzoo.Play:
    """A player's turn on what was drawn for this one, for all terms but one, with a graph
    through the generated samples whoever's turn it is.
    """
    other = ganzoo.Play(
        "generator",
        discriminator=discriminator,
        generator=play.generator,
        real_x=play.real_x,
        fake_x=fake,
        z=play.drawn,
        labels=play.labels,
        noise=play.noise,
        tracked=frozenset({"real"}),
    )
    other.z = play.z  # as moved already
    _ = other.fake_x  # remembered with its graph, which a discriminator's turn would cut
    other.player = player
    other.rewire(each for each in play.terms if each is not term)
    return other


def _said(play: ganzoo.Play) -> Tensor:
    """What the terms of a turn say, 0-dim."""
    values = [(term, getattr(term, play.player)(play)) for term in play.terms]
    weighed = [v * (term.weight * term.every).to(v) for term, v in values if v is not None]
    return torch.stack(weighed).sum() if weighed else torch.zeros((), requires_grad=True)


def _slopes(value: Tensor, parameters: list[Tensor]) -> tuple[Tensor, ...]:
    """Gradients with a graph, 0 where a parameter has no say."""
    return torch.autograd.grad(
        value, parameters, create_graph=True, allow_unused=True, materialize_grads=True
    )


def _moving(network: nn.Module) -> dict[str, Tensor]:
    """The weights that the player's steps move: not those that stay frozen; but all of them
    where all are, as in a loop that freezes the discriminator for the generator's turn.
    """
    named: dict[str, Tensor] = dict(network.named_parameters())
    moving = {name: weight for name, weight in named.items() if weight.requires_grad}
    return moving or {name: weight.detach().requires_grad_() for name, weight in named.items()}


class Consensus(ganzoo.terms.Gamma):
    """Consensus optimisation: both players also descend the size of the game's gradient, which
    turns a centre into an attractor.

    ::

        L_D += (gamma / 2) |v|_2^2
        L_G += (gamma / 2) |v|_2^2,   v = (grad_D L_D, grad_G L_G)

    L_D and L_G are what all other terms of the turn say, with the gradient of L_D through the
    generated samples too. Each turn costs a second evaluation of both losses and a double
    backward through both networks. Near an equilibrium at which v has the Jacobian A, the
    players' has A - gamma A^T A.

    Departures: the players move in turns, each on samples of its own, and the paper's move at
    once. Parameters of terms (heads) are not in v.

    Args:
        gamma: 10 is a common default.
        every: see :class:`ganzoo.Term`.

    Raises:
        Incompatible: in training, where there is no Game.

    Reference: Mescheder et al. 2017, arXiv 1705.10461.
    """

    waived = (
        ("gradient_isolation", "v has the slopes by both players' weights; one player is moved"),
        ("half_precision", "slopes of a score that is rounded are rounded too"),
    )

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Half the squared length of v, 0-dim."""
        network, generator = play.discriminator, play.generator
        if not isinstance(network, nn.Module) or not isinstance(generator, nn.Module):
            raise ganzoo.Incompatible("consensus needs both networks' weights; it needs a Game")
        z = latents(play)
        with outside_autocast(z):
            fake = generator(z) if play.labels is None else generator(z, play.labels)
            slopes = [
                slope
                for player, moved in (("discriminator", network), ("generator", generator))
                for slope in _slopes(
                    _said(_again(play, self, player, network, fake)),
                    [weight for weight in moved.parameters() if weight.requires_grad],
                )
            ]
            return torch.stack([slope.square().sum() for slope in slopes]).sum() / 2

    def generator(self, play: ganzoo.Play) -> Tensor:
        """The same."""
        return self.discriminator(play)


class Unrolled(ganzoo.Term, without=("weight", "every")):
    """Unrolled GAN: the generator plays against the discriminator that would come of it.

    ::

        L_G(theta, phi) becomes L_G(theta, phi_K),
        phi_0 = phi,  phi_k+1 = phi_k - rate * grad L_D(theta, phi_k)

    In the generator's turn every term hears the discriminator after ``steps`` steps of gradient
    descent on this turn's batch, of all that the other terms say to it, and the gradient goes
    through those steps. The discriminator's turn, and the discriminator itself, are left alone.
    A turn costs ``steps`` double backwards, and their graphs in memory.

    Departures: plain gradient descent, as the paper's equations have it; its experiments unroll
    Adam, whose steps are larger: choose the rate accordingly. Batch statistics of a
    discriminator are updated by each step.

    Args:
        steps: K; the paper has 1 to 10.
        rate: eta of the paper.

    Raises:
        BadOption: fewer than 1 step, or a rate that is not above 0.
        Incompatible: beside historical-averaging or consensus; in training, a discriminator
            that is no ``nn.Module``, or that another term has changed already: name this one
            before terms that change it.

    Reference: Metz et al. 2016, arXiv 1611.02163.
    """

    waived = (("half_precision", "slopes of a score that is rounded are rounded too"),)

    steps: int = ganzoo.option(5, at_least=1)
    rate: float = ganzoo.option(0.01, above=0)

    def __post_init__(self) -> None:
        self._last: tuple[ganzoo.Play, dict[str, Tensor]] | None = None

    def check(self, objective: ganzoo.Objective) -> None:
        """Refuse terms that look at the discriminator's weights, not at what it says."""
        if any(isinstance(term, (HistoricalAveraging, Consensus)) for term in objective.terms):
            raise ganzoo.Incompatible(
                "unrolled steps a copy of the discriminator's weights, which "
                "historical-averaging and consensus do not see: leave one of them out"
            )

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """The unrolled discriminator, in the generator's turn."""
        if play.player != "generator":
            return discriminator
        if discriminator is not play.discriminator or not isinstance(discriminator, nn.Module):
            raise ganzoo.Incompatible(
                "unrolled steps the discriminator's weights, and found no nn.Module: give one, "
                "and name this term before those that change what the discriminator is"
            )
        if torch.is_inference_mode_enabled():
            raise ganzoo.Incompatible(
                "unrolled steps the discriminator on the samples, and torch.inference_mode lets "
                "nobody learn from them: measure under torch.no_grad"
            )
        if self._last is None or self._last[0] is not play:
            self._last = play, self._unroll(play, discriminator)
        return self._with(discriminator, self._last[1])

    def after_generator(self, play: ganzoo.Play) -> None:
        """Let go of the turn."""
        self._last = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_last": None}

    @staticmethod
    def _with(network: nn.Module, weights: dict[str, Tensor]) -> Callable[..., Any]:
        def judging(x: Tensor, *labels: Tensor) -> Any:
            # the generator reaches the scores of real samples too, through the weights
            with torch.enable_grad():
                return functional_call(network, weights, (x, *labels))

        return judging

    def _unroll(self, play: ganzoo.Play, network: nn.Module) -> dict[str, Tensor]:
        """The weights after the steps, with a graph to the generator."""
        weights = _moving(network)
        with torch.enable_grad(), outside_autocast(play.fake_x):
            for _ in range(self.steps):
                stepped = self._with(network, weights)
                turn = _again(play, self, "discriminator", stepped, play.fake_x)
                slopes = _slopes(_said(turn), list(weights.values()))
                weights = {
                    name: weight - self.rate * slope
                    for (name, weight), slope in zip(weights.items(), slopes, strict=True)
                }
        return weights
