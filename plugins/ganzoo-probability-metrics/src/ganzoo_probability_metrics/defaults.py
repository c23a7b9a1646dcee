"""What several of the losses were trained with."""

from __future__ import annotations

import ganzoo

__all__ = ["CLIPPED", "KERNEL"]

CLIPPED = ganzoo.Defaults(
    optimizer="rmsprop",
    generator_lr=5e-5,
    discriminator_lr=5e-5,
    betas=(0.0, 0.0),
    origin="a common default, that of WGAN (arXiv 1701.07875)",
)
"""Of critics whose weights are clipped."""

KERNEL = ganzoo.Defaults(
    generator_lr=1e-4,
    discriminator_lr=1e-4,
    betas=(0.5, 0.9),
    origin="the code of the MMD GANs (arXiv 1801.01401)",
)
"""Of discrepancies by kernels."""
