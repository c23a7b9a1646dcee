"""Run: a recipe with its objects at hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from ganzoo.errors import CheckpointError
from ganzoo.evaluate.evaluator import Evaluator
from ganzoo.evaluate.metric import Samples
from ganzoo.game import Objective, Source
from ganzoo.recipe.bounds import held_out
from ganzoo.recipe.recipe import Choice, Recipe
from ganzoo.train import Trainer, checkpoint

__all__ = ["Run"]

_MEASURED = ("metrics", "best", "best_step")


class Run:
    """A recipe with its objects at hand.

    Attributes:
        recipe, objective, source, trainer, evaluator: the parts.
        decider: the metric that chooses the best checkpoint, with its sign, 1 where lower is
            better and -1 where higher is; None where no metric may.
        networks: what was built, with its options: the recipe's architecture, or what was
            taken where the recipe names none.
        metrics: the values at the end, by name; None where one was not finite. Before the end,
            those last measured.
        best: the same of the weights that were best on the samples set apart to choose by, at
            generator step ``best_step``; empty and 0 where none were.
        judged: the samples that ``metrics`` were measured on; None where some were not finite.
    """

    def __init__(
        self,
        recipe: Recipe,
        objective: Objective,
        source: Source,
        trainer: Trainer,
        evaluator: Evaluator,
        decider: tuple[str, float] | None = None,
        *,
        networks: Choice,
    ) -> None:
        self.recipe, self.objective, self.source = recipe, objective, source
        self.trainer, self.evaluator, self.decider = trainer, evaluator, decider
        self.networks = networks
        self.metrics: dict[str, float | None] = {}
        self.best: dict[str, float | None] = {}
        self.best_step = 0
        self.judged: Samples | None = None

    @property
    def status(self) -> str:
        """``"running"``, ``"finished"`` or ``"diverged"``."""
        return self.trainer.status

    @property
    def reason(self) -> str:
        """Why it diverged."""
        return self.trainer.reason

    @property
    def history(self) -> dict[str, list[float | None]]:
        """The curve: meters, and metrics by name where they were measured."""
        return self.trainer.history

    def resume(self, folder: Path) -> int:
        """Keep the run in a folder, going on from what lies there; gives the steps done.

        Raises:
            CheckpointError: when the folder holds another run, or nothing whole.
        """
        self.trainer.folder, place = folder, folder / "recipe.json"
        if place.exists() and checkpoint.available(folder):
            before = Recipe.load(place)
            if before.key != self.recipe.key:
                raise CheckpointError(
                    f"{folder} holds another run ({before.label} on {before.dataset}, settings "
                    f"{before.settings}). Choose another folder, or remove this one."
                )
            self.trainer.load(folder)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self.recipe.save(place)
        return self.trainer.done

    def go(
        self,
        *,
        on_report: Callable[[dict[str, float | None]], None] | None = None,
        on_evaluate: Callable[[dict[str, float | None]], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        should_rest: Callable[[], bool] = lambda: False,
        on_rest: Callable[[], None] = lambda: None,
    ) -> Run:
        """Train to the end, measuring on the way and there; gives the run itself. ``on_report``
        gets every new row of the history, ``on_evaluate`` the metrics as they are measured.

        Where ``should_rest``, asked after each step, says so, ``on_rest`` is called once what is
        due at that step has been measured: then :meth:`state_dict` is what a run goes on from.
        """
        trainer, every, stopped = self.trainer, self.recipe.evaluate_every, False

        def stop() -> bool:
            nonlocal stopped
            stopped = stopped or should_stop()
            return stopped or should_rest()

        if trainer.done and not self._measured():
            # it was stopped between a checkpoint and what was due there
            self.measure_where_due(on_evaluate)
        while trainer.status == "running" and not stopped:
            ahead = every - trainer.done % every if every else None
            trainer.run(ahead, on_report=on_report, should_stop=stop)
            self.measure_where_due(on_evaluate)
            if trainer.status == "running" and should_rest():
                on_rest()
        return self

    def state_dict(self) -> dict[str, Any]:
        """Everything that the run goes on from, between two steps."""
        measured = {name: getattr(self, name) for name in _MEASURED}
        return {"trainer": self.trainer.state_dict(), "measured": measured}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a state of another run of the same recipe.

        Raises:
            CheckpointError: it is of other networks.
        """
        self.trainer.load_state_dict(state["trainer"])
        for name in _MEASURED:
            setattr(self, name, state["measured"][name])

    def measure_where_due(
        self, on_evaluate: Callable[[dict[str, float | None]], None] | None = None
    ) -> None:
        """Measure, where the run has come to a place for it or to its end; ``on_evaluate`` gets
        what was measured.
        """
        trainer, every = self.trainer, self.recipe.evaluate_every
        at_place = every and trainer.done % every == 0
        if trainer.status == "finished" or (at_place and trainer.status == "running"):
            values = self.evaluate()
            if on_evaluate is not None:
                on_evaluate(values)
        elif trainer.status == "diverged":
            self._measure_best()

    def _measured(self) -> bool:
        history = self.history
        return history["step"][-1:] == [float(self.trainer.done)] and any(
            history[name][-1] is not None for name in self.evaluator.metrics if name in history
        )

    def evaluate(self) -> dict[str, float | None]:
        """Measure the averaged generator now; kept in ``metrics`` and in the history.

        Where samples are set apart to choose by, the history has the values on those; on the
        others the generator is measured at the end alone, as it is and as it was at its best.
        """
        trainer, evaluator, parts = self.trainer, self.evaluator, self.evaluator.reference
        fake = evaluator.prepared(trainer.sample_labelled)
        if not evaluator.parted:
            self.metrics, self.judged = _known(evaluator.measure(fake, parts.held_out)), fake
            trainer.note({**self.metrics, **self.held_out()})
            return self.metrics
        values = _known(evaluator.measure(fake, parts.validation))
        trainer.note({**values, **self.held_out()})
        self._offer(values)
        self.metrics = values
        if trainer.status == "finished":
            self.metrics, self.judged = _known(evaluator.measure(fake, parts.held_out)), fake
            self._measure_best()
        return self.metrics

    def _offer(self, values: Mapping[str, float | None]) -> None:
        name, sign = self.decider or ("", 1.0)
        value = values.get(name)
        if value is not None:
            self.trainer.best.offer(self.trainer.average.network, self.trainer.done, sign * value)

    def _measure_best(self) -> None:
        best, network = self.trainer.best, self.trainer.average.network
        self.best_step = best.step
        if self.judged is not None and best.step == self.trainer.done:
            self.best = dict(self.metrics)
        elif best.step:
            with best.worn_by(network):
                self.best = _known(self.evaluator.evaluate(self.trainer.sample_labelled))

    def held_out(self) -> dict[str, float | None]:
        """What the objective's terms say of held-out samples, such as a VAE's bound, by name;
        see :func:`~ganzoo.recipe.bounds.held_out`.
        """
        return held_out(self.trainer)

    def sample(self, count: int, *, labels: Tensor | Sequence[int] | None = None) -> Tensor:
        """Generated samples ``(count, *shape)``, by the average of the generator's weights.

        ``labels`` are the classes to make, one for each sample or fewer, which come again and
        again; each class in turn where they are left out.
        """
        return self.trainer.sample(count, labels=labels)


def _known(values: Mapping[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
