"""How a comparison was made: versions, machines, the plan, and what each recipe sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzoo.records.record import Record
from ganzoo.records.selection import in_order, of_task, plain
from ganzoo.records.summary import Summary
from ganzoo.report.notes import flatten, shared, unseeded

__all__ = ["Method", "Own", "method"]

PLAN = "plan.toml"
LONGEST_PLAN = 20_000


@dataclass(frozen=True)
class Own:
    """What a recipe sets beyond what all recipes of its task do."""

    task: str
    label: str
    settings: Mapping[str, str]


@dataclass(frozen=True)
class Method:
    """The facts behind a page: ``everywhere`` is what every recipe sets, ``tasks`` what all
    recipes of a task set besides, ``own`` the rest.
    """

    plugins: tuple[Mapping[str, str], ...]
    machines: tuple[Mapping[str, str], ...]
    everywhere: Mapping[str, str]
    tasks: Mapping[str, Mapping[str, str]]
    own: tuple[Own, ...]
    plan: str
    records: tuple[Record, ...]


def method(comparison: Summary, folder: Path) -> Method:
    """Gather them; the plan is read from the folder where there is one."""
    records = comparison.records
    everywhere = shared([_settings(record) for record in records])
    tasks: dict[str, Mapping[str, str]] = {}
    own: list[Own] = []
    for task in in_order(record.task for record in records):
        recipes = of_task(records, task)
        agreed = shared([_settings(record) for record in recipes])
        tasks[task] = _without(agreed, everywhere)
        for label in in_order(record.label for record in recipes):
            mine = shared([_settings(record) for record in recipes if record.label == label])
            own.append(Own(task, label, _without(mine, agreed)))
    return Method(
        _different([record.plugins for record in records]),
        _different([flatten(record.machine) for record in records]),
        everywhere,
        tasks,
        tuple(own),
        _plan(folder / PLAN),
        records,
    )


def _settings(record: Record) -> dict[str, str]:
    """What a recipe sets, with the networks that were built in the place of those it names."""
    settings = unseeded(record)
    if not record.networks:
        return settings
    rest = {name: v for name, v in settings.items() if name.split(".")[0] != "architecture"}
    return {**rest, "networks": plain(record.networks)}


def _without(all_of: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in all_of.items() if name not in known}


def _different(found: Sequence[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    return tuple({repr(sorted(one.items())): one for one in found if one}.values())


def _plan(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text if len(text) <= LONGEST_PLAN else f"{text[:LONGEST_PLAN]}\n…"
