"""The grid: which runs a plan has, and when two runs are one."""

import msgspec
import pytest

from ganzoo.compare.grid import Cell, grid
from ganzoo.compare.plan import Plan
from ganzoo.errors import BadPlan


def test_every_loss_on_every_task_with_every_seed_a_round_at_a_time(cells):
    made = cells(losses=["lsgan", "hinge"], tasks=["ring8", "grid25"], seeds=[5, 6])
    assert [(c.seed, c.task, c.label) for c in made[:5]] == [
        (5, "ring8", "lsgan"),
        (5, "ring8", "hinge"),
        (5, "grid25", "lsgan"),
        (5, "grid25", "hinge"),
        (6, "ring8", "lsgan"),
    ]
    assert len({c.key for c in made}) == len(made) == 8
    assert made[0].title == "lsgan on ring8, seed 5"


def test_settings_go_from_the_general_to_the_particular():
    plan = Plan.of(
        {
            "losses": [{"name": "lsgan", "settings": {"ema": 0.1}}],
            "tasks": [{"dataset": "ring8", "settings": {"ema": 0.2, "batch": 7}}],
            "settings": {"ema": 0.3, "batch": 8, "steps": 9},
            "seeds": [4],
        }
    )
    assert grid(plan)[0].recipe.settings == {"ema": 0.1, "batch": 7, "steps": 9, "seed": 4}


def test_a_task_has_networks_and_settings_of_its_own_for_a_loss(cells):
    task = {
        "dataset": "ring8",
        "architecture": "mlp(width=8)",
        "networks": {"ours": "mlp(width=9)"},
        "training": {"lsgan": {"ema": 0.5, "batch": 3}, "ours": {"ema": 0.6}},
        "settings": {"ema": 0.7},
    }
    losses = ["hinge", {"name": "lsgan", "label": "ours", "settings": {"ema": 0.8}}]
    hinge, ours = (cell.recipe for cell in cells(losses=losses, tasks=[task], seeds=[0]))
    assert str(hinge.architecture) == "mlp(width=8)"
    assert str(ours.architecture) == "mlp(width=9)"
    assert (hinge.settings["ema"], ours.settings["ema"]) == (0.7, 0.6)
    assert ours.settings["batch"] == 3 != hinge.settings["batch"]
    with pytest.raises(BadPlan, match="mpl"):
        cells(losses=losses, tasks=[{**task, "networks": {"ours": "mpl"}}], seeds=[0])


@pytest.mark.parametrize("called", ["wgan-gp", "ours"])
def test_a_task_has_options_of_its_own_for_a_loss_by_name_or_label(cells, called):
    first, second = cells(
        losses=[{"name": "wgan-gp", "label": "ours", "options": {"weight": 3.0}}],
        tasks=["grid25", {"dataset": "ring8", "losses": {called: {"discriminator_turns": 2}}}],
    )
    assert first.recipe.loss.options == {"weight": 3.0}
    assert second.recipe.loss.options == {"weight": 3.0, "discriminator_turns": 2}


def test_everything_of_a_task_reaches_the_recipe(cells):
    (cell,) = cells(
        losses=[{"name": "hinge", "add": ["spectral-norm"]}],
        tasks=[
            {
                "dataset": "ring8(scale=0.2)",
                "architecture": "mlp(width=16)",
                "metrics": ["modes"],
                "evaluate_every": 3,
                "evaluate_samples": 70,
                "name": "wide ring",
            }
        ],
        defaults="paper",
    )
    recipe = cell.recipe
    assert (str(recipe.dataset), str(recipe.architecture)) == ("ring8(scale=0.2)", "mlp(width=16)")
    assert (recipe.add, recipe.metrics) == (("spectral-norm",), ("modes",))
    assert (recipe.evaluate_every, recipe.evaluate_samples) == (3, 70)
    assert recipe.defaults == "paper"
    assert cell.task == "wide ring"


def test_the_key_is_the_content_and_not_the_names(cells):
    (plain,) = cells()
    (named,) = cells(losses=[{"name": "lsgan", "label": "mine"}], name="elsewhere")
    (other,) = cells(losses=["lsgan(a=-1)"])
    (longer,) = cells(settings={"steps": 5, "batch": 8, "report_every": 2})
    assert plain.key == named.key
    assert len({plain.key, other.key, longer.key}) == 3


def test_a_cell_survives_json(cells):
    (cell,) = cells(losses=["wgan-gp(weight=0.5)"])
    assert msgspec.json.decode(msgspec.json.encode(cell), type=Cell) == cell


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"losses": ["hing"]}, r"no loss 'hing' is installed\. Did you mean 'hinge'"),
        ({"losses": [{"name": "hinge", "add": ["r9(gamma=1)"]}]}, "no term 'r9'"),
        ({"losses": [{"name": "hinge", "add": ["r1(1)"]}]}, "1 needs the name of its option"),
        ({"tasks": ["ring9"]}, "no data set 'ring9'"),
        ({"tasks": [{"dataset": "ring8", "architecture": "mpl"}]}, "no architecture 'mpl'"),
        ({"tasks": [{"dataset": "ring8", "metrics": ["mode"]}]}, "no metric 'mode'"),
        (
            {"settings": {"step": 5}},
            r"the plan: settings: unknown setting 'step'\. Did you mean 'steps'",
        ),
        ({"settings": {"batch": 0}}, "the plan: settings: batch=0: at least 1"),
    ],
)
def test_what_no_run_could_do_is_an_error_of_the_plan(cells, changes, message):
    with pytest.raises(BadPlan, match=message):
        cells(**changes)


def test_a_tasks_budget_is_the_whole_of_it(cells):
    tasks = [
        "ring8",
        {"dataset": "grid25", "seconds": 2},
        {"dataset": "ring8", "name": "both", "steps": 7, "settings": {"seconds": 3.0}},
    ]
    made = cells(tasks=tasks, settings={"batch": 8}, steps=5)
    found = [{k: c.recipe.settings.get(k) for k in ("steps", "seconds")} for c in made]
    assert found == [
        {"steps": 5, "seconds": None},
        {"steps": None, "seconds": 2.0},
        {"steps": 7, "seconds": 3.0},
    ]


def test_one_run_under_two_names_is_an_error(cells):
    with pytest.raises(BadPlan, match="one run twice: a on ring8, seed 0, and b on ring8, seed 0"):
        cells(losses=[{"name": "lsgan", "label": "a"}, {"name": "lsgan", "label": "b"}])


def test_a_task_may_have_some_of_the_losses_alone(cells):
    made = cells(
        losses=["lsgan", "hinge"], tasks=["ring8", {"dataset": "grid25", "only": ["hinge"]}]
    )
    assert [(c.task, c.label) for c in made] == [
        ("ring8", "lsgan"),
        ("ring8", "hinge"),
        ("grid25", "hinge"),
    ]
    with pytest.raises(BadPlan, match="has only the loss 'hinges', which is not in this plan"):
        cells(losses=["hinge"], tasks=[{"dataset": "ring8", "only": ["hinges"]}])
