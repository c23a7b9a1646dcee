"""Term: one thing an objective says to the players."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from ganzoo.errors import BadOption
from ganzoo.game.traits import Traits

if TYPE_CHECKING:
    from ganzoo.game.game import Game
    from ganzoo.game.networks import DiscriminatorOutput
    from ganzoo.game.objective import Objective
    from ganzoo.game.play import Play

__all__ = ["Term"]


class Term(nn.Module):
    """A summand of an objective. A subclass overrides what it has to say and no more.

    Args:
        weight: multiplies what the term says; a buffer, so that it can be annealed.
        every: the term speaks at every ``every``-th step alone, and what it says then is
            multiplied by ``every`` (lazy regularisation, arXiv 1912.04958, appendix B).

    Raises:
        BadOption: an ``every`` below 1.
    """

    needs: frozenset[str] = frozenset({"score"})
    """What the discriminator must provide: of score, features, reconstruction, labels, concat,
    projection; see :class:`ganzoo.Discriminator`."""
    roles: frozenset[str] = frozenset({"generator", "discriminator"})
    """Who must sit at the table: of generator, discriminator, encoder."""
    input_grads: frozenset[str] = frozenset()
    """Of real and fake, the samples whose score gradient the discriminator's turn takes."""
    conditional: bool = False
    """Whether labels are needed, by the generator at least; the discriminator looks at them
    where ``needs`` has labels."""
    trained_by: str = "discriminator"
    """Which player moves the term's own parameters."""
    held_out: frozenset[str] = frozenset()
    """What it logs in the generator's turn that is measured on held-out samples too, wherever a
    run is evaluated; a curve named ``held-out/<name>``."""
    traits: Traits | None = None
    """What a loss declares of itself; None for a term that is added to one."""
    waived: tuple[tuple[str, str], ...] = ()
    """Of a term that is added: conformance checks that do not hold, each with the reason."""

    weight: Tensor

    def __init__(self, weight: float = 1.0, every: int = 1) -> None:
        super().__init__()
        if every < 1 or int(every) != every:
            raise BadOption(f"every={every!r}: a term speaks at every 1st, 2nd, ... step")
        # float64, or a weight of 0.1 would cost a float64 loss half its digits
        self.register_buffer("weight", torch.tensor(float(weight), dtype=torch.float64))
        self.every = int(every)

    def check(self, objective: Objective) -> None:
        """Whenever an objective is made of this term and others: raise
        :class:`ganzoo.Incompatible` where it cannot be right beside them.
        """

    def attach(self, game: Game) -> None:
        """Once, before the optimisers are made: build heads, parametrisations, wrap priors."""

    def discriminator(self, play: Play) -> Tensor | None:
        """What the discriminator is to minimise, 0-dim; None for nothing to say."""
        return None

    def generator(self, play: Play) -> Tensor | None:
        """What the generator is to minimise, 0-dim; None for nothing to say."""
        return None

    def after_discriminator(self, play: Play) -> None:
        """After the discriminator's step, without a graph: clipping, multipliers, averages."""

    def after_generator(self, play: Play) -> None:
        """After the generator's step, without a graph."""

    def latents(self, play: Play, z: Tensor) -> Tensor:
        """The vectors ``(M, latent)`` that samples are generated of in this turn, in the place
        of ``z``. Where they carry a graph, so do the samples, in either player's turn.
        """
        return z

    def wrap(self, play: Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """What is called in the discriminator's place throughout the turn: the hook of terms
        that change what the discriminator sees, or what function it is.
        """
        return discriminator

    def heard(self, play: Play, kind: str, output: DiscriminatorOutput) -> DiscriminatorOutput:
        """What all terms hear of the ``"real"`` or the ``"fake"`` samples."""
        return output

    def probability(self, score: Tensor) -> Tensor | None:
        """D(x) in 0 .. 1 for scores of any shape, where this term makes it one; else None."""
        return None

    def extra_repr(self) -> str:
        """The constructor's options as they are now: each that the term keeps under its own
        name, in an attribute, a buffer or a property; ``weight`` and ``every`` unless they are 1.
        """
        return ", ".join(
            f"{name}={_shown(value)}"
            for name in inspect.signature(type(self)).parameters
            if not isinstance(value := getattr(self, name, _ABSENT), _HIDDEN)
            if name not in ("weight", "every") or value != 1
        )


_ABSENT = nn.Identity()
# Of a module the terms' own representation follows, and a method is no option's value.
_HIDDEN = (nn.Module, MethodType)


def _shown(value: object) -> str:
    """An option's value in few signs."""
    if isinstance(value, Tensor) and value.ndim == 0:
        value = value.item()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, partial):
        options = ", ".join(f"{name}={_shown(option)}" for name, option in value.keywords.items())
        return f"{_shown(value.func)}({options})"
    return str(getattr(value, "__name__", None) or repr(value))
