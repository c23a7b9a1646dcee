"""The page of objectives: what is on it, and that the committed one is current."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import ganzoo
from ganzoo.cli import main
from ganzoo.cli.page import COMMAND, page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "objectives.md"


def ours():
    """The losses and terms of this repository."""
    names = {"ganzoo", *(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))}
    kinds = ("losses", "terms")
    found = [each for kind in kinds for each in ganzoo.registry.entries(kind)]
    missing = names - {each.distribution for each in found}
    if missing:
        pytest.skip(f"not installed, or without losses: {', '.join(sorted(missing))}")
    return [each for each in found if each.distribution in names]


def test_the_committed_page_is_current():
    assert PAGE.read_text("utf-8") == page(ours()), f"make it anew: {COMMAND}"


def test_everything_is_on_the_page():
    text = page(ours())
    for found in ours():
        assert f"| `{found.name}`" in text
    assert COMMAND in text
    (hinge,) = [line for line in text.splitlines() if line.startswith("| `hinge`<br>")]
    assert "| 2017 | `E [1 - r]+ + E [1 + f]+` | `-E f` |" in hinge
    assert "generator_margin=None, discriminator_turns=1" in hinge
    assert "arXiv 1705.02894" in hinge
    assert "| `wgan` | rmsprop 5e-05, batch 64, 5 turns of D: the authors' code" in text
    (lsgan,) = [line for line in text.splitlines() if line.startswith("| `lsgan` | LynnHo")]
    assert "compare_gan squares sigmoids" in lsgan
    tables = text.replace("\\|", "").split("\n\n")
    widths = [{line.count("|") for line in t.splitlines()} for t in tables if t.startswith("|")]
    assert len(widths) > 10
    assert all(len(each) == 1 for each in widths)


def test_the_command_writes_it():
    result = CliRunner().invoke(main, ["list", "losses", "--markdown", "--family", "hinge"])
    assert result.exit_code == 0
    assert result.output.count("### ") == 1
    assert "## Terms" not in result.output
