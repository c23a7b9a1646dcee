"""KID: the kernel distance of the features."""

from __future__ import annotations

from ganzoo.errors import BadOption
from ganzoo.evaluate.checks import check_pair, require_varied
from ganzoo.evaluate.kernel import kernel_distance, self_similarity
from ganzoo.evaluate.metric import Metric, Samples

__all__ = ["kid"]


class _KernelDistance(Metric):
    def __init__(self, degree: int) -> None:
        if degree < 1:
            raise BadOption(f"degree={degree}: at least 1")
        self.degree = degree

    def __call__(self, fake: Samples, real: Samples) -> float:
        check_pair(fake.features, real.features)
        require_varied(real.features)
        known = real.remember(
            f"similarity {self.degree}", lambda: self_similarity(real.features, degree=self.degree)
        )
        return kernel_distance(
            fake.features, real.features, degree=self.degree, real_similarity=known
        )


def kid(*, degree: int = 3) -> Metric:
    """Kernel distance of the features (arXiv 1801.01401), unbiased; lower is better.

    Squared MMD with ``(x.y / F + 1)^degree``, over all pairs instead of random blocks: exact,
    without a random choice. 0 on average for a perfect sampler, so it can be negative.

    Args:
        degree: of the polynomial.
    """
    return _KernelDistance(degree)
