"""Records as a report wants them: one for each run, and numbers that are numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from ganzoo.errors import MissingData
from ganzoo.records.reading import Scan, current, scan, told
from ganzoo.records.record import Listed, Record

__all__ = ["finite", "gaps", "in_order", "load", "plain"]

RECORDS = "records.jsonl"
LARGEST = 1e100


def load(folder: Path | str) -> list[Record]:
    """The records of a comparison's present plan, one for each run that has been made.

    Args:
        folder: the folder of a comparison, or its file of records.

    Raises:
        MissingData: there is no file of records.
        BadData: nothing is left but records of a later format.
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


def gaps(folder: Path, records: Sequence[Record]) -> list[str]:
    """What a comparison's folder has less than it should: damaged lines, records of a later
    format, and runs of the plan that have not been made; a sentence each.
    """
    found = []
    file, listed = folder / RECORDS, folder / "runs.json"
    _, damaged, later = scan(file) if file.is_file() else Scan([], [], [])
    if torn := [str(line.line) for line in damaged]:
        lines = f"Line {torn[0]} is" if len(torn) == 1 else f"Lines {', '.join(torn)} are"
        what = "a whole record" if len(torn) == 1 else "whole records"
        found.append(f"{lines} not {what} and passed over, in {RECORDS}.")
    if later:
        found.append(told(later))
    if listed.is_file():
        runs = msgspec.json.decode(listed.read_bytes(), type=list[Listed])
        planned, known = len(runs), {record.key for record in records}
        elsewhere = {each.key for each in later}
        if missing := sum(run.key not in known | elsewhere for run in runs):
            found.append(
                f"{missing} of the plan's {planned} runs have not been made; "
                f"“ganzoo compare” goes on with them."
            )
    return found


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
