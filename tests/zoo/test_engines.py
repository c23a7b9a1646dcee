"""What every registered loss and term lets an engine do, or why it does not.

Recorded: its turns are done again by a tape, as a CUDA graph would, and nothing is read back.
Mapped: several seeds are trained at once. What is not in these tables does both.
"""

from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo.recipe import Choice, Recipe, assemble_replicas
from ganzoo.testing.tape import TapeRecorder
from ganzoo.train.engines import RecordingEngine
from ganzoo.train.engines.replicas import ReplicaEngine

LEAF = "takes a gradient by torch.autograd, which cannot be mapped"
UNMAPPED = {
    "spectral-norm": "torch's power iteration writes by out=, which cannot be mapped",
    "alp": LEAF,
    "path-length": LEAF,
    "consensus": LEAF,
    "unrolled": LEAF,
    "logan": LEAF,
    "ct": "its dropout draws from torch's own generator, which all seeds would share",
}
UNRECORDED: dict[str, str] = {}
GAMES = (("ring8", "mlp", {"width": 8}), ("digits", "mlp", {"width": 8}), ("digits", "mlp-ae", {}))
LOSSES = [found.id for found in ganzoo.registry.entries("losses")]
TERMS = [found.id for found in ganzoo.registry.entries("terms")]


def tables(loss, add=(), seeds=2):
    """The tables of some seeds, on the first game that the loss fits; there is one for each."""
    refusals = []
    for dataset, network, options in GAMES:
        recipe = Recipe(
            loss=Choice(loss),
            add=add,
            dataset=Choice(dataset),
            architecture=Choice(network, options),
            settings={"batch": 8},
        )
        try:
            return [run.trainer for run in assemble_replicas(recipe, range(seeds))]
        except ganzoo.GanzooError as error:
            refusals.append(str(error))
    raise LookupError("; ".join(refusals))


def of_term(term):
    try:
        return tables("hinge", (term,))
    except LookupError:  # it goes with a cross-entropy alone
        return tables("nonsaturating", (term,))


def examine(name, trainers):
    recorder = TapeRecorder()
    first = trainers[0]
    first.engine = RecordingEngine(first.engine.table, recorder)
    for _ in range(5):
        first.step()
    assert bool(first.engine.fallbacks) == (name in UNRECORDED), first.engine.fallbacks
    assert recorder.replays or name in UNRECORDED
    others = [trainer.engine.table for trainer in trainers[1:]]
    if name in UNMAPPED:
        with pytest.raises(ganzoo.Incompatible, match="cannot be mapped"):
            ReplicaEngine(others)
    else:
        engine = ReplicaEngine(others)
        for plan, index in trainers[1].plans():
            engine.turn(plan, index=index, step=0)
        engine.release()
        assert all(bool(p.isfinite().all()) for p in trainers[1].game.parameters())


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_recorded_and_mapped(loss):
    torch.manual_seed(0)
    examine(loss.partition(":")[2], tables(loss))


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("term", TERMS)
def test_a_term_is_recorded_and_mapped(term):
    examine(term.partition(":")[2], of_term(term))
