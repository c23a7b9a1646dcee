"""Plan: what is compared with what, on what, how often; read strictly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import msgspec

from ganzoo.compare import planfile
from ganzoo.errors import BadOption, BadPlan, closest
from ganzoo.registry import spell_call

__all__ = ["LossPlan", "Named", "Plan", "TaskPlan"]

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class _Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A table of a plan, written without what it leaves as it is."""


class Named(_Part, frozen=True, kw_only=True):
    """A registered thing by name, and its options."""

    name: str
    options: dict[str, Any] = {}


class LossPlan(_Part, frozen=True, kw_only=True):
    """One row of the comparison.

    Attributes:
        name: of the loss.
        options: of the loss.
        add: terms added to it, such as ``"r1(gamma=0.1)"``.
        label: how tables call it; its name, options and terms where none is given.
        settings: training settings of this loss alone; they go over those of the task.
    """

    name: str
    options: dict[str, Any] = {}
    add: tuple[str, ...] = ()
    label: str = ""
    settings: dict[str, Any] = {}

    @property
    def title(self) -> str:
        """The label, or the name and the terms, with their options."""
        return self.label or " + ".join([spell_call(self.name, self.options), *self.add])


class TaskPlan(_Part, frozen=True, kw_only=True):
    """Data and networks on which every loss is trained.

    Attributes:
        dataset: the data, and their options.
        name: how tables call the task; that of the data where none is given.
        architecture: the networks; what the data suggest where none are given.
        settings: training settings of this task; they go over those of the plan.
        metrics: their names, the deciding one first; what the data suggest where there are none.
        evaluate_every: steps between two evaluations; 0 for the end alone.
        evaluate_samples: generated samples in an evaluation; 0 for what the metrics suggest.
        losses: options of a loss, by its label or name, that are good on these data alone:
            the weight of a penalty, say. They go over those of the loss.
        only: the losses, by label or name, that are trained here; all where none are named.
    """

    dataset: Named
    name: str = ""
    architecture: Named | None = None
    settings: dict[str, Any] = {}
    metrics: tuple[str, ...] = ()
    evaluate_every: int = 0
    evaluate_samples: int = 0
    losses: dict[str, dict[str, Any]] = {}
    only: tuple[str, ...] = ()

    def has(self, loss: LossPlan) -> bool:
        """Whether the loss is trained here."""
        return not self.only or loss.title in self.only or loss.name in self.only

    @property
    def title(self) -> str:
        """The name, or the data and the networks that were asked for, with their options."""
        named = [part for part in (self.dataset, self.architecture) if part is not None]
        return self.name or ", ".join(spell_call(part.name, part.options) for part in named)


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A comparison: every loss on every task with every seed.

    Attributes:
        losses: what is compared.
        tasks: on what.
        name: of the folder that the results go to.
        seeds: that many, from 0; or a list of them.
        settings: training settings of all runs.
        defaults: what settings start from: ``"task"``, the same for every loss, as the data
            suggest; or ``"paper"``, each loss as its paper trained it.
    """

    losses: tuple[LossPlan, ...]
    tasks: tuple[TaskPlan, ...]
    name: str = "comparison"
    seeds: int | tuple[int, ...] = 3
    settings: dict[str, Any] = {}
    defaults: Literal["task", "paper"] = "task"

    @classmethod
    def of(
        cls,
        plan: Plan | Mapping[str, Any] | str | Path | None = None,
        *,
        changes: Sequence[str] = (),
    ) -> Plan:
        """A plan from a plan, a mapping like that of a file, a TOML file, or, from nothing,
        the built-in default.

        Args:
            plan: one of these.
            changes: such as ``"seeds=5"``, ``"settings.batch=32"``,
                ``"tasks.ring8.settings.steps=100"`` or ``"losses.lsgan.options.a=-1"``.

        Raises:
            BadPlan: it cannot be read, with the file and the line where they are known.
        """
        text, origin = "", "the plan"
        if isinstance(plan, Plan):
            data: Any = msgspec.to_builtins(plan)
        elif isinstance(plan, Mapping):
            data = dict(plan)
        else:
            origin = "default.toml" if plan is None else str(plan)
            text = _text(plan)
            data = planfile.parse(text, origin)
            if plan is not None:
                data.setdefault("name", Path(plan).stem)
        try:
            data = planfile.spelt_out(data)
            for change in changes:
                planfile.change(data, change)
        except BadOption as error:
            raise BadPlan(f"{origin}: {error}") from error
        made: Plan = planfile.convert(data, cls, planfile.Origin(origin, text))
        made._check(origin)
        return made

    @property
    def every_seed(self) -> tuple[int, ...]:
        """The seeds, one by one."""
        return tuple(range(self.seeds)) if isinstance(self.seeds, int) else self.seeds

    def but(self, *, name: str = "", seeds: int = 0, steps: int = 0) -> Plan:
        """The same plan under another name, with that many seeds, or with that many steps
        everywhere; an empty or zero one changes nothing.
        """
        data = msgspec.to_builtins(self)
        data.update({k: v for k, v in (("name", name), ("seeds", seeds)) if v})
        if steps:
            for place in (data, *data["tasks"], *data["losses"]):
                place.get("settings", {}).pop("steps", None)
            data["settings"]["steps"] = steps
        return Plan.of(data)

    def text(self) -> str:
        """The plan as TOML, all short forms spelt out."""
        return planfile.dump(msgspec.to_builtins(self))

    def _check(self, origin: str) -> None:
        if not _FOLDER.fullmatch(self.name):
            raise BadPlan(
                f"{origin}: name={self.name!r} cannot be a folder's; letters, digits, '.', '-' "
                f"and '_' can"
            )
        parts = {"losses": self.losses, "tasks": self.tasks, "seeds": self.every_seed}
        for what, found in parts.items():
            if not found:
                raise BadPlan(f"{origin}: a plan needs at least one of its {what}")
        titles = [loss.title for loss in self.losses]
        _once(origin, "losses are called", titles, "give one a `label`")
        _once(origin, "tasks are called", [t.title for t in self.tasks], "give one a `name`")
        _once(origin, "seeds are", [str(seed) for seed in self.every_seed], "remove one")
        known = {*titles, *(loss.name for loss in self.losses)}
        for task in self.tasks:
            for what, names in (("options for", task.losses), ("only", task.only)):
                for name in names:
                    if name not in known:
                        raise BadPlan(
                            f"{origin}: task {task.title!r} has {what} the loss {name!r}, which "
                            f"is not in this plan.{closest(name, known)}"
                        )


def _text(path: str | Path | None) -> str:
    if path is None:
        return (resources.files("ganzoo.compare") / "plans" / "default.toml").read_text("utf-8")
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadPlan(f"{path}: the plan cannot be read: {reason}") from error


def _once(origin: str, what: str, names: Iterable[str], cure: str) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise BadPlan(f"{origin}: two {what} {twice[0]!r}; {cure}")
