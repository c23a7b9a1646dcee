"""The report as CSV in the long form: a line for each number of each run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from ganzoo.records.record import Record
from ganzoo.records.selection import finite
from ganzoo.records.summary import COSTS, NEVER_RANKS

__all__ = ["csv_text"]

BOUNDS = ("floor", "gaussian")
HEADS = ("task", "objective", "seed", "key", "status", "name", "value", *BOUNDS, "better", "ranks")


def csv_text(records: Sequence[Record]) -> str:
    """One line for every metric and cost of every run; an empty value where there is none.

    ``better`` is ``lower`` or ``higher``; ``ranks`` says whether the number may decide which
    objective is better; ``floor`` and ``gaussian`` are what a perfect sampler gets, and a Gaussian
    of the pixels. Numbers have all their digits.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for record in records:
        writer.writerows(_lines(record))
    return out.getvalue()


def _lines(record: Record) -> Iterator[tuple[object, ...]]:
    start = (record.task, record.label, record.seed, record.key, record.status)
    for name, value in record.metrics.items():
        ranks = name in record.ranked and name not in NEVER_RANKS
        better = record.directions.get(name, "lower")
        floor = finite(record.floor.get(name))
        bounds = (_digits(floor), _digits(finite(record.baseline.get(name))))
        yield (*start, name, _digits(finite(value)), *bounds, better, str(ranks).lower())
    for name in COSTS:
        yield (*start, name, _digits(float(getattr(record.speed, name))), "", "", "lower", "false")


def _digits(value: float | None) -> str:
    return "" if value is None else repr(value)
