"""The players' networks: what a generator, a discriminator and an encoder take and give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from ganzoo.errors import Incompatible, ShapeMismatch

__all__ = ["Architecture", "Discriminator", "DiscriminatorOutput", "Encoder", "Generator"]


def _upcast(score: Tensor) -> Tensor:
    return score.float() if score.dtype in (torch.float16, torch.bfloat16) else score


def _is_score(value: object) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point()


def _described(value: object) -> str:
    """A value by its type, and by those of its elements: ``tuple (Tensor, list)``."""
    name = type(value).__name__
    if isinstance(value, list | tuple):
        return f"{name} ({', '.join(_described(each) for each in value)})"
    return name if not isinstance(value, Tensor) or _is_score(value) else f"{name} {value.dtype}"


@dataclass
class DiscriminatorOutput:
    """What a discriminator says of a batch of N samples.

    Args:
        score: ``(N, ...)``, unbounded; its mean over every element is what a loss averages.
        features: ``(N, F)``, the penultimate layer, where the discriminator provides it.
        reconstruction: ``(N, *shape)``, of autoencoder discriminators.
        layout: the shape of one sample's score at each scale; filled in by :meth:`of`.
    """

    score: Tensor
    features: Tensor | None = None
    reconstruction: Tensor | None = None
    layout: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, value: DiscriminatorOutput | Tensor | list[Tensor]) -> DiscriminatorOutput:
        """What a discriminator returned, in one form, the score in float32 or wider.

        A list of scores, one for each scale, becomes one score of shape ``(N, K)`` that
        holds all their elements, so that the mean weighs each element alike.

        Raises:
            Incompatible: something else, as a tuple of scores and features.
            ShapeMismatch: a score without a batch axis, an empty batch, or scales whose
                batches differ.
        """
        if isinstance(value, DiscriminatorOutput):
            output = cls.of(value.score)
            return cls(output.score, value.features, value.reconstruction, output.layout)
        scales = [value] if isinstance(value, Tensor) else value
        if not isinstance(scales, list) or not all(_is_score(scale) for scale in scales):
            raise Incompatible(
                f"a discriminator returns scores in floating point, (N,), (N, 1) or (N, 1, H, W), "
                f"a list of those from several scales, or a ganzoo.DiscriminatorOutput(score, "
                f"features); found {_described(value)}. Where D returns more than scores, give "
                f"lambda x: D(x)[0]; where it returns its scales as a tuple, lambda x: list(D(x))"
            )
        if not scales or any(scale.ndim == 0 or scale.numel() == 0 for scale in scales):
            found = [tuple(scale.shape) for scale in scales]
            raise ShapeMismatch(
                f"a discriminator must score each of N > 0 samples: (N,), (N, 1), (N, 1, H, W) "
                f"or a list of those; found {found}"
            )
        layout = tuple(tuple(scale.shape[1:]) for scale in scales)
        if len(scales) == 1:
            return cls(_upcast(scales[0]), layout=layout)
        if len({scale.shape[0] for scale in scales}) > 1:
            found = [tuple(scale.shape) for scale in scales]
            raise ShapeMismatch(f"the scales of one score must share their batch; found {found}")
        flat = [_upcast(scale).reshape(len(scale), -1) for scale in scales]
        return cls(torch.cat(flat, 1), layout=layout)


class Generator(nn.Module):
    """Turns latent vectors into samples: ``forward(z, y=None)`` with z ``(N, latent)`` and
    labels y ``(N,)`` of int64 gives ``(N, *shape)``.

    ``conditional`` says whether the labels change what comes out.
    """

    conditional: bool = False


class Discriminator(nn.Module):
    """Says how real samples are: ``forward(x, y=None)`` with x ``(N, *shape)`` gives a
    :class:`DiscriminatorOutput`.

    ``provides`` names the fields it fills: of ``score``, ``features``, ``reconstruction``,
    and ``labels`` where the score depends on y; then also how y enters, ``concat`` where it
    joins the input, so that the features depend on it too, or ``projection`` where it is
    projected on the features. ``feature_dim`` is F of its features.
    """

    provides: frozenset[str] = frozenset({"score"})
    feature_dim: int = 0


class Encoder(nn.Module):
    """Turns samples into the parameters of a distribution over latent vectors:
    ``forward(x, y=None)`` with x ``(N, *shape)`` gives ``(mean, log_variance)``, each
    ``(N, latent)``.
    """

    conditional: bool = False


@dataclass(frozen=True)
class Architecture:
    """How to build the networks of one family for one :class:`Spec`; each on demand, so
    that an objective without a discriminator never builds one.
    """

    generator: Callable[[], Generator]
    discriminator: Callable[[], Discriminator] | None = None
    encoder: Callable[[], Encoder] | None = None
