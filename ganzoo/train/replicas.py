"""Several runs of one game, alike but for their seeds, trained at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from ganzoo.errors import Incompatible
from ganzoo.train.engines.eager import products
from ganzoo.train.engines.replicas import Lists, ReplicaEngine
from ganzoo.train.trainer import Row, Trainer

__all__ = ["Replicas"]


class Replicas:
    """Trainers that step together, each turn being one operation over all of them.

    Each gets the numbers of a run of its own, up to rounding: its own weights, random streams,
    penalties, history and end. One that diverges leaves the others to themselves. Where turns
    cannot be mapped over runs, the trainers run one after the other, and :attr:`reason` says
    why.

    Args:
        trainers: of one game, objective and settings but for the seed, those that run at one step.

    Raises:
        Incompatible: they differ in more than the seed.
    """

    def __init__(self, trainers: Sequence[Trainer]) -> None:
        self.trainers, self.reason = list(trainers), ""
        self._lists: Lists = {}
        settings = {trainer.settings.changed(seed=0) for trainer in trainers}
        places = {trainer.done for trainer in trainers if trainer.status == "running"}
        if len(settings) != 1 or len(places) > 1:
            raise Incompatible(
                "replicas are runs with settings alike but for the seed, at one step"
            )
        if trainers[0].settings.seconds:
            self.reason = "seconds as a budget are those of a single run"

    def run(
        self,
        steps: int | None = None,
        *,
        on_report: Callable[[int, Row], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        """Train all of them for ``steps`` more steps, or to the end; see :meth:`Trainer.run`.

        ``on_report`` gets every new row of a history, with the position of its trainer. The
        seconds of a step are shared among those that took it.
        """
        left, stopped = steps, False
        while (running := self._running()) and left != 0 and not stopped and not self.reason:
            for trainer in running:
                for optimizer in trainer.optimizers.values():
                    # or schedules warn: another moves in its place
                    vars(optimizer)["_opt_called"] = True
            try:
                engine = ReplicaEngine([t.engine.table for t in running], self._lists)
            except Incompatible as error:
                self.reason = str(error)
                break
            try:
                while left != 0 and not stopped and self._running() == running:
                    self._step(engine, running)
                    left = None if left is None else left - 1
                    stopped = self._conclude(running, on_report, should_stop)
            finally:
                engine.release()
        if self.reason and not stopped:
            for trainer in self._running():
                told = self._telling(trainer, on_report)
                trainer.run(left, on_report=told, should_stop=should_stop)

    def obstacle(self) -> str:
        """Why their turns cannot be mapped over runs; empty where they can. Nothing changes."""
        if not self.reason:
            try:
                ReplicaEngine([trainer.engine.table for trainer in self._running()]).release()
            except Incompatible as error:
                return str(error)
        return self.reason

    def _running(self) -> list[Trainer]:
        return [trainer for trainer in self.trainers if trainer.status == "running"]

    def _step(self, engine: ReplicaEngine, running: list[Trainer]) -> None:
        wall, cpu, first = time.perf_counter(), time.process_time(), running[0]
        with products(first.settings):
            for plan, index in first.plans():
                engine.turn(plan, index=index, step=first.done)
        engine.finish(first.done)
        for trainer in running:
            trainer.advance()
        for trainer in running:
            trainer.clock(wall, cpu, len(running))

    def _conclude(
        self,
        running: list[Trainer],
        on_report: Callable[[int, Row], None] | None,
        should_stop: Callable[[], bool],
    ) -> bool:
        stops = [t.conclude(self._telling(t, on_report), should_stop) for t in running]
        return any(stops)

    def _telling(
        self, trainer: Trainer, on_report: Callable[[int, Row], None] | None
    ) -> Callable[[Row], None] | None:
        if on_report is None:
            return None
        place = self.trainers.index(trainer)
        return lambda row: on_report(place, row)
