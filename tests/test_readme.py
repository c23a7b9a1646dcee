"""The README's training loop is one that runs."""

from __future__ import annotations

from pathlib import Path

import torch

README = Path(__file__).parents[1] / "README.md"


def test_the_loop_of_ones_own_runs():
    text = README.read_text("utf-8").partition("## Use a loss in your own loop")[2]
    code = text.partition("```python\n")[2].partition("```")[0]
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
