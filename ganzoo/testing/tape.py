"""A recorder for any device, which does as a CUDA graph does, one operation at a time.

It keeps the operations that were carried out, with their tensors, and does them again on the
same memory: what Python decided stays decided, and what was read back to the host is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

__all__ = ["TapeRecorder"]

_READS = {
    "_local_scalar_dense",
    "equal",
    "is_nonzero",
    "masked_select",
    "nonzero",
    "unique",
    "unique2",
    "unique_dim",
}


class TapeRecorder:
    """See :class:`ganzoo.train.engines.Recorder`.

    Attributes:
        replays: how many turns have been replayed.
    """

    def __init__(self) -> None:
        self.replays = 0

    def beside(self) -> AbstractContextManager[object]:
        """There is no place but here."""
        return nullcontext()

    def record(
        self, function: Callable[[], None], generators: Sequence[torch.Generator]
    ) -> Callable[[], None]:
        """Carry it out, writing down what is done.

        Raises:
            RuntimeError: a value is read back to the host; what came before has been done.
        """
        del generators  # they are the ones that the operations name
        tape = _Tape()
        with tape:
            function()

        def replay() -> None:
            self.replays += 1
            tape.replay()

        return replay


class _Tape(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any], list[Tensor]]] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        del types
        name, kwargs = func.overloadpacket.__name__, kwargs or {}
        if name.strip("_") in {read.strip("_") for read in _READS} or _by_mask(name, args):
            raise RuntimeError(f"aten.{name} reads a value back to the host")
        result = func(*args, **kwargs)
        given = {_place(x) for x in _tensors((args, kwargs))}
        # what lies in memory that was given is a view, or was written in place
        made = [x for x in _tensors(result) if _place(x) not in given]
        if made or func._schema.is_mutable:
            self.calls.append((func, args, kwargs, made))
        return result

    @torch.no_grad()
    def replay(self) -> None:
        for func, args, kwargs, made in self.calls:
            given = {_place(x) for x in _tensors((args, kwargs))}
            anew = [x for x in _tensors(func(*args, **kwargs)) if _place(x) not in given]
            for old, new in zip(made, anew, strict=True):
                old.copy_(new)


def _tensors(tree: Any) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, Tensor)]


def _place(x: Tensor) -> int:
    return int(x.untyped_storage()._cdata)


def _by_mask(name: str, args: tuple[Any, ...]) -> bool:
    indices = args[1] if name.startswith("index") and len(args) > 1 else ()
    return isinstance(indices, list | tuple) and any(
        isinstance(each, Tensor) and each.dtype == torch.bool for each in indices
    )
