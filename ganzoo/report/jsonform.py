"""The report as JSON: what the tables say, and the records they say it of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from ganzoo.records.estimates import Estimate, contrasts
from ganzoo.records.pooled import improvements, pooled
from ganzoo.records.record import Record
from ganzoo.records.summary import Row, Summary, TaskTable, summarise
from ganzoo.records.versus import Versus, against
from ganzoo.report import diagnosis, tables
from ganzoo.report.gaussian import doubts
from ganzoo.report.notes import notes
from ganzoo.report.prose import answer
from ganzoo.report.sentences import plain_text

__all__ = ["json_text"]

HEAVY = ("curve", "portrait")


def json_text(records: Sequence[Record], *, opponent: str = "") -> str:
    """One object: ``answer`` and ``notes`` as sentences, ``tasks`` with each objective's
    estimates and each pair's test, ``pooled`` and ``improvements`` over all tasks, ``against``
    with every objective's test against one (the ``opponent`` if it is named, else the usual
    one), and the ``records`` without their curves and portraits. What is not known is null.

    Raises:
        UnknownName: no objective is called like the opponent.
    """
    comparison = summarise(records)
    found = {
        "answer": [plain_text(p) for p in (*answer(comparison), doubts(comparison)) if p],
        "notes": notes(comparison),
        "tasks": [_task(table) for table in comparison.tasks],
        **_together(comparison),
        "against": [_versus(one) for one in against(records, opponent)],
        "records": [_bare(record) for record in records],
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _task(table: TaskTable) -> dict[str, Any]:
    named = [(r.label, r.metrics[table.decider]) for r in table.rows if r.rank is not None]
    return {
        "task": table.task,
        "decider": table.decider or None,
        "ranked": table.ranked,
        "directions": {m: "lower" if table.lower(m) else "higher" for m in table.metrics},
        "floor": table.floor,
        "gaussian": table.gaussian,
        "objectives": [_row(table, row) for row in table.rows],
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "p": _known(pair.p),
                "shown": pair.shown,
                "seeds_needed": pair.needed,
            }
            for pair in contrasts(named, lower=table.lower(table.decider))
        ],
    }


def _row(table: TaskTable, row: Row) -> dict[str, Any]:
    statuses = ("finished", "diverged", "failed")
    return {
        "objective": row.label,
        "rank": row.rank,
        "runs": {status: len(row.runs(status)) for status in statuses},
        "metrics": {name: _estimate(found) for name, found in row.metrics.items()},
        "best": {
            name: _estimate(found)
            for name in table.metrics
            if (found := tables.best(row, name)).known
        },
        "costs": {name: _estimate(found) for name, found in row.costs.items()},
        "diagnosis": diagnosis.words(row),
    }


def _together(comparison: Summary) -> dict[str, Any]:
    return {
        "pooled": [
            {"objective": p.label, "mean": p.score.centre, "low": p.score.low, "high": p.score.high}
            for p in pooled(comparison)
        ],
        "improvements": [
            {"first": first, "second": second, "probability": chance}
            for (first, second), chance in improvements(comparison.tasks).items()
        ],
    }


def _versus(one: Versus) -> dict[str, Any]:
    return {
        "objective": one.label,
        "opponent": one.opponent,
        "wins": one.wins,
        "losses": one.losses,
        "p": _known(one.p),
        "shown": one.shown,
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    """The mean, the half-width of its 95 % interval, and the values by seed."""
    return {"mean": _known(found.mean), "half": _known(found.half), "values": found.values}


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _bare(record: Record) -> dict[str, Any]:
    whole: dict[str, Any] = msgspec.to_builtins(record)
    return {name: value for name, value in whole.items() if name not in HEAVY}
