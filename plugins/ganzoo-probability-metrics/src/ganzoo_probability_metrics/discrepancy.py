"""The maximum mean discrepancy of learned features, as a term."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from torch import Tensor

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.features import both

__all__ = ["Discrepancy", "positive"]


_GROWTH: dict[kernels.Kernel, Literal["linear", "quadratic"]] = {
    kernels.distance: "linear",
    kernels.linear: "quadratic",
}


def positive(name: str, values: Sequence[float]) -> tuple[float, ...]:
    """Some numbers above 0.

    Raises:
        ganzoo.BadOption: none, or one that isn't.
    """
    if not values or not all(value > 0 for value in values):
        raise ganzoo.BadOption(f"{name}={values!r}: numbers above 0, at least one")
    return tuple(float(value) for value in values)


class Discrepancy(ganzoo.Term):
    """The squared discrepancy of features: the generator's loss, and the discriminator's
    with its sign turned.

    Args:
        kernel: between features.
        biased: compare samples with themselves too.
    """

    needs = frozenset({"features"})

    kernel: kernels.Kernel = ganzoo.option()
    biased: bool = ganzoo.option(False)

    def __post_init__(self) -> None:
        self.traits = ganzoo.Traits(
            neutral=None,
            batch_coupled=True,
            monotone=False,
            growth=_GROWTH.get(self.kernel, "bounded"),
            shift_invariant=True,
            minimum=1 if self.biased else 2,
        )

    def squared(self, play: ganzoo.Play) -> Tensor:
        """The estimate, 0-dim."""
        real, fake = both(play, least=1 if self.biased else 2)
        return kernels.mmd_squared(self.kernel, real, fake, biased=self.biased)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Features that tell the laws apart, 0-dim."""
        return -self.squared(play)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Samples that no feature tells apart, 0-dim."""
        return self.squared(play)
