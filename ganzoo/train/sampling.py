"""What a trained generator is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ganzoo.errors import BadOption, Incompatible
from ganzoo.game import Game
from ganzoo.game.labels import check_labels

__all__ = ["asked_labels", "generated", "stood_for"]

_BATCH = 1024  # bounds what a generator holds at once


def asked_labels(
    game: Game, count: int, labels: Tensor | Sequence[int] | None, device: torch.device
) -> Tensor | None:
    """The labels that a generator gets for so many samples, ``(count,)`` of int64.

    Args:
        game: whose generator it is.
        count: how many samples.
        labels: one for each sample, or fewer, which come again and again; each class in turn
            where they are left out, and None for data without classes.
        device: where they are wanted.

    Raises:
        Incompatible: labels for a generator that looks at none.
        BadOption: no labels, or more of them than samples.
        BadData: labels that are none.
    """
    classes = game.spec.classes
    if labels is None:
        return torch.arange(count, device=device) % classes if classes else None
    if not game.generator.conditional:
        raise Incompatible("this generator looks at no labels; leave them out")
    given = torch.as_tensor(labels, device=device)
    if given.ndim != 1 or not 1 <= len(given) <= count:
        raise BadOption(
            f"labels: one for each of the {count} samples, or fewer; found {tuple(given.shape)}"
        )
    check_labels(given, len(given), classes)
    return given[torch.arange(count, device=device) % len(given)]


def stood_for(game: Game, z: Tensor, labels: Tensor | None) -> Tensor | None:
    """What each sample was asked to be, ``(N,)``: its label; of a generator that looks at none,
    the category of its latent vector, where the prior has some.
    """
    category = None if game.generator.conditional else game.prior.category(z)
    return labels if category is None else category


@torch.no_grad()
def generated(generator: nn.Module, z: Tensor, labels: Tensor | None) -> Tensor:
    """Samples ``(N, *shape)`` of latent vectors ``(N, latent)`` and labels ``(N,)``, by the
    generator in evaluation mode, which is left as it was.
    """
    given = (z,) if labels is None else (z, labels)
    training = generator.training
    generator.eval()
    try:
        parts = zip(*(each.split(_BATCH) for each in given), strict=True)
        return torch.cat([generator(*part) for part in parts])
    finally:
        generator.train(training)
