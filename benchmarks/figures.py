"""The figures of a comparison as they stand in README.md here: means and ranges over seeds.

python benchmarks/figures.py runs/full
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ganzoo.records import load
from ganzoo.records.record import Record
from ganzoo.records.selection import finite


def spread(values: Sequence[object]) -> str:
    """``"3.1 [2.9-3.4]"`` of those that are numbers."""
    known = [number for value in values if (number := finite(value)) is not None]
    if not known:
        return "-"
    mean = sum(known) / len(known)
    return f"{mean:.3g} [{min(known):.4g}, {max(known):.4g}]"


def words(records: Sequence[Record]) -> str:
    """Each word of a diagnosis, with the number of runs that have it."""
    found = [word for record in records for word in record.diagnosis]
    return ", ".join(f"{word} {found.count(word)}" for word in dict.fromkeys(found)) or "-"


def table(records: Sequence[Record]) -> str:
    """Markdown: a row for each objective, and the bounds of the data."""
    names = list(records[0].metrics)
    decider = records[0].ranked[0]
    heads = ["objective", "runs", *names, f"best {decider}", "diagnosis", "CPU s"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for label in dict.fromkeys(record.label for record in records):
        own = [record for record in records if record.label == label]
        cells = [label, str(len(own)), *(spread([r.metrics.get(n) for r in own]) for n in names)]
        cells += [spread([r.best.get(decider) for r in own]), words(own)]
        cells.append(spread([r.speed.cpu_seconds for r in own]))
        lines.append(f"| {' | '.join(cells)} |")
    for what in ("floor", "baseline"):
        bounds = [getattr(record, what) for record in records]
        if any(bounds):
            cells = [what, "", *(spread([b.get(n) for b in bounds]) for n in names), "", "", ""]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    records = load(Path(sys.argv[1]))
    for task in dict.fromkeys(record.task for record in records):
        print(f"### {task}\n\n{table([r for r in records if r.task == task])}\n")


if __name__ == "__main__":
    main()
