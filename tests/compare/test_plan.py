"""Plans: the built-in ones, short forms, and changes."""

import tomllib
from pathlib import Path

import pytest

import ganzoo
from ganzoo.compare.plan import LossPlan, Named, Plan
from ganzoo.errors import BadPlan

SMALL = {"losses": ["hinge"], "tasks": ["ring8"]}


def test_the_built_in_plan_compares_four_objectives_on_two_tasks():
    plan = Plan.of()
    assert [loss.title for loss in plan.losses] == ["minimax", "nonsaturating", "lsgan", "wgan-gp"]
    assert [task.title for task in plan.tasks] == ["ring8", "digits"]
    assert plan.every_seed == (0, 1, 2)
    assert plan.tasks[0].losses["wgan-gp"]["weight"] == 0.1
    assert plan.tasks[1].losses["wgan-gp"]["weight"] == 1.0


def test_built_in_plans_go_by_name(tmp_path, monkeypatch):
    plan = Plan.of("classic")
    assert plan.name == "classic"
    assert {"GAN", "InfoGAN", "BEGAN", "AAE"} <= {loss.title for loss in plan.losses}
    assert plan.tasks[0].networks["EBGAN"].name == "mlp-ae"
    assert Plan.of(plan.text() and {**tomllib.loads(plan.text())}) == plan
    short = plan.but(steps=7)
    assert not any("steps" in own for own in short.tasks[0].training.values())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadPlan, match="The built-in plans are default, classic"):
        Plan.of("clasic")
    (tmp_path / "classic").write_text("losses = ['hinge']\ntasks = ['ring8']\n")
    assert Plan.of("classic").losses[0].name == "hinge"  # a file of that name is meant


def test_a_star_stands_for_every_installed_loss():
    registered = [found.name for found in ganzoo.registry.entries("losses")]
    plan = Plan.of({**SMALL, "losses": ["*", "lsgan(a=-1)"]})
    assert [loss.title for loss in plan.losses] == [*registered, "lsgan(a=-1)"]
    assert len(registered) > 75


def test_the_catalogues_plan_has_every_loss_as_its_paper_trained_it():
    plan = Plan.of(Path(__file__).parents[2] / "benchmarks" / "plans" / "catalogue.toml")
    registered = {found.name for found in ganzoo.registry.entries("losses")}
    assert {loss.name for loss in plan.losses} == registered
    assert not any(loss.options or loss.settings or loss.add for loss in plan.losses)
    assert [task.dataset.name for task in plan.tasks] == ["grid25"]
    assert plan.defaults == "paper"


def test_short_forms():
    plan = Plan.of(
        {
            "losses": ["hinge", "lsgan(a=-1, b=1)", {"name": "hinge", "add": "spectral-norm"}],
            "tasks": [
                "ring8(scale=0.05)",
                {"dataset": "digits", "architecture": "mlp(width=32)"},
            ],
        }
    )
    assert plan.losses[1] == LossPlan(name="lsgan", options={"a": -1, "b": 1})
    assert plan.losses[2].add == ("spectral-norm",)
    assert [loss.title for loss in plan.losses] == [
        "hinge",
        "lsgan(a=-1, b=1)",
        "hinge + spectral-norm",
    ]
    assert plan.tasks[0].dataset == Named(name="ring8", options={"scale": 0.05})
    assert plan.tasks[1].architecture == Named(name="mlp", options={"width": 32})
    assert plan.tasks[1].title == "digits, mlp(width=32)"


def test_a_single_loss_and_task_need_no_list():
    plan = Plan.of({"losses": "hinge", "tasks": "ring8"})
    assert (plan.losses[0].name, plan.tasks[0].dataset.name) == ("hinge", "ring8")


def test_seeds_are_a_number_or_a_list():
    assert Plan.of({**SMALL, "seeds": 2}).every_seed == (0, 1)
    assert Plan.of({**SMALL, "seeds": [7, 3]}).every_seed == (7, 3)


@pytest.mark.parametrize(
    "plan",
    [
        None,
        {
            "name": "all-of-it",
            "seeds": [3, 1],
            "defaults": "paper",
            "settings": {"batch": 8, "generator_lr": 1e-5},
            "steps": 9,
            "seconds": 2.5,
            "tune": 4,
            "space": {"ema": [0.0, 0.9], "generator_lr": {"low": 1e-4, "high": 1e-3}},
            "losses": [
                {
                    "name": "lsgan",
                    "label": 'a "label" with \\ and \u00e9\x7f',
                    "options": {"a": -1.0},
                    "add": ["r1(gamma=0.1)", "clip"],
                    "settings": {"ema": 0.0},
                }
            ],
            "tasks": [
                {
                    "dataset": {"name": "ring8", "options": {"list": [1, [2.5]], "on": True}},
                    "architecture": "mlp",
                    "metrics": ["modes"],
                    "evaluate_every": 5,
                    "evaluate_samples": 7,
                    "losses": {"lsgan": {"odd key!": float("inf")}},
                }
            ],
        },
    ],
)
def test_a_plan_survives_its_toml(plan):
    made = Plan.of(plan)
    assert Plan.of(tomllib.loads(made.text())) == made


def test_a_file_without_a_name_is_called_like_the_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("losses = ['hinge']\ntasks = ['ring8']\n")
    assert Plan.of(path).name == "mine"
    assert Plan.of(str(path)) == Plan.of(path)


def test_changes_go_by_name_and_position():
    plan = Plan.of(
        None,
        changes=[
            "seeds=[4, 5]",
            "settings.batch=32",
            "tasks.ring8.settings.steps=100",
            "losses.lsgan.options.a=-1",
            "losses.0.label=MM",
            "tasks.digits.losses.wgan-gp.weight=2.5",
            "tasks.0.architecture=mlp(width=16)",
        ],
    )
    assert plan.seeds == (4, 5)
    assert plan.settings == {"batch": 32}
    assert plan.tasks[0].settings == {"steps": 100}
    assert plan.losses[2].options == {"a": -1}
    assert plan.losses[0].title == "MM"
    assert plan.tasks[1].losses["wgan-gp"]["weight"] == 2.5
    assert plan.tasks[0].architecture == Named(name="mlp", options={"width": 16})


def test_a_change_leaves_the_plan_it_came_from_alone():
    data = {"losses": ["hinge"], "tasks": [{"dataset": "ring8", "settings": {"steps": 5}}]}
    Plan.of(data, changes=["tasks.ring8.settings.steps=9"])
    assert data["tasks"][0]["settings"] == {"steps": 5}


def test_but_changes_steps_wherever_they_are_set():
    plan = Plan.of(
        {
            "losses": [{"name": "hinge", "settings": {"steps": 7, "ema": 0.0}}],
            "tasks": [{"dataset": "ring8", "settings": {"steps": 8}}],
            "settings": {"steps": 9, "batch": 4},
        }
    ).but(name="short", seeds=5, steps=2)
    assert (plan.name, plan.seeds) == ("short", 5)
    assert (plan.steps, plan.settings) == (2, {"batch": 4})
    assert plan.tasks[0].settings == {}
    assert plan.losses[0].settings == {"ema": 0.0}
    assert plan.but() == plan
    assert (plan.but(seconds=3).steps, plan.but(seconds=3).seconds) == (0, 3)
