"""Terms that look at scores alone."""

from __future__ import annotations

import torch
from torch import Tensor

import ganzoo
from ganzoo.terms import ScoreTerm

__all__ = ["Drift", "LabelSmoothing", "LeCam"]


class LeCam(ganzoo.Term, weight=0.3):
    """LeCam regularisation: a score shall not go past the other side's average.

    ::

        L_D += weight * (E [r - a_fake]+^2 + E [a_real - f]+^2)

    r and f are scores of real and generated samples of any shape; a_real and a_fake are
    exponential averages of their means, the present batch in them, and carry no gradient. The
    first batch starts them. With the Wasserstein loss and ``one_sided=False``, a_real = a and
    a_fake = -a, the best critic's gap is (1 / (2 weight) - a) Delta, where Delta = int (p - q)^2
    / (p + q) is the LeCam divergence.

    Departures: the positive parts are the authors' code's; the paper has none
    (``one_sided=False``). Their averages start at 1000 (StudioGAN's at 7777) and follow the
    batch until a first step; TF versions correct the start's bias.

    Args:
        weight: lambda: 0.3 with BigGAN, 3e-7 with StyleGAN2.
        every: see :class:`ganzoo.Term`.
        decay: of the averages; 0.9 in some versions.
        one_sided: whether scores on the right side go free.
        start: so many turns of the discriminator it is silent, and the averages follow the
            batch; 1000 in the authors' code.

    Raises:
        BadOption: a decay that is not in 0 .. 1, or a start below 0.
        Incompatible: a loss whose scores are low for real samples.

    Reference: Tseng et al. 2021, arXiv 2104.03310.
    """

    waived = (("per_sample", "averages of the batch are in it"),)
    decay: float = ganzoo.option(0.99, at_least=0, at_most=1, words="a decay in 0 .. 1")
    one_sided: bool = ganzoo.option(True)
    start: int = ganzoo.option(0, at_least=0)
    average_real: Tensor = ganzoo.state()
    average_fake: Tensor = ganzoo.state()
    turns: Tensor = ganzoo.state()

    def check(self, objective: ganzoo.Objective) -> None:
        """Refuse energies."""
        if objective.traits is not None and objective.traits.orientation < 0:
            raise ganzoo.Incompatible(
                "lecam holds high scores of real samples and low ones of generated samples "
                "back; with this loss a low score means real. It goes with losses on logits"
            )

    def averages(self, play: ganzoo.Play) -> tuple[Tensor, Tensor]:
        """The averages with this turn's scores in them, 0-dim each."""
        kept = self.average_real
        decay = self.decay * (self.turns >= max(self.start, 1)).to(kept)
        real, fake = (side.score.detach().to(kept).mean() for side in (play.real, play.fake))
        return real.lerp(self.average_real, decay), fake.lerp(self.average_fake, decay)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        average_real, average_fake = self.averages(play)
        above = play.real.score - average_fake.to(play.real.score)
        below = average_real.to(play.fake.score) - play.fake.score
        if self.one_sided:
            above, below = above.relu(), below.relu()
        cost = above.square().mean() + below.square().mean()
        return cost * (self.turns >= self.start).to(cost) if self.start else cost

    def after_discriminator(self, play: ganzoo.Play) -> None:
        """Keep the averages."""
        average_real, average_fake = self.averages(play)
        self.average_real.copy_(average_real)
        self.average_fake.copy_(average_fake)
        self.turns.add_(1)


class Drift(ganzoo.Term, weight=1e-3):
    """Keeps the scores of real samples from drifting away from zero.

    ::

        L_D += weight * E r^2

    Departures: none; mmgen takes half the weight at real and half at generated samples.

    Args:
        weight: epsilon of the paper.
        every: see :class:`ganzoo.Term`.

    Reference: Karras et al. 2017, arXiv 1710.10196, appendix A.1.
    """

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """The penalty, 0-dim."""
        return play.real.score.square().mean()


class LabelSmoothing(ganzoo.Term, without=("weight", "every")):
    """One-sided label smoothing: real samples are called real with probability ``target``.

    ::

        L_D += (1 - target) E r

    which makes E softplus(-r) the cross-entropy E[softplus(r) - target * r]. That is so for
    losses whose real part is softplus(-r) alone, and it refuses all others. The optimal logit
    becomes log(target p / (q + (1 - target) p)).

    Departures: none; it is ``nonsaturating(real_target=...)`` for any logistic loss. TF-GAN
    smooths by default, and towards 1/2.

    Args:
        target: 0.9 is a common default.

    Raises:
        BadOption: a target that is no probability above 0.
        Incompatible: another loss.

    Reference: Salimans et al. 2016, arXiv 1606.03498, section 3.4.
    """

    target: float = ganzoo.option(
        0.9, above=0, at_most=1, positional=True, words="a probability above 0, 1 at most"
    )

    def check(self, objective: ganzoo.Objective) -> None:
        """Refuse losses that are not cross-entropy on logits."""
        losses = [term for term in objective.terms if getattr(term, "traits", None) is not None]
        others = [type(term).__name__ for term in losses if not _logistic(term)]
        if others:
            raise ganzoo.Incompatible(
                f"label smoothing changes the target of a cross-entropy, and {others} have none: "
                f"it goes with losses whose real part is softplus(-score), as minimax and "
                f"nonsaturating, once"
            )

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """What the smoothed target adds, 0-dim."""
        return (1 - self.target) * play.real.score.mean()


def _logistic(term: object) -> bool:
    """Whether a loss's real part has the slope of softplus(-r)."""
    if not isinstance(term, ScoreTerm):
        return False
    with torch.enable_grad():
        score = torch.linspace(-4, 4, 9, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(term.real(score).sum(), score)
    return torch.allclose(slope, -torch.sigmoid(-score.detach()))
