"""The points at which a penalty looks at the discriminator's gradient."""

from __future__ import annotations

from torch import Tensor

import ganzoo
from ganzoo.terms import interpolates

__all__ = ["around", "between"]


def between(play: ganzoo.Play) -> Tensor:
    """``e x + (1 - e) G(z)``, ``(N, *shape)``, with one e uniform in [0, 1) for each sample.

    Raises:
        ShapeMismatch: unequal numbers of real and generated samples.
    """
    real, fake = play.real_x.detach(), play.fake_x.detach()
    return interpolates(real, fake, play.uniform(len(real)))


def around(play: ganzoo.Play, scale: float) -> Tensor:
    """``x + a * scale * std(x) * u``, ``(N, *shape)``, with u uniform in [0, 1) for each
    element and a for each sample; the standard deviation is that of all the batch's elements,
    divided by their number.
    """
    real = play.real_x.detach()
    noise = play.uniform(*real.shape).to(real)
    share = play.uniform(len(real)).to(real).reshape(-1, *(1 for _ in real.shape[1:]))
    return real + share * scale * real.std(correction=0) * noise
