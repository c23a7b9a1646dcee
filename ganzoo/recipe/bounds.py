"""What an objective's terms say of samples that training never saw."""

from __future__ import annotations

import math

import torch
from torch import nn

from ganzoo.game import Stream, Term
from ganzoo.train import Trainer

__all__ = ["COUNT", "held_out"]

COUNT = 1000
"""How many held-out samples are looked at, or all that there are."""


@torch.no_grad()
def held_out(trainer: Trainer) -> dict[str, float | None]:
    """What terms log of held-out samples where they say so (:attr:`ganzoo.Term.held_out`), such
    as a VAE's bound, as ``held-out/<name>``; None where it is not finite.

    By the networks themselves, in evaluation mode, not by their average: an encoder is trained
    beside the generator as it is. The samples and the noise are the same at every step. Empty
    for objectives that have no such thing.
    """
    terms = [term for term in trainer.objective.terms if isinstance(term, Term)]
    asked = sorted({name for term in terms for name in term.held_out})
    if not asked:
        return {}
    game, stream = trainer.game, Stream(0, "held-out", trainer.device)
    x, labels = trainer.source.held_out(COUNT, stream)
    z = game.prior.draw(len(x), stream)
    parts: tuple[nn.Module, ...] = (game, trainer.objective)
    modes = [part.training for part in parts]
    try:
        for part in parts:
            part.eval()
        play = game.play("generator", real_x=x, z=z, labels=labels, noise=stream)
        trainer.objective.loss(play, tuple(range(len(terms))))
    finally:
        for part, mode in zip(parts, modes, strict=True):
            part.train(mode)
    values = {f"held-out/{name}": float(play.log[name]) for name in asked}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
