"""ganzoo.evaluate, from Python and from the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from click.testing import CliRunner

import ganzoo
from ganzoo.cli import main
from ganzoo.evaluate import cache
from ganzoo.evaluate.extractor import Extractor
from ganzoo.game.stream import Stream
from ganzoo.zoo.extractors.random_conv import RandomConv


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def ring():
    return ganzoo.get_dataset("ring8").held_out(300, Stream(7, "x").seek(0))[0]


@pytest.fixture
def images():
    dice = torch.Generator().manual_seed(0)
    return lambda count: torch.rand(count, 3, 8, 8, generator=dice) * 2 - 1


def test_samples_of_the_law_itself(ring):
    found = ganzoo.evaluate(ring, "ring8", metrics=["quality", "modes", "mode-kl", "kid"])
    assert found.metrics["modes"] == 8
    by_name = {score.name: score for score in found.scores}
    assert by_name["quality"].perfect == pytest.approx(1 - np.exp(-4.5))
    assert by_name["quality"].value == pytest.approx(by_name["quality"].perfect, abs=0.03)
    assert by_name["mode-kl"].perfect == 7 / 600
    assert abs(by_name["kid"].value) < 4 * by_name["kid"].error
    assert found.counts == (300, 300)
    assert (found.samples, found.reference) == ("a Tensor", "ring8")


def test_options_and_an_extractor_of_ones_own(ring):
    class Doubled(Extractor):
        def features(self, x):
            return 2 * x

    once, twice = (
        ganzoo.evaluate(ring + 1, "ring8", metrics=["fd", "rbf-mmd(bandwidth=2.0)"], extractor=e)
        for e in ("pixels", Doubled())
    )
    assert list(once.metrics) == ["frechet-distance", "rbf-mmd(bandwidth=2.0)"]
    assert twice.metrics["frechet-distance"] == pytest.approx(
        4 * once.metrics["frechet-distance"], rel=1e-5
    )
    assert (once.extractor, twice.extractor) == ("pixels", "Doubled")


def test_one_metric_that_fails_stops_no_other(ring):
    found = ganzoo.evaluate(ring, ring + 1, metrics=["class-kl", "energy-distance", "modes"])
    by_name = {score.name: score for score in found.scores}
    assert by_name["energy-distance"].value > 0.5
    assert "classifier" in by_name["class-kl"].reason
    assert "mixture" in by_name["modes"].reason
    assert np.isnan(found.metrics["modes"])


def test_features_of_the_reference_are_cached(images, monkeypatch):
    fake, real, seen = images(40), images(60), []
    features = RandomConv.features

    def counted(self, x):
        seen.append(len(x))
        return features(self, x)

    monkeypatch.setattr(RandomConv, "features", counted)
    once = ganzoo.evaluate(fake, real)
    assert seen == [40, 40]
    assert ganzoo.evaluate(fake, real) == once
    assert seen == [40, 40, 40]
    ganzoo.evaluate(fake, real, extractor="random-conv(seed=1)")
    ganzoo.evaluate(fake, real + 1e-3)
    ganzoo.evaluate(fake, real, cache=False)
    assert seen == [40] * 9
    assert len(list(cache.folder().iterdir())) == 3


def test_a_damaged_cache_is_made_anew(images):
    fake, real = images(30), images(30)
    once = ganzoo.evaluate(fake, real)
    (place,) = cache.folder().iterdir()
    place.write_bytes(b"torn")
    assert ganzoo.evaluate(fake, real) == once
    assert place.stat().st_size > 1000


def test_further_samples_of_the_reference_are_the_floor(images):
    real = images(90)
    found = ganzoo.evaluate(images(40), real, metrics=["frechet-distance"])
    assert found.scores[0].perfect > 0
    few = ganzoo.evaluate(images(60), real, metrics=["frechet-distance"])
    assert few.scores[0].perfect is None


def test_what_is_not_to_be_believed_is_said(images):
    found = ganzoo.evaluate(images(30), torch.zeros(30, 3, 8, 8), metrics=["fd", "fd-infinity"])
    assert all("same features" in score.reason for score in found.scores)
    assert "30 samples of 224 features" in found.notes[0]
    assert "224 of 224 features are the same for all real samples" in found.notes[1]
    found = ganzoo.evaluate(images(30), images(30), metrics=["fd-infinity"])
    assert found.scores[0].reason == "not finite; see the notes"
    assert "below 2 it is NaN" in found.notes[-1]


def test_images_are_fitted(images):
    digits = ganzoo.get_dataset("digits")
    x = digits.held_out(50, Stream(0, "x").seek(0))[0] + 0.01
    names = ["frechet-distance", "memorisation"]
    once = ganzoo.evaluate(x, "digits", metrics=names)
    assert ganzoo.evaluate(x.expand(-1, 3, -1, -1), "digits", metrics=names).scores == once.scores
    assert 0 <= once.metrics["memorisation"] <= 1
    with pytest.raises(ganzoo.ShapeMismatch, match=r"\(3, 8, 8\), and the data of \(1, 8, 8\)"):
        ganzoo.evaluate(images(9), "digits")
    with pytest.raises(ganzoo.ShapeMismatch, match=r"--size 8"):
        ganzoo.evaluate(images(9)[..., :4, :4], "digits")


@pytest.mark.parametrize(
    ("reference", "options", "message"),
    [
        ("", {}, "held against"),
        ("rign8", {}, "Did you mean 'ring8'"),
        ("ring8(", {}, "neither a file"),
        ("ring8", {"count": 1}, "count=1"),
        ("ring8", {"metrics": ["kidd"]}, "Did you mean 'kid'"),
        ("ring8", {"extractor": "inception", "metrics": ["kid"]}, "never fetched"),
        ("digits", {}, "the samples are of shape"),
    ],
)
def test_errors(ring, reference, options, message, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path), raising=False)
    with pytest.raises(ganzoo.GanzooError, match=message):
        ganzoo.evaluate(ring, reference, **options)


def test_one_sample(ring):
    with pytest.raises(ganzoo.BadData, match=r"at least 2; found \(1, 2\)"):
        ganzoo.evaluate(ring[:1], "ring8")


def test_the_command(tmp_path, ring):
    np.save(tmp_path / "x.npy", ring.numpy())
    run = CliRunner().invoke(main, ["evaluate", str(tmp_path / "x.npy"), "--reference", "ring8"])
    assert run.exit_code == 0, run.output
    assert "mode-kl" in run.output
    assert "0.9889" in run.output
    command = ["evaluate", str(tmp_path / "x.npy"), "--reference", "ring8", "--json"]
    found = json.loads(CliRunner().invoke(main, command).output)
    assert found["counts"] == [300, 300]
    assert {score["name"] for score in found["scores"]} >= {"modes", "quality"}
    run = CliRunner().invoke(main, ["evaluate", str(tmp_path / "y.npy"), "--reference", "ring8"])
    assert run.exit_code == 1
    assert run.output.startswith("Error: ")
    assert "neither a folder nor a file" in run.output


def test_a_run_against_its_own_data(tmp_path):
    ganzoo.train("nonsaturating", "ring8", steps=2, report_every=1, folder=tmp_path / "run")
    found = ganzoo.evaluate(tmp_path / "run", count=100)
    assert found.reference == "ring8"
    assert found.counts == (100, 100)
    assert "of step 2 of nonsaturating" in found.notes[0]
