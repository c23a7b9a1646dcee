"""The samples themselves as features."""

from __future__ import annotations

from torch import Tensor

from ganzoo.evaluate.extractor import Extractor

__all__ = ["Pixels", "pixels"]


class Pixels(Extractor):
    """Flattens samples."""

    def features(self, x: Tensor) -> Tensor:
        """``(N, size)``: samples ``(N, *shape)`` flattened, float32 or wider; no graph."""
        flat = x.detach().flatten(1)
        return flat if flat.element_size() >= 4 and flat.is_floating_point() else flat.float()


def pixels() -> Pixels:
    """Flattened samples: right for points, and for images nearly blind.

    A Fréchet distance in pixels cannot tell images from Gaussian noise of the same mean and
    covariance.
    """
    return Pixels()
