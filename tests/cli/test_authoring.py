"""``ganzoo new-plugin``, whose project installs and passes its tests."""

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.cli.authoring import write_plugin
from ganzoo.errors import BadOption


def call(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("json", "can be imported already"),
        ("torch", "can be imported already"),
        ("hinge", "there is a loss 'ganzoo:hinge' already"),
        ("Wgan_GP", "there is a loss 'ganzoo:wgan-gp' already"),
        ("class", "a word of Python's own"),
        ("1loss", "is no name"),
        ("my loss", "is no name"),
        ("../loss", "is no name"),
        ("loss-", "is no name"),
    ],
)
def test_names_that_are_refused(tmp_path, name, said):
    result = call("new-plugin", name, "--directory", tmp_path / "new")
    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BadOption, match="is not empty"):
        write_plugin("my-new-loss", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_default_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("new-plugin", "My_new-Loss")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "my-new-loss" / "src" / "my_new_loss" / "loss.py").is_file()
    assert "ganzoo check my-new-loss" in result.output


def test_a_new_plugin_installs_and_passes_its_tests(tmp_path):
    project, target = tmp_path / "project", tmp_path / "installed"
    assert call("new-plugin", "round-corners", "--directory", project).exit_code == 0
    texts = [path.read_text() for path in project.rglob("*") if path.is_file()]
    assert len(texts) == 5
    assert not [text for text in texts if "$" in text]
    assert not [line for text in texts for line in text.splitlines() if len(line) > 100]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    options = ["--no-build-isolation", "--disable-pip-version-check", "--target", str(target)]
    subprocess.run([*pip, *options, str(project)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(target), "OMP_NUM_THREADS": "1"}
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(tests, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed, " in done.stdout
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    assert passed > 2 * 35
