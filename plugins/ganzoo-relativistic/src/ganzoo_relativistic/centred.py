"""Relativistic centred losses: a score against the middle of both kinds' means."""

from __future__ import annotations

import ganzoo
from ganzoo_relativistic.base import hinge, logistic, squares
from ganzoo_relativistic.defaults import DEFAULTS
from ganzoo_relativistic.terms import Centred

__all__ = ["rcgan", "rchinge", "rclsgan"]


def rcgan() -> ganzoo.Objective:
    """The relativistic centred GAN: the logistic loss of scores that are centred first.

    With r = D(x), f = D(G(z)), scores of any shape, and c = (E r + E f) / 2, both minimised::

        L_D = E softplus(-(r - c)) + E softplus(f - c)
        L_G = E softplus(-(f - c)) + E softplus(r - c)

    The optimal discriminator has no closed form; there L_D is at least that of minimax,
    2 log 2 - 2 JSD(p, q), and 2 log 2 where p = q.

    Departures: none; the centre is not detached.

    Reference: Jolicoeur-Martineau 2019, arXiv 1901.02474.
    """
    return ganzoo.Objective(Centred(logistic), defaults=DEFAULTS)


def rclsgan() -> ganzoo.Objective:
    """Relativistic centred least squares: real scores 1 above the centre, generated ones 1
    below it.

    With r = D(x), f = D(G(z)), scores of any shape, and c = (E r + E f) / 2, both minimised::

        L_D = E (r - c - 1)^2 + E (f - c + 1)^2
        L_G = E (f - c - 1)^2 + E (r - c + 1)^2

    With Delta = int (p - q)^2 / (p + q), the optimal discriminator is (p - q) / (p + q) and
    any constant, where L_D = 2 - Delta: 2 where p = q. The generator has a target.

    Departures: none; the centre is not detached, and there is no factor 1/2.

    Reference: Jolicoeur-Martineau 2019, arXiv 1901.02474.
    """
    return ganzoo.Objective(Centred(squares), defaults=DEFAULTS)


def rchinge() -> ganzoo.Objective:
    """The relativistic centred hinge: real scores 1 or more above the centre, generated ones 1
    or more below it.

    With r = D(x), f = D(G(z)), scores of any shape, and c = (E r + E f) / 2, both minimised::

        L_D = E [1 - (r - c)]+ + E [1 + (f - c)]+
        L_G = E [1 - (f - c)]+ + E [1 + (r - c)]+

    The hinge is per element, before the mean. At the optimal discriminator, without a closed
    form, L_D is at least that of hinge, 2 - 2 TV(p, q), and 2 where p = q.

    Departures: none; the centre is not detached.

    Reference: Jolicoeur-Martineau 2019, arXiv 1901.02474.
    """
    return ganzoo.Objective(Centred(hinge), defaults=DEFAULTS)
