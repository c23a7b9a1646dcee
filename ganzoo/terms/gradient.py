"""Penalties on the gradient of the score with respect to the samples."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ganzoo.errors import Incompatible
from ganzoo.game.networks import DiscriminatorOutput
from ganzoo.game.options import option
from ganzoo.game.play import Play
from ganzoo.game.term import Term
from ganzoo.game.transforms import transformed
from ganzoo.terms.gamma import Gamma
from ganzoo.terms.modes import autocasts, outside_autocast, recording
from ganzoo.terms.points import between
from ganzoo.terms.score import each

__all__ = [
    "R1",
    "R2",
    "GradientPenalty",
    "gradient_of",
    "judged",
    "judged_gradient",
    "judged_with_gradient",
    "output_with_gradient",
    "score_gradient",
]


def score_gradient(score: Tensor, x: Tensor) -> Tensor:
    """The gradient of each sample's score with respect to the sample, with a graph.

    A score of several elements (patches, scales) counts with their mean, as in the losses,
    so the penalty does not depend on how many there are; implementations that sum the
    patches penalise ``patches`` times the gradient.

    Args:
        score: ``(N, ...)``, a function of x.
        x: ``(N, *shape)``, requiring grad.

    Returns:
        ``(N, prod(shape))``.
    """
    with outside_autocast(x):
        (gradient,) = torch.autograd.grad(each(score).sum(), x, create_graph=True)
    return gradient.flatten(1)


def gradient_of(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The gradient of each sample's score with respect to the sample, with a graph.

    The counterpart of :func:`score_gradient` that is given the function, and so serves under
    ``torch.func`` and ``torch.compile`` too, where a tensor has no graph to follow back.

    Args:
        function: from samples ``(N, *shape)`` to their scores ``(N, ...)``.
        x: ``(N, *shape)``; its own graph, where it has one, is kept.

    Returns:
        ``(N, prod(shape))``.
    """
    return output_with_gradient(lambda points: DiscriminatorOutput(function(points)), x)[1]


