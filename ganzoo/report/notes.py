"""What a reader must know before he believes a table: where the runs are not alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ganzoo.records.record import Record
from ganzoo.records.selection import in_order, plain
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report.sentences import grouped

__all__ = ["flatten", "notes", "shared", "unseeded"]

BUSY = 1.5  # times as many seconds as seconds of the processor


def flatten(value: object, prefix: str = "") -> dict[str, str]:
    """JSON data as dotted names and short texts, in the order they stand, but for what is
    empty: None, and lists and objects without members.
    """
    if value is None or (isinstance(value, list | tuple | Mapping) and not value):
        return {}
    if isinstance(value, Mapping):
        flat: dict[str, str] = {}
        for name, inner in value.items():
            flat.update(flatten(inner, f"{prefix}.{name}" if prefix else str(name)))
        return flat
    return {prefix: plain(value)} if prefix else {}


def unseeded(record: Record) -> dict[str, str]:
    """A recipe as dotted names, with its settings as they were resolved, without the seed."""
    whole = {**record.recipe, "settings": record.settings or record.recipe.get("settings", {})}
    return {k: v for k, v in flatten(whole).items() if k.split(".")[-1] != "seed"}


def shared(recipes: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What all of these recipes agree on."""
    if not recipes:
        return {}
    return {k: v for k, v in recipes[0].items() if all(r.get(k) == v for r in recipes)}


def notes(comparison: Summary) -> list[str]:
    """Every reason for care that the records themselves give, a sentence each."""
    found: list[str] = []
    for table in comparison.tasks:
        for row in table.rows:
            found += _row(table.task, row)
        counts = {len(row.records) for row in table.rows}
        if len(counts) > 1:
            found.append(f"On {table.task} the objectives have different numbers of runs.")
        if not table.decider:
            found.append(f"On {table.task} no metric was measured that may decide; no ranks.")
    found += [*_turns(comparison.tasks), *_searched(comparison.tasks), *_busy(comparison.records)]
    found += [*_at_once(comparison.tasks), *_networks(comparison.tasks)]
    found += _different("machines", [_flat(r.machine) for r in comparison.records])
    found += _versions(comparison.records)
    return [plain(note) for note in found]


def _row(task: str, row: Row) -> list[str]:
    found = []
    recipes = [unseeded(record) for record in row.records]
    agreed = shared(recipes)
    mixed = sorted({name for recipe in recipes for name in recipe if name not in agreed})
    if mixed:
        named = ", ".join(mixed)
        found.append(f"{row.label} on {task} pools runs of different recipes: {named} differ.")
    seeds = [record.seed for record in row.records]
    if len(set(seeds)) < len(seeds):
        found.append(f"{row.label} on {task} has a seed more than once; its interval is too short.")
    return found


def _turns(tables: Iterable[TaskTable]) -> list[str]:
    def ratio(row: Row) -> str:
        steps, turns = row.costs["steps"].mean, row.costs["discriminator_steps"].mean
        return f"{turns / steps:.3g}" if steps > 0 else ""

    return [
        f"Discriminator turns for each generator step on {tasks}: {each}."
        for tasks, each in _differing(tables, ratio)
    ]


def _networks(tables: Iterable[TaskTable]) -> list[str]:
    """Which objectives had other networks than the rest."""

    def built(row: Row) -> str:
        return " or ".join(in_order(each.networks for each in row.records if each.networks))

    return [
        f"Not all objectives had the same networks on {tasks}: {each}."
        for tasks, each in _differing(tables, built)
    ]


def _differing(
    tables: Iterable[TaskTable], told: Callable[[Row], str]
) -> Iterator[tuple[str, str]]:
    """Tasks whose rows are not all told the same, and who is told what; rows of which nothing
    is known don't count.
    """
    said: dict[str, list[str]] = {}
    for table in tables:
        groups: dict[str, list[str]] = {}
        for row in sorted(table.rows, key=lambda row: row.label):
            if what := told(row):
                groups.setdefault(what, []).append(row.label)
        if len(groups) > 1:
            said.setdefault(grouped(groups), []).append(table.task)
    for each, tasks in said.items():
        yield " and ".join(tasks), each


def _searched(tables: Iterable[TaskTable]) -> list[str]:
    """Whether settings were searched for, and whether by as many draws for each."""
    found = []
    for table in tables:
        draws = {row.label: max(_draws(record) for record in row.records) for row in table.rows}
        if not any(draws.values()):
            continue
        if len(set(draws.values())) == 1:
            count = next(iter(draws.values()))
            found.append(
                f"Settings on {table.task} were searched for: {count} draws for each objective, "
                f"the choice made on samples set apart for it."
            )
        else:
            listed = ", ".join(f"{count} for {label}" for label, count in draws.items())
            found.append(f"The searches on {table.task} were of unequal size: {listed} draws.")
    return found


def _draws(record: Record) -> int:
    draws = record.tuned.get("draws", 0)
    return draws if isinstance(draws, int) else 0


def _busy(records: Sequence[Record]) -> list[str]:
    """Whether runs on processors waited for them: then wall-clock seconds say little."""
    alone = [r.speed for r in records if r.machine.get("device") == "cpu"]
    waited = [s.seconds / s.cpu_seconds for s in alone if s.cpu_seconds > 1.0]
    if not waited or max(waited) < BUSY:
        return []
    return [
        f"The machine was busy with other work: seconds are up to {max(waited):.1f} times the "
        f"processor's. Compare costs by processor time."
    ]


def _at_once(tables: Iterable[TaskTable]) -> list[str]:
    """How many seeds of an objective shared their operations, where that is not one of each."""
    said: dict[str, list[str]] = {}
    unequal = False
    for table in tables:
        groups: dict[str, list[str]] = {}
        for row in sorted(table.rows, key=lambda row: row.label):
            sizes = {len(r.seeds_at_once) or 1 for r in row.records if r.status != "failed"}
            if sizes:
                counts = " and ".join(map(str, sorted(sizes, reverse=True)))
                groups.setdefault(counts, []).append(row.label)
        if groups.keys() - {"1"}:
            said.setdefault(grouped(groups), []).append(table.task)
            unequal = unequal or len(groups) > 1
    found = [
        f"Seeds trained at once on {' and '.join(tasks)}: {each}." for each, tasks in said.items()
    ]
    if unequal:
        found.append(
            "The seconds of a run are its share of what its seeds took together, and the more they "
            "are the smaller it is: compare costs of runs made with --no-seeds-at-once."
        )
    elif found:
        found.append("The seconds of a run are its share of what its seeds took together.")
    return found


def _different(what: str, found: Sequence[str]) -> list[str]:
    kinds = in_order(found)
    if len(kinds) < 2:
        return []
    return [f"The runs were made with {len(kinds)} different {what}; compare seconds with care."]


def _versions(records: Sequence[Record]) -> list[str]:
    """Distributions of which the runs saw more than one version."""
    seen: dict[str, set[str]] = {}
    for record in records:
        for name, version in record.plugins.items():
            seen.setdefault(plain(name), set()).add(plain(version))
    mixed = [f"{n} {', '.join(sorted(v))}" for n, v in sorted(seen.items()) if len(v) > 1]
    if not mixed:
        return []
    return [f"The runs were made by different versions of {'; '.join(mixed)}: compare with care."]


def _flat(value: Mapping[str, Any]) -> str:
    return repr(sorted(flatten(value).items()))
