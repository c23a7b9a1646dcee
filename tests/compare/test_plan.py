"""Plans: short forms, changes, and errors that say where."""

import tomllib
from pathlib import Path

import pytest

import ganzoo
from ganzoo.compare.plan import LossPlan, Named, Plan
from ganzoo.errors import BadPlan

SMALL = {"losses": ["hinge"], "tasks": ["ring8"]}


@pytest.fixture
def refused(tmp_path):
    def refuse(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        with pytest.raises(BadPlan) as caught:
            Plan.of(path)
        return str(caught.value).replace(str(path), "mine.toml")

    return refuse


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


@pytest.mark.parametrize("table", ["networks = {hinje = 'mlp'}", "training.hinje.steps = 3"])
def test_what_a_task_has_for_a_loss_that_is_not_there(refused, table):
    text = f"losses = ['hinge']\n[[tasks]]\ndataset = 'ring8'\n{table}\n"
    assert "the loss 'hinje', which is not in this plan. Did you mean 'hinge'" in refused(text)


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("seeds", "expected something like settings.batch=32"),
        ("=3", "expected something like"),
        ("tasks.ring.seeds=1", r"no 'ring'\. Did you mean 'ring8'\? There are ring8, digits"),
        ("seeds.a.b=1", "no 'a'"),
        ("seeds.a=1", "'seeds' is no table"),
        ("seedss=1", r"unknown key 'seedss'\. Did you mean 'seeds'"),
    ],
)
def test_changes_that_find_no_place(change, message):
    with pytest.raises(BadPlan, match=message):
        Plan.of(None, changes=[change])


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "losses = ['a']\ntaks = ['b']\n",
            "mine.toml, line 2: unknown key 'taks'. Did you mean 'tasks'?",
        ),
        (
            "losses = ['a']\n\n[[tasks]]\ndataset = 'b'\n[[tasks]]\n# dataset\ndatset = 'c'\n",
            "mine.toml, line 7: unknown key 'datset'. Did you mean 'dataset'?",
        ),
        (
            "losses = ['a', {name = 'b', optons = {}}]\ntasks = ['b']\n",
            "mine.toml, line 1: unknown key 'optons'. Did you mean 'options'?",
        ),
        (
            "losses = ['a']\n[[tasks]]\ndataset = {nam = 'b'}\n",
            "mine.toml, line 3: unknown key 'nam'. Did you mean 'name'?",
        ),
        (
            "losses = ['a']\n[[tasks]]\ndataset = 'b'\n[[tasks]]\nname = 'c'\n",
            "mine.toml, line 4: tasks[1]: it lacks `dataset`",
        ),
        (
            "losses = ['a']\ntasks = ['b']\n\nseeds = 'three'\n",
            "mine.toml, line 4: seeds: Expected `int | list`, got `string`",
        ),
        ("losses = ['a'\n\ntasks = ['b']\n", "mine.toml, line 3: not TOML:"),
        ("losses = ['a']\ntasks = ['b'\n", "mine.toml: not TOML:"),
        ("losses = ['a']\n", "mine.toml: the plan: it lacks `tasks`"),
        (
            "losses = []\ntasks = ['b']\n",
            "mine.toml, line 1: a plan needs at least one of its losses",
        ),
        (
            "losses = ['a']\ntasks = ['b']\nseeds = 0\n",
            "mine.toml, line 3: a plan needs at least one of its seeds",
        ),
        (
            "losses = ['a', 'a']\ntasks = ['b']\n",
            "mine.toml, line 1: two losses are called 'a'; give one a `label`",
        ),
        (
            "losses = ['a']\ntasks = ['b', 'b']\n",
            "mine.toml, line 2: two tasks are called 'b'; give one a `name`",
        ),
        (
            "losses = ['a']\ntasks = ['b']\nseeds = [1, 1]\n",
            "mine.toml, line 3: two seeds are '1'; remove one",
        ),
        (
            "losses = ['a']\ntasks = ['b']\nname = '../up'\n",
            "mine.toml, line 3: name='../up' cannot be a folder's",
        ),
        (
            "losses = ['a']\ntasks = ['b']\ndefaults = 'papr'\n",
            "mine.toml, line 3: defaults: Invalid enum value 'papr'",
        ),
        ("losses = ['a(b)']\ntasks = ['b']\n", "mine.toml: cannot read 'a(b)'"),
        (
            "losses = ['wgan-gp']\n[[tasks]]\ndataset = 'b'\n[tasks.losses.wgangp]\nweight = 1\n",
            "mine.toml, line 4: task 'b' has options for the loss 'wgangp', which is not "
            "in this plan. Did you mean 'wgan-gp'?",
        ),
        (
            "losses = ['lsgan',\n  'hinges']\ntasks = ['ring8']\n",
            "mine.toml, line 2: no loss 'hinges' is installed.",
        ),
        (
            "losses = ['lsgan']\ntasks = ['ring8']\n[settings]\nbatch = 0\n",
            "mine.toml, line 4: settings: batch=0: at least 1",
        ),
        (
            "losses = ['lsgan']\n[[tasks]]\ndataset = 'ring8'\nseconds = -1\n",
            "mine.toml, line 4: tasks[0].seconds=-1.0: 0 or more",
        ),
        (
            "losses = ['lsgan']\ntasks = ['ring8']\ntune = 3\n[space]\nrate = [1, 2]\n",
            "mine.toml, line 5: space: unknown setting 'rate'.",
        ),
        (
            "losses = ['lsgan']\ntasks = ['ring8']\ntune = 3\n[space]\nema = {low = 0, high = 1}\n",
            "mine.toml, line 5: space.ema goes from 0.0 to 1.0;",
        ),
        (
            "losses = ['lsgan']\ntasks = ['ring8']\n[space]\nema = [0.0, 0.9]\n",
            "mine.toml, line 3: a space to search needs `tune`",
        ),
    ],
)
def test_what_is_wrong_with_a_file_and_where(refused, text, expected):
    assert refused(text).startswith(expected)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadPlan, match=r"nowhere\.toml: the plan cannot be read: No such file"):
        Plan.of(tmp_path / "nowhere.toml")


def test_a_file_that_is_not_text(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadPlan, match="cannot be read"):
        Plan.of(path)


def test_a_mapping_names_no_line():
    with pytest.raises(BadPlan, match="^the plan: unknown key 'seed'"):
        Plan.of({**SMALL, "seed": 1})
