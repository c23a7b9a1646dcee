"""Term: one thing an objective says to the players."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import torch
from torch import Tensor, nn

from ganzoo.game.options import Declared, declared, option, signature_of
from ganzoo.game.traits import Traits

if TYPE_CHECKING:
    from ganzoo.game.game import Game
    from ganzoo.game.networks import DiscriminatorOutput
    from ganzoo.game.objective import Objective
    from ganzoo.game.play import Play

__all__ = ["Term"]


class Term(nn.Module):
    """A summand of an objective. A subclass overrides what it has to say and no more.

    It declares its options by :func:`ganzoo.option`, and has them as attributes; what else it
    needs from the start it makes in ``__post_init__``. In the line of the class, ``weight=10.0``
    gives an inherited option another default, ``renamed={"weight": "gamma"}`` another name, and
    ``without=("weight", "every")`` takes it away, of a term that says nothing::

        class Drift(ganzoo.Term, weight=1e-3):
            power: float = ganzoo.option(2.0, at_least=1)

            def discriminator(self, play):
                return play.real.score.abs().pow(self.power).mean()

    Args:
        weight: multiplies what the term says; a buffer, so that it can be annealed.
        every: the term speaks at every ``every``-th step alone, and what it says then is
            multiplied by ``every`` (lazy regularisation, arXiv 1912.04958, appendix B).

    Raises:
        BadOption: an option's value that does not work.
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

    # float64, or a weight of 0.1 would cost a float64 loss half its digits
    weight: Tensor = option(1.0, buffer=True, positional=True)
    every: int = option(
        1, at_least=1, positional=True, words="a term speaks at every 1st, 2nd, ... step"
    )

    _options: ClassVar[Mapping[str, Declared]]
    _taken: ClassVar[inspect.Signature]  # of the options, whatever a written constructor takes
    __signature__: ClassVar[inspect.Signature]

    def __init_subclass__(
        cls,
        *,
        renamed: Mapping[str, str] | None = None,
        without: Collection[str] = (),
        **defaults: Any,
    ) -> None:
        super().__init_subclass__()
        inherited: dict[str, Declared] = {}
        for base in reversed(cls.__bases__):
            inherited.update(getattr(base, "_options", {}))
        cls._options = declared(
            cls, inherited, defaults=defaults, renamed=renamed or {}, without=without
        )
        cls.__signature__ = cls._taken = signature_of(cls._options.values())
        if cls.__init__ is not Term.__init__:
            cls.__signature__ = _without_self(inspect.signature(cls.__init__))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__()
        given = self._taken.bind(*arguments, **options).arguments
        for name, each in self._options.items():
            value = each.kept(given.get(each.name, each.default))
            if each.buffer:
                self.register_buffer(name, torch.tensor(value, dtype=torch.float64))
            else:
                setattr(self, name, value)
        self.__post_init__()

    def __post_init__(self) -> None:
        """After the options are kept: what is made of them, once, and checks of several."""

    def check(self, objective: Objective) -> None:
        """Whenever an objective is made of this term and others: raise
        :class:`ganzoo.Incompatible` where it cannot be right beside them.
        """

    def attach(self, game: Game) -> None:
        """Once, before the optimisers are made: build heads, parametrisations, wrap priors."""

    def meet(self, discriminator: nn.Module) -> None:
        """In a training loop of one's own, where nothing is attached, before the first turn with
        a discriminator: raise :class:`ganzoo.Incompatible` where the term would silently do
        nothing, because the discriminator was not prepared by hand.
        """

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

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        """State stays in float32 or wider, as under ``.half()`` of a module that holds the term:
        an average or a count in half precision stands still after some steps.
        """
        kept = {
            name: self._buffers.get(name) for name, each in self._options.items() if each.buffer
        }
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]  # torch has it without annotations
        for name, old in kept.items():
            new = self._buffers[name]
            if old is not None and new is not None and new.dtype in _HALVES:
                self._buffers[name] = old.to(new.device)
        return self

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


Term._options = declared(Term, {}, defaults={}, renamed={}, without=())
Term.__signature__ = Term._taken = signature_of(Term._options.values())

_HALVES = (torch.float16, torch.bfloat16)
_ABSENT = nn.Identity()
# Of a module the terms' own representation follows, and a method is no option's value.
_HIDDEN = (nn.Module, MethodType)


def _without_self(signature: inspect.Signature) -> inspect.Signature:
    return signature.replace(parameters=list(signature.parameters.values())[1:])


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
