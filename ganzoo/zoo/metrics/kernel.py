"""KID and RBF-MMD: kernel distances of the features."""

from __future__ import annotations

from abc import abstractmethod

from ganzoo.errors import BadOption
from ganzoo.evaluate.checks import check_pair, require_varied
from ganzoo.evaluate.kernel import Blocks, Discrepancy, KernelMeans, kernel_blocks
from ganzoo.evaluate.metric import Metric, Samples
from ganzoo.evaluate.sharing import Ask
from ganzoo.evaluate.similarity import Gaussian, Kernel, Polynomial, typical_bandwidth

__all__ = ["kid", "rbf_mmd"]


class _OfKernel(Metric):
    def __call__(self, fake: Samples, real: Samples) -> float:
        return self._discrepancy(fake, real).value

    def error(self, fake: Samples, real: Samples) -> float | None:
        return self._discrepancy(fake, real).error

    @abstractmethod
    def kernel(self, real: Samples) -> Kernel:
        """Which one against these real samples."""

    def asks(self, fake: Samples, real: Samples) -> list[Ask]:
        return [Ask(fake, real, KernelMeans(self.kernel(real)))]

    def _discrepancy(self, fake: Samples, real: Samples) -> Discrepancy:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        return fake.against(real, KernelMeans(self.kernel(real)))


class _Kid(_OfKernel):
    def __init__(self, degree: int) -> None:
        if degree < 1:
            raise BadOption(f"degree={degree}: at least 1")
        self.degree = degree

    def kernel(self, real: Samples) -> Kernel:
        return Polynomial(self.degree)


class _Blocks(Metric):
    def __init__(self, blocks: int, size: int) -> None:
        self.blocks, self.size = blocks, size

    def __call__(self, fake: Samples, real: Samples) -> float:
        require_varied(real.features)
        return self._all(fake, real).value

    def _all(self, fake: Samples, real: Samples) -> Blocks:
        return kernel_blocks(fake.features, real.features, blocks=self.blocks, size=self.size)


class _RbfMmd(_OfKernel):
    def __init__(self, bandwidth: float) -> None:
        if not bandwidth >= 0:
            raise BadOption(f"bandwidth={bandwidth}: above 0, or 0 for that of the real features")
        self.bandwidth = bandwidth

    def kernel(self, real: Samples) -> Kernel:
        own = real.remember("bandwidth", lambda: typical_bandwidth(real.features))
        return Gaussian(self.bandwidth or own)


def kid(*, degree: int = 3, blocks: int = 0, size: int = 1000) -> Metric:
    """Kernel distance of the features (arXiv 1801.01401), unbiased; lower is better.

    Squared MMD with ``(x.y / F + 1)^degree``, over all pairs instead of random blocks: exact,
    without a random choice. 0 on average for a perfect sampler, so it can be negative.

    Args:
        degree: of the polynomial.
        blocks: over how many random blocks to average instead, as most of the literature does;
            noisier, and never cheaper than all pairs with 100 blocks of a tenth of the samples.
        size: samples of each side in a block.

    Raises:
        BadOption: a degree below 1; blocks below 0, or of fewer than 2; blocks of another
            degree than 3.
    """
    if blocks < 0 or (blocks and size < 2):
        raise BadOption(f"blocks={blocks}, size={size}: 0 for none, or blocks of at least 2")
    if blocks and degree != 3:
        raise BadOption(f"degree={degree}: blocks are of degree 3")
    return _Blocks(blocks, size) if blocks else _Kid(degree)


def rbf_mmd(*, bandwidth: float = 0.0) -> Metric:
    """Squared MMD of the features with a Gaussian kernel, unbiased; lower is better.

    ``exp(-|x - y|^2 / (2 bandwidth^2))`` over all pairs (arXiv 0805.2368), in float64. 0 on
    average for a perfect sampler, so it can be negative. CMMD (arXiv 2401.09603) is this on
    CLIP's features with a bandwidth of 10, estimated with a bias, times 1000.

    Args:
        bandwidth: in units of the features; 0 for the total standard deviation of the real
            ones, at which the kernel of a typical pair is 1/e.

    Raises:
        BadOption: a negative bandwidth.
    """
    return _RbfMmd(bandwidth)
