"""Energies: how badly an autoencoder reconstructs each sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

import ganzoo

__all__ = ["ENERGIES", "EnergyTerm", "absolute", "squared"]


def _error(reconstruction: Tensor, x: Tensor) -> Tensor:
    """What is wrong with each sample, ``(N, prod(shape))``, in float32 or wider."""
    if reconstruction.shape != x.shape:
        raise ganzoo.ShapeMismatch(
            f"a reconstruction has the shape of its samples, {tuple(x.shape)}; this one has "
            f"{tuple(reconstruction.shape)}"
        )
    wide = torch.promote_types(torch.promote_types(reconstruction.dtype, x.dtype), torch.float32)
    return (reconstruction.to(wide) - x.to(wide)).flatten(1)


def absolute(reconstruction: Tensor, x: Tensor) -> Tensor:
    """The mean absolute error of each sample, from ``(N, *shape)`` twice to ``(N,)``."""
    return _error(reconstruction, x).abs().mean(1)


def squared(reconstruction: Tensor, x: Tensor) -> Tensor:
    """The mean squared error of each sample, from ``(N, *shape)`` twice to ``(N,)``."""
    return _error(reconstruction, x).square().mean(1)


ENERGIES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {"l1": absolute, "l2": squared}


class EnergyTerm(ganzoo.terms.ScoreTerm):
    """A loss of energies: low for samples that the discriminator reconstructs.

    In every turn the energy takes the place of the discriminator's own score, for this term
    and for those beside it. A discriminator that gives no reconstruction, in a loop of one's
    own, gives energies for scores: 0 or more, low for real samples.

    Args:
        energy: ``"l1"``, the mean absolute error over all axes but the batch, or ``"l2"``,
            the mean squared error.

    Raises:
        BadOption: another energy.
    """

    needs = frozenset({"reconstruction"})
    traits = ganzoo.Traits(orientation=-1, neutral=None)

    energy: str = ganzoo.option(
        "l1", one_of=ENERGIES, words="'l1' (mean absolute error) or 'l2' (mean squared error)"
    )

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """The discriminator, its score the energy."""

        def judged(x: Tensor, *labels: Tensor) -> ganzoo.DiscriminatorOutput:
            output = ganzoo.DiscriminatorOutput.of(discriminator(x, *labels))
            if output.reconstruction is None:
                return output
            return replace(output, score=ENERGIES[self.energy](output.reconstruction, x))

        return judged

    def generated(self, score: Tensor) -> Tensor:
        """``e``: the generator wants its samples reconstructed."""
        return score
