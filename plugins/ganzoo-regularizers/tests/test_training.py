"""In the trainer: every term trains, resumes bit for bit, and with weight 0 changes nothing."""

from __future__ import annotations

import math

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import ganzoo

NAMES = sorted(
    found.entry.name
    for found in ganzoo.registry.entries("terms")
    if found.distribution == "ganzoo-regularizers"
)


STATEFUL = {
    "js-reg": "js-reg(steps=5)",
    "instance-noise": "instance-noise(steps=5)",
    "top-k": "top-k(steps=5)",
    "lecam": "lecam(start=2)",
    "path-length": "path-length(every=1)",
    "r1r2": "r1r2(every=3)",
}


@pytest.mark.parametrize("data", ["grid25", "digits"])
@pytest.mark.parametrize("loss", ["nonsaturating", "hinge"])
@pytest.mark.parametrize("name", NAMES)
def test_every_term_trains_with_any_loss(name, loss, data, trainer):
    if (name, loss) == ("label-smoothing", "hinge"):
        with pytest.raises(ganzoo.Incompatible, match="cross-entropy"):
            ganzoo.get_loss(loss, add=name)
        return
    run = trainer(loss, [name], data=data)
    before = [parameter.clone() for parameter in run.game.parameters()]
    assert run.run() == "finished"
    for key, column in run.history.items():
        if key.startswith(("loss/", "score/")) and "PathLength" not in key:
            assert all(value is not None and math.isfinite(value) for value in column), key
    moved = [not torch.equal(a, b) for a, b in zip(before, run.game.parameters(), strict=True)]
    # while no score is past its margin, the hinge has no gradient by the last bias
    assert sum(moved) >= len(moved) - (loss == "hinge")


class NoHostReads(TorchDispatchMode):
    """Raises where a value goes from the device to the host, as a CUDA graph would."""

    reading = ("_local_scalar_dense", "is_nonzero", "nonzero", "masked_select", "equal", "unique")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        masked = name == "index" and any(
            index is not None and index.dtype == torch.bool for index in args[1]
        )
        assert name not in self.reading, f"aten.{name} reads a value back to the host"
        assert not masked, "an index by a mask reads its size back to the host"
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_read_back_to_the_host(name, trainer):
    add, data = [STATEFUL.get(name, name)], "digits" if name in ("cr", "bcr") else "points"
    run = trainer("nonsaturating", add, data=data)
    run.step()
    with NoHostReads():
        run.step()
        run.step()
    assert run.done == 3
    with pytest.raises(AssertionError, match="reads a value"), NoHostReads():
        run.objective.terms[1].weight.item()


@pytest.mark.parametrize("name", ["cr", "bcr", "zcr", "ct", "pacgan", "alp", "gn", "path-length"])
def test_convolutions_train_too(name, trainer):
    run = trainer(
        "hinge", [name], data="digits", architecture="dcgan", options={"width": 4}, steps=2
    )
    assert run.run() == "finished"


@pytest.mark.parametrize("name", ["r1r2", "approx-r1", "lecam", "gn", "ct", "path-length", "zcr"])
def test_bfloat16_trains_too(name, trainer):
    assert trainer("hinge", [name], precision="bfloat16").run() == "finished"


def state(run):
    return [*run.game.state_dict().values(), *run.objective.state_dict().values()]


@pytest.mark.parametrize("name", NAMES)
def test_a_resumed_run_is_the_run(name, trainer, tmp_path):
    add = [STATEFUL.get(name, name)]
    whole = trainer("nonsaturating", add, steps=6)
    whole.run()
    part = trainer("nonsaturating", add, steps=6)
    part.run(3)
    part.save(tmp_path)
    later = trainer("nonsaturating", add, steps=6).load(tmp_path)
    assert later.done == 3
    later.run()
    pairs = list(zip(state(whole), state(later), strict=True))
    assert len(pairs) > 10
    assert all(torch.equal(one, other) for one, other in pairs)
    one, other = (
        {k: v for k, v in run.history.items() if k != "seconds"} for run in (whole, later)
    )
    assert one == other


SILENT = [
    *(
        f"{name}(weight=0.0)"
        for name in NAMES
        if name
        in {
            "lp",
            "zero-gp",
            "max-gp",
            "dragan",
            "mm-gp",
            "div-gp",
            "approx-r1",
            "approx-r2",
            "alp",
            "cr",
            "lecam",
            "drift",
            "feature-matching",
            "path-length",
            "historical-averaging",
        }
    ),
    *("r1r2(gamma=0.0)", "js-reg(gamma=0.0)", "consensus(gamma=0.0)"),
    "bcr(real_weight=0.0, fake_weight=0.0)",
    "zcr(discriminator_weight=0.0, generator_weight=0.0)",
    "label-smoothing(target=1.0)",
    *("pacgan(samples=1)", "instance-noise(scale=0.0)", "top-k(share=1.0)", "logan(share=0.0)"),
]


@pytest.mark.parametrize("add", SILENT)
def test_a_term_of_no_weight_leaves_training_as_it_is(add, trainer):
    runs = [trainer("nonsaturating", each) for each in ([], [add])]
    for run in runs:
        run.run()
    pairs = zip(*(run.game.state_dict().values() for run in runs), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_every_term_but_those_that_change_the_function_is_put_to_silence():
    named = {each.partition("(")[0] for each in SILENT}
    assert set(NAMES) - named == {"ct", "gn", "unrolled"}


@pytest.mark.parametrize("first", ["unrolled(steps=1)", "consensus"])
def test_terms_go_together(first, trainer):
    add = [
        first,
        "r1r2(every=2)",
        "lecam",
        "bcr",
        "zcr",
        "fm",
        "path-length",
        "instance-noise(steps=3)",
        "top-k",
        "drift",
    ]
    run = trainer("nonsaturating", add)
    assert run.run() == "finished"
    assert len([key for key in run.history if key.count("/") == 2]) >= 10
