"""Checks of whole steps: an objective through the trainer, on networks of the zoo."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.errors import GanzooError, Incompatible
from ganzoo.game import Architecture, Game, Spec, Stream, TensorSource
from ganzoo.registry import default_registry
from ganzoo.testing.check import Check, fail
from ganzoo.testing.losses.states import moved
from ganzoo.testing.losses.subject import Subject
from ganzoo.train import Settings, Trainer
from ganzoo.train.streams import Streams

__all__ = ["CHECKS", "trainer"]

_BATCH = 12


def trainer(subject: Subject, steps: int = 6) -> Trainer:
    """Tiny networks that suit the objective, on points in the plane.

    Raises:
        Incompatible: no installed networks do.
    """
    stream = Stream(0, "kit")
    points = stream.normal(96, 2) * torch.tensor([1.0, 0.3]) + 0.5
    labels = torch.arange(96) % 3
    source = TensorSource(
        points, points, train_labels=labels, test_labels=labels, latent=32, classes=3
    )
    settings = Settings(steps=steps, batch=_BATCH, report_every=1, device="cpu", ema=0.9)
    refused = ""
    for architecture in _architectures(source.spec, subject.conditional):
        objective = subject.objective()
        try:
            game = Game.seat(architecture, objective, source.spec)
        except Incompatible as error:
            refused = str(error)
            continue
        return Trainer(game, objective, source, settings)
    raise Incompatible(f"no installed networks for points suit it. {refused}")


def _architectures(spec: Spec, conditional: bool) -> Iterator[Architecture]:
    registry = default_registry()
    suited = [f for f in registry.entries("architectures") if _of_points(f.entry)]
    for found in sorted(suited, key=lambda f: f.name != "mlp"):
        known = {option.name for option in registry.describe(found).options}
        plain: dict[str, Any] = {"width": 8} if "width" in known else {}
        ways = [True, *getattr(found.entry, "labels", ())] if "conditional" in known else []
        for options in ({"conditional": way} for way in ways) if conditional else ({},):
            try:
                yield registry.build("architectures", found.id, spec, **plain, **options)
            except GanzooError:
                continue


def _of_points(entry: object) -> bool:
    return getattr(entry, "samples", "any") != "images"


def _one_step(subject: Subject) -> None:
    training = trainer(subject)
    game, objective, streams = training.game, training.objective, Streams(0, training.device)
    for step in range(2):
        for place, player in enumerate(objective.players):
            mine = {id(p) for p in game.movers(player, objective)}
            before = _parameters(game, objective)
            plan = (player, objective.due(step))
            index = step * len(objective.players) + place
            turn = streams.turn(training.source, game.prior, _BATCH, index)
            log = training.engine.run(plan, turn)
            _examine_turn(player, log, before, mine)


def _parameters(game: Game, objective: nn.Module) -> list[tuple[str, nn.Parameter, Tensor]]:
    named = [*game.named_parameters(), *objective.named_parameters()]
    return [(name, parameter, parameter.detach().clone()) for name, parameter in named]


def _examine_turn(
    player: str,
    log: dict[str, Tensor],
    before: list[tuple[str, nn.Parameter, Tensor]],
    mine: set[int],
) -> None:
    broken = [name for name, value in log.items() if not bool(value.isfinite().all())]
    broken += [name for name, parameter, _ in before if not bool(parameter.isfinite().all())]
    if broken:
        fail(f"after a first step of the {player}, {broken[0]} is not finite")
    moved = {name for name, p, old in before if not torch.equal(p.detach(), old)}
    strays = [name for name, p, _ in before if name in moved and id(p) not in mine]
    if strays:
        fail(f"the {player}'s step moves {strays[0]}, which is not the {player}'s")
    still = [name for name, p, _ in before if id(p) in mine and name not in moved]
    # The last bias has no say in a difference of scores, nor a head that nobody listens to.
    if len(still) > max(2, len(mine) // 2):
        fail(
            f"the {player}'s step leaves {len(still)} of its {len(mine)} parameters as they were, "
            f"{still[0]} among them: no gradient reaches them"
        )


def _resumes(subject: Subject) -> None:
    whole, after = trainer(subject), trainer(subject)
    whole.run(3)
    after.load_state_dict(copy.deepcopy(whole.state_dict()))
    whole.run(3)
    if whole.status == "diverged":
        fail(f"it diverges within six steps: {whole.reason}")
    after.run(3)
    states = [{**t.game.state_dict(), **t.objective.state_dict()} for t in (whole, after)]
    differ = moved(states[0], states[1])
    if differ:
        fail(
            f"a run resumed after 3 of 6 steps ends with another {differ[0]} than one that was "
            f"not interrupted: something that the loss keeps is not in its state_dict"
        )


def _learns(subject: Subject) -> None:
    training = trainer(subject, steps=400)
    training.settings = training.settings.changed(report_every=400)
    for player, optimizer in training.optimizers.items():
        for group in optimizer.param_groups:
            group["lr"] = 5e-3 if player == "generator" else 1e-2
    before = _distance(training)
    training.run(400)
    after = _distance(training)
    if training.status == "diverged" or not math.isfinite(after) or after > 0.5 * before:
        fail(
            f"400 steps on a Gaussian in the plane leave the generator's mean {after:.3g} from the "
            f"data's, where it began at {before:.3g} ({training.status}). Does it need another "
            f"batch, learning rate or penalty?"
        )


def _distance(training: Trainer) -> float:
    source = training.source
    assert isinstance(source, TensorSource)
    made = training.sample(512, average=False)
    return float(torch.linalg.vector_norm(made.mean(0) - source.train.mean(0)))


CHECKS = (
    Check("one_step", "a step of training is finite and moves the right player alone", _one_step),
    Check("resumes", "a resumed training equals an undisturbed one", _resumes),
    Check("learns", "a generator comes nearer to a Gaussian in 400 steps", _learns, slow=True),
)
