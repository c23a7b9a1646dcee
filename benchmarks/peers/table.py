"""The same networks, batches and optimisers for all that are compared."""

from __future__ import annotations

from typing import Any

import torch

import ganzoo
from benchmarks.peers.networks import plain
from benchmarks.peers.textbook import TURNS, Players

__all__ = ["NETWORKS", "Table", "objective"]

NETWORKS: dict[str, tuple[str, tuple[int, ...], int, dict[str, Any]]] = {
    "mlp28": ("mlp", (1, 28, 28), 64, {"width": 512}),
    "dcgan32": ("dcgan", (3, 32, 32), 64, {}),
    "resnet32": ("resnet", (3, 32, 32), 8, {}),
}


def objective(loss: str) -> ganzoo.Objective:
    """ganzoo's, with the turns that all have."""
    name, *add = loss.split(" + ")
    made = ganzoo.get_loss(name, add=add)
    return ganzoo.Objective(*made.terms, discriminator_turns=TURNS[loss])


class Table:
    """The source, and the networks of each contender, on one device."""

    def __init__(
        self, network: str, loss: str, device: torch.device, *, small: bool = False
    ) -> None:
        self.architecture, self.shape, self.batch, self.options = NETWORKS[network]
        self.loss, self.device = loss, device
        if small:
            self.batch, self.options = 2, {"width": 8}
        generator = torch.Generator().manual_seed(0)
        images = torch.rand(16 * self.batch, *self.shape, generator=generator) * 2 - 1
        self.source = ganzoo.TensorSource(images, images)
        self.batches = list(images.to(device).split(self.batch))

    def game(self, made: ganzoo.Objective) -> ganzoo.Game:
        """Networks as ganzoo makes them, of one seed."""
        torch.manual_seed(0)
        spec = self.source.spec
        networks = ganzoo.get_architecture(self.architecture, spec, **self.options)
        return ganzoo.Game.seat(networks, made, spec)

    def players(self) -> Players:
        """The same networks in plain layers, each with its optimiser."""
        first = self.loss.partition(" + ")[0]  # plain layers are normalised by torch's own
        game, spec = self.game(ganzoo.get_loss(first)), self.source.spec
        networks = plain(self.architecture, game, spec)
        moved = networks[0].to(self.device), networks[1].to(self.device)
        return Players(moved, self.batches, spec.latent, self.loss)

    def trainer(self, **settings: Any) -> ganzoo.Trainer:
        """ganzoo's; without the average of the weights, which no other keeps."""
        never, made = 10**9, objective(self.loss)
        chosen = ganzoo.Settings.of(
            {"steps": never, "batch": self.batch, "device": str(self.device), "ema": 0.0},
            {"report_every": never, "latent": self.source.spec.latent, **settings},
        )
        return ganzoo.Trainer(self.game(made), made, self.source, chosen)
