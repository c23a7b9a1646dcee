"""Every loss and every term in a training loop of one's own, as such loops are: measured without
gradients, and with a discriminator that is frozen while the generator moves.
"""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo

LOSSES = [found.entry.name for found in ganzoo.registry.entries("losses")]
TERMS = [found.entry.name for found in ganzoo.registry.entries("terms")]
NEEDS_A_GAME = {
    "vae",
    "cvae",
    "dvae",
    "aae",
    "vae-gan",
    "bigan",
    "infogan",
    "zcr",
    "path-length",
    "logan",
    "consensus",
}
OTHERWISE = {  # what each asks for instead
    "historical-averaging": "Game",
    "d2gan": r"\(N, 2\)",
    "realness": r"\(N, 51\)",
    "uotm": "cost=0",
}
PLAYED = [(name, ()) for name in LOSSES] + [("nonsaturating", (name,)) for name in TERMS]


class Critic(nn.Module):
    """Scores ``(N, 1)`` and features ``(N, 8)`` of points, whatever the labels."""

    def __init__(self):
        super().__init__()
        self.inner, self.outer = nn.Linear(3, 8), nn.Linear(8, 1)

    def forward(self, x, y=None):
        features = self.inner(x).tanh()
        return ganzoo.DiscriminatorOutput(self.outer(features), features)


def spoken(name, added, mode, *, frozen=False):
    """Both losses of a batch, and the generated samples' gradient where there is one."""
    torch.manual_seed(0)
    options = {"features": 8} if name in ("mcgan", "san") else {}
    loss, critic = ganzoo.get_loss(name, add=list(added), **options), Critic()
    for term in loss.terms:
        if hasattr(term, "build") and not options:
            term.build(8, 4)
        if hasattr(term, "pack"):
            term.pack(critic, (3,))
        if hasattr(term, "normalise"):
            term.normalise(critic.eval())
    real, fake, labels = torch.randn(6, 3), torch.randn(6, 3), torch.arange(6) % 4
    with mode():
        d = loss.discriminator_loss(critic, real, fake, labels)
        critic.requires_grad_(not frozen)
        fake = fake.clone().requires_grad_()
        g = loss.generator_loss(critic, fake, real, labels)
    if not g.requires_grad:
        return torch.stack([d, g])
    return torch.stack([d.detach(), g.detach()]), torch.autograd.grad(g, fake)[0]


@pytest.mark.parametrize(
    ("name", "added"),
    PLAYED,
    ids=lambda part: part if isinstance(part, str) else "".join(part) or "alone",
)
def test_it_is_the_same_measured_and_with_a_frozen_discriminator(name, added):
    refused = (NEEDS_A_GAME | {*OTHERWISE}) & {name, *added}
    if refused:
        with pytest.raises(ganzoo.GanzooError, match=OTHERWISE.get(refused.pop(), "needs a Game")):
            spoken(name, added, torch.enable_grad)
        return
    values, slope = spoken(name, added, torch.enable_grad)
    with_frozen, frozen_slope = spoken(name, added, torch.enable_grad, frozen=True)
    torch.testing.assert_close(with_frozen, values)
    torch.testing.assert_close(frozen_slope, slope)
    torch.testing.assert_close(spoken(name, added, torch.no_grad), values)
    if "unrolled" in added:
        with pytest.raises(ganzoo.Incompatible, match="no_grad"):
            spoken(name, added, torch.inference_mode)
    else:
        torch.testing.assert_close(spoken(name, added, torch.inference_mode), values)
