"""Which models a gallery shows, and the recipes that they are trained by."""

import math
import struct

import pytest

from ganzoo.gallery import collection
from ganzoo.gallery.models import chosen, recipe_of, task_of
from ganzoo.recipe import assemble


@pytest.mark.parametrize("dataset", ["digits", "digits(size=16)"])
def test_autoencoders_judge_beside_the_generator_of_the_others(dataset):
    pytest.importorskip("ganzoo_energy")
    task, source = task_of(dataset)
    games = {}
    for name in ("gan", "ebgan", "began", "magan"):
        (model,) = chosen([name])
        made = recipe_of(model, task, source, steps=1, seed=0)
        games[name] = assemble(made).trainer.game
    shapes = [[p.shape for p in game.generator.parameters()] for game in games.values()]
    assert all(each == shapes[0] for each in shapes)
    assert "reconstruction" in games["magan"].discriminator.provides


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_files_of_28_pixels_get_the_networks_of_that_size(tmp_path, name):
    pytest.importorskip("ganzoo_energy")
    folder = tmp_path / {"mnist": "MNIST/raw", "fashion-mnist": "FashionMNIST/raw"}[name]
    folder.mkdir(parents=True)
    for prefix in ("train", "t10k"):
        for kind, shape in (("images-idx3", (20, 28, 28)), ("labels-idx1", (20,))):
            head = struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape)
            content = head + bytes(i % 10 for i in range(math.prod(shape)))
            (folder / f"{prefix}-{kind}-ubyte").write_bytes(content)
    task, source = task_of({"name": name, "options": {"root": str(tmp_path)}})
    assert source.spec.shape == (1, 28, 28)
    games = {}
    for model in chosen(["gan", "infogan", "ebgan", "cvae"]):
        made = recipe_of(model, task, source, steps=1, seed=0)
        run = assemble(made)
        assert run.sample(3).shape == (3, 1, 28, 28)
        games[model.name] = run.trainer.game
    assert {type(game.generator).__name__ for game in games.values()} == {"InfoGenerator"}
    assert "reconstruction" in games["ebgan"].discriminator.provides
    assert type(games["infogan"].discriminator).__name__ == "InfoDiscriminator"
    assert games["cvae"].encoder.conditional


def test_what_was_found_on_the_digits_stays_there():
    (began,) = chosen(["began"])
    here = recipe_of(began, *task_of("digits"), steps=0, seed=1)
    there = recipe_of(began, *task_of("digits(size=16)"), steps=0, seed=1)
    assert here.loss.options
    assert here.settings["generator_lr"] > 0
    assert (there.loss.options, there.settings) == ({}, {"seed": 1})
    assert recipe_of(began, *task_of("digits"), steps=9, seed=1).settings["steps"] == 9


def test_the_collection_is_whole():
    classic = "gan lsgan wgan wgan-gp dragan cgan infogan acgan ebgan began vae cvae dvae aae"
    assert [*classic.split(), "vae-2d"] == [n for n in collection() if n != "gan-saturating"]
    assert [model.name for model in chosen(["WGAN_GP"])] == ["wgan-gp"]
