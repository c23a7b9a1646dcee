"""What a run goes on from: a trainer's state, and a trainer put back into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganzoo.errors import CheckpointError
from ganzoo.train.optimizers import schedule_state

if TYPE_CHECKING:
    from ganzoo.train.trainer import Trainer

__all__ = ["restore", "state_of"]

_COUNTS = ("done", "status", "reason", "seconds", "cpu_seconds")


def state_of(trainer: Trainer) -> dict[str, Any]:
    """Everything that a run goes on from: nested dicts and lists of tensors and numbers."""
    return {
        "game": dict(trainer.game.state_dict()),
        "objective": dict(trainer.objective.state_dict()),
        "average": dict(trainer.average.network.state_dict()),
        "best": trainer.best.state_dict(),
        "optimizers": {p: o.state_dict() for p, o in trainer.optimizers.items()},
        "schedules": {p: schedule_state(s) for p, s in trainer.schedules.items()},
        "meters": trainer.meters.state_dict(),
        "history": {name: list(column) for name, column in trainer.history.items()},
        "run": {name: getattr(trainer, name) for name in _COUNTS},
    }


def restore(trainer: Trainer, state: dict[str, Any]) -> None:
    """Put a trainer into a state of :func:`state_of`.

    Raises:
        CheckpointError: it is of other networks.
    """
    try:
        trainer.game.load_state_dict(state["game"])
        trainer.objective.load_state_dict(state["objective"])
        trainer.average.network.load_state_dict(state["average"])
        for player, own in trainer.optimizers.items():
            own.load_state_dict(state["optimizers"][player])
        for player, scheduler in trainer.schedules.items():
            if scheduler is not None:
                scheduler.load_state_dict(state["schedules"][player])
    except (RuntimeError, KeyError, ValueError) as error:
        raise CheckpointError(f"this checkpoint is of another game: {error}") from error
    if "best" in state:
        trainer.best.load_state_dict(state["best"], trainer.average.network)
    trainer.meters.load_state_dict(state["meters"])
    trainer.history = state["history"]
    for name in _COUNTS:
        setattr(trainer, name, state["run"][name])
    if trainer.status == "finished" and not trainer.over:
        trainer.status = "running"
