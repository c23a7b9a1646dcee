"""Records as a report wants them: one for each run, and numbers that are numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from ganzoo.errors import MissingData
from ganzoo.records.record import Record, current

__all__ = ["finite", "in_order", "load", "plain"]

RECORDS = "records.jsonl"
LARGEST = 1e100


def load(folder: Path | str) -> list[Record]:
    """The records of a comparison's present plan, one for each run that has been made.

    Args:
        folder: the folder of a comparison, or its file of records.

    Raises:
        MissingData: there is no file of records.
        BadData: a record of a later version than this one knows.
    """
    given = Path(folder)
    home = given.parent if given.name == RECORDS else given
    if not (home / RECORDS).is_file():
        nested = sorted(str(found.parent) for found in home.glob(f"*/{RECORDS}"))
        hint = f"; these hold one: {', '.join(nested)}" if nested else ""
        raise MissingData(
            f"asked for the records of a comparison in {given}; found no {RECORDS} there{hint}. "
            f"`ganzoo compare` writes one."
        )
    return current(home)


def finite(value: object) -> float | None:
    """The value where it is a finite number, else None.

    What is too large to be squared counts as infinite: no metric means it.
    """
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < LARGEST:
        return float(value)
    return None


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """The different names, in the order in which they come first."""
    return tuple(dict.fromkeys(names))


def plain(text: object) -> str:
    """Text on one line without control characters, so that no record can drive a terminal."""
    words = str(text).split()
    return " ".join("".join(c for c in word if c.isprintable()) for word in words)


def of_task(records: Sequence[Record], task: str) -> list[Record]:
    """The records of one task."""
    return [record for record in records if record.task == task]
