"""Checks of theory: what the best discriminator does, and how the game moves near its end."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.dirac import Dirac
from ganzoo.testing.losses.subject import Subject, close

__all__ = ["CHECKS", "Toy"]

_DATA, _MODEL = (10, 6, 3, 1), (2, 4, 6, 8)
_EDGE = 50.0
_FAR = 40.0


class Toy:
    """Two laws on four points, as batches whose means are exact expectations.

    A discriminator is its four scores. Of a paired loss the batch is every pair.

    Args:
        subject: a loss.
        data, model: how many of 20 samples are at each point.
    """

    def __init__(
        self,
        subject: Subject,
        data: Sequence[int] = _DATA,
        model: Sequence[int] = _MODEL,
    ) -> None:
        places = torch.arange(len(data))
        real, fake = (places.repeat_interleave(torch.tensor(law)) for law in (data, model))
        if subject.traits.paired:
            real, fake = real.repeat_interleave(len(fake)), fake.repeat(len(real))
        self.real, self.fake, self.bench = real, fake, subject.bench()
        self._points = len(data)

    def loss(self, scores: Tensor) -> tuple[float, Tensor]:
        """The discriminator's loss for scores ``(4,)``, and its gradient by them."""
        said = self.bench.turn("discriminator", scores[self.real], scores[self.fake])
        gradient = torch.zeros(self._points, dtype=torch.float64)
        for kind, places in (("real", self.real), ("fake", self.fake)):
            gradient.index_add_(0, places, said.slopes(kind).sum(1))
        return float(said.value), gradient

    def best(self, start: Tensor) -> tuple[float, Tensor]:
        """The least loss that is found from these scores, and the scores there."""
        from scipy.optimize import minimize  # slow to import

        def both(at: object) -> tuple[float, object]:
            value, gradient = self.loss(torch.as_tensor(at, dtype=torch.float64))
            return value, gradient.numpy()

        bounds = [(-_EDGE, _EDGE)] * self._points  # where nothing holds the scores, these do
        options = {"maxiter": 60, "maxfun": 50}
        found = minimize(  # type: ignore[no-untyped-call]
            both, start.numpy(), jac=True, bounds=bounds, options=options
        )
        return float(found.fun), torch.as_tensor(found.x, dtype=torch.float64)


def _on_scores_alone(subject: Subject) -> None:
    subject.needs_scores()
    if subject.samples_matter:
        skip("it takes more than the scores of the samples")


def _equilibrium(subject: Subject) -> None:
    _on_scores_alone(subject)
    if subject.traits.neutral is None and not subject.traits.shift_invariant:
        skip("it declares no neutral score")
    at, toy = subject.neutral, Toy(subject, (1, 1, 1, 1), (1, 1, 1, 1))
    least, _ = toy.loss(torch.full((4,), at, dtype=torch.float64))
    generator = torch.Generator().manual_seed(0)
    for scale in (0.02, 0.5, 2.0):
        for _ in range(6):
            moved = scale * torch.randn(4, generator=generator, dtype=torch.float64) + at
            value, _ = toy.loss(moved)
            if value < least - 1e-6 * (1 + abs(least)):
                fail(
                    f"where data and model agree, the discriminator's loss is {least:.6g} at the "
                    f"scores that are declared neutral ({at:g}), and {value:.6g} at "
                    f"{[round(s, 3) for s in moved.tolist()]}: telling equals apart would pay. Is "
                    f"the neutral score another one, or are the two sides of different kinds?"
                )


def _optimum(subject: Subject) -> None:
    _on_scores_alone(subject)
    toy, at, way = Toy(subject), subject.neutral, subject.traits.orientation
    flat, _ = toy.loss(torch.full((4,), at, dtype=torch.float64))
    starts = torch.tensor([[0.01, 0.0, 0.0, -0.01], [0.4, -0.3, 0.5, -0.2]], dtype=torch.float64)
    found = [toy.best(way * start + at) for start in starts]
    least, scores = min(found, key=lambda each: each[0])
    if not float(scores.abs().max()) < _FAR or least < -1e3:
        skip("without a constraint there is no best discriminator")
    if least > flat - 1e-3 * abs(flat) - 1e-6:
        fail(
            f"on two laws that differ, the best discriminator that gradient descent finds has a "
            f"loss of {least:.6g}, and one that cannot tell {flat:.6g}: it gains nothing. Does the "
            f"gradient belong to the value?"
        )
    slack = 1e-4 if not subject.traits.kinks else 2e-2
    if not close(found[0][0], found[1][0], slack):
        fail(
            f"from two starts gradient descent on the discriminator's scores ends at losses of "
            f"{found[0][0]:.6g} and {found[1][0]:.6g}: there is a local optimum, or a place where "
            f"the gradient is lost"
        )
    steps = way * (scores[:-1] - scores[1:])
    if bool((steps < -(1e-3 if not subject.traits.kinks else 0.2)).any()):
        fail(
            f"the best discriminator's scores, {[round(s, 3) for s in scores.tolist()]}, are not "
            f"in the order of p/q = 5, 1.5, 0.5, 0.125: samples that are more real score less"
        )


def _probability(subject: Subject) -> None:
    _on_scores_alone(subject)
    objective = subject.objective()
    if objective.probability(torch.zeros(1)) is None:
        skip("it makes no probability of a score")
    p, q = torch.tensor(_DATA) / 20, torch.tensor(_MODEL) / 20
    _, scores = Toy(subject).best(torch.full((4,), subject.neutral, dtype=torch.float64))
    if not float(scores.abs().max()) < _FAR:
        skip("without a constraint there is no best discriminator")
    found = objective.probability(scores)
    assert found is not None
    if not bool((found - p / (p + q)).abs().max() < 0.01):
        fail(
            f"at the best discriminator the probability of being real is "
            f"{[round(v, 3) for v in found.tolist()]} by its probability(), and p / (p + q) = "
            f"{[round(v, 3) for v in (p / (p + q)).tolist()]} in truth"
        )


def _dirac(subject: Subject) -> None:
    subject.needs_scores()
    if subject.needs != {"score"} or subject.conditional:
        skip("the Dirac-GAN's discriminator gives scores alone")
    dirac = Dirac(subject.objective())
    still = max(abs(v) for near in (-1e-3, 0.0, 1e-3) for v in dirac.velocity(0.0, near))
    if not still < 0.02 or not bool(dirac.jacobian().isfinite().all()):
        skip("(0, 0) is no equilibrium of it: something holds the discriminator's slope elsewhere")
    rates = dirac.eigenvalues()
    if max(rate.real for rate in rates) > 1e-3:
        fail(
            f"in the Dirac-GAN (one data point, one generated point, a linear discriminator) the "
            f"players leave their equilibrium, with rates {rates[0]:.4g} and {rates[1]:.4g}; at "
            f"worst they may circle it. Does the generator descend what the discriminator "
            f"descends, or has a penalty the wrong sign?"
        )


CHECKS = (
    Check("equilibrium", "where data and model agree, the neutral D is the best", _equilibrium),
    Check("optimum", "descent finds the best D, whose scores are in the order of p/q", _optimum),
    Check("probability", "D(x) at the best D is p / (p + q), where it is offered", _probability),
    Check("dirac", "the Dirac-GAN does not leave its equilibrium", _dirac),
)
