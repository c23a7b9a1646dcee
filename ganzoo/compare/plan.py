"""Plan: what is compared with what, on what, how often; read strictly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import msgspec

from ganzoo.compare import planfile, plantext
from ganzoo.compare.planchecks import check
from ganzoo.errors import BadOption, BadPlan
from ganzoo.registry import spell_call

__all__ = ["BUILT_IN", "LossPlan", "Named", "Plan", "Range", "TaskPlan"]

BUILT_IN = ("default", "classic")
"""Names of the plans that come with ganzoo."""


class _Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A table of a plan, written without what it leaves as it is."""


class Named(_Part, frozen=True, kw_only=True):
    """A registered thing by name, and its options."""

    name: str
    options: dict[str, Any] = {}


class Range(_Part, frozen=True, kw_only=True):
    """Numbers from ``low`` to ``high``, drawn so that equal factors are equally likely."""

    low: float
    high: float


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
        steps, seconds: the budget of a run here, as in the plan.
        metrics: their names, the deciding one first; what the data suggest where there are none.
        evaluate_every: steps between two evaluations; 0 for the end alone.
        evaluate_samples: generated samples in an evaluation; 0 for what the metrics suggest.
        losses: options of a loss, by its label or name, that are good on these data alone:
            the weight of a penalty, say. They go over those of the loss.
        networks: of a loss, likewise, that cannot play on those of the task.
        training: training settings of a loss, likewise. They go over all others.
        only: the losses, by label or name, that are trained here; all where none are named.
    """

    dataset: Named
    name: str = ""
    architecture: Named | None = None
    settings: dict[str, Any] = {}
    steps: int = 0
    seconds: float = 0.0
    metrics: tuple[str, ...] = ()
    evaluate_every: int = 0
    evaluate_samples: int = 0
    losses: dict[str, dict[str, Any]] = {}
    networks: dict[str, Named] = {}
    training: dict[str, dict[str, Any]] = {}
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
        steps, seconds: the budget of a run: generator steps, seconds of training, or both,
            whichever come first; 0 for what the data suggest.
        tune: settings are searched for, with so many draws for every loss on every task; 0 for
            none. The choice is made on samples that the figures have nothing to do with.
        space: what is searched, by the names of settings: ``{low = 1e-4, high = 1e-2}`` or a
            list of choices; the learning rates and ``betas`` where nothing is named.
        seeds_at_once: whether several seeds of a loss on a task are trained at once; up to
            rounding they are the runs that they are alone. ``"auto"``: where that is faster;
            true: wherever they can be; false: nowhere.
        defaults: what settings start from: ``"task"``, the same for every loss, as the data
            suggest; or ``"paper"``, each loss as its paper trained it.
    """

    losses: tuple[LossPlan, ...]
    tasks: tuple[TaskPlan, ...]
    name: str = "comparison"
    seeds: int | tuple[int, ...] = 3
    settings: dict[str, Any] = {}
    steps: int = 0
    seconds: float = 0.0
    tune: int = 0
    space: dict[str, Range | tuple[Any, ...]] = {}
    seeds_at_once: bool | Literal["auto"] = "auto"
    defaults: Literal["task", "paper"] = "task"

    @classmethod
    def of(
        cls,
        plan: Plan | Mapping[str, Any] | str | Path | None = None,
        *,
        changes: Sequence[str] = (),
    ) -> Plan:
        """A plan from a plan, a mapping like that of a file, a TOML file, the name of a
        built-in one (:data:`BUILT_IN`), or, from nothing, the default.

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
            origin, text = _read("default" if plan is None else plan)
            data = planfile.parse(text, origin)
            data.setdefault("name", Path(origin).stem)
        try:
            data = planfile.spelt_out(data)
            for change in changes:
                planfile.change(data, change)
        except BadOption as error:
            raise BadPlan(f"{origin}: {error}") from error
        made: Plan = planfile.convert(data, cls, planfile.Origin(origin, text))
        check(made, planfile.Origin(origin, text))
        return made

    @property
    def every_seed(self) -> tuple[int, ...]:
        """The seeds, one by one."""
        return tuple(range(self.seeds)) if isinstance(self.seeds, int) else self.seeds

    def but(self, *, name: str = "", seeds: int = 0, steps: int = 0, seconds: float = 0.0) -> Plan:
        """The same plan under another name, with that many seeds, or with that budget of steps
        and seconds everywhere; an empty or zero one changes nothing.
        """
        data = msgspec.to_builtins(self)
        data.update({k: v for k, v in (("name", name), ("seeds", seeds)) if v})
        if steps or seconds:
            own = [part for task in data["tasks"] for part in task.get("training", {}).values()]
            for place in (data, *data["tasks"], *data["losses"], *own):
                for each in (place, place.get("settings", {})):
                    each.pop("steps", None)
                    each.pop("seconds", None)
            data.update(steps=steps, seconds=seconds)
        return Plan.of(data)

    def text(self) -> str:
        """The plan as TOML, all short forms spelt out."""
        return plantext.dump(msgspec.to_builtins(self))


def _read(plan: str | Path) -> tuple[str, str]:
    """What a plan is called in errors, and its text: of a file, or of a built-in one."""
    if str(plan) in BUILT_IN and not Path(plan).exists():
        file = f"{plan}.toml"
        return file, (resources.files("ganzoo.compare") / "plans" / file).read_text("utf-8")
    try:
        return str(plan), Path(plan).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        own = f" The built-in plans are {', '.join(BUILT_IN)}." if not Path(plan).suffix else ""
        raise BadPlan(
            f"{plan}: the plan cannot be read: {reason}{'.' if own else ''}{own}"
        ) from error
