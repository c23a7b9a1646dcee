"""The sentences: who is ahead, by how much, and how sure these seeds make us."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ganzoo.records.estimates import Contrast, Estimate, contrasts
from ganzoo.records.summary import Row, Summary, TaskTable
from ganzoo.report import numbers
from ganzoo.report.power import seeds_sentence, word
from ganzoo.report.sentences import NAMED, Name, Prose, listed

__all__ = ["answer", "verdict"]

NEAR_FLOOR = 3.0  # times a perfect sampler's value within which a distance is chance
ALONE = "there is nothing to rank it against."


def verdict(table: TaskTable, *, caution: bool = True) -> Prose:
    """What a task's runs show: the leader, what it is shown to be ahead of, what is open;
    with ``caution``, what so few seeds can do.
    """
    placed = [row for row in table.rows if row.rank is not None]
    if not any(row.runs("finished") for row in table.rows):
        return ["No run finished on ", Name(table.task), ", so there is nothing to compare."]
    if not placed:
        return ["No finished run on ", Name(table.task), " has a metric that may decide."]
    best, rest = placed[0], placed[1:]
    if not rest:
        metric, value = numbers.title(table.decider), _value(table, best)
        return [Name(best.label), f" has {_article(metric)} {metric} of {value}; {ALONE}"]
    prose = [Name(best.label), *_lead(table, best, rest), *_unsteady(placed)]
    found = _against(best, placed, table)
    most = table.seeds[1]
    if most < 2:
        return [*prose, " With one seed each, this is what happened once: no difference is shown."]
    return [*prose, *_shown(found, placed), *_open(found), *(_reach([table]) if caution else [])]


def answer(comparison: Summary) -> list[Prose]:
    """The whole comparison: what won and by how much; then, where that can be said apart,
    how sure it is.
    """
    total = len(comparison.records)
    if not any(r.status == "finished" for r in comparison.records):
        return [[f"None of the {total} runs finished, so there is nothing to compare."]]
    decided = [table for table in comparison.tasks if _leader(table) is not None]
    if not decided:
        return [["No metric that may decide was measured: the tables describe, but do not rank."]]
    if len(decided) == 1:
        return [verdict(decided[0])]
    leaders = [row.label for table in decided if (row := _leader(table)) is not None]
    prose: Prose = []
    one = len(set(leaders)) == 1
    if one:
        both = "both" if len(decided) == 2 else f"all {word(len(decided))}"
        prose += [Name(leaders[0]), f" has the best mean on {both} tasks: "]
    else:
        prose += ["No objective leads everywhere: "]
    for place, table in enumerate(decided):
        prose += [*_clause(table, named=not one), "; " if place + 1 < len(decided) else "."]
    prose += _overall(comparison, set(leaders))
    sure: Prose = []
    for place, table in enumerate(decided):
        sure += [" On " if place else "On ", Name(table.task), " ", *_sure(table), "."]
    return [prose, [*sure, *_reach(decided)]]


def _leader(table: TaskTable) -> Row | None:
    return table.rows[0] if table.rows and table.rows[0].rank is not None else None


def _value(table: TaskTable, row: Row) -> str:
    known = [r.metrics[table.decider] for r in table.rows]
    return numbers.pair(row.metrics[table.decider], numbers.decimals(known))


def _most(table: TaskTable) -> str:
    return "lowest" if table.lower(table.decider) else "highest"


def _lead(table: TaskTable, best: Row, rest: Sequence[Row]) -> Prose:
    # An objective that diverged can have a better mean of what is left and still rank below.
    means = [row.metrics[table.decider].mean for row in (best, *rest)]
    extreme = min(means) if table.lower(table.decider) else max(means)
    how = f"the {_most(table)} " if means[0] == extreme else "ranks first: its "
    verb = " has " if means[0] == extreme else " "
    prose: Prose = [f"{verb}{how}{numbers.title(table.decider)}"]
    if means[0] == extreme:
        prose += [f", {_value(table, best)}"]
    else:
        prose += [f" is {_value(table, best)}, the best without diverged runs"]
    runner_up = f", against {_value(table, rest[0])} of the runner-up, "
    return [*prose, runner_up, Name(rest[0].label), f"{_times(table, best, rest[0])}."]


def _clause(table: TaskTable, *, named: bool) -> Prose:
    best = table.rows[0]
    others = [row for row in table.rows[1:] if row.rank is not None]
    prose: Prose = ["on ", Name(table.task), *([" ", Name(best.label)] if named else []), " with "]
    prose += [f"{_article(table.decider)} {numbers.title(table.decider)} of {_value(table, best)}"]
    if others:
        prose += [" (runner-up: ", Name(others[0].label), f" with {_value(table, others[0])}"]
        prose += [f"{_times(table, best, others[0])})"]
    return prose


def _times(table: TaskTable, best: Row, other: Row) -> str:
    """``", 1.8 times as much"``, for distances that make a ratio worth a word. Of one that is
    chance by now, as a perfect sampler's is hardly less, what that gets instead.
    """
    floor = table.floor.get(table.decider, 0.0)
    if table.lower(table.decider) and best.metrics[table.decider].mean < NEAR_FLOOR * floor:
        places = numbers.decimals([best.metrics[table.decider], Estimate((floor,), floor)])
        return f"; a perfect sampler gets {numbers.number(floor, places)}"
    low, high = (row.metrics[table.decider].mean for row in (best, other))
    if not table.lower(table.decider) or low <= 0 or high < 1.05 * low:
        return ""
    return f", {numbers.factor(high / low)} times as much"


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def _overall(comparison: Summary, leaders: set[str]) -> Prose:
    whole = [s for s in comparison.standings if s.tasks == len(comparison.tasks)]
    if len(leaders) < 2 or not whole:
        return []
    ahead = [s for s in whole if s.rank == whole[0].rank]
    names = listed([s.label for s in ahead])
    tie = "tie for the best" if len(ahead) > 1 else "has the best"
    return [" By mean rank over the tasks, ", *names, f" {tie} place ({ahead[0].rank:.3g})."]


def _unsteady(placed: Sequence[Row]) -> Prose:
    prose: Prose = []
    for row in placed:
        if lost := len(row.runs("diverged")):
            prose += [" ", Name(row.label), f" diverged in {lost} of its {len(row.records)} runs"]
            prose += [" and ranks after those that never did."]
    return prose


def _against(best: Row, placed: Sequence[Row], table: TaskTable) -> list[Contrast]:
    # Runs that diverged put an objective behind already; what is left of it proves nothing.
    steady = [row for row in placed if bool(row.runs("diverged")) == bool(best.runs("diverged"))]
    named = [(row.label, row.metrics[table.decider]) for row in steady]
    every = contrasts(named, lower=table.lower(table.decider))
    return [c for c in every if c.first == best.label]


def _shown(found: Sequence[Contrast], placed: Sequence[Row]) -> Prose:
    shown = [c.second for c in found if c.shown]
    if not shown:
        return [" These seeds do not show it ahead of any other."] if found else []
    if len(shown) == len(placed) - 1 > NAMED:
        return [f" These seeds show it ahead of all {len(shown)} others."]
    return [" These seeds show it ahead of ", *listed(shown), "."]


def _open(found: Sequence[Contrast]) -> Prose:
    left = [c for c in found if not c.shown]
    if not left:
        return []
    prose: Prose = [" Still open: its lead over "]
    if len(left) > NAMED:
        return [*prose, *_waiting(left), "."]
    for place, contrast in enumerate(left):
        prose += [", " if place else "", Name(contrast.second), _would(contrast, bool(place))]
    sized = any(c.needed for c in left)
    return [*prose, ", at the differences and spreads seen here." if sized else "."]


def _would(contrast: Contrast, brief: bool) -> str:
    if math.isnan(contrast.p):
        return " (likewise)" if brief else " (too few values, or no spread, to test it)"
    if contrast.needed is None:
        return " (which these seeds do not even suggest)"
    return f" (about {contrast.needed}{'' if brief else ' seeds each would show it'})"


def _reach(tables: Sequence[TaskTable]) -> Prose:
    said = seeds_sentence(tables)
    return [f" {said}"] if said else []


def _sure(table: TaskTable) -> Prose:
    placed = [row for row in table.rows if row.rank is not None]
    if len(placed) < 2:
        return ["nothing else has a rank"]
    if table.seeds[1] < 2:
        return ["one seed each shows no difference"]
    found = _against(placed[0], placed, table)
    shown = [c.second for c in found if c.shown]
    left = [c for c in found if not c.shown]
    if not found:
        return ["every other diverged at times"]
    if not left:
        return ["its lead over ", *_named(shown), " is shown"]
    if not shown:
        return ["its lead over ", *_waiting(left), " is still open"]
    return ["its lead over ", *_named(shown), " is shown, over ", *_waiting(left), " still open"]


def _waiting(left: Sequence[Contrast]) -> Prose:
    """The leads that are open, with the seeds that would settle each."""
    needs = [c.needed for c in left]
    if len(left) > 3:
        known = [n for n in needs if n]
        range_ = f" ({min(known)} to {max(known)} seeds each might show it)" if known else ""
        return [f"{word(len(left))} others{range_}"]
    prose: Prose = []
    for place, (contrast, needed) in enumerate(zip(left, needs, strict=True)):
        prose += ["" if not place else " and " if place + 1 == len(left) else ", "]
        prose += [Name(contrast.second), f" (about {needed} seeds each)" if needed else ""]
    return [piece for piece in prose if piece]


def _named(names: Sequence[str]) -> Prose:
    return listed(names) if len(names) <= 3 else [f"{word(len(names))} others"]
