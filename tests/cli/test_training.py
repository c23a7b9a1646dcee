from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner
from safetensors.numpy import load_file

from ganzoo.cli import main
from ganzoo.cli.pictures import draw, write
from ganzoo.errors import BadOption


def call(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    result = call(
        "train", "hinge(generator_margin=1.0)", "--dataset", "ring8", "--steps", 6,
        "--set", "batch=16", "--set", "report_every=2", "--add", "r1(gamma=0.1)",
        "--folder", folder,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    return folder, result.output


def test_a_run_is_kept_and_shown(run):
    folder, output = run
    names = {path.name for path in folder.iterdir()}
    assert {"recipe.json", "checkpoint-00000006", "samples.png"} <= names
    assert "mode-kl" in output
    assert "a perfect sampler" in output
    assert "6 steps" in output


@pytest.mark.parametrize("ending", ["npy", "safetensors", "png"])
def test_samples_of_a_run(run, tmp_path, ending):
    path = tmp_path / f"samples.{ending}"
    result = call("sample", run[0], "--count", 10, "--output", path)
    assert result.exit_code == 0, result.output
    assert "10 samples of step 6" in result.output
    if ending == "npy":
        assert np.load(path).shape == (10, 2)
    elif ending == "safetensors":
        assert load_file(path)["samples"].shape == (10, 2)
    else:
        assert path.read_bytes()[:4] == b"\x89PNG"


def test_the_average_and_the_raw_weights_differ(run, tmp_path):
    for name, *more in (("average",), ("raw", "--raw"), ("other", "--index", "1")):
        assert call("sample", run[0], "--output", tmp_path / f"{name}.npy", *more).exit_code == 0
    average, raw, other = (np.load(tmp_path / f"{n}.npy") for n in ("average", "raw", "other"))
    assert not np.array_equal(average, raw)
    assert not np.array_equal(average, other)


def test_a_class_can_be_asked_for(tmp_path):
    pytest.importorskip("ganzoo_conditional")
    place = tmp_path / "cgan"
    made = call(
        "train", "cgan", "--dataset", "digits", "--steps", 2, "--folder", place,
        "--metric", "energy-distance",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    for name, *more in (("all",), ("threes", "--label", 3), ("two", "--label", 3, "--label", 7)):
        asked = call("sample", place, "--count", 20, "--output", tmp_path / f"{name}.npy", *more)
        assert asked.exit_code == 0, asked.output
    every, threes, two = (np.load(tmp_path / f"{n}.npy") for n in ("all", "threes", "two"))
    assert np.array_equal(every[3], threes[3])  # the same latent vector, and every class in turn
    assert not np.array_equal(every[4], threes[4])
    assert np.array_equal(two[::2], threes[::2])
    beyond = call("sample", place, "--label", 12)
    assert beyond.exit_code == 1
    assert "from 0 to 9; found labels from 12 to 12" in beyond.output


def test_no_class_can_be_asked_of_a_model_without(run):
    result = call("sample", run[0], "--label", 1)
    assert result.exit_code == 1
    assert "looks at no labels" in result.output


def test_another_run_does_not_overwrite_a_folder(run):
    result = call("train", "minimax", "--folder", run[0])
    assert result.exit_code != 0
    assert "another run" in result.output
    assert (run[0] / "checkpoint-00000006").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "hinje"), "hinge"),
        (("train", "hinge", "--set", "steps"), "--set steps=1000"),
        (("train", "hinge", "--set", "step=3"), "Did you mean 'steps'"),
        (("sample", "."), "recipe.json"),
    ],
)
def test_a_mistake_is_an_error_message_and_no_traceback(arguments, words):
    result = call(*arguments)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_run_that_diverges_says_so(tmp_path):
    result = call(
        "train", "lsgan", "--steps", 200, "--set", "optimizer=sgd", "--folder", tmp_path,
        "--set", "discriminator_lr=1e6", "--set", "report_every=10",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "diverged" in result.output


@pytest.mark.parametrize("shape", [(7, 1, 8, 8), (4, 3, 8, 8), (2, 2, 4, 4), (9, 2)])
def test_every_kind_of_sample_has_a_picture(tmp_path, shape):
    path = draw(np.zeros(shape, np.float32), tmp_path / "x.png")
    assert path.stat().st_size > 100


def test_what_cannot_be_drawn_or_written_says_so(tmp_path):
    with pytest.raises(BadOption, match=r"\.npy"):
        draw(np.zeros((3, 1), np.float32), tmp_path / "x.png")
    with pytest.raises(BadOption, match="safetensors"):
        write(np.zeros((3, 2), np.float32), tmp_path / "x.jpg")


def test_verbose_says_which_engine_and_why(tmp_path):
    asked = ("train", "hinge", "--steps", 1, "--verbose", "--set", "device=cpu")
    result = call(*asked, "--set", "engine=cudagraph", "--folder", tmp_path)
    assert result.exit_code == 0, result.output
    assert "engine eager: cudagraph was asked for, but" in result.output


@pytest.mark.parametrize(("written", "value"), [("true", "true"), ("False", "false")])
def test_switches_are_set_as_toml_and_python_write_them(tmp_path, written, value):
    asked = ("train", "hinge", "--steps", 1, "--verbose", "--folder", tmp_path)
    result = call(*asked, "--set", f"reuse_fakes={written}")
    assert result.exit_code == 0, result.output
    assert ("(reuse_fakes)" in result.output) == (value == "true")
    assert f'"reuse_fakes": {value}' in (tmp_path / "recipe.json").read_text()
