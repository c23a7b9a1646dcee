"""The gallery: trains, goes on, survives a model that fails, and shows what it should."""

import base64
import io
import re

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from ganzoo.cli import main
from ganzoo.errors import BadOption, UnknownName
from ganzoo.gallery import exhibit as exhibits
from ganzoo.gallery import gallery
from ganzoo.gallery.exhibit import milestones
from ganzoo.gallery.parts import figures

NAMES = ("gan", "cgan", "infogan", "dvae", "vae-2d")
SECTIONS = ("random", "classes", "codes", "reconstruction", "latent", "meaning")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    pytest.importorskip("ganzoo_conditional")
    pytest.importorskip("ganzoo_autoencoders")
    folder, seen = tmp_path_factory.mktemp("gallery"), []
    return gallery(NAMES, steps=6, folder=folder, on_model=seen.append), seen


def test_the_page_has_every_section(made):
    page, seen = made
    text = page.read_text()
    assert [model.reason for model in seen] == [""] * len(NAMES)
    assert re.findall(r'<section id="(\w+)">', text) == list(SECTIONS)
    for title in ("GAN, before training", "VAE-2D", "The learned manifold"):
        assert title in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert "<script" not in text


def test_every_picture_decodes(made):
    page, _ = made
    inside = re.findall(r'src="data:image/png;base64,([^"]+)"', page.read_text())
    files = sorted(page.parent.glob("*.png"))
    assert len(inside) == len(files) - len(list(page.parent.glob("codes-*.png"))) > 20
    for content in [*(base64.b64decode(each) for each in inside), *(f.read_bytes() for f in files)]:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            assert min(image.size) > 20
    names = {file.stem for file in files}
    assert {"random-gan-6", "classes-cgan", "categories-infogan", "sweep-infogan-2"} <= names
    assert {
        "reconstruction-dvae",
        "manifold-vae-2d",
        "codes-dvae",
        "given-gan",
        "between-dvae-after",
    } <= names


def test_shots_have_their_shapes(made):
    _, seen = made
    gan, cgan, infogan, dvae, small = seen
    assert gan.steps == [0, 1, 3, 6]
    assert gan.at_end("samples").shape == (64, 1, 8, 8)
    assert gan.at_end("walk").shape[1:] == gan.at_end("traversal").shape[1:] == (9, 1, 8, 8)
    assert cgan.at_end("classes").shape == (8, 10, 1, 8, 8)
    assert infogan.at_end("sweep").shape == (3, 9, 9, 1, 8, 8)
    assert dvae.at_end("remade").shape == dvae.at_end("seen").shape == (12, 1, 8, 8)
    assert not np.array_equal(dvae.at_end("seen"), dvae.at_end("inputs"))
    assert small.at_end("codes").shape == (500, 2)
    assert small.at_end("manifold").shape == (15, 15, 1, 8, 8)
    assert dvae.at_end("manifold") is gan.at_end("classes") is None


def test_noise_is_the_same_at_every_milestone(made):
    _, (gan, *_) = made
    # after so few steps the samples of one z are near each other, those of others are not
    before, after = gan.at(1, "samples").reshape(64, -1), gan.at(2, "samples").reshape(64, -1)
    same = np.square(before - after).mean()
    other = np.square(before - np.roll(after, 1, 0)).mean()
    assert same < other


def test_one_class_code_moves_alone(made):
    _, (_, cgan, infogan, *_) = made
    swept = infogan.at_end("sweep")
    assert not np.allclose(swept[0, 0], swept[0, -1])  # the first code down
    assert not np.allclose(swept[0, :, 0], swept[0, :, -1])  # the second across
    assert not np.allclose(cgan.at_end("classes")[:, 0], cgan.at_end("classes")[:, 1])


