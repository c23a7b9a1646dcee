"""Objective: a list of terms, and how they are summed."""

from __future__ import annotations

from functools import reduce

import torch
from torch import Tensor, nn

from ganzoo.errors import BadOption
from ganzoo.game.defaults import Defaults
from ganzoo.game.own_loop import OwnLoop
from ganzoo.game.play import Play
from ganzoo.game.term import Term
from ganzoo.game.traits import Traits

__all__ = ["Objective"]


class Objective(OwnLoop):
    """What the players of a game minimise: a sum of terms.

    In a training loop of one's own::

        loss = ganzoo.get_loss("wgan-gp")
        d = loss.discriminator_loss(D, real=x, fake=G(z))   # minimise over D; fake is detached
        g = loss.generator_loss(D, fake=G(z), real=x)       # minimise over G
        loss.after_discriminator_step(D)                    # clipping, state; mostly nothing
        loss.after_generator_step(D)                        # likewise

    Args:
        terms: what is summed.
        discriminator_turns: how many times the discriminator moves before the generator does.
        defaults: the hyper-parameters of the paper.

    Raises:
        BadOption: no terms, something that is no term, or turns below 1.
        Incompatible: a term that cannot be right beside the others.
    """

    name: str = ""
    """The name it was looked up by, where it was."""

    def __init__(
        self, *terms: Term, discriminator_turns: int = 1, defaults: Defaults | None = None
    ) -> None:
        super().__init__()
        strangers = [type(term).__name__ for term in terms if not isinstance(term, Term)]
        if strangers or not terms:
            raise BadOption(f"an Objective is made of Terms, at least one; found {strangers}")
        if discriminator_turns < 1:
            raise BadOption(f"discriminator_turns={discriminator_turns}: at least 1")
        self.terms = nn.ModuleList(terms)
        self.discriminator_turns = int(discriminator_turns)
        self.defaults = defaults or Defaults()
        for term in terms:
            term.check(self)

    def __add__(self, term: Term) -> Objective:
        """The same objective with one more term; the terms themselves are shared."""
        if not isinstance(term, Term):
            return NotImplemented
        more = Objective(
            *self._each(),
            term,
            discriminator_turns=self.discriminator_turns,
            defaults=self.defaults,
        )
        more.name = self.name
        return more

    @property
    def needs(self) -> frozenset[str]:
        """What the discriminator must provide, by all the terms."""
        return frozenset().union(*(term.needs for term in self._each()))

    @property
    def roles(self) -> frozenset[str]:
        """Who must sit at the table, by all the terms."""
        return frozenset().union(*(term.roles for term in self._each()))

    @property
    def conditional(self) -> bool:
        """Whether any term needs labels."""
        return any(term.conditional for term in self._each())

    @property
    def traits(self) -> Traits | None:
        """What the objective declares of itself, by those of its terms that are losses."""
        declared = [term.traits for term in self._each() if term.traits is not None]
        return reduce(Traits.joined, declared) if declared else None

    @property
    def players(self) -> tuple[str, ...]:
        """Who moves, in order. An encoder moves with the generator.

        There is a discriminator's turn where a discriminator sits at the table, and where a
        term speaks to one of its own.
        """
        seated = "discriminator" in self.roles
        spoken = any(type(term).discriminator is not Term.discriminator for term in self._each())
        return ("discriminator", "generator") if seated or spoken else ("generator",)

    def turns(self, player: str) -> int:
        """How many times a player moves in one step."""
        return self.discriminator_turns if player == "discriminator" else 1

    def probability(self, score: Tensor) -> Tensor | None:
        """D(x) in 0 .. 1 for scores of any shape; None where the objective makes it none."""
        found = (term.probability(score) for term in self._each())
        return next((value for value in found if value is not None), None)

    def due(self, step: int) -> tuple[int, ...]:
        """The positions of the terms that speak at a step, counted from 0."""
        return tuple(i for i, term in enumerate(self._each()) if step % term.every == 0)

    def tracked(self, due: tuple[int, ...], player: str) -> frozenset[str]:
        """The samples whose score gradient is taken in this turn; see :class:`Play`."""
        if player != "discriminator":
            return frozenset()
        return frozenset().union(*(self._each()[i].input_grads for i in due))

    def loss(self, play: Play, due: tuple[int, ...]) -> Tensor:
        """The sum over the due terms of value x weight x every, 0-dim.

        Each weighed value is logged under ``loss/<player>/<term>``, their sum under
        ``loss/<player>``.
        """
        total: Tensor | None = None
        each = self._each()
        play.rewire(each[position] for position in due)
        for position in due:
            term = each[position]
            value = getattr(term, play.player)(play)
            if value is None:
                continue
            value = value * (term.weight * term.every).to(value)
            play.log[f"loss/{play.player}/{position}-{type(term).__name__}"] = value.detach()
            total = value if total is None else total + value
        if total is None:
            # A turn in which every term is silent moves nobody: a constant says so.
            total = torch.zeros((), requires_grad=True)
        play.log[f"loss/{play.player}"] = total.detach()
        return total

    @torch.no_grad()
    def after(self, play: Play, due: tuple[int, ...]) -> None:
        """Let the due terms act after the player's step."""
        for position in due:
            getattr(self._each()[position], f"after_{play.player}")(play)
