"""What no type says of a plan: names that there are, numbers in range, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ganzoo.compare.planfile import Origin
from ganzoo.errors import AmbiguousName, BadOption, BadPlan, UnknownName, closest
from ganzoo.registry import default_registry, parse_call

if TYPE_CHECKING:
    from ganzoo.compare.plan import Plan

__all__ = ["check"]

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check(plan: Plan, origin: Origin) -> None:
    """Refuse a plan that no run could come of.

    Raises:
        BadPlan: with the line, where it is known.
    """
    if not _FOLDER.fullmatch(plan.name):
        raise BadPlan(
            f"{origin.at('name')}: name={plan.name!r} cannot be a folder's; letters, digits, "
            f"'.', '-' and '_' can"
        )
    parts = {"losses": plan.losses, "tasks": plan.tasks, "seeds": plan.every_seed}
    for what, found in parts.items():
        if not found:
            raise BadPlan(f"{origin.at(what)}: a plan needs at least one of its {what}")
    titles = [loss.title for loss in plan.losses]
    _once(origin, "losses", "losses are called", titles, "give one a `label`")
    tasks = [task.title for task in plan.tasks]
    _once(origin, "tasks", "tasks are called", tasks, "give one a `name`")
    _once(origin, "seeds", "seeds are", [str(seed) for seed in plan.every_seed], "remove one")
    _check_numbers(plan, origin)
    _check_losses_of_tasks(plan, origin)
    _check_names(plan, origin)
    _check_settings(plan, origin)


def _check_numbers(plan: Plan, origin: Origin) -> None:
    numbers: list[tuple[str, float]] = [("tune", plan.tune)]
    numbers += [("steps", plan.steps), ("seconds", plan.seconds)]
    for place, task in enumerate(plan.tasks):
        numbers.append((f"tasks[{place}].steps", task.steps))
        numbers.append((f"tasks[{place}].seconds", task.seconds))
    for path, value in numbers:
        if not value >= 0:
            raise BadPlan(f"{origin.at(path)}: {path}={value}: 0 or more")
    for name, choices in plan.space.items():
        at, path = origin.at(f"space.{name}"), f"space.{name}"
        if isinstance(choices, tuple):
            if not choices:
                raise BadPlan(f"{at}: {path} is an empty list of choices")
        elif not 0 < choices.low < choices.high:
            raise BadPlan(
                f"{at}: {path} goes from {choices.low} to {choices.high}; draws are uniform in "
                f"the logarithm, so 0 < low < high"
            )
    if plan.space and not plan.tune:
        raise BadPlan(f"{origin.at('space')}: a space to search needs `tune`, the draws from it")


def _check_losses_of_tasks(plan: Plan, origin: Origin) -> None:
    known = {loss.title for loss in plan.losses} | {loss.name for loss in plan.losses}
    for place, task in enumerate(plan.tasks):
        asked = [
            ("losses", "options for", tuple(task.losses)),
            ("networks", "networks for", tuple(task.networks)),
            ("training", "settings for", tuple(task.training)),
            ("only", "only", task.only),
        ]
        for key, what, names in asked:
            for name in names:
                if name not in known:
                    at = origin.at(f"tasks[{place}].{key}.{name}")
                    raise BadPlan(
                        f"{at}: task {task.title!r} has {what} the loss {name!r}, which is not "
                        f"in this plan.{closest(name, known)}"
                    )


def _check_names(plan: Plan, origin: Origin) -> None:
    for kind, call in _names(plan):
        try:
            default_registry().find(kind, parse_call(call)[0] if kind == "terms" else call)
        except (UnknownName, AmbiguousName, BadOption) as error:
            raise BadPlan(f"{origin.saying(call)}: {error}") from error


def _names(plan: Plan) -> Iterator[tuple[str, str]]:
    for loss in plan.losses:
        yield "losses", loss.name
        for term in loss.add:
            yield "terms", term
    for task in plan.tasks:
        yield "datasets", task.dataset.name
        for networks in (task.architecture, *task.networks.values()):
            if networks is not None:
                yield "architectures", networks.name
        for metric in task.metrics:
            yield "metrics", metric


def _check_settings(plan: Plan, origin: Origin) -> None:
    places = [("settings", plan.settings)]
    places += [(f"tasks[{i}].settings", task.settings) for i, task in enumerate(plan.tasks)]
    places += [(f"losses[{i}].settings", loss.settings) for i, loss in enumerate(plan.losses)]
    places += [
        (f"tasks[{i}].training.{name}", own)
        for i, task in enumerate(plan.tasks)
        for name, own in task.training.items()
    ]
    places += [("space", dict.fromkeys(plan.space))]
    if not any(given for _, given in places):
        return
    # Late, because it imports torch.
    from ganzoo.train import Settings

    for path, given in places:
        for name, value in given.items():
            try:
                Settings.of({name: value} if value is not None else {name: _default(name)})
            except BadOption as error:
                said = str(error).removeprefix("settings: ")
                raise BadPlan(f"{origin.at(f'{path}.{name}')}: {path}: {said}") from error


def _default(name: str) -> object:
    from ganzoo.train import Settings

    return getattr(Settings(), name, None)


def _once(origin: Origin, key: str, what: str, names: Sequence[str], cure: str) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise BadPlan(f"{origin.at(f'{key}[{place}]')}: two {what} {name!r}; {cure}")
