"""Records as they are read from a file: what cannot be read is counted, and stops nothing else."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ganzoo.errors import BadData, MissingData
from ganzoo.records.record import VERSION, Listed, Record

__all__ = [
    "Later",
    "LaterRecord",
    "Scan",
    "Torn",
    "TornRecord",
    "current",
    "read",
    "refuse_later",
    "scan",
    "told",
]

NAMED = 6  # records that a sentence names one by one


class TornRecord(UserWarning):
    """A line of a file of records that is not a whole record was passed over."""


class LaterRecord(UserWarning):
    """Records that a later ganzoo wrote, in a format that this one cannot read, were passed
    over.
    """


class Torn(NamedTuple):
    """A damaged line: its number from 1, its bytes, and what is wrong with it."""

    line: int
    text: bytes
    why: str


class Later(NamedTuple):
    """A line of a later format: its number from 1, the format's, and the run's key and name as
    far as they can be read, else empty.
    """

    line: int
    version: int
    key: str = ""
    title: str = ""


class Scan(NamedTuple):
    """What a file of records holds, each kind in the order in which it was written."""

    records: list[Record]
    torn: list[Torn]
    later: list[Later]


def scan(path: Path) -> Scan:
    """Every record of a file, every damaged line, and every line of a later format.

    Raises:
        MissingData: no such file.
    """
    if not path.exists():
        raise MissingData(f"no records at {path}; `ganzoo compare` makes them")
    found = Scan([], [], [])
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            record = msgspec.json.decode(line, type=Record)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            later = _later(number, line)
            if later is None:
                found.torn.append(Torn(number, line, str(error)))
            else:
                found.later.append(later)
        else:
            if record.version > VERSION:
                found.later.append(_named(number, msgspec.to_builtins(record)))
            else:
                found.records.append(record)
    return found


def read(path: Path) -> list[Record]:
    """Every record of a file. A damaged line is passed over with a :class:`TornRecord`, and
    those of a later format with a :class:`LaterRecord`.

    Raises:
        MissingData: no such file.
        BadData: all of its records are of a later format.
    """
    found = _warned(path)
    if not found.records:
        refuse_later(path, found.later)
    return found.records


def current(folder: Path) -> list[Record]:
    """The records of the runs that a comparison's present plan has, in its order and under
    its names; of a run that was repeated, the last. Those of earlier plans are left out.

    Raises:
        MissingData: the folder holds no comparison.
        BadData: nothing is left but records of a later format, or a damaged list of runs.
    """
    path, listed = folder / "records.jsonl", folder / "runs.json"
    found = _warned(path)
    known = {record.key: record for record in found.records}
    kept = list(known.values())
    if listed.exists():
        try:
            runs = msgspec.json.decode(listed.read_bytes(), type=list[Listed])
        except msgspec.DecodeError as error:
            raise BadData(f"{listed}: {error}; `ganzoo compare` writes it anew") from error
        kept = [
            msgspec.structs.replace(known[run.key], label=run.label, task=run.task)
            for run in runs
            if run.key in known
        ]
    if not kept:
        refuse_later(path, found.later)
    return kept


def refuse_later(path: Path, later: Sequence[Later]) -> None:
    """Nothing, if there are none of a later format.

    Raises:
        BadData: there are.
    """
    if later:
        first = later[0]
        raise BadData(
            f"{path}, line {first.line}: a record of version {first.version}; this ganzoo reads "
            f"up to version {VERSION}. A later ganzoo wrote it: upgrade, or compare under "
            f"another name."
        )


def told(later: Sequence[Later]) -> str:
    """How many records are of a later format, and which, in a sentence."""
    names = [f"{each.title or 'unnamed'} (line {each.line})" for each in later[:NAMED]]
    more = f"; and {len(later) - NAMED} more" if len(later) > NAMED else ""
    newest = max(each.version for each in later)
    what = "1 record is" if len(later) == 1 else f"{len(later)} records are"
    return (
        f"{what} of a later format (version {newest}; this ganzoo reads up to {VERSION}) and "
        f"passed over: {'; '.join(names)}{more}. The ganzoo that wrote them reads them."
    )


def _warned(path: Path) -> Scan:
    found = scan(path)
    for line in found.torn:
        message = f"{path}, line {line.line}: not a whole record ({line.why}); passed over"
        warnings.warn(message, TornRecord, stacklevel=3)
    if found.later and found.records:
        warnings.warn(f"{path}: {told(found.later)}", LaterRecord, stacklevel=3)
    return found


def _later(number: int, line: bytes) -> Later | None:
    """A line that is no record of this format, where it says that it is of a later one."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    version = found.get("version") if isinstance(found, dict) else None
    return _named(number, found) if isinstance(version, int) and version > VERSION else None


def _named(number: int, found: dict[str, Any]) -> Later:
    key, label, task, seed = (found.get(name) for name in ("key", "label", "task", "seed"))
    title = f"{label} on {task}, seed {seed}" if label and task else ""
    return Later(number, found["version"], key if isinstance(key, str) else "", title)
