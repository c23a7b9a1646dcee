"""Trainer: plays a game. It knows players and turns, never losses."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import CheckpointError
from ganzoo.game import Game, Objective, Source
from ganzoo.train import checkpoint
from ganzoo.train.average import Average
from ganzoo.train.best import Best
from ganzoo.train.engines import Table, choose, device_of, products, seat
from ganzoo.train.meters import Meters
from ganzoo.train.optimizers import optimizer, schedule
from ganzoo.train.sampling import asked_labels, generated, stood_for
from ganzoo.train.settings import Settings
from ganzoo.train.state import restore, state_of
from ganzoo.train.streams import Streams
from ganzoo.train.turn import Plan

__all__ = ["Trainer"]

Row = dict[str, float | None]


class Trainer:
    """Trains a game's networks by an objective on a source.

    Args:
        game: networks, already seated with this objective (:meth:`ganzoo.Game.seat`).
        objective: what the players minimise.
        source: where real samples come from.
        settings: all else.
        folder: where checkpoints go, where they are wanted.

    Raises:
        Incompatible, BadData: no labels, or wrong ones, for a conditional objective.

    Attributes:
        status: ``"running"``, ``"finished"`` or ``"diverged"``.
        reason: why it diverged, in a sentence.
        done: generator steps taken.
        history: columns of equal length: ``step``, ``seconds``, and the means of every meter
            since the row before; None where a meter said nothing.
        engine, engine_choice: what carries turns out, and why it was chosen.
        seconds, cpu_seconds: spent in training steps, by the wall clock and the processor.
        best: the average of the generator's weights where it was best, for whoever measures.
    """

    def __init__(
        self,
        game: Game,
        objective: Objective,
        source: Source,
        settings: Settings,
        *,
        folder: Path | None = None,
    ) -> None:
        self.device = device_of(settings.device)
        self.status, self.reason, self.done = "running", "", 0
        self.seconds, self.cpu_seconds = 0.0, 0.0
        self.game, self.objective = game.to(self.device), objective.to(self.device)
        self.source, self.settings, self.folder = source.to(self.device), settings, folder
        self.average, self.best = Average(game.generator, settings.ema), Best()
        rates = {"discriminator": settings.discriminator_lr, "generator": settings.generator_lr}
        self.optimizers = {
            player: optimizer(game.movers(player, objective), rates[player], settings, self.device)
            for player in objective.players
        }
        self.schedules = {
            player: schedule(
                self.optimizers[player], rates[player], settings, lambda: self.progress
            )
            for player in objective.players
        }
        self._streams, self.meters = Streams(settings.seed, self.device), Meters(self.device)
        self._turns = [p for p in objective.players for _ in range(objective.turns(p))]
        if objective.conditional:
            self._streams.require_labels(source, settings.batch, game.spec.classes)
        keeping = (self.optimizers, self._streams, self.meters, self.average)
        table = Table(self.game, self.objective, self.source, settings, *keeping)
        self.engine_choice = choose(settings.engine, table)
        self.engine = seat(self.engine_choice, table)
        self.history: dict[str, list[float | None]] = {"step": [], "seconds": []}

    @property
    def progress(self) -> float:
        """How much of the budget is spent, 0 .. 1: of steps or seconds, whichever is more."""
        share, limit = self.done / self.settings.steps, self.settings.seconds or math.inf
        return min(1.0, max(share, self.seconds / limit))

    @property
    def over(self) -> bool:
        """Whether the budget is spent."""
        return self.progress >= 1

    def step(self) -> None:
        """One generator step, and the discriminator's turns before it; no value is read back."""
        with self._streams.networks(self.done), products(self.settings):
            for plan, index in self.plans():
                self.engine.turn(plan, index=index, step=self.done)
        self.engine.finish(self.done)
        self.advance()

    def plans(self) -> list[tuple[Plan, int]]:
        """The turns of the step that is next: their plans, and their numbers in the run."""
        due, start = self.objective.due(self.done), self.done * len(self._turns)
        return [((player, due), start + place) for place, player in enumerate(self._turns)]

    def advance(self) -> None:
        """Count a step: its turns have been taken."""
        for scheduler in filter(None, self.schedules.values()):
            scheduler.step()
        self.done += 1

    def run(
        self,
        steps: int | None = None,
        *,
        on_report: Callable[[Row], None] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> str:
        """Train for ``steps`` more steps, or to the end of the budget; gives the status.

        A loss that is not finite ends the run as ``"diverged"``. ``on_report`` gets every new
        row of the history. When ``should_stop``, asked after each step, says so, the run stops
        where it is. With a folder, checkpoints are written every ``checkpoint_every`` steps,
        at the end of the budget, and at such a stop.
        """
        last = self.settings.steps if steps is None else self.done + steps
        stopped = False
        while self.status == "running" and self.done < last and not stopped:
            wall, cpu = time.perf_counter(), time.process_time()
            self.step()
            self.clock(wall, cpu, 1)
            stopped = self.conclude(on_report, should_stop)
        return self.status

    def clock(self, wall: float, cpu: float, sharing: int) -> None:
        """Count the time since ``wall`` and ``cpu`` as that of a step that runs share."""
        if self.done % self.settings.report_every == 0 and self.device.type == "cuda":
            # What was queued belongs to the steps, and not to the reading of the meters.
            torch.cuda.synchronize(self.device)
        self.seconds += (time.perf_counter() - wall) / sharing
        self.cpu_seconds += (time.process_time() - cpu) / sharing

    def conclude(
        self, on_report: Callable[[Row], None] | None, should_stop: Callable[[], bool]
    ) -> bool:
        """What is due after a step: a row, the end, a checkpoint; says whether to stop."""
        over, every = self.over, self.settings.checkpoint_every
        if self.done % self.settings.report_every == 0 or over:
            self._report(on_report)
        stopped = should_stop()
        if self.status == "running" and over:
            self.status = "finished"
        if self.status == "finished" or stopped or (every and self.done % every == 0):
            self._checkpoint()
        return stopped

    def note(self, values: Mapping[str, float | None]) -> None:
        """Write further values into the history, at the present step."""
        if self.history["step"][-1:] != [float(self.done)]:
            self._report(None)
        for name, value in values.items():
            column = self.history.setdefault(name, [None] * len(self.history["step"]))
            column[-1] = value

    def sample(
        self,
        count: int,
        *,
        average: bool = True,
        index: int = 0,
        labels: Tensor | Sequence[int] | None = None,
    ) -> Tensor:
        """Generated samples ``(count, *shape)``, on the device.

        Args:
            count: how many.
            average: by the average of the generator's weights, or by the weights themselves.
            index: which of the run's sets of latent vectors; one index, one set.
            labels: the classes to make, one for each sample or fewer, which come again and
                again; each class in turn where they are left out.

        Raises:
            Incompatible, BadOption, BadData: labels that do not fit the generator.
        """
        asked = asked_labels(self.game, count, labels, self.device)
        generator = self.average.network if average else self.game.generator
        return generated(generator, self._streams.sample(self.game.prior, count, index), asked)

    def sample_labelled(self, count: int) -> tuple[Tensor, Tensor | None]:
        """What :meth:`sample` gives, and what each was asked to be: its label, its categorical
        code where the generator looks at no labels and there is one, or None.
        """
        z = self._streams.sample(self.game.prior, count)
        asked = asked_labels(self.game, count, None, self.device)
        return generated(self.average.network, z, asked), stood_for(self.game, z, asked)

    def save(self, folder: Path | None = None) -> Path:
        """Write a checkpoint into a folder of them; gives its path."""
        if (target := folder or self.folder) is None:
            raise CheckpointError("where to? give a folder, or make the Trainer with one")
        return checkpoint.save(Path(target), self.done, self.state_dict())

    def load(self, folder: Path | None = None) -> Trainer:
        """Go on from the newest whole checkpoint in a folder; gives the trainer itself.

        Raises:
            CheckpointError: when there is none, or it is of other networks.
        """
        source = folder or self.folder
        if source is None:
            raise CheckpointError("where from? give a folder, or make the Trainer with one")
        self.load_state_dict(checkpoint.load_newest(Path(source)))
        return self

    def state_dict(self) -> dict[str, Any]:
        """Everything that a run goes on from."""
        return state_of(self)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state; see :meth:`state_dict`."""
        restore(self, state)
        self.engine.forget()

    def _report(self, on_report: Callable[[Row], None] | None) -> None:
        means, worst = self.meters.read()
        row: Row = {"step": float(self.done), "seconds": round(self.seconds, 4)}
        row.update({n: v if math.isfinite(v) else None for n, v in means.items()})
        length = len(self.history["step"])
        for name in [*self.history, *(name for name in row if name not in self.history)]:
            self.history.setdefault(name, [None] * length).append(row.get(name))
        if worst is not None:
            self.status = "diverged"
            self.reason = f"{worst[0]} was first not finite at step {worst[1]}"
        if on_report is not None:
            on_report(row)

    def _checkpoint(self) -> None:
        if self.folder is not None and self.status != "diverged" and self.meters.finite():
            self.save()
