"""What a Gaussian of the pixels scores, beside the objectives: who does no better has learned
no more of the pictures than two moments, as far as that metric can tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report import numbers, tables
from ganzoo.report.sentences import Prose, listed

__all__ = ["doubt", "doubts", "unbeaten"]

WHAT = "a Gaussian that has the pixels\u2019 mean and covariance and nothing else"


def unbeaten(table: TaskTable) -> dict[str, tuple[Row, ...]]:
    """Of each metric that may rank, the objectives whose mean is no better than the Gaussian's;
    without the metrics by which all are better.
    """
    found = {}
    for metric in table.ranked:
        if metric in table.gaussian:
            sign = 1 if table.lower(metric) else -1
            level = sign * table.gaussian[metric]
            worse = [r for r in table.rows if sign * r.metrics[metric].mean >= level]
            if worse:
                found[metric] = tuple(worse)
    return found


def doubt(table: TaskTable) -> Prose:
    """Which objectives do not beat the Gaussian, and by which metrics; empty if all do."""
    prose: Prose = []
    for metric, rows in unbeaten(table).items():
        value = numbers.number(table.gaussian[metric], tables.places(table, metric))
        title = numbers.title(metric)
        if not prose:
            prose += [f"By {title}, ", *_who(table, metric, rows), f" {WHAT} ({value})"]
        else:
            prose += [f"; by {title}, ", *_who(table, metric, rows), f" it ({value})"]
    return [*prose, ". That Gaussian draws no picture."] if prose else []


def doubts(comparison: Summary) -> Prose:
    """On which tasks the leader itself does not beat it by the metric that decides; empty if
    it does everywhere.
    """
    found = [
        table
        for table in comparison.tasks
        if table.rows and table.rows[0] in unbeaten(table).get(table.decider, ())
    ]
    if not found:
        return []
    prose: Prose = ["On ", *listed([table.task for table in found])]
    return [
        *prose,
        " not even the leader beats ",
        WHAT,
        " by what decides; being ahead means little there.",
    ]


def _who(table: TaskTable, metric: str, rows: Sequence[Row]) -> Prose:
    known = [row for row in table.rows if row.metrics[metric].known]
    if len(rows) == len(known) > 1:
        return ["no objective beats"]
    return [*listed([r.label for r in rows]), f" {'does' if len(rows) == 1 else 'do'} not beat"]
