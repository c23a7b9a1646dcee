"""The training loops of the README and of its page on them are loops that run."""

from __future__ import annotations

from pathlib import Path

import torch

import ganzoo

ROOT = Path(__file__).parents[1]


def block(page: str, first: str) -> str:
    """The page's block of Python that has a line."""
    blocks = (ROOT / page).read_text("utf-8").split("```python\n")[1:]
    return next(code for text in blocks if first in (code := text.partition("```")[0]))


def test_the_loop_of_ones_own_runs():
    code = block("README.md", "for x in batches:")
    torch.manual_seed(0)
    D, G = torch.nn.Linear(3, 1), torch.nn.Linear(2, 3)
    before = [weight.detach().clone() for weight in (D.weight, G.weight)]
    around = {
        "batches": torch.randn(2, 8, 3),
        "D": D,
        "G": G,
        "z": lambda: torch.randn(8, 2),
        "d_optimizer": torch.optim.Adam(D.parameters()),
        "g_optimizer": torch.optim.Adam(G.parameters()),
    }
    exec(code, around)
    assert around["loss"].name == "wgan-gp"
    assert all((a != b).all() for a, b in zip(before, (D.weight, G.weight), strict=True))


def test_a_game_of_ones_own_is_played():
    torch.manual_seed(0)
    D, G = torch.nn.Linear(3, 1), torch.nn.Linear(2, 3)
    before = G.weight.detach().clone()
    noise, batches = ganzoo.Stream(0, "prior"), torch.randn(3, 8, 3)
    around = {"ganzoo": ganzoo, "torch": torch, "D": D, "G": G, "noise": noise, "batches": batches}
    exec(block("docs/training-loops.md", "ganzoo.Game(G, D"), around)
    assert (G.weight != before).all()
    assert "path_length" not in around["play"].log  # every fourth step, and this is the third
    assert around["loss"].terms[1].average > 0
