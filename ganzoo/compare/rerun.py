"""A run made once more from its record, and how near it came."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from ganzoo.errors import BadData, MissingData
from ganzoo.records.reading import read
from ganzoo.records.record import Record
from ganzoo.records.selection import RECORDS, finite

__all__ = ["Rerun", "find_record", "rerun"]

CLOCKS = frozenset({"seconds"})
"""Columns of a curve that no two runs have in common."""

Tell = Callable[[int, int, Mapping[str, float | None]], None]


@dataclass(frozen=True)
class Rerun:
    """A record, and the record of the same recipe run again.

    Args:
        before, after: the two.
        samples: whether the generated samples are equal, bit for bit; None where the first
            ones are no longer there.
    """

    before: Record
    after: Record
    samples: bool | None = None

    @property
    def exact(self) -> bool:
        """Whether everything but the clocks is the same, bit for bit."""
        names = ("status", "metrics", "best", "best_step", "missing", "steps_shown")
        same = all(getattr(self.before, n) == getattr(self.after, n) for n in names)
        curves = [_timeless(record) for record in (self.before, self.after)]
        return same and curves[0] == curves[1] and self.samples is not False

    @property
    def furthest(self) -> tuple[str, float]:
        """The metric, of the last and the best checkpoint, that differs most from what it was,
        and by what share of it; infinite where one of the two has no value.
        """
        worst = ("", 0.0)
        for part in ("metrics", "best"):
            before, after = getattr(self.before, part), getattr(self.after, part)
            for name in before.keys() | after.keys():
                share = _apart(before.get(name), after.get(name))
                if share > worst[1]:
                    worst = (name if part == "metrics" else f"{name} of the best", share)
        return worst

    def text(self) -> str:
        """What came of it, in lines."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        before, after = self.before, self.after
        yield f"{before.label} on {before.task}, seed {before.seed}: {self._verdict()}"
        for name, value in before.metrics.items():
            yield f"  {name}: {_shown(value)} then, {_shown(after.metrics.get(name))} now"
        if before.status != after.status:
            yield f"  it {before.status} then, and {after.status} now: {after.reason}"
        if "seconds" in before.budget:
            yield (
                f"  its budget was {before.budget['seconds']:g} seconds, and where they end "
                f"depends on the machine: step {before.speed.steps} then, {after.speed.steps} now"
            )
        for what, one, other in _circumstances(before, after):
            yield f"  {what}: {one} then, {other} now"

    def _verdict(self) -> str:
        if self.exact:
            return "the same, bit for bit"
        name, share = self.furthest
        if not name:
            return "the same metrics, bit for bit; the way there differs"
        if math.isinf(share):
            return f"not the same: {name} has a value in one of the two runs alone"
        return f"not the same bit for bit; every metric is within {share:.2g} of what it was"


def find_record(place: str | Path) -> Record:
    """The record at a place: ``FOLDER#KEY`` or ``FILE#KEY``, where the beginning of a key will
    do, or the number of a line in its stead; without either, the only record of the file.

    Raises:
        MissingData: no such file, or no such record in it.
        BadData: several records, and nothing says which; or a file of something else.
    """
    name, _, which = str(place).partition("#")
    path = Path(name) / RECORDS if Path(name).is_dir() else Path(name)
    if path.is_file() and path.name != RECORDS and not which:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Record)
        except msgspec.DecodeError as error:
            if len(path.read_bytes().splitlines()) < 2:
                raise BadData(f"{path} is no record: {error}") from error
    records = read(path)
    found = [record for record in records if record.key.startswith(which)]
    if which.isdecimal() and not found and int(which) in range(1, len(records) + 1):
        return records[int(which) - 1]
    if not found:
        raise MissingData(f"no record {which!r} in {path}; {_listed(records)}")
    if len({record.key for record in found}) > 1:
        raise BadData(f"{place} fits {len(found)} records; say which, as in {_listed(found)}")
    return found[-1]


def rerun(record: Record, *, home: Path | None = None, tell: Tell | None = None) -> Rerun:
    """Run a record's recipe again, in this process, with as many threads as then; of a run
    that was trained at once with other seeds, with those again.

    Args:
        record: of a run.
        home: the folder that its samples are kept in, to compare them as well.
        tell: is told of progress: step, steps in all, and the last meters.

    Raises:
        BadData: the record holds no recipe that this version can read.
    """
    # Late, because they import torch.
    import torch

    from ganzoo.compare.grid import Cell
    from ganzoo.compare.together import made_with
    from ganzoo.recipe import Recipe

    try:
        recipe = msgspec.convert(record.recipe, Recipe)
    except msgspec.ValidationError as error:
        raise BadData(f"the recipe of record {record.key} cannot be read: {error}") from error
    cell = Cell(
        recipe=recipe, seed=record.seed, label=record.label, task=record.task, key=record.key
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(int(record.machine.get("threads") or threads))
    try:
        with TemporaryDirectory() as folder:
            samples, told = Path(folder) / "samples", tell or (lambda *_: None)
            after = made_with(record.seeds_at_once, cell, samples, told)
            same = _same_samples(home, record, Path(folder), after)
    finally:
        torch.set_num_threads(threads)
    # As it would be read: infinities have become null, and tuples stay what they are.
    return Rerun(record, msgspec.json.decode(msgspec.json.encode(after), type=Record), same)


def _same_samples(home: Path | None, before: Record, folder: Path, after: Record) -> bool | None:
    if home is None or not before.samples or not (home / before.samples).is_file():
        return None
    if not after.samples:
        return False
    return (home / before.samples).read_bytes() == (folder / after.samples).read_bytes()


def _timeless(record: Record) -> dict[str, list[float | None]]:
    return {name: column for name, column in record.curve.items() if name not in CLOCKS}


def _apart(before: object, after: object) -> float:
    one, other = finite(before), finite(after)
    if one is None or other is None:
        return 0.0 if one is other else math.inf
    return abs(one - other) / max(abs(one), abs(other)) if one != other else 0.0


def _shown(value: float | None) -> str:
    return "none" if value is None else f"{value!r}"


def _circumstances(before: Record, after: Record) -> Iterator[tuple[str, Any, Any]]:
    """What was otherwise then, and may be why."""
    for what in ("machine", "plugins"):
        then, now = getattr(before, what), getattr(after, what)
        for name in dict.fromkeys((*then, *now)):
            if then.get(name) != now.get(name):
                yield name, then.get(name, "none"), now.get(name, "none")
    if before.seeds_at_once != after.seeds_at_once:
        then, now = (", ".join(map(str, r.seeds_at_once)) or "none" for r in (before, after))
        yield "seeds trained at once", then, now
    if before.commit != after.commit:
        yield "commit", before.commit or "unknown", after.commit or "unknown"


def _listed(records: list[Record]) -> str:
    shown = [f"#{r.key} ({r.label} on {r.task}, seed {r.seed})" for r in records[:3]]
    more = f" and {len(records) - 3} more" if len(records) > 3 else ""
    return f"{', '.join(shown) or 'it holds none'}{more}"
