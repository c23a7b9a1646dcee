"""The classic collection as a Markdown table: means over seeds, and in brackets the range.

``python benchmarks/classic.py runs/classic`` after ``ganzoo compare classic``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from ganzoo.records.reading import current
from ganzoo.records.record import Record

__all__ = ["main", "table"]

_AGREEMENT = {"cgan": "class-agreement", "acgan": "class-agreement", "cvae": "class-agreement"}
_AGREEMENT |= {"infogan": "code-agreement"}
"""Loss -> what says how well it hits what it is asked for."""


def table(records: Sequence[Record]) -> str:
    """A row for each model, in the order of the plan; a run that failed or diverged is told."""
    models: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        models[record.label].append(record)
    lines = [
        "| model | Fréchet distance | agreement | seconds | besides |",
        "|---|---|---|---|---|",
    ]
    for label, runs in models.items():
        done = [run for run in runs if run.status == "finished"]
        lost = f"{len(runs) - len(done)} of {len(runs)} lost" if len(done) < len(runs) else ""
        named = _AGREEMENT.get(runs[0].recipe["loss"]["name"], "")
        seconds = [run.speed.cpu_seconds for run in done]
        cells = [
            label,
            _spread([run.metrics.get("frechet-distance") for run in done], 1),
            _spread([run.metrics.get(named) for run in done], 3) if named else "",
            f"{sum(seconds) / len(seconds):.0f}" if seconds else "",
            "; ".join(filter(None, [lost, *_besides(done)])),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _spread(values: Sequence[float | None], places: int) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = (f"{each:.{places}f}" for each in (min(known), max(known)))
    return f"{sum(known) / len(known):.{places}f} [{low}, {high}]"


def _besides(runs: Sequence[Record]) -> Iterator[str]:
    bounds = [_course(run, "held-out/elbo") for run in runs]
    if bounds and all(bounds):
        rising = sum(all(a < b for a, b in pairwise(each)) for each in bounds)
        first, last = (_spread([each[place] for each in bounds], 0) for place in (0, -1))
        yield f"held-out bound {first} to {last} nats, rising throughout in {rising} of {len(runs)}"
    for name, called in (("k", "k"), ("convergence", "M")):
        found = [_course(run, name) for run in runs]
        if found and all(found):
            ends = (_spread([each[place] for each in found], 2) for place in (0, -1))
            yield f"{called} {' to '.join(ends)}"


def _course(run: Record, name: str) -> list[float]:
    return [value for value in run.curve.get(name, []) if value is not None]


def main() -> None:
    """Print the table of the comparison in the folder that is named."""
    print(table(current(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
