"""``pytest --ganzoo-check``: light at start-up, one test for each check of each entry."""

import os
import subprocess
import sys

import pytest

START = """
import sys, pytest
code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", sys.argv[1]])
print(sorted(name for name in sys.modules if name.split(".")[0] in ("ganzoo", "torch", "pluggy")
             and not name.startswith("pluggy")))
"""
HALVED = '''
import ganzoo
from ganzoo.terms import ScoreTerm


class Halved(ScoreTerm):
    traits = ganzoo.Traits(waived=(("dirac", "so that one check is waived"),))

    def real(self, score):
        return -score / 2

    def fake(self, score):
        return score

    def generated(self, score):
        return -score


def halved():
    """Half of one side.

        L_D = E f - E r
        L_G = -E f

    Reference: none, 2026.
    """
    return ganzoo.Objective(Halved())
'''
PLUGIN = """
import ganzoo

@ganzoo.hookimpl
def ganzoo_losses():
    yield ganzoo.LossEntry("halved", target="halved_loss:halved", family="wrong", summary="Wrong")
"""


@pytest.fixture
def run(tmp_path):
    """Run pytest in an empty folder, where a distribution with a wrong loss is installed."""
    shelf, here = tmp_path / "shelf", tmp_path / "here"
    about = shelf / "wrong_losses-1.0.dist-info"
    about.mkdir(parents=True)
    here.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: wrong-losses\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[ganzoo]\nwrong = halved_plugin\n")
    (shelf / "halved_loss.py").write_text(HALVED)
    (shelf / "halved_plugin.py").write_text(PLUGIN)
    environment = {**os.environ, "PYTHONPATH": str(shelf), "OMP_NUM_THREADS": "1"}

    def go(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=here, env=environment, capture_output=True, text=True, check=False
        )

    return go


def test_pytest_starts_without_torch_and_without_ganzoo(run):
    done = run("-c", START, ".")
    assert done.stdout.splitlines()[-1] == "['ganzoo', 'ganzoo.testing', 'ganzoo.testing.plugin']"


def test_every_entry_of_a_distribution_is_checked(run):
    done = run("-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "--ganzoo-check=wrong-losses")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "PASSED ganzoo/losses/wrong-losses:halved::finite" in done.stdout
    failed = {
        line.split("::")[-1].split()[0]
        for line in done.stdout.splitlines()
        if line.startswith("FAILED")
    }
    assert {"formula", "stationary"} <= failed
    assert "Either is wrong" in done.stdout
    assert "Traceback" not in done.stdout
    assert "waived: so that one check is waived" in done.stdout


def test_a_name_that_is_not_installed_is_a_usage_error(run):
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--ganzoo-check", "halvd")
    assert done.returncode == 4
    assert "Did you mean 'halved'" in done.stdout + done.stderr
