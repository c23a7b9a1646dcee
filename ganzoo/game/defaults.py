"""The hyper-parameters that a paper, or its code, trained its objective with."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Defaults"]


@dataclass(frozen=True)
class Defaults:
    """What an objective is trained with unless told otherwise.

    Args:
        optimizer: ``"adam"``, ``"rmsprop"`` or ``"sgd"``.
        generator_lr, discriminator_lr: learning rates.
        betas: of Adam.
        batch: samples in a batch.
        origin: where the numbers are from, for the reader.
    """

    optimizer: str = "adam"
    generator_lr: float = 2e-4
    discriminator_lr: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    batch: int = 64
    origin: str = "the common default since DCGAN (arXiv 1511.06434)"
