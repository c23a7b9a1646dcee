"""The points at which a penalty looks at the discriminator's gradient."""

from __future__ import annotations

from torch import Tensor

import ganzoo

__all__ = ["around"]


def around(play: ganzoo.Play, scale: float) -> Tensor:
    """``x + a * scale * std(x) * u``, ``(N, *shape)``, with u uniform in [0, 1) for each
    element and a for each sample; the standard deviation is that of all the batch's elements,
    divided by their number.
    """
    real = play.real_x.detach()
    noise = play.uniform(*real.shape).to(real)
    share = play.uniform(len(real)).to(real).reshape(-1, *(1 for _ in real.shape[1:]))
    return real + share * scale * real.std(correction=0) * noise
