"""Top-k training."""

from __future__ import annotations

from dataclasses import replace

import ganzoo
from ganzoo.terms import each
from ganzoo_regularizers.base import Timed

__all__ = ["TopK"]


class TopK(Timed, without=("weight", "every")):
    """Top-k training: the generator learns from its k best samples alone.

    ::

        L_G is the mean over the k highest of the N scores f,  k = N share^(t / steps) at step t,
        N share from then on

    The scores of the others carry no gradient and those of the best N / k times theirs: for a
    loss that is a mean over scores that is the gradient of the mean over the best. All shapes
    stay as they are, and so do the values, so what is logged is the loss of all N. Scores of
    several elements rank by their mean. The discriminator's turn is left alone.

    Departures: the paper multiplies k by 0.99 at each epoch until it is half of the batch; here
    the same curve is told by where it ends.

    Args:
        share: what k is of N at the end.
        steps: generator steps until then.

    Raises:
        BadOption: a share that is not above 0 and at most 1, or steps below 1.
        Incompatible: a loss whose scores are low for real samples.

    Reference: Sinha et al. 2020, arXiv 2002.06224.
    """

    share: float = ganzoo.option(
        0.5, above=0, at_most=1, positional=True, words="a share above 0, 1 at most"
    )
    steps: int = ganzoo.option(1000, at_least=1, words="at least 1 step")

    def check(self, objective: ganzoo.Objective) -> None:
        """Refuse energies."""
        if objective.traits is not None and objective.traits.orientation < 0:
            raise ganzoo.Incompatible(
                "top-k keeps the highest scores; with this loss a low score means real. It goes "
                "with losses on logits"
            )

    def heard(
        self, play: ganzoo.Play, kind: str, output: ganzoo.DiscriminatorOutput
    ) -> ganzoo.DiscriminatorOutput:
        """The generated samples' scores, with a gradient for the best alone."""
        if play.player != "generator" or kind != "fake":
            return output
        score = output.score
        value, count = score.detach(), len(score)
        # a rank instead of a selection: the shape is the same whatever k is
        rank = each(value).argsort(descending=True, stable=True).argsort()
        kept = (count * self.share**self.progress).ceil()
        factor = (rank < kept).to(value) * (count / kept).to(value)
        factor = factor.reshape(-1, *(1 for _ in score.shape[1:]))
        return replace(output, score=value + factor * (score - value))
