"""Points between real and generated samples."""

from __future__ import annotations

from torch import Tensor

from ganzoo.errors import Incompatible, ShapeMismatch
from ganzoo.game.play import Play

__all__ = ["between", "interpolates"]


def interpolates(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """``share * real + (1 - share) * fake``, one share for each sample.

    Args:
        real, fake: ``(N, *shape)``.
        share: ``(N,)`` in 0 .. 1.

    Raises:
        ShapeMismatch: when real and fake differ in shape.
        Incompatible: samples that are not in floating point.
    """
    if not (real.is_floating_point() and fake.is_floating_point()):
        raise Incompatible(
            f"interpolates need samples in floating point; found {real.dtype} and {fake.dtype}"
        )
    if real.shape != fake.shape:
        raise ShapeMismatch(
            f"interpolates need as many real as generated samples of one shape; found "
            f"{tuple(real.shape)} and {tuple(fake.shape)}"
        )
    share = share.to(real).reshape(-1, *(1 for _ in real.shape[1:]))
    return share * real + (1 - share) * fake


def between(play: Play) -> Tensor:
    """A point between each real and each generated sample of a turn, ``(N, *shape)``, without a
    graph: :func:`interpolates` with shares that are uniform in [0, 1).

    Raises:
        ShapeMismatch: unequal numbers of real and generated samples.
    """
    real, fake = play.real_x.detach(), play.fake_x.detach()
    return interpolates(real, fake, play.uniform(len(real)))
