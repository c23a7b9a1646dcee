"""Game: networks, prior and spec seated together, and the check that they fit."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from ganzoo.errors import Incompatible
from ganzoo.game.networks import Architecture, Discriminator, Encoder, Generator
from ganzoo.game.objective import Objective
from ganzoo.game.play import Play
from ganzoo.game.priors import Normal, Prior
from ganzoo.game.spec import Spec
from ganzoo.game.stream import Stream

__all__ = ["Game"]


class Game(nn.Module):
    """The networks that an objective trains, and the prior that feeds the generator.

    Args:
        generator: always there.
        discriminator, encoder: where the objective has such a role.
        spec: the shapes they agree on.
        prior: the law of z; standard normal where none is given.
    """

    def __init__(
        self,
        generator: Generator,
        discriminator: Discriminator | None,
        spec: Spec,
        *,
        encoder: Encoder | None = None,
        prior: Prior | None = None,
    ) -> None:
        super().__init__()
        self.generator, self.discriminator, self.encoder = generator, discriminator, encoder
        self.spec, self.prior = spec, prior or Normal(spec.latent)

    @classmethod
    def seat(
        cls,
        architecture: Architecture,
        objective: Objective,
        spec: Spec,
        *,
        prior: Prior | None = None,
        seed: int = 0,
    ) -> Game:
        """Build the networks whose roles the objective has, and no others, attach the
        objective's terms, and check that all fits.

        Initial weights are a function of ``seed``; torch's global random state is left as
        it was.

        Raises:
            Incompatible: when they do not fit.
        """
        for role in sorted(objective.roles):
            if getattr(architecture, role) is None:
                raise Incompatible(f"the objective needs a {role}; the architecture has none")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            generator = architecture.generator()
            builders = {
                "discriminator": architecture.discriminator,
                "encoder": architecture.encoder,
            }
            seated = {role: builders[role] for role in builders if role in objective.roles}
            built = {role: build() for role, build in seated.items() if build is not None}
            discriminator, encoder = built.get("discriminator"), built.get("encoder")
            assert discriminator is None or isinstance(discriminator, Discriminator)
            assert encoder is None or isinstance(encoder, Encoder)
            game = cls(generator, discriminator, spec, encoder=encoder, prior=prior)
            game.check(objective)
            game.attach(objective)
        return game

    def check(self, objective: Objective) -> None:
        """Raise :class:`Incompatible` unless these networks can play this objective."""
        if objective.conditional and not self.spec.classes:
            raise Incompatible(f"{_named(objective)} needs labels, and these data have no classes")
        for role in sorted(objective.roles):
            if getattr(self, role) is None:
                raise Incompatible(f"{_named(objective)} needs a {role}, and none is seated")
        provided = self.discriminator.provides if self.discriminator is not None else frozenset()
        lacking = objective.needs - provided if self.discriminator is not None else frozenset()
        if lacking:
            raise Incompatible(
                f"{_named(objective)} needs a discriminator that provides {_set(lacking)}; "
                f"this one provides {_set(provided)}."
            )
        if objective.conditional and not self.generator.conditional:
            raise Incompatible(
                f"{_named(objective)} needs a generator that looks at labels, and this one does "
                f"not; build the networks with their option conditional, or set conditional=True "
                f"on a generator of your own that does."
            )

    def attach(self, objective: Objective) -> None:
        """Let the objective's terms rewire the game; once, before the optimisers are made."""
        for term in objective.terms:
            term.attach(self)  # type: ignore[operator]

    def movers(self, player: str, objective: Objective) -> list[nn.Parameter]:
        """The parameters that a player moves, those of the terms it trains among them."""
        seats = (
            (self.discriminator,) if player == "discriminator" else (self.generator, self.encoder)
        )
        terms = [term for term in objective.terms if term.trained_by == player]
        modules = [module for module in (*seats, *terms) if module is not None]
        unique = dict.fromkeys(p for module in modules for p in module.parameters())
        return [parameter for parameter in unique if parameter.requires_grad]

    def play(
        self,
        player: str,
        *,
        real_x: Tensor,
        z: Tensor,
        labels: Tensor | None = None,
        noise: Stream | None = None,
        tracked: frozenset[str] = frozenset(),
        fake_x: Tensor | None = None,
        keep_graph: bool = False,
    ) -> Play:
        """A turn of this game; the arguments are those of :class:`Play`."""
        return Play(
            player,
            discriminator=self.discriminator,
            generator=self.generator,
            encoder=self.encoder,
            real_x=real_x,
            fake_x=fake_x,
            z=z,
            labels=labels,
            noise=noise,
            tracked=tracked,
            keep_graph=keep_graph,
            track_real=player == "discriminator",
        )


def _named(objective: Objective) -> str:
    return repr(objective.name) if objective.name else "the objective"


def _set(names: Iterable[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
