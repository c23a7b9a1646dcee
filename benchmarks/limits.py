"""How fast this machine could go: operations and bytes of a step, and measured rates.

The counter adds up floating-point operations with torch's own formulas (matrix products and
convolutions, forward and backward), in a dispatch mode, since its ready-made counter refuses a
gradient that is differentiated again. Bytes are what each operation reads and writes if nothing
stayed in a cache: small networks stay there, and can be faster than this bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

__all__ = ["Counter", "Rates", "copy_rate", "counted", "matrix_rate"]

VIEWS = ("view", "t", "transpose", "expand", "detach", "unsqueeze", "squeeze", "slice", "select")


class Counter(TorchDispatchMode):
    """Counts the floating-point operations and the bytes of all that runs within it."""

    def __init__(self) -> None:
        super().__init__()
        self.operations, self.bytes = 0, 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        packet = func._overloadpacket
        if packet in flop_registry:
            self.operations += flop_registry[packet](*args, **kwargs, out_val=out)
        if packet.__name__ not in VIEWS:
            self.bytes += sum(map(_size, (*tensors((args, kwargs)), *tensors(out))))
        return out


def tensors(tree: Any) -> Iterator[Tensor]:
    """Every tensor within lists, tuples and dicts."""
    return (leaf for leaf in tree_leaves(tree) if isinstance(leaf, Tensor))


def _size(tensor: Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def counted(run: Callable[[], object]) -> Counter:
    """The counter of one call."""
    with Counter() as counter:
        run()
    return counter


def _fastest(run: Callable[[], object], device: torch.device, rounds: int = 5) -> float:
    """Seconds of the fastest of some calls: by the processor, on CUDA by the wall clock."""
    clock = time.perf_counter if device.type == "cuda" else time.process_time
    best = float("inf")
    for _ in range(rounds + 1):  # the first one warms up
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        start = clock()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        best = min(best, clock() - start)
    return best


def matrix_rate(device: torch.device, dtype: torch.dtype = torch.float32) -> float:
    """Floating-point operations in a second of large square matrix products, measured now.

    Processor seconds on a CPU: the rate of one thread, however many there are.
    """
    side = 8192 if device.type == "cuda" else 1536
    a, b = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    return 2 * side**3 / _fastest(lambda: a @ b, device)


def copy_rate(device: torch.device) -> float:
    """Bytes read and written in a second of copying a large tensor, measured now."""
    count = 2**28 if device.type == "cuda" else 2**25
    source = torch.zeros(count, device=device)
    target = torch.empty_like(source)
    return 2 * _size(source) / _fastest(lambda: target.copy_(source), device)


class Rates:
    """What a device does in a second, measured once, and how near to it something came."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.matrix, self.copy = matrix_rate(device), copy_rate(device)

    def shares(self, counter: Counter, seconds: float) -> dict[str, float | str]:
        """Operations and bytes of a step, the rates, and the share of the limit that binds:
        the time that its arithmetic or its bytes alone would take, whichever is longer, over
        the time it took.
        """
        arithmetic, traffic = counter.operations / self.matrix, counter.bytes / self.copy
        return {
            "gigaflop_per_step": round(counter.operations / 1e9, 4),
            "gigabytes_per_step": round(counter.bytes / 1e9, 4),
            "matrix_gigaflop_per_second": round(self.matrix / 1e9, 1),
            "copied_gigabytes_per_second": round(self.copy / 1e9, 2),
            "share_of_matrix_rate": round(arithmetic / seconds, 3),
            "share_of_copy_rate": round(traffic / seconds, 3),
            "bound_by": "arithmetic" if arithmetic >= traffic else "bytes",
        }
