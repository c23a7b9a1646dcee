"""The search: the same draws for every loss, chosen on other samples than are reported."""

import math

import msgspec
import pytest

import ganzoo
from ganzoo.compare.grid import grid
from ganzoo.compare.plan import Plan
from ganzoo.compare.tuning import SEED, choose, draws, tuning_cells
from ganzoo.records import load
from ganzoo.records.record import Record


@pytest.fixture
def plan(tiny):
    return tiny(losses=["lsgan", "hinge"], tune=4)


def test_draws_are_seeded_and_the_first_leaves_everything_as_it_is(plan, tiny):
    found = draws(plan)
    assert found[0] == {}
    assert found == draws(plan)
    assert draws(tiny(tune=9))[:4] == found
    for each in found[1:]:
        assert set(each) == {"generator_lr", "discriminator_lr", "betas"}
        assert 1e-4 <= each["generator_lr"] <= 1e-2
        assert each["betas"] in ((0.0, 0.99), (0.5, 0.999))
    assert len({each["generator_lr"] for each in found[1:]}) == 3


def test_draws_are_even_in_the_logarithm(tiny):
    space = {"generator_lr": {"low": 1e-4, "high": 1.0}}
    logs = [math.log10(d["generator_lr"]) for d in draws(tiny(tune=400, space=space))[1:]]
    assert sum(logs) / len(logs) == pytest.approx(-2, abs=0.15)


def test_every_loss_gets_the_same_draws_with_a_seed_that_nothing_else_has(plan):
    cells = tuning_cells(plan)
    assert len(cells) == 8
    assert {cell.seed for cell in cells} == {SEED}
    assert cells[2].title == "lsgan on ring8, draw 1"
    tried = {
        label: [c.recipe.settings for c in cells if c.label == label]
        for label in ("lsgan", "hinge")
    }
    assert tried["lsgan"] == tried["hinge"]
    assert all(cell.recipe.validation for cell in [*cells, *grid(plan)])
    taken = Plan.of({**msgspec.to_builtins(plan), "seeds": [SEED]})
    assert {cell.seed for cell in tuning_cells(taken)} == {SEED + 1}


def ended(cell, value, *, status="finished", direction="lower"):
    return Record(
        key=cell.key, label=cell.label, task=cell.task, seed=cell.seed, recipe={}, status=status,
        curve={"step": [2.0, 4.0], "fd": [0.0, value]}, ranked=("fd",), metrics={"fd": -5.0},
        directions={"fd": direction},
    )  # fmt: skip


def test_the_choice_is_the_last_value_on_the_samples_set_apart(plan):
    cells = tuning_cells(plan)
    own = [cell for cell in cells if cell.label == "lsgan"]
    values = list(zip(own, (3.0, 1.0, 1.0, 0.1), strict=True))
    records = {cell.key: ended(cell, value) for cell, value in values}
    records[own[3].key] = ended(own[3], 0.1, status="diverged")
    found = choose(plan, cells, records)
    tried = found["ring8", "lsgan"].pop("tried")
    assert [(each["validation"], each["status"]) for each in tried] == [
        (3.0, "finished"),
        (1.0, "finished"),
        (1.0, "finished"),
        (None, "diverged"),
    ]
    assert [each["settings"] for each in tried] == draws(plan)
    assert found["ring8", "lsgan"] == {
        "draws": 4, "seed": SEED, "draw": 1, "settings": draws(plan)[1], "metric": "fd",
        "validation": 1.0, "failures": 1,
    }  # fmt: skip
    # Of the other loss nothing is known: it keeps its settings, and says how it came to.
    nothing = found["ring8", "hinge"]
    assert (nothing["settings"], nothing["validation"], nothing["failures"]) == ({}, None, 4)
    assert {each["status"] for each in nothing["tried"]} == {"not made"}
    upwards = {cell.key: ended(cell, v, direction="higher") for cell, v in values}
    assert choose(plan, cells, upwards)["ring8", "lsgan"]["draw"] == 0


def test_a_comparison_with_a_search(tmp_path):
    plan = {
        "name": "tuned",
        "losses": ["lsgan"],
        "tasks": [{"dataset": "ring8", "evaluate_samples": 50, "metrics": ["energy-distance"]}],
        "seeds": 1,
        "tune": 3,
        "settings": {"steps": 4, "batch": 8, "report_every": 2},
    }
    (record,) = ganzoo.compare(plan, directory=tmp_path, workers=1).records
    searched = load(tmp_path / "tuned" / "tuning")
    assert len(searched) == 3
    ends = [each.curve["energy-distance"][-1] for each in searched]
    assert record.tuned["validation"] == min(ends)
    chosen = searched[record.tuned["draw"]]
    assert record.settings | {"seed": 0} == chosen.settings | {"seed": 0}
    assert record.tuned["settings"].items() <= record.recipe["settings"].items() or (
        record.tuned["draw"] == 0
    )
    again = ganzoo.compare(plan, directory=tmp_path, workers=1)
    assert again.records == (record,)
    assert len(load(tmp_path / "tuned" / "tuning")) == 3
