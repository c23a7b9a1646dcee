"""InfoGAN: codes that the samples must tell of."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import ganzoo
from ganzoo_conditional.base import conditioned
from ganzoo_conditional.head import Headed

__all__ = ["InfoGAN", "infogan"]


class InfoGAN(Headed):
    """Part of the latent vector is a code c, and Q on the discriminator's features is to read
    it off the samples: a bound on their mutual information.

    ::

        I    = sum_d CE(Q_d(G(z, c)), c_d) + continuous_weight * sum_j -log N(c_j; mu_j, s_j^2)
        L_D += weight * I,    L_G += weight * I

    A Game gives the last elements of the latent vector to the code: one-hot vectors, then
    numbers uniform in -1 .. 1; its size stays. Q has a hidden layer of its own, and moves with
    the discriminator.

    Args:
        weight: lambda of the whole.
        every: see :class:`ganzoo.Term`.
        categories: how many values each categorical code has, or that of the only one.
        continuous: how many continuous codes.
        continuous_weight: of their part, beside the categorical one.
        hidden: width of Q's hidden layer; 0 for none.
        unit_variance: s is 1. A learned one has no floor, and with much weight it draws the
            generator to codes that are read ever more exactly.

    Raises:
        BadOption: no code, a category of fewer than 2 values, or negative numbers.

    Reference: Chen et al. 2016, arXiv 1606.03657.
    """

    conditional = False

    def __init__(
        self,
        weight: float = 1.0,
        every: int = 1,
        *,
        categories: int | tuple[int, ...] = 10,
        continuous: int = 2,
        continuous_weight: float = 1.0,
        hidden: int = 128,
        unit_variance: bool = True,
    ) -> None:
        super().__init__(weight, every)
        sizes = (categories,) if isinstance(categories, int) else tuple(categories)
        if any(size < 2 for size in sizes) or continuous < 0 or (not sizes and not continuous):
            raise ganzoo.BadOption(
                f"categories={categories!r}, continuous={continuous}: at least one code, each "
                f"category of 2 values or more; categories=() for continuous codes alone"
            )
        if hidden < 0 or not continuous_weight >= 0:
            raise ganzoo.BadOption(
                f"hidden={hidden}, continuous_weight={continuous_weight}: 0 or more"
            )
        self.categories, self.continuous, self.hidden = sizes, int(continuous), int(hidden)
        self.continuous_weight, self.unit_variance = float(continuous_weight), bool(unit_variance)
        self.prior: ganzoo.WithCode | None = None
        if continuous and not unit_variance:  # a learned variance is an exponential
            self.traits = replace(Headed.traits, growth="exponential")

    def layers(self, features: int, classes: int) -> nn.Module:
        """Q: F features to the logits of each category, then means and log-variances."""
        numbers = self.continuous * (1 if self.unit_variance else 2)
        sizes = [features, *([self.hidden] if self.hidden else []), sum(self.categories) + numbers]
        layers = [
            layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.LeakyReLU(0.1))
        ]
        return nn.Sequential(*layers[:-1])

    def attach(self, game: ganzoo.Game) -> None:
        """Give part of the latent vector to the code, and make Q.

        Raises:
            Incompatible: a code that is larger than the latent vector.
        """
        assert game.discriminator is not None  # it is one of the term's roles
        code, latent = sum(self.categories) + self.continuous, game.prior.latent
        if code > latent:
            raise ganzoo.Incompatible(
                f"InfoGAN's code takes {code} elements of the latent vector (categories "
                f"{self.categories}, {self.continuous} continuous), which has {latent}; set "
                f"latent={code + 16} or more, or ask for a smaller code"
            )
        base = game.prior.sized(latent - code)
        self.prior = ganzoo.WithCode(base, categories=self.categories, continuous=self.continuous)
        game.prior = self.prior
        self.build(game.discriminator.feature_dim, sum(self.categories) or 1)

    def information(self, play: ganzoo.Play) -> Tensor:
        """How badly Q reads the codes, 0-dim."""
        if self.prior is None or play.z is None:
            raise ganzoo.Incompatible(
                "InfoGAN reads codes that a prior put into the latent vectors; it needs a Game"
            )
        chosen, numbers = self.prior.code(play.z)
        logits, *gaussian = self.read(play.fake).tensor_split(self._places(), 1)
        parts = logits.split(self.categories, 1) if self.categories else ()
        surprise = [cross_entropy(part, c) for part, c in zip(parts, chosen, strict=True)]
        total = sum(surprise, logits.new_zeros(()))
        if self.categories:
            play.log["information"] = math.log(math.prod(self.categories)) - total.detach()
        if not self.continuous:
            return total
        return total + self.continuous_weight * _surprise(numbers.to(logits), *gaussian)

    discriminator = generator = information

    def _places(self) -> list[int]:
        start = sum(self.categories)
        return [start] if self.unit_variance else [start, start + self.continuous]


def _surprise(value: Tensor, mean: Tensor, log_variance: Tensor | None = None) -> Tensor:
    """``-log N(value; mean, variance)`` summed over axis 1, the mean of the batch, 0-dim."""
    if log_variance is None:
        log_variance = torch.zeros_like(mean)
    distance = (value - mean).square() * (-log_variance).exp()
    return (distance + log_variance + math.log(2 * math.pi)).sum(1).mean() / 2


def infogan(
    *,
    base: str = "nonsaturating",
    weight: float = 1.0,
    categories: int | tuple[int, ...] = 10,
    continuous: int = 2,
    continuous_weight: float = 1.0,
    hidden: int = 128,
    unit_variance: bool = True,
) -> ganzoo.Objective:
    """InfoGAN: without labels, part of the latent vector comes to mean something, because it must
    be read off the samples.

    With c the code in the latent vector, Q a small network on the features of D, scores of any
    shape, both minimised::

        I   = sum_d CE(Q_d(G(z, c)), c_d) + continuous_weight * sum_j -log N(c_j; mu_j, s_j^2)
        L_D = L_D of the base + weight * I
        L_G = L_G of the base + weight * I

    H(c) - I is a lower bound on the mutual information of code and sample, reached by the best
    Q; with one categorical code and the weight 1, I goes from log 10 to 0. It is logged as
    ``information``, in nats.

    The code takes the last elements of the latent vector, whose size stays: here 12.

    Departures: the paper minimises I over G and Q; as in the authors' code, it is in both
    losses, Q and the layers that it shares with D move with D, and the generator's turn moves
    G alone. Q has batch normalisation there and none here. torchgan's penalty has no gradient
    at all, to G or to Q.

    Args:
        base: the loss, with options where wanted: ``"wgan-gp(weight=1.0)"``.
        weight: lambda.
        categories: how many values each categorical code has, or that of the only one.
        continuous, continuous_weight: how many continuous codes, and what weighs their part.
        hidden: width of Q's hidden layer; 0 for none.
        unit_variance: s is 1, as in the authors' code for MNIST, and not learned.

    Reference: Chen et al. 2016, arXiv 1606.03657, eq. 5 to 6.
    """
    term = InfoGAN(
        weight,
        categories=categories,
        continuous=continuous,
        continuous_weight=continuous_weight,
        hidden=hidden,
        unit_variance=unit_variance,
    )
    return conditioned(term, base, usual="nonsaturating", defaults=_DEFAULTS)


_DEFAULTS = ganzoo.Defaults(
    generator_lr=1e-3, batch=128, origin="the authors' code for MNIST (arXiv 1606.03657)"
)
