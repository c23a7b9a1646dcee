"""An objective in a training loop of one's own: two losses, and what is kept between the calls."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, cast
from weakref import ReferenceType, ref

import torch
from torch import Tensor, nn

from ganzoo.errors import BadOption, ShapeMismatch
from ganzoo.game.play import Play
from ganzoo.game.term import Term

__all__ = ["OwnLoop"]

_COUNTS = "calls"
# so many micro-batches may go into one step before anybody is reminded of what comes after it
_PATIENCE = 100


class OwnLoop(nn.Module):
    """The part of an :class:`ganzoo.Objective` that serves a training loop of one's own.

    Between the calls it keeps how often each loss was asked for, where a term is lazy and no
    step is given (in its ``state_dict``), and the last turn of each player until the step after
    it (in no copy). A turn under ``torch.no_grad`` is a measurement: it is neither counted nor
    kept.
    """

    terms: nn.ModuleList

    def __init__(self) -> None:
        super().__init__()
        self._calls = {"discriminator": 0, "generator": 0}
        self._last: dict[str, tuple[Play, tuple[int, ...]]] = {}
        self._met: ReferenceType[nn.Module] | None = None
        self._unheeded = {"discriminator": 0, "generator": 0}

    @abstractmethod
    def due(self, step: int) -> tuple[int, ...]:
        """The positions of the terms that speak at a step, counted from 0."""

    @abstractmethod
    def tracked(self, due: tuple[int, ...], player: str) -> frozenset[str]:
        """The samples whose score gradient is taken in this turn; see :class:`Play`."""

    @abstractmethod
    def loss(self, play: Play, due: tuple[int, ...]) -> Tensor:
        """What the due terms say in a turn, 0-dim."""

    @abstractmethod
    def after(self, play: Play, due: tuple[int, ...]) -> None:
        """Let the due terms act after the player's step."""

    def discriminator_loss(
        self,
        discriminator: Callable[..., Any],
        real: Tensor,
        fake: Tensor,
        labels: Tensor | None = None,
        step: int | None = None,
    ) -> Tensor:
        """What the discriminator minimises, for a training loop of one's own.

        Args:
            discriminator: from samples (and labels, if given) to scores ``(N,)``, ``(N, 1)``,
                patches ``(N, 1, H, W)``, a list of those, or a :class:`DiscriminatorOutput`.
            real: real samples ``(N, *shape)``; a graph they have is kept, but where a penalty
                takes the gradient at them.
            fake: generated samples ``(M, *shape)``; detached here.
            labels: ``(N,)`` of int64, for conditional discriminators: those of the real and of
                the generated samples alike.
            step: the training step, for terms that speak at every k-th step alone; counted
                here where it is not given. Under ``torch.compile`` a lazy term's step is
                better given, for counting breaks the graph.

        Raises:
            ShapeMismatch: empty batches, or scores of different layouts.
            BadOption: samples that are no tensors.
            Incompatible: a term that this discriminator was not prepared for.
        """
        return self._spoken("discriminator", discriminator, real, fake, labels, step)

    def generator_loss(
        self,
        discriminator: Callable[..., Any],
        fake: Tensor,
        real: Tensor | None = None,
        labels: Tensor | None = None,
        step: int | None = None,
    ) -> Tensor:
        """What the generator minimises, for a training loop of one's own.

        ``real`` is evaluated by the objectives that need it alone; the other arguments are
        those of :meth:`discriminator_loss`, but the fake's graph is kept.
        """
        return self._spoken("generator", discriminator, real, fake, labels, step)

    def after_discriminator_step(self, discriminator: Callable[..., Any]) -> None:
        """To be called after the discriminator's optimiser step: clipping, state.

        Terms act on the last turn; where gradients are accumulated over several, on the last
        of those. Of several discriminators each needs a loss of its own.
        """
        self._acted("discriminator", discriminator)

    def after_generator_step(self, discriminator: Callable[..., Any]) -> None:
        """To be called after the generator's optimiser step: state."""
        self._acted("generator", discriminator)

    def forward(self, *_: Any, **__: Any) -> Tensor:
        """Refused: a loss has two sides.

        Raises:
            BadOption: always.
        """
        raise BadOption(
            "a loss is asked for one player's side: discriminator_loss(D, real=..., fake=...) or "
            "generator_loss(D, fake=..., real=...)"
        )

    def _each(self) -> list[Term]:
        return [cast(Term, term) for term in self.terms]

    def _spoken(
        self,
        player: str,
        discriminator: Callable[..., Any],
        real: Tensor | None,
        fake: Tensor,
        labels: Tensor | None,
        step: int | None,
    ) -> Tensor:
        _refuse(discriminator, [fake] if real is None else [real, fake])
        self._meet(discriminator)
        due = self._now(player) if step is None else self.due(step)
        play = Play(
            player,
            discriminator=discriminator,
            real_x=real,
            fake_x=fake,
            labels=labels,
            tracked=self.tracked(due, player),
        )
        value = self.loss(play, due)
        if torch.is_grad_enabled():
            # what an earlier turn left behind, if nobody took the step after it, is over
            self._last.pop(player, None)
            acting = [self._each()[i] for i in due if self._acts(self._each()[i], player)]
            if acting:
                self._last[player] = (play, due)
                self._remind(player, acting)
        return value

    def _meet(self, discriminator: Callable[..., Any]) -> None:
        if torch.compiler.is_compiling() or not isinstance(discriminator, nn.Module):
            return
        if self._met is None or self._met() is not discriminator:
            for term in self._each():
                term.meet(discriminator)
            self._met = ref(discriminator)

    def _remind(self, player: str, acting: list[Term]) -> None:
        if torch.compiler.is_compiling():  # which the count would have compiled anew
            return
        self._unheeded[player] += 1
        if self._unheeded[player] == _PATIENCE:
            warnings.warn(
                f"{', '.join(type(term).__name__ for term in acting)} acts after the {player}'s "
                f"step, as by clipping or by counting, and was not let in {_PATIENCE} turns: call "
                f"loss.after_{player}_step(D) after the step of the optimiser",
                stacklevel=4,
            )

    def _now(self, player: str) -> tuple[int, ...]:
        lazy = any(term.every > 1 for term in self._each())
        return self._counted(player) if lazy else self.due(0)

    # A number that changes at every call would have the caller compiled anew at every call;
    # which terms are due changes between few values.
    @torch.compiler.disable  # type: ignore[untyped-decorator]
    def _counted(self, player: str) -> tuple[int, ...]:
        due = self.due(self._calls[player])
        self._calls[player] += torch.is_grad_enabled()
        return due

    @staticmethod
    def _acts(term: Term, player: str) -> bool:
        return getattr(type(term), f"after_{player}") is not getattr(Term, f"after_{player}")

    def _acted(self, player: str, discriminator: Callable[..., Any]) -> None:
        # What was judged in the turn is what the terms act on; it is let go of afterwards.
        if not torch.compiler.is_compiling():
            self._unheeded[player] = 0
        play, due = self._last.pop(player, (None, ()))
        if play is not None:
            play.discriminator = discriminator
            self.after(play, due)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_last": {}, "_met": None}

    def _save_to_state_dict(
        self, destination: dict[str, Any], prefix: str, keep_vars: bool
    ) -> None:
        super()._save_to_state_dict(destination, prefix, keep_vars)
        if any(self._calls.values()):
            destination[prefix + _COUNTS] = torch.tensor(list(self._calls.values()))

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *arguments: Any
    ) -> None:
        super()._load_from_state_dict(state_dict, prefix, *arguments)
        if (counts := state_dict.get(prefix + _COUNTS)) is not None:
            self._calls = dict(zip(self._calls, counts.tolist(), strict=True))
            *_, unexpected, _ = arguments
            if prefix + _COUNTS in unexpected:
                unexpected.remove(prefix + _COUNTS)


def _refuse(discriminator: object, samples: Iterable[object]) -> None:
    """Raise unless there is something to call, and samples are batches."""
    if not callable(discriminator):
        raise BadOption(
            f"the discriminator comes first, and is called with samples; found a "
            f"{type(discriminator).__name__}"
        )
    for batch in samples:
        if not isinstance(batch, Tensor):
            raise BadOption(
                f"real and fake are tensors of samples, (N, *shape); found a {type(batch).__name__}"
            )
        if batch.ndim == 0 or len(batch) == 0:
            raise ShapeMismatch("real and fake must be batches of at least one sample")
