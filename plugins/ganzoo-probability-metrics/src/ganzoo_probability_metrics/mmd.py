"""MMD GANs: maximum mean discrepancies of learned features, by kernel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import ganzoo
from ganzoo_probability_metrics import kernels
from ganzoo_probability_metrics.defaults import KERNEL
from ganzoo_probability_metrics.discrepancy import Discrepancy, positive
from ganzoo_probability_metrics.penalties import FeatureNorm, WitnessPenalty

__all__ = ["mmd_distance", "mmd_linear", "mmd_rbf", "mmd_rq"]


def _objective(
    kernel: kernels.Kernel,
    *,
    biased: bool,
    gradient_weight: float,
    feature_weight: float,
    discriminator_turns: int,
) -> ganzoo.Objective:
    terms: list[ganzoo.Term] = [Discrepancy(kernel=kernel, biased=biased)]
    if gradient_weight:
        witness = partial(kernels.witness, kernel=kernel)
        terms.append(WitnessPenalty(gradient_weight, witness=witness))
    if feature_weight:
        terms.append(FeatureNorm(feature_weight))
    return ganzoo.Objective(*terms, discriminator_turns=discriminator_turns, defaults=KERNEL)


def mmd_rbf(
    *,
    sigmas: Sequence[float] = (1.0, 2.0, 4.0, 8.0, 16.0),
    biased: bool = False,
    gradient_weight: float = 1.0,
    feature_weight: float = 0.0,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """MMD GAN with Gaussian kernels of several widths on learned features.

    With h = features of D, ``(N, F)``, and k(a, b) = sum_s exp(-|a - b|^2 / (2 s^2)), both
    minimised::

        L_G = E k(h(x), h(x')) + E k(h(G), h(G')) - 2 E k(h(x), h(G))
        L_D = -L_G + gradient_weight * E (|grad f(x^)|_2 - 1)^2
                   + feature_weight * (E mean h(x)^2 + E mean h(G)^2)
        f(t) = E k(h(x), h(t)) - E k(h(G), h(t)),  x^ = e x + (1 - e) G(z)

    L_G is the squared maximum mean discrepancy: 0 where the laws of the features agree. The
    unbiased estimate (a U-statistic) may be below 0; the biased one (a V-statistic) is above
    it by (mean k(a, a) - mean k(a, a')) / N for either kind. Features are those of the
    network, or its scores where it gives no others.

    Departures: the first MMD GANs (arXiv 1705.08584) clipped the critic's weights and added
    an autoencoder, and took the root of the discrepancy. Without a critic to train, on the
    samples as they are, it is a generative moment matching network (arXiv 1502.02761,
    1505.03906). The code of arXiv 1801.01401 penalises the features of every layer, not only
    the last, and one norm of the gradient for each column of an image, not for each image.

    Args:
        sigmas: the widths.
        biased: the V-statistic, for batches of any size.
        gradient_weight: of the penalty on the witness function f; 0 leaves it out, and
            real and generated batches may then differ in size.
        feature_weight: of the penalty on the features' squares.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: widths that are not above 0.

    Reference: Li et al. 2017, arXiv 1705.08584; Binkowski et al. 2018, arXiv 1801.01401.
    """
    return _objective(
        partial(kernels.rbf, sigmas=positive("sigmas", sigmas)),
        biased=biased,
        gradient_weight=gradient_weight,
        feature_weight=feature_weight,
        discriminator_turns=discriminator_turns,
    )


def mmd_rq(
    *,
    alphas: Sequence[float] = (0.2, 0.5, 1.0, 2.0, 5.0),
    biased: bool = False,
    gradient_weight: float = 1.0,
    feature_weight: float = 0.0,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """MMD GAN with rational quadratic kernels on learned features: heavy tails, so that far
    samples still feel each other.

    With h = features of D, ``(N, F)``, and k(a, b) = sum_s (1 + |a - b|^2 / (2 s))^(-s), both
    minimised::

        L_G = E k(h(x), h(x')) + E k(h(G), h(G')) - 2 E k(h(x), h(G))
        L_D = -L_G + gradient_weight * E (|grad f(x^)|_2 - 1)^2
                   + feature_weight * (E mean h(x)^2 + E mean h(G)^2)
        f(t) = E k(h(x), h(t)) - E k(h(G), h(t)),  x^ = e x + (1 - e) G(z)

    L_G is the squared maximum mean discrepancy: 0 where the laws of the features agree.

    Departures: those of :func:`mmd_rbf`. The alphas are the paper's; its code has 0.1, 1 and
    10, and a variant that adds a linear kernel.

    Args:
        alphas: s, one for each kernel.
        biased, gradient_weight, feature_weight: see :func:`mmd_rbf`.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: alphas that are not above 0.

    Reference: Binkowski et al. 2018, arXiv 1801.01401.
    """
    return _objective(
        partial(kernels.rational_quadratic, alphas=positive("alphas", alphas)),
        biased=biased,
        gradient_weight=gradient_weight,
        feature_weight=feature_weight,
        discriminator_turns=discriminator_turns,
    )


def mmd_distance(
    *,
    biased: bool = False,
    gradient_weight: float = 1.0,
    feature_weight: float = 0.0,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """MMD GAN with the kernel of the energy distance: Cramer GAN with an unbiased critic.

    With h = features of D, ``(N, F)``, both minimised::

        L_G = 2 E |h(x) - h(G)| - E |h(x) - h(x')| - E |h(G) - h(G')|
        L_D = -L_G + gradient_weight * E (|grad f(x^)|_2 - 1)^2
                   + feature_weight * (E mean h(x)^2 + E mean h(G)^2)
        f(t) = E |h(G) - h(t)| - E |h(x) - h(t)|,  x^ = e x + (1 - e) G(z)

    L_G is the energy distance of the features, the discrepancy of the kernel
    |a| + |b| - |a - b|; for one feature 2 int (F - G)^2 of the distribution functions.

    Departures: those of :func:`mmd_rbf`.

    Args:
        biased, gradient_weight, feature_weight: see :func:`mmd_rbf`.
        discriminator_turns: critic steps for each generator step.

    Reference: Binkowski et al. 2018, arXiv 1801.01401.
    """
    return _objective(
        kernels.distance,
        biased=biased,
        gradient_weight=gradient_weight,
        feature_weight=feature_weight,
        discriminator_turns=discriminator_turns,
    )


def mmd_linear(
    *,
    biased: bool = False,
    gradient_weight: float = 1.0,
    feature_weight: float = 0.0,
    discriminator_turns: int = 5,
) -> ganzoo.Objective:
    """MMD GAN with the linear kernel: the squared distance of mean features.

    With h = features of D, ``(N, F)``, both minimised::

        L_G = |E h(x) - E h(G)|^2, estimated with or without bias
        L_D = -L_G + gradient_weight * E (|grad f(x^)|_2 - 1)^2
                   + feature_weight * (E mean h(x)^2 + E mean h(G)^2)
        f(t) = <E h(x) - E h(G), h(t)>,  x^ = e x + (1 - e) G(z)

    Departures: those of :func:`mmd_rbf`.

    Args:
        biased, gradient_weight, feature_weight: see :func:`mmd_rbf`.
        discriminator_turns: critic steps for each generator step.

    Reference: Binkowski et al. 2018, arXiv 1801.01401.
    """
    return _objective(
        kernels.linear,
        biased=biased,
        gradient_weight=gradient_weight,
        feature_weight=feature_weight,
        discriminator_turns=discriminator_turns,
    )
