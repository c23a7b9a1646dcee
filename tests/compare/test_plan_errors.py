"""Plans that no run could come of: what is wrong with them, and where."""

import pytest

from ganzoo.compare.plan import Plan
from ganzoo.errors import BadPlan


@pytest.fixture
def refused(tmp_path):
    def refuse(text):
        path = tmp_path / "mine.toml"
        path.write_text(text)
        with pytest.raises(BadPlan) as caught:
            Plan.of(path)
        return str(caught.value).replace(str(path), "mine.toml")

    return refuse


@pytest.mark.parametrize("table", ["networks = {hinje = 'mlp'}", "training.hinje.steps = 3"])
def test_what_a_task_has_for_a_loss_that_is_not_there(refused, table):
    text = f"losses = ['hinge']\n[[tasks]]\ndataset = 'ring8'\n{table}\n"
    assert "the loss 'hinje', which is not in this plan. Did you mean 'hinge'" in refused(text)


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
        Plan.of({"losses": ["hinge"], "tasks": ["ring8"], "seed": 1})
