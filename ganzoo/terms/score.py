"""What discriminators say, and terms that speak through single scores: a mean of one function
per kind of score.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from ganzoo.errors import Incompatible
from ganzoo.game.networks import DiscriminatorOutput
from ganzoo.game.play import Play
from ganzoo.game.term import Term
from ganzoo.game.traits import Traits

__all__ = ["ScoreTerm", "Wasserstein", "each", "features_of", "softplus"]


def softplus(t: Tensor) -> Tensor:
    """``log(1 + e^t)``, elementwise, to the last digit of float64.

    torch's own default becomes linear at 20 already, which costs float64 half its digits.
    """
    return functional.softplus(t, threshold=40.0)


def each(score: Tensor) -> Tensor:
    """One score for each sample: ``(N, ...)`` to ``(N,)``, patches and scales by their mean."""
    return score if score.ndim == 1 else score.flatten(1).mean(1)


def features_of(output: DiscriminatorOutput, reader: str = "this term") -> Tensor:
    """The features ``(N, F)`` of a discriminator that has some.

    Args:
        output: what it said.
        reader: who wants them, for the error.

    Raises:
        Incompatible: it gave none, or no tensor.
    """
    if output.features is None:
        raise Incompatible(
            f"{reader} reads features, and the discriminator gave scores alone; return a "
            f"ganzoo.DiscriminatorOutput(score, features)"
        )
    if not isinstance(output.features, Tensor):
        raise Incompatible(
            f"{reader} reads features as one tensor, (N, F), and found a "
            f"{type(output.features).__name__}; of feature maps make one: "
            f"torch.cat([each.flatten(1) for each in maps], 1)"
        )
    return output.features


class ScoreTerm(Term):
    """A loss ``E real(r) + E fake(f)`` for the discriminator and ``E generated(f)`` for the
    generator, where r and f are scores of real and of generated samples of any shape.

    A subclass gives the three functions, element by element, and its traits where they are
    not those of a logit that grows linearly.
    """

    traits = Traits()

    def real(self, score: Tensor) -> Tensor:
        """The discriminator's loss on scores of real samples, elementwise."""
        raise NotImplementedError(f"{type(self).__name__}.real")

    def fake(self, score: Tensor) -> Tensor:
        """The discriminator's loss on scores of generated samples, elementwise."""
        raise NotImplementedError(f"{type(self).__name__}.fake")

    def generated(self, score: Tensor) -> Tensor:
        """The generator's loss on scores of its samples, elementwise."""
        raise NotImplementedError(f"{type(self).__name__}.generated")

    def discriminator(self, play: Play) -> Tensor:
        """``E real(r) + E fake(f)``, 0-dim."""
        return self.real(play.real.score).mean() + self.fake(play.fake.score).mean()

    def generator(self, play: Play) -> Tensor:
        """``E generated(f)``, 0-dim."""
        return self.generated(play.fake.score).mean()


class Wasserstein(ScoreTerm):
    """The critic's difference of means: ``L_D = E f - E r``, ``L_G = -E f``.

    ``-L_D`` is the Wasserstein-1 distance where the critic is the best of all 1-Lipschitz
    functions, so it goes with a constraint or a penalty (arXiv 1701.07875, eq. 2).
    """

    traits = Traits(zero_sum=True, shift_invariant=True)

    def real(self, score: Tensor) -> Tensor:
        """``-r``."""
        return -score

    def fake(self, score: Tensor) -> Tensor:
        """``f``."""
        return score

    def generated(self, score: Tensor) -> Tensor:
        """``-f``."""
        return -score
