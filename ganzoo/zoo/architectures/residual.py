"""Residual blocks that double or halve images (arXiv 1704.00028 and 1802.05957, appendices)."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from ganzoo.zoo.architectures.activation import sparing_relu
from ganzoo.zoo.architectures.blocks import ClassBatchNorm, named_norm
from ganzoo.zoo.architectures.resampling import PooledConv2d, UpsampledConv2d, halve

__all__ = ["ResidualDown", "ResidualUp"]


class ResidualUp(nn.Module):
    """norm, ReLU, doubling, 3 x 3; norm, ReLU, 3 x 3; beside a doubled 1 x 1 convolution.

    Args:
        channels_in, channels_out: of the block.
        classes: of the norms; see :class:`ClassBatchNorm`.
    """

    def __init__(self, channels_in: int, channels_out: int, classes: int = 0) -> None:
        super().__init__()
        self.norm_first = ClassBatchNorm(channels_in, classes)
        self.first = UpsampledConv2d(channels_in, channels_out)
        self.norm_second = ClassBatchNorm(channels_out, classes)
        self.second = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor, y: Tensor | None = None) -> Tensor:
        """``(N, I, H, W)`` to ``(N, O, 2 H, 2 W)``."""
        # Nothing else keeps what a norm gives, so the ReLUs may overwrite it.
        h = self.first(self.norm_first(x, y).relu_())
        h = self.second(self.norm_second(h, y).relu_())
        # A 1 x 1 convolution and a doubling commute: convolve the smaller image.
        beside = functional.interpolate(self.shortcut(x), scale_factor=2.0, mode="nearest")
        return beside + h  # type: ignore[no-any-return]


class ResidualDown(nn.Module):
    """ReLU, 3 x 3, ReLU, 3 x 3 and a mean over 2 x 2; beside a mean and a 1 x 1 convolution.

    Args:
        channels_in, channels_out: of the block.
        halving: whether there are means.
        opening: the block that sees the image: no ReLU and no norm before its first layer.
        norm: ``"none"``, ``"layer"`` or ``"batch"``, before each ReLU.
    """

    def __init__(
        self,
        channels_in: int,
        channels_out: int,
        *,
        halving: bool,
        opening: bool = False,
        norm: str = "none",
    ) -> None:
        super().__init__()
        self.halving, self.opening = halving, opening
        self.norm_first = nn.Identity() if opening else named_norm(norm, channels_in)
        self.first = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.norm_second = named_norm(norm, channels_out)
        self.second: nn.Conv2d = (
            PooledConv2d(channels_out, channels_out)
            if halving
            else nn.Conv2d(channels_out, channels_out, 3, padding=1)
        )
        straight = channels_in == channels_out and not halving
        self.shortcut = None if straight else nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """``(N, I, H, W)`` to ``(N, O, H / 2, W / 2)``, or ``(N, O, H, W)`` unless halving."""
        h: Tensor = x if self.opening else sparing_relu(self.norm_first(x))
        h = self.second(sparing_relu(self.norm_second(self.first(h))))
        # A 1 x 1 convolution and a mean commute: convolve the smaller image.
        beside = halve(x) if self.halving else x
        return h + (beside if self.shortcut is None else self.shortcut(beside))
