"""What the checks of a term examine: the term alone, on a small critic, and beside a loss."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import Incompatible
from ganzoo.game import Game, Objective, Play, Spec, Stream, Term
from ganzoo.registry import default_registry, get_loss, get_term
from ganzoo.testing.check import skip
from ganzoo.testing.losses.bench import seeded
from ganzoo.testing.losses.players import SameForAll
from ganzoo.testing.losses.subject import Subject
from ganzoo.testing.terms.critic import CLASSES, LATENT, Critic, Maker

__all__ = ["COUNT", "IMAGE", "POINT", "Spoken", "TermSubject"]

COUNT, IMAGE, POINT = 6, (1, 2, 2), (4,)


@dataclass
class Spoken:
    """What a term said to a player: ``value`` is None where it was silent, and ``gradients``
    are those of both players' parameters.
    """

    value: Tensor | None
    gradients: Mapping[str, list[Tensor | None]]
    real: Tensor
    fake: Tensor
    asked: list[Tensor]

    @property
    def elsewhere(self) -> bool:
        """Whether the critic was asked about points that are no samples of the turn."""
        known = (self.real, self.fake)
        return any(
            not any(p.shape == k.shape and torch.equal(p, k) for k in known) for p in self.asked
        )


class TermSubject(Subject):
    """A term under examination. As a :class:`Subject` it is a loss that the term suits, with
    the term added.

    Args:
        term: a registered name, or a term, which is copied and left as it is.
        options: of the registered term.

    Attributes:
        loss: the loss that it was added to.
        family: that of its entry.
    """

    def __init__(self, term: str | Term, **options: Any) -> None:
        named = isinstance(term, str)
        made = get_term(term, **options) if isinstance(term, str) else copy.deepcopy(term)
        self.loss = _suited(made)
        super().__init__(self.loss + made)
        self._term, self.options = made, options
        self.name = term if isinstance(term, str) else type(term).__name__
        self.found = default_registry().find("terms", self.name) if named else None
        self.family: str = getattr(self.found.entry, "family", "") if self.found else ""
        self.waived = dict(made.waived)

    def alone(self) -> Objective:
        """The term and nothing else, in its initial state."""
        return Objective(copy.deepcopy(self._term))

    def plain(self) -> Objective:
        """What values from elsewhere are of: the term alone."""
        return self.alone()

    def speak(
        self,
        player: str,
        *,
        objective: Objective | None = None,
        shape: tuple[int, ...] = IMAGE,
        rows: slice = slice(None),
        dtype: torch.dtype = torch.float64,
        noise: type[Stream] = SameForAll,
        autocast: bool = False,
        seed: int = 0,
        **critic: Any,
    ) -> Spoken:
        """Let the term speak to a player.

        Args:
            player, objective: to whom, and in the place of the term alone.
            shape, rows, dtype: of a sample of 4 elements, of the batch, of everything.
            noise, seed: the kind of stream it draws from, and of what the networks draw.
            autocast, critic: to bfloat16; options of :class:`Critic`.
        """
        said = objective or self.alone()
        with seeded():
            provides = said.needs | {"score"}
            judge, maker = Critic(provides, **critic), Maker(shape)
            maker.conditional = said.conditional
            game = Game(maker, judge, Spec(shape, LATENT, CLASSES)).to(dtype)
            game.check(said)
            game.attach(said)
            if next(said.parameters(), None) is not None:
                said.to(dtype)
            real = torch.randn(COUNT, *shape).to(dtype)[rows]
            z = torch.randn(COUNT, game.prior.latent).to(dtype)[rows]
            labels = (torch.arange(COUNT) % CLASSES)[rows] if said.conditional else None
            play = game.play(
                player,
                real_x=real,
                z=z,
                labels=labels,
                noise=noise(0, "noise").seek(0),
                tracked=said.tracked(said.due(0), player),
            )
            judge.asked = []
            play.rewire(said.terms)  # type: ignore[arg-type]
            if "discriminator" in said.roles:
                _ = play.fake_x  # the same points under autocast
            torch.default_generator.manual_seed(seed)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
                value = said.loss(play, said.due(0))
            return self._differentiated(game, said, play, value)

    def _differentiated(self, game: Game, said: Objective, play: Play, value: Tensor) -> Spoken:
        judge = game.discriminator
        assert isinstance(judge, Critic)
        silent = not any(name.startswith(f"loss/{play.player}/") for name in play.log)
        players = {p: game.movers(p, said) for p in ("discriminator", "generator")}
        wanted = list({id(p): p for each in players.values() for p in each}.values())
        found = (
            torch.autograd.grad(value, wanted, allow_unused=True)
            if value.requires_grad and not silent
            else [None] * len(wanted)
        )
        by = {id(p): g for p, g in zip(wanted, found, strict=True)}
        gradients = {name: [by[id(p)] for p in each] for name, each in players.items()}
        fake = play.fake_x.detach()
        told = None if silent else value.detach()
        return Spoken(told, gradients, play.real_x.detach(), fake, judge.asked)

    @cached_property
    def speaks_to(self) -> tuple[str, ...]:
        """The players that it says something to by itself."""
        each = ("discriminator", "generator")
        return tuple(player for player in each if self.speak(player).value is not None)

    def needs_words(self) -> None:
        """Skip the check of a term that says nothing by itself."""
        if not self.speaks_to:
            skip("by itself it says nothing: it changes what is heard, or acts after a step")

    @cached_property
    def stochastic(self) -> bool:
        """Whether the networks draw numbers of their own with it, as for dropout."""
        return any(
            self.speak(player).value != self.speak(player, seed=1).value
            for player in self.speaks_to
        )

    def remade(self, **options: Any) -> TermSubject:
        """The same with some options changed."""
        assert self.found is not None
        return TermSubject(self.found.id, **{**self.options, **options})

    def amount(self, player: str, **options: Any) -> float:
        """What it says to a player, as a number; 0 for nothing."""
        value = self.speak(player, **options).value
        return 0.0 if value is None else float(value)


def _suited(term: Term) -> Objective:
    """A loss that the term suits."""
    usual = ["ganzoo:nonsaturating", "ganzoo:hinge", "ganzoo:wgan"]
    others = [found.id for found in default_registry().entries("losses")]
    refused = ""
    for name in [*usual, *others]:
        try:
            loss = get_loss(name)
            _ = loss + term
        except Incompatible as error:
            refused = refused or str(error)
            continue
        return loss
    raise Incompatible(f"no installed loss suits it. {refused}")