def test_what_was_trained_is_not_trained_again(made, monkeypatch):
    page, seen = made
    monkeypatch.setattr(exhibits, "assemble", lambda recipe: pytest.fail("trained again"))
    again = []
    gallery(NAMES, steps=6, folder=page.parent, on_model=again.append)
    assert [(m.name, m.reason, m.seconds) for m in again] == [
        (m.name, m.reason, m.seconds) for m in seen
    ]


def test_a_gallery_that_was_interrupted_goes_on_to_the_same_page(tmp_path):
    names, asked = ["gan", "vae"], iter([*[False] * 7, True])
    whole, halves = [], []
    page = gallery(names, steps=6, folder=tmp_path / "whole", on_model=whole.append)
    # it stops in the second model between two milestones, and in the first one's middle
    for stop in (lambda: next(asked), lambda: False):
        place = tmp_path / "halves"
        resumed = gallery(names, steps=6, folder=place, on_model=halves.append, should_stop=stop)
        if len(halves) == 1:
            assert "1 still to come" in resumed.read_text()
    assert [model.name for model in halves] == ["gan", "gan", "vae"]
    timeless = [re.sub(r"<span>[^<]* of training", "", p.read_text()) for p in (page, resumed)]
    assert timeless[0] == timeless[1]
    assert whole[1].held_out == halves[2].held_out
    assert len(whole[1].held_out["held-out/elbo"]) == len(whole[1].steps) == 4


def test_a_model_that_fails_is_shown_with_its_reason(tmp_path, monkeypatch):
    build = exhibits.assemble

    def assemble(recipe):
        if recipe.loss.name == "lsgan":
            raise RuntimeError("no <luck>")
        return build(recipe)

    monkeypatch.setattr(exhibits, "assemble", assemble)
    seen = []
    page = gallery(["lsgan", "gan"], steps=2, folder=tmp_path, on_model=seen.append)
    assert seen[0].reason == "RuntimeError: no <luck>"
    assert seen[1].steps == [0, 1, 2]
    text = page.read_text()
    assert "RuntimeError: no &lt;luck&gt;" in text
    assert "1 trained, 1 failed" in text


def test_what_cannot_be_shown(tmp_path):
    with pytest.raises(BadOption, match="a gallery shows pictures"):
        gallery(["gan"], dataset="ring8", folder=tmp_path)
    with pytest.raises(UnknownName, match="lsgam"):
        gallery(["gan", "lsgam"], folder=tmp_path)
    with pytest.raises(BadOption, match="each once"):
        gallery(["gan", "gan"], folder=tmp_path)
    with pytest.raises(BadOption, match="1 or more"):
        gallery(["gan"], steps=-1, folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_command(tmp_path):
    call = [
        "gallery",
        "--models",
        "hinge,wgan-gp(weight=1.0)",
        "--steps",
        "2",
        "--folder",
        tmp_path,
    ]
    result = CliRunner().invoke(main, [str(word) for word in call])
    assert result.exit_code == 0, result.output
    assert "2 steps in" in result.output
    assert str(tmp_path / "gallery.html") in result.output
    assert "wgan-gp(weight=1.0)" in (tmp_path / "gallery.html").read_text()


def test_figures_in_a_line():
    metrics = {"frechet-distance": 3.14159, "class-agreement": 0.968, "code-agreement": 0.1}
    model = exhibits.Exhibit(
        name="a",
        title="A",
        steps=[0, 9],
        metrics={**metrics, "kid": None},
        first={"k": 0.5, "convergence": 0.75},
        last={"k": 0.33, "convergence": 0.15},
        held_out={"held-out/elbo": [-90.4, None]},
        shots=[{"classes": np.zeros(1)}],
    )
    assert figures(model) == (
        "Fréchet distance 3.14; asked class hit by 96.8 % of samples; kid not finite; evidence "
        "lower bound on held-out samples \N{MINUS SIGN}90 → not finite nats at steps 0, 9; "
        "k 0.5 → 0.33; M 0.75 → 0.15"
    )


def test_milestones():
    assert milestones(2000) == [0, 80, 1000, 2000]
    assert milestones(1) == [0, 1]
