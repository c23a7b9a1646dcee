"""``ganzoo show --plot``, and what it says beside the docstring."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ganzoo.cli import main


def call(*arguments):
    return CliRunner().invoke(main, ["show", *map(str, arguments)])


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_plot(tmp_path, ending):
    path = tmp_path / "plots" / f"lsgan.{ending}"
    result = call("lsgan(a=-1, b=1, c=0)", "--plot", path)
    assert result.exit_code == 0, result.output
    assert f"wrote {path}" in result.output
    assert path.stat().st_size > 10_000
    start = path.read_bytes()[:200]
    assert start.startswith(b"\x89PNG") if ending == "png" else b"svg" in start


def test_plot_by_default_beside_you(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("ganzoo:WGAN_GP", "--plot").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["wgan-gp.png"]


def panels(name, **options):
    """The titles and the lines of the picture of a loss."""
    import ganzoo
    from ganzoo.cli import curves

    drawn = []
    found = ganzoo.registry.find("losses", name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matplotlib.figure.Figure", _keeping(drawn))
        curves.draw_loss(ganzoo.get_loss(name, **options), found, Path("nowhere.png"))
    return {axes.get_title(): axes for axes in drawn}


def _keeping(drawn):
    from matplotlib.figure import Figure

    class Keeping(Figure):
        def savefig(self, path, **options):
            drawn.extend(self.axes)

    return Keeping


def test_what_is_drawn():
    axes = panels("nonsaturating")
    pays, pull, flow = axes.values()
    assert [text.get_text() for text in pays.get_legend().get_texts()] == [
        "D, of a real sample",
        "D, of a generated one",
        "G",
    ]
    score, gradient = pull.lines[0].get_data()
    assert gradient[list(score).index(0.0)] == pytest.approx(-0.5)
    assert "Dirac-GAN: rates ± 0.5 i" in axes
    path = flow.lines[0].get_data()
    assert (path[0][0], path[1][0]) == (1.0, 0.0)


def test_penalties_are_in_the_dirac_gan_alone():
    bare, damped = panels("wgan"), panels("wgan", add="r1(gamma=1.0)")
    assert "Dirac-GAN: rates ± 1 i" in bare
    assert "Dirac-GAN: rates -0.5 ± 0.866 i" in damped
    title = "how the generator is pulled"
    assert list(bare[title].lines[0].get_ydata()) == list(damped[title].lines[0].get_ydata())


def test_what_has_no_picture(tmp_path):
    path = tmp_path / "x.png"
    result = call("r1", "--plot", path)
    assert result.exit_code == 1
    assert "no loss 'r1'" in result.output
    result = call("lsgan", "--plot", tmp_path / "x.what")
    assert result.exit_code == 1
    assert "x.what" in result.output
    assert not path.exists()


def test_what_a_loss_is_and_needs():
    output = call("wgan").output
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "is neutral at score 0.0, zero-sum, shift-invariant" in lines
    assert not [line for line in lines if line.startswith("needs")]
    assert "paper arXiv 1701.07875 (2017)" in lines
    assert "from ganzoo 0.1.0" in lines
