"""Meters: means over steps that stay on the device until somebody reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["Meters", "SharedMeters"]


class Meters:
    """Running means of named 0-dim tensors, and the first step at which each was not finite.

    ``add`` queues a few device operations and reads nothing back; ``read`` does, and starts
    the means anew, in the same tensors.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self.groups: dict[tuple[str, ...], dict[str, Tensor]] = {}

    def add(self, log: dict[str, Tensor], step: int | Tensor) -> None:
        """Count one turn's values in; the step may be a 0-dim float32 tensor."""
        if not log:
            return
        names = tuple(log)
        values = torch.stack([value.float() for value in log.values()])
        group = self.groups.get(names)
        if group is None:
            group = self.groups[names] = _group(len(names), values.device)
        group["sum"] += values
        group["count"] += 1
        at = step if isinstance(step, Tensor) else float(step)
        here = torch.where(values.isfinite(), math.inf, at)
        torch.minimum(group["bad"], here, out=group["bad"])

    def read(self) -> tuple[dict[str, float], tuple[str, int] | None]:
        """The means since the last reading, and the (name, step) that was first not finite.

        Of several at one step, the one that was logged first in its turn is named: a term
        comes before the sum it is part of.
        """
        sums: dict[str, float] = {}
        counts: dict[str, float] = {}
        worst: tuple[str, int] | None = None
        for names, group in self.groups.items():
            count = group["count"].item()
            for name, total, bad in zip(
                names, group["sum"].tolist(), group["bad"].tolist(), strict=True
            ):
                sums[name] = sums.get(name, 0.0) + total
                counts[name] = counts.get(name, 0.0) + count
                if bad < math.inf and (worst is None or bad < worst[1]):
                    worst = (name, int(bad))
        self._start()
        return {name: sums[name] / counts[name] for name in sums if counts[name]}, worst

    def _start(self) -> None:
        for group in self.groups.values():
            group["sum"].zero_()
            group["count"].zero_()
            group["bad"].fill_(math.inf)

    def finite(self) -> bool:
        """Whether everything since the last reading was finite; reads, keeps the means."""
        return all(bool((g["bad"] == math.inf).all()) for g in self.groups.values())

    def state_dict(self) -> list[list[object]]:
        """The means under way: ``[names, sum, count, bad]`` for each kind of turn."""
        return [[list(n), g["sum"], g["count"], g["bad"]] for n, g in self.groups.items()]

    def load_state_dict(self, state: list[list[object]]) -> None:
        """Go on with means under way."""
        self.groups = {}
        for names, *tensors in state:
            assert isinstance(names, list)
            moved = [t.to(self._device) for t in tensors if isinstance(t, Tensor)]
            self.groups[tuple(names)] = dict(zip(("sum", "count", "bad"), moved, strict=True))


class SharedMeters:
    """The meters of several runs, which all count in at once.

    Args:
        each: of every run; what they hold are views from here on, until :meth:`release`.
    """

    def __init__(self, each: Sequence[Meters]) -> None:
        self._each = list(each)
        self._groups: dict[tuple[str, ...], dict[str, Tensor]] = {}

    def add(self, log: dict[str, Tensor], step: int) -> None:
        """Count one turn's values ``(runs,)`` in."""
        names = tuple(log)
        if names not in self._groups:
            self._groups[names] = self._together(names, next(iter(log.values())).device)
        group = self._groups[names]
        values = torch.stack([value.float() for value in log.values()], 1)
        group["sum"] += values
        group["count"] += 1
        here = torch.where(values.isfinite(), math.inf, float(step))
        torch.minimum(group["bad"], here, out=group["bad"])

    def _together(self, names: tuple[str, ...], device: torch.device) -> dict[str, Tensor]:
        group = {}
        for each in self._each:
            each.groups.setdefault(names, _group(len(names), device))
        for kind in ("sum", "count", "bad"):
            group[kind] = torch.stack([each.groups[names][kind] for each in self._each])
            for run, each in enumerate(self._each):
                each.groups[names][kind] = group[kind][run]
        return group

    def release(self) -> None:
        """Give every run its own memory again."""
        for each in self._each:
            for group in each.groups.values():
                group.update({kind: value.clone() for kind, value in group.items()})


def _group(count: int, device: torch.device) -> dict[str, Tensor]:
    return {
        "sum": torch.zeros(count, device=device),
        "count": torch.zeros((), device=device),
        "bad": torch.full((count,), math.inf, device=device),
    }
