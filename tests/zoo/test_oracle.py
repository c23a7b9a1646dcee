"""Every entry of the oracle is met by a loss: the pointwise ones here, straight from the oracle;
the others in their plugin's tests, whose reference values are shown to be the oracle's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

TESTS = Path(__file__).parents[1]
ORACLE = json.loads((TESTS / "oracle.json").read_text())
ENERGIES = {"ebgan[m=2]", "ebgan[m=10]", "began[k=0.3]"}
"""Of given energies, in ganzoo-energy's tests."""
APART = {"inputs", "common_mistakes", "params", "note", "real", "fake", "case", "generator"}
"""What of an entry is no result."""


@pytest.mark.parametrize("case", ["moderate", "indifferent"])
@pytest.mark.parametrize("name", sorted(set(ORACLE["pointwise"]) - ENERGIES))
def test_a_pointwise_entry(name, case, score_table, loss_of):
    wanted = ORACLE["pointwise"][name]["cases"][case]
    table = score_table(wanted["real"], wanted["fake"])
    loss = loss_of(name)
    d = loss.discriminator_loss(table, real=table.real_x, fake=table.fake_x)
    g = loss.generator_loss(table, fake=table.fake_x)
    found = {
        "d_loss": d.detach(),
        "g_loss": g.detach(),
        "d_grad_real": torch.autograd.grad(d, table.real, retain_graph=True)[0],
        "d_grad_fake": torch.autograd.grad(d, table.fake)[0],
        "g_grad_fake": torch.autograd.grad(g, table.fake)[0],
    }
    for key, value in found.items():
        expected = torch.tensor(wanted[key], dtype=torch.float64)
        torch.testing.assert_close(value, expected, rtol=1e-10, atol=1e-13, msg=key)


def results(content: Any) -> Iterator[float]:
    """The numbers of an entry that are results, to nine digits."""
    if isinstance(content, dict):
        for key, inner in content.items():
            if key not in APART:
                yield from results(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from results(inner)
    elif isinstance(content, float) and content == content:
        yield float(f"{content:.9g}")


@pytest.fixture(scope="module")
def referred():
    """What the plugins' tests compare with, and the oracle values that tests here read."""
    paths = sorted((TESTS.parent / "plugins").glob("*/tests/reference.json"))
    assert len(paths) == 7
    return {number for path in paths for number in results(json.loads(path.read_text()))}


@pytest.mark.parametrize(
    ("group", "name"),
    [(group, name) for group in ("batch_coupled", "features", "state") for name in ORACLE[group]],
)
def test_an_entry_is_in_a_plugins_reference(group, name, referred):
    numbers = set(results(ORACLE[group][name]))
    assert numbers
    assert numbers <= referred


@pytest.mark.parametrize("name", sorted(ENERGIES))
def test_losses_of_given_energies_are_in_their_plugins_reference(name, referred):
    for wanted in ORACLE["pointwise"][name]["cases"].values():
        values = {float(f"{wanted[key]:.9g}") for key in ("d_loss", "g_loss")}
        assert values <= referred