def output_with_gradient(
    function: Callable[[Tensor], DiscriminatorOutput], x: Tensor
) -> tuple[DiscriminatorOutput, Tensor]:
    """What is said of samples, and the gradient of their score, from one evaluation: as
    :func:`gradient_of`, for who needs both.
    """
    if not transformed():
        if not torch.is_grad_enabled():
            with recording():  # of its own samples: those of inference mode can't be followed
                output, gradient = output_with_gradient(function, x.detach().clone())
            said = {name: value.detach() for name, value in _tensors(output).items()}
            return DiscriminatorOutput(**said, layout=output.layout), gradient.detach()
        x = x if x.requires_grad else x.detach().requires_grad_()
        output = function(x)
        return output, score_gradient(output.score, x)

    def total(points: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        said = _tensors(function(points))
        return each(said["score"]).sum(), said

    with outside_autocast(x):
        gradient, said = torch.func.grad(total, has_aux=True)(x)
    return DiscriminatorOutput(**said), gradient.flatten(1)


def _tensors(output: DiscriminatorOutput) -> dict[str, Tensor]:
    said = {name: getattr(output, name) for name in ("score", "features", "reconstruction")}
    return {name: value for name, value in said.items() if isinstance(value, Tensor)}


def judged(
    play: Play, x: Tensor, remembered: Callable[[], DiscriminatorOutput] | None = None
) -> DiscriminatorOutput:
    """What the discriminator says of points, outside autocast.

    Args:
        play: the turn.
        x: ``(N, *shape)``.
        remembered: gives what the turn has evaluated at ``x``, as ``lambda: play.real``; it
            serves, unless autocast rounded it.
    """
    if remembered is not None and not autocasts(x):
        return remembered()
    with outside_autocast(x):
        return play.judge(x)


def judged_gradient(
    play: Play, x: Tensor, remembered: Callable[[], DiscriminatorOutput] | None = None
) -> Tensor:
    """The gradient of the score at points, ``(N, prod(shape))`` with a graph, outside
    autocast: bfloat16 would cost a penalty's own gradient two per cent.

    The arguments are those of :func:`judged`. What is remembered serves where it has a graph
    from ``x``, and not under ``torch.func`` and ``torch.compile``.
    """
    return judged_with_gradient(play, x, remembered)[1]


def judged_with_gradient(
    play: Play, x: Tensor, remembered: Callable[[], DiscriminatorOutput] | None = None
) -> tuple[Tensor, Tensor]:
    """The score at points ``(N, ...)`` and what :func:`judged_gradient` gives, of one
    evaluation.

    Raises:
        Incompatible: a compiled discriminator, of which torch gives no gradient's gradient.
    """
    if _compiled(play.discriminator) and torch.is_grad_enabled():
        raise Incompatible(
            "this objective takes the gradient of a gradient, which torch does not give of a "
            "compiled discriminator: leave the module as it is, and compile a function that calls "
            "the loss, as torch.compile(lambda x, y: loss.discriminator_loss(D, x, y))"
        )
    followed = x.requires_grad and torch.is_grad_enabled() and not transformed()
    seen = remembered if followed else None
    output, gradient = output_with_gradient(lambda points: judged(play, points, seen), x)
    return output.score, gradient


def _compiled(discriminator: object) -> bool:
    """Whether it is a module that was compiled by itself, by either of torch's ways."""
    if transformed() or not isinstance(discriminator, nn.Module):
        return False
    return hasattr(discriminator, "_orig_mod") or discriminator._compiled_call_impl is not None


class GradientPenalty(Term, weight=10.0):
    """Pulls the norm of the score's gradient at interpolates towards a target.

    ``L_D += weight * E (|grad D(x^)|_2 - target)^2``, x^ = e x + (1 - e) G(z), one e uniform
    in [0, 1) for each sample, the norm over all axes but the batch (arXiv 1704.00028, eq. 3).
    ``one_sided`` takes the positive part of the difference alone (WGAN-LP, arXiv 1709.08894,
    eq. 8).

    Args:
        weight: lambda of the paper.
        every: see :class:`ganzoo.Term`.
        target: the norm that is asked for.
        one_sided: whether smaller norms go free.
    """

    target: float = option(1.0, at_least=0, words="a norm is 0 or more")
    one_sided: bool = option(False)

    def discriminator(self, play: Play) -> Tensor:
        """The penalty, 0-dim."""
        gradient = judged_gradient(play, between(play))
        # vector_norm has a gradient of 0 at 0, where sqrt of a sum of squares has none
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=1)
        play.log["gradient_norm"] = norm.detach().mean()
        excess = norm - self.target
        return (excess.relu() if self.one_sided else excess).square().mean()


class _ZeroCentred(Gamma):
    """``(gamma / 2) E |grad D(x)|^2`` at one kind of samples."""

    kind = "real"

    def discriminator(self, play: Play) -> Tensor:
        """The penalty without gamma, 0-dim."""
        real = self.kind == "real"
        x = play.real_x if real else play.fake_x
        gradient = judged_gradient(play, x, lambda: play.real if real else play.fake)
        return gradient.square().sum(1).mean() / 2


class R1(_ZeroCentred):
    """``L_D += (gamma / 2) E |grad D(x)|^2`` at real samples: the sum of squares over all
    axes but the batch, then the mean (arXiv 1801.04406, eq. 9).

    GAN_stability's ``reg_param`` is gamma / 2. With ``every=16`` it is the lazy form of
    StyleGAN2 (arXiv 1912.04958, appendix B).

    Args:
        gamma: 10 in the paper.
        every: see :class:`ganzoo.Term`.
    """

    input_grads = frozenset({"real"})
    kind = "real"


class R2(_ZeroCentred):
    """``L_D += (gamma / 2) E |grad D(G(z))|^2``: R1 at generated samples (arXiv 1801.04406,
    eq. 10).

    Args:
        gamma: 10 in the paper.
        every: see :class:`ganzoo.Term`.
    """

    input_grads = frozenset({"fake"})
    kind = "fake"
