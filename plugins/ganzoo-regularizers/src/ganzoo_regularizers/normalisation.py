"""Gradient normalisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import output_with_gradient, outside_autocast

__all__ = ["GradientNormalisation"]


class GradientNormalisation(ganzoo.Term, without=("weight", "every")):
    """Gradient normalisation: the discriminator is divided by what its gradient is, so that it
    is bounded and about 1-Lipschitz by construction.

    ::

        D(x) becomes D(x) / (|grad D(x)|_2 + |D(x)|), in -1 .. 1

    in both turns and for every term, the norm over all axes but the batch. Where both are 0 so
    is the quotient. Scores of several elements have one norm, the gradient's of their mean.
    Every evaluation takes a backward pass more, and the step a double backward. The paper trains
    with Adam(2e-4; 0, 0.9), 5 discriminator turns and the hinge loss, among others.

    Departures: none.

    Reference: Wu et al. 2021, arXiv 2109.02235.
    """

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """The normalised discriminator."""

        def normalised(x: Tensor, *labels: Tensor) -> ganzoo.DiscriminatorOutput:
            with outside_autocast(x):
                output, slope = output_with_gradient(
                    lambda points: ganzoo.DiscriminatorOutput.of(discriminator(points, *labels)), x
                )
                score, norm = output.score, torch.linalg.vector_norm(slope, dim=1)
                size = norm.reshape(-1, *(1 for _ in score.shape[1:])) + score.abs()
                return replace(output, score=score / torch.where(size > 0, size, 1))

        return normalised
