"""What was wrong with runs, in a word or two each, and what the words mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import Row, Summary

__all__ = ["LEGEND", "found", "legend", "missing", "text", "words"]

MOST_NAMED = 12
LEGEND: Mapping[str, str] = {
    "diverged": "a loss or a weight was no longer finite, and the run was stopped",
    "collapsed": "one in ten or more of the modes or classes of the data is missing",
    "saturated": "the generator’s gradient fell below a thousandth of its largest",
    "oscillating": "the metric that decides kept swinging by half or more",
    "memorising": "samples lie nearer to the training data than chance allows",
    "still improving": "the metric that decides gained a tenth in the last quarter of the budget",
}
"""The words that ganzoo itself uses, in the order of their weight."""


def words(row: Row) -> dict[str, int]:
    """In how many of the runs each word was found, the gravest first."""
    counts = Counter(plain(word) for record in row.records for word in found(record))
    known = {word: counts[word] for word in LEGEND if word in counts}
    return known | {word: count for word, count in sorted(counts.items()) if word not in known}


def text(row: Row) -> str:
    """``"collapsed 2/3, still improving"``: with the count where it isn't every run."""
    total = len(row.records)
    return ", ".join(
        word if count == total else f"{word} {count}/{total}" for word, count in words(row).items()
    )


def missing(record: Record) -> str:
    """The modes that a run lost: ``"3, 4, 5"``; no more than a line of them."""
    lost = record.missing
    shown = ", ".join(plain(mode) for mode in lost[:MOST_NAMED])
    rest = len(lost) - MOST_NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown


def legend(comparison: Summary) -> dict[str, str]:
    """The words in use with their meanings; a word of a plugin's own has none."""
    used = {word for table in comparison.tasks for row in table.rows for word in words(row)}
    return {word: meaning for word, meaning in LEGEND.items() if word in used}


def found(record: Record) -> Sequence[str]:
    """The words of one run."""
    if not record.diagnosis and record.status == "diverged":
        return ("diverged",)
    return record.diagnosis
