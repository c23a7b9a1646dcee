"""The laws that latent vectors are drawn from."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from ganzoo.errors import Incompatible
from ganzoo.game.stream import Stream

__all__ = ["Normal", "Prior", "Uniform", "WithCode"]


class Prior(ABC):
    """A law over latent vectors of ``latent`` elements."""

    latent: int

    @abstractmethod
    def draw(self, count: int, stream: Stream) -> Tensor:
        """``(count, latent)``, on the stream's device."""

    def sized(self, latent: int) -> Prior:
        """The same law over vectors of another size.

        Raises:
            Incompatible: for a law that there is in one size alone.
        """
        raise Incompatible(f"{type(self).__name__} has {self.latent} elements, and not {latent}")

    def category(self, latent: Tensor) -> Tensor | None:
        """The category that each vector stands for, ``(N,)`` of int64; None where it stands
        for none.
        """
        del latent
        return None


class Normal(Prior):
    """Independent standard normal elements."""

    def __init__(self, latent: int) -> None:
        self.latent = latent

    def sized(self, latent: int) -> Normal:
        """See :class:`Prior`."""
        return Normal(latent)

    def draw(self, count: int, stream: Stream) -> Tensor:
        """``(count, latent)``."""
        return stream.normal(count, self.latent)


class Uniform(Prior):
    """Independent elements uniform in -1 .. 1."""

    def __init__(self, latent: int) -> None:
        self.latent = latent

    def sized(self, latent: int) -> Uniform:
        """See :class:`Prior`."""
        return Uniform(latent)

    def draw(self, count: int, stream: Stream) -> Tensor:
        """``(count, latent)``."""
        return stream.uniform(count, self.latent).mul_(2.0).sub_(1.0)


class WithCode(Prior):
    """Another prior's vectors, followed by a structured code (InfoGAN, arXiv 1606.03657).

    The latent vector is ``[z, one-hot of each categorical code, continuous codes]``; the
    continuous ones are uniform in -1 .. 1.

    Args:
        base: the law of z.
        categories: the number of values of each categorical code.
        continuous: the number of continuous codes.
    """

    def __init__(
        self, base: Prior, *, categories: tuple[int, ...] = (), continuous: int = 0
    ) -> None:
        self.base, self.categories, self.continuous = base, tuple(categories), continuous
        self.latent = base.latent + sum(self.categories) + continuous

    def draw(self, count: int, stream: Stream) -> Tensor:
        """``(count, latent)``."""
        parts = [self.base.draw(count, stream)]
        # one_hot looks at the values of its argument, and so waits for them
        rows = (torch.eye(size, device=stream.device) for size in self.categories)
        parts.extend(each[stream.integers(len(each), count)] for each in rows)
        if self.continuous:
            parts.append(Uniform(self.continuous).draw(count, stream))
        return torch.cat(parts, 1)

    def code(self, latent: Tensor) -> tuple[list[Tensor], Tensor]:
        """The categorical codes of latent vectors, each ``(N,)`` of int64, and the
        continuous ones, ``(N, continuous)``.
        """
        start, chosen = self.base.latent, []
        for size in self.categories:
            chosen.append(latent[:, start : start + size].argmax(1))
            start += size
        return chosen, latent[:, start:]

    def category(self, latent: Tensor) -> Tensor | None:
        """The first categorical code, ``(N,)``; None where there is none."""
        return self.code(latent)[0][0] if self.categories else None
