"""Discriminators that look at labels: by concatenation, and by projection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ganzoo
from ganzoo_conditional.base import conditioned

__all__ = ["Concatenation", "Projection", "SeesLabels", "cgan", "projection"]


class SeesLabels(ganzoo.Term, without=("weight", "every")):
    """Both networks look at labels. It says nothing itself: any loss is one of D(x, y) then.

    In a training loop of one's own, the discriminator is called with samples and labels, and
    how it looks at them is its own affair.
    """

    conditional = True

    def wrap(self, play: ganzoo.Play, discriminator: Callable[..., Any]) -> Callable[..., Any]:
        """The discriminator as it is, in a turn that has labels.

        Raises:
            Incompatible: there are none.
        """
        if play.labels is None:
            raise ganzoo.Incompatible(
                "a conditional discriminator needs the labels of the samples; pass labels=..., "
                "(N,) of int64"
            )
        return discriminator


class Concatenation(SeesLabels):
    """Labels join the input of the discriminator (arXiv 1411.1784, section 3.2)."""

    needs = frozenset({"score", "labels", "concat"})


class Projection(SeesLabels):
    """Labels are projected on the features of the discriminator: ``D(x, y) = psi(phi(x)) +
    <v_y, phi(x)>`` (arXiv 1802.05637, eq. 3).
    """

    needs = frozenset({"score", "labels", "projection"})


def cgan(*, base: str = "nonsaturating") -> ganzoo.Objective:
    """The conditional GAN: any adversarial loss of D(x, y) and G(z, y), the label joined to the
    input of both networks.

    With r = D(x, y) and f = D(G(z, y), y), scores of any shape, and y ``(N,)`` of int64, both
    minimised::

        L_D = L_D of the base on (r, f)
        L_G = L_G of the base on f

    At the best discriminator, the value is the base's for the joint laws p(x, y) and
    q(x | y) p(y): with the non-saturating base L_D = 2 log 2 - 2 JSD of those two.

    The networks are built with ``conditional="concat"``: a one-hot label joins the input of
    mlp, planes of zeros and ones the channels of dcgan's and resnet's discriminators, whose
    generators have a gain and a shift of batch norm for each class.

    Departures: the paper joins the label behind layers of its own for each input. Elsewhere
    "cGAN" means other things: StudioGAN has no concatenation, TF-GAN's ``condition_tensor``
    adds an embedding of the label to a layer.

    Args:
        base: the loss, with options where wanted: ``"wgan-gp(weight=1.0)"``.

    Reference: Mirza and Osindero 2014, arXiv 1411.1784.
    """
    return conditioned(Concatenation(), base)


def projection(*, base: str = "hinge") -> ganzoo.Objective:
    """The projection discriminator: any adversarial loss of D(x, y), in which the label is an
    inner product with the features.

    With r = D(x, y) and f = D(G(z, y), y), scores ``(N,)``, phi the features ``(N, F)`` and v
    ``(K, F)``, a vector for each class, both minimised::

        D(x, y) = psi(phi(x)) + <v_y, phi(x)>
        L_D = E [1 - r]+ + E [1 + f]+,    L_G = -E f    (or those of another base)

    It is the form that log p(x | y) / q(x | y) + log p(y) / q(y) takes where classes are log-
    linear in the features. At the best discriminator, the value is the base's for the joint
    laws: with the hinge L_D = 2 - 2 TV. It goes well with spectral normalisation, which takes
    v along: ``add=["spectral-norm"]``.

    The networks are built with ``conditional="projection"``; a discriminator of one's own
    makes the inner product itself.

    Departures: none. StudioGAN calls it ``d_cond_mtd="PD"``.

    Args:
        base: the loss, with options where wanted: ``"hinge(discriminator_turns=5)"`` as the
            paper has it.

    Reference: Miyato and Koyama 2018, arXiv 1802.05637, eq. 3.
    """
    defaults = ganzoo.Defaults(
        betas=(0.0, 0.9), origin="a common default since SNGAN (arXiv 1802.05957)"
    )
    return conditioned(Projection(), base, usual="hinge", defaults=defaults)
