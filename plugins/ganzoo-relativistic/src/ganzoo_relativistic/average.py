"""Relativistic average losses: a score against the mean of the other kind's."""

from __future__ import annotations

import ganzoo
from ganzoo_relativistic.base import hinge, logistic, squares
from ganzoo_relativistic.defaults import DEFAULTS
from ganzoo_relativistic.terms import Average

__all__ = ["ragan", "rahinge", "ralsgan"]


def ragan() -> ganzoo.Objective:
    """The relativistic average GAN, also RaSGAN: a sample should look more real than the other
    kind does on average. ESRGAN's adversarial loss.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E softplus(-(r - E f)) + E softplus(f - E r)
        L_G = E softplus(-(f - E r)) + E softplus(r - E f)

    The optimal discriminator has no closed form; there L_D is 2 log 2 where p = q and falls
    towards 0 as they part.

    Departures: none; the means are not detached. The paper and TF-GAN have no factor; the
    authors' code, lecam-gan and PyTorch-GAN take half of both losses.

    Reference: Jolicoeur-Martineau 2018, arXiv 1807.00734.
    """
    return ganzoo.Objective(Average(logistic), defaults=DEFAULTS)


def ralsgan() -> ganzoo.Objective:
    """Relativistic average least squares: a real score should be 1 above the mean generated
    one, and a generated score 1 below the mean real one.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E (r - E f - 1)^2 + E (f - E r + 1)^2
        L_G = E (f - E r - 1)^2 + E (r - E f + 1)^2

    With Delta = int (p - q)^2 / (p + q), the optimal discriminator is
    4 / (2 + 3 Delta) (p - q) / (p + q) and any constant, where
    L_D = 2 (2 - Delta) / (2 + 3 Delta): 2 where p = q. The generator has a target.

    Departures: none; the means are not detached. The authors' code takes half of both losses.

    Reference: Jolicoeur-Martineau 2018, arXiv 1807.00734.
    """
    return ganzoo.Objective(Average(squares), defaults=DEFAULTS)


def rahinge() -> ganzoo.Objective:
    """The relativistic average hinge: a real score should be 1 or more above the mean generated
    one, and a generated score 1 or more below the mean real one.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        L_D = E [1 - (r - E f)]+ + E [1 + (f - E r)]+
        L_G = E [1 - (f - E r)]+ + E [1 + (r - E f)]+

    The hinge is per element, before the mean. At the optimal discriminator L_D is the minimum
    of a linear programme without a closed form: 2 where p = q, 0 where they do not overlap.

    Departures: none; the means are not detached. The authors' code takes half of both losses;
    lecam-gan in its generator's loss moreover hinges the mean real score, a constant there.

    Reference: Jolicoeur-Martineau 2018, arXiv 1807.00734.
    """
    return ganzoo.Objective(Average(hinge), defaults=DEFAULTS)
