"""Instance noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

import ganzoo
from ganzoo_regularizers.base import Timed

__all__ = ["InstanceNoise"]


class InstanceNoise(Timed, without=("weight", "every")):
    """Instance noise: the discriminator sees every sample through normal noise, so that the
    laws of real and of generated samples overlap.

    ::

        D(x) becomes D(x + sigma * n),  n standard normal,  sigma falls linearly to 0

    in both turns and for every term; each evaluation has noise of its own. What a penalty takes
    the gradient at is the sample, and approx-r1 and alp, which compare two evaluations, compare
    two noises too.

    Args:
        scale: sigma at the start, in units of the data; 0.1 is a common default.
        steps: so many generator steps it takes to fall to 0; 0 for noise that stays.

    Raises:
        BadOption: a scale or steps below 0.

    Reference: Sønderby et al. 2016, arXiv 1610.04490.
    """

    scale: float = ganzoo.option(
        0.1, at_least=0, positional=True, words="a standard deviation of 0 or more"
    )

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """The discriminator behind noise."""
        sigma = self.scale * (1 - self.progress)

        def noisy(x: Tensor, *labels: Tensor) -> Any:
            return discriminator(x + sigma.to(x) * play.normal(*x.shape).to(x), *labels)

        return noisy
