"""Likelihoods: what it costs to decode a code into something that is not the sample."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor

import ganzoo

__all__ = ["Bernoulli", "Gaussian", "Likelihood", "likelihood_of"]


class Likelihood(ABC):
    """A law of samples around what the generator decodes."""

    @abstractmethod
    def cost(self, decoded: Tensor, x: Tensor) -> Tensor:
        """``-log p(x | decoded)`` without its constant, in nats, from ``(N, *shape)`` twice to
        ``(N,)``: summed over all axes but the batch.
        """

    @abstractmethod
    def constant(self, size: int) -> float:
        """What the cost leaves out, for samples of ``size`` elements."""

    def check(self, spec: ganzoo.Spec) -> None:
        """Raise :class:`ganzoo.Incompatible` for samples that have no such law."""
        del spec


class Gaussian(Likelihood):
    """Independent elements of one standard deviation around what is decoded.

    Args:
        scale: the standard deviation, in the units of the data.

    Raises:
        BadOption: a scale that is no finite number above 0.
    """

    def __init__(self, scale: float) -> None:
        if not 0 < scale < math.inf:
            raise ganzoo.BadOption(f"scale={scale}: a standard deviation above 0")
        self.scale = float(scale)

    def cost(self, decoded: Tensor, x: Tensor) -> Tensor:
        """``sum ((decoded - x) / scale)^2 / 2``."""
        return ((decoded - x) / self.scale).flatten(1).square().sum(1) / 2

    def constant(self, size: int) -> float:
        """The logarithm of the normalising factor."""
        return size * (math.log(self.scale) + math.log(math.tau) / 2)

    def __repr__(self) -> str:
        return f"gaussian, scale={self.scale:g}"


class Bernoulli(Likelihood):
    """Each pixel is on with probability ``p = (1 + decoded) / 2``: the cross-entropy of a grey
    ``(1 + x) / 2`` under p, images being in -1 .. 1.

    A generator of images ends in a tanh, so p is the sigmoid of twice what goes into the tanh,
    and this is the cross-entropy on those logits, taken from the other side: its derivative
    by them, p less the grey, comes out exactly, because the factor of the tanh cancels that
    of the logarithm.
    """

    def cost(self, decoded: Tensor, x: Tensor) -> Tensor:
        """``sum -(t log p + (1 - t) log(1 - p))``, t the grey in 0 .. 1."""
        # The last numbers below 1: a tanh that rounds to 1 has no derivative left to lose.
        limit = 1 - torch.finfo(decoded.dtype).eps / 2
        decoded, grey = decoded.clamp(-limit, limit), (1 + x) / 2
        loss = math.log(2) - grey * decoded.log1p() - (1 - grey) * (-decoded).log1p()
        return loss.flatten(1).sum(1)

    def constant(self, size: int) -> float:
        """Nothing."""
        return 0.0

    def check(self, spec: ganzoo.Spec) -> None:
        """Images alone: other generators are not bound to -1 .. 1."""
        if len(spec.shape) != 3:
            raise ganzoo.Incompatible(
                f"likelihood='bernoulli' is for images in -1 .. 1, shapes (channels, height, "
                f"width); these samples have the shape {tuple(spec.shape)}. Take 'gaussian'."
            )

    def __repr__(self) -> str:
        return "bernoulli"


def likelihood_of(name: str, scale: float | None, usual: float) -> Likelihood:
    """The likelihood of this name.

    Args:
        name: ``"gaussian"`` or ``"bernoulli"``.
        scale: of a Gaussian; None for the usual one.
        usual: the usual scale.

    Raises:
        BadOption: another name, or a scale for what has none.
    """
    if name == "gaussian":
        return Gaussian(usual if scale is None else scale)
    if name != "bernoulli":
        raise ganzoo.BadOption(f"likelihood={name!r}: 'gaussian' or 'bernoulli'")
    if scale is not None:
        raise ganzoo.BadOption(f"scale={scale}: likelihood='bernoulli' has no scale")
    return Bernoulli()
