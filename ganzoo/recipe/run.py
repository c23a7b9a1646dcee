"""Run: a recipe with its objects at hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from torch import Tensor

from ganzoo.errors import CheckpointError
from ganzoo.evaluate.evaluator import Evaluator
from ganzoo.game import Objective, Source
from ganzoo.recipe.recipe import Recipe
from ganzoo.train import Trainer, checkpoint

__all__ = ["Run"]


class Run:
    """A recipe with its objects at hand.

    Attributes:
        recipe, objective, source, trainer, evaluator: the parts.
        metrics: the values at the end, by name; None where one was not finite.
    """

    def __init__(
        self,
        recipe: Recipe,
        objective: Objective,
        source: Source,
        trainer: Trainer,
        evaluator: Evaluator,
    ) -> None:
        self.recipe, self.objective, self.source = recipe, objective, source
        self.trainer, self.evaluator = trainer, evaluator
        self.metrics: dict[str, float | None] = {}

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
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Run:
        """Train to the end, measuring on the way and there; gives the run itself."""
        trainer, every, stopped = self.trainer, self.recipe.evaluate_every, False

        def stop() -> bool:
            nonlocal stopped
            stopped = stopped or should_stop()
            return stopped

        while trainer.status == "running" and not stopped:
            ahead = every - trainer.done % every if every else None
            trainer.run(ahead, on_report=on_report, should_stop=stop)
            at_place = every and trainer.done % every == 0
            if trainer.status == "finished" or (at_place and trainer.status == "running"):
                self.evaluate()
        return self

    def evaluate(self) -> dict[str, float | None]:
        """Measure the averaged generator now; kept in ``metrics`` and in the history."""
        values = self.evaluator.evaluate(self.trainer.sample_labelled)
        self.metrics = {n: v if math.isfinite(v) else None for n, v in values.items()}
        self.trainer.note(self.metrics)
        return self.metrics

    def sample(self, count: int, *, labels: Tensor | Sequence[int] | None = None) -> Tensor:
        """Generated samples ``(count, *shape)``, by the average of the generator's weights.

        ``labels`` are the classes to make, one for each sample or fewer, which come again and
        again; each class in turn where they are left out.
        """
        return self.trainer.sample(count, labels=labels)
