"""``ganzoo check``."""

import json

import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo.cli import main
from ganzoo.registry import Found, LossEntry


def call(*arguments):
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def test_a_good_loss_with_options():
    result = call("lsgan(a=-1, b=1, c=0)")
    assert result.exit_code == 0, result.output
    assert "FAILED" not in result.output
    assert "it computes what its docstring says" in result.output
    quick = [check for check in ganzoo.testing.LOSS_CHECKS if not check.slow]
    assert len([line for line in result.output.splitlines() if line.strip()]) == len(quick) + 3


def test_as_json():
    told = json.loads(call("wgan-gp", "--json", "--only", "finite", "--only", "compiles").output)
    assert [(each["check"], each["status"]) for each in told] == [
        ("finite", "passed"),
        ("compiles", "skipped"),
    ]
    assert {(each["id"], each["kind"]) for each in told} == {("ganzoo:wgan-gp", "losses")}


class Backwards(ganzoo.Term):
    traits = ganzoo.Traits(waived=(("dirac", "only to see a check waived"),))

    def discriminator(self, play):
        return play.real.score.mean() - play.fake.score.mean()

    def generator(self, play):
        return play.fake.score.mean()


def backwards():
    """No formula, no reference."""
    return ganzoo.Objective(Backwards())


@pytest.fixture
def bad(monkeypatch):
    """A loss that is the wrong way round is installed, and nothing else."""
    entry = LossEntry("backwards", target=f"{__name__}:backwards")
    found = Found(entry, "losses", "bad-losses", "1.0")
    registry = ganzoo.registry.default_registry()
    monkeypatch.setattr(registry, "entries", lambda kind: [found] if kind == "losses" else [])
    monkeypatch.setattr("ganzoo.registry.targets.load_target", lambda found: backwards)


def test_a_bad_loss(bad):
    result = call("backwards", "--only", "direction", "--only", "dirac", "--only", "documented")
    assert result.exit_code == 1
    assert "FAILED" in result.output
    assert "A higher score must mean more real" in result.output
    assert "lacks a summary, a reference, a family, the formula 'L_D = '" in result.output
    assert "only to see a check waived" in result.output
    assert "2 failed, 1 waived in " in result.output


def test_a_distribution_and_everything():
    result = call("ganzoo-relativistic", "--only", "finite")
    assert result.exit_code == 0, result.output
    assert "ganzoo-relativistic:rcgan" in result.output
    assert "10 things: 10 passed in " in result.output


def test_everything_where_something_is_bad(bad):
    result = call("--all", "--only", "finite", "--only", "direction")
    assert result.exit_code == 1
    assert "1 passed, 1 failed" in result.output
    assert "1 things" not in result.output  # one thing is shown in full


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["hinje"], "Did you mean 'hinge'"),
        (["hinge(margn=1)"], "no option 'margn'"),
        (["hinge(1)"], "cannot read"),
        (["hinge", "--only", "finit"], "no check 'finit'"),
        (["digits"], "say which kind: datasets or extractors"),
        (["ganzoo-relativistic(gamma=1)"], "options go with one"),
    ],
)
def test_what_cannot_be_checked(arguments, said):
    result = call(*arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert said in result.output


def test_a_name_or_all():
    assert call().exit_code == 2
    assert call("hinge", "--all").exit_code == 2
