"""A comparison's folder holds no weights: who would measure it is told what works."""

from __future__ import annotations

import json
import shlex

import msgspec
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import save_file

import ganzoo
from ganzoo.cli import main
from ganzoo.errors import MissingData
from ganzoo.recipe import Choice, Recipe
from ganzoo.recipe.unkept import command
from ganzoo.records.record import Record

RECIPE = Recipe(
    loss=Choice("hinge"),
    add=("r1(gamma=0.1)",),
    dataset=Choice("ring8"),
    settings={"steps": 2, "batch": 8, "seed": 3, "betas": [0.5, 0.9], "optimizer": "adam"},
)


@pytest.fixture
def folder(tmp_path):
    """A comparison of a run that failed and one that kept its samples."""
    common = {"task": "ring8", "seed": 3, "recipe": msgspec.to_builtins(RECIPE)}
    kept = Record(
        key="a1", label="hinge", status="finished", samples="samples/a1.safetensors", **common
    )
    failed = Record(key="b2", label="lsgan", status="failed", **common)
    home = tmp_path / "my runs"
    (home / "samples").mkdir(parents=True)
    save_file({"fake": torch.randn(50, 2), "real": torch.zeros(50, 2)}, home / kept.samples)
    lines = b"".join(msgspec.json.encode(record) + b"\n" for record in (failed, kept))
    (home / "records.jsonl").write_bytes(lines)
    return home


def call(line):
    program, *arguments = shlex.split(line)
    assert program == "ganzoo"
    return CliRunner().invoke(main, arguments)


def test_it_is_refused_from_the_shell_and_from_python(folder):
    result = call(shlex.join(["ganzoo", "evaluate", str(folder)]))
    assert result.exit_code == 1
    assert "is a comparison: it keeps no weights" in result.output
    assert "Traceback" not in result.output
    with pytest.raises(MissingData, match="is a comparison"):
        ganzoo.evaluate(folder, "ring8")


def test_the_lines_that_it_names_work(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingData) as error:
        ganzoo.evaluate(folder)
    _, report, again, as_they_are = str(error.value).splitlines()
    assert report.endswith(f"ganzoo report {shlex.quote(str(folder))}")
    assert "hinge on ring8, seed 3" in again
    assert "Its 50 samples" in as_they_are
    train, measure = again.partition(": ")[2].split(" && ")
    assert call(train).exit_code == 0
    assert json.loads(call(f"{measure} --count 50 --json").output)["counts"] == [50, 50]
    found = call(f"{as_they_are.partition(': ')[2]} --json")
    assert json.loads(found.output)["scores"][0]["value"] is not None


def test_the_command_is_the_whole_recipe(tmp_path):
    named = msgspec.structs.replace(
        RECIPE, architecture=Choice("mlp", {"width": 16}), defaults="paper"
    )
    for number, recipe in enumerate((RECIPE, named)):
        home = tmp_path / str(number)
        result = call(command(recipe, str(home)))
        assert result.exit_code == 0, result.output
        assert Recipe.load(home / "recipe.json") == recipe


def test_without_samples_it_names_what_is_left(folder):
    (folder / "samples" / "a1.safetensors").unlink()
    with pytest.raises(MissingData) as error:
        ganzoo.evaluate(folder)
    assert len(str(error.value).splitlines()) == 2
