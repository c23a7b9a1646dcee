"""A conditioning term on top of any adversarial loss."""

from __future__ import annotations

import ganzoo

__all__ = ["conditioned"]


def conditioned(
    term: ganzoo.Term,
    base: str,
    *,
    usual: str = "",
    defaults: ganzoo.Defaults | None = None,
) -> ganzoo.Objective:
    """The loss named ``base`` and a term; as many discriminator turns as the base has.

    Args:
        term: what conditions it.
        base: a registered loss, with options where wanted: ``"wgan-gp(weight=1.0)"``.
        usual: the base of the paper.
        defaults: those of the paper, used with the usual base; those of the base otherwise.

    Raises:
        UnknownName, AmbiguousName, BadOption, PluginFailed: from :func:`ganzoo.get_loss`.
    """
    name, options = ganzoo.registry.parse_call(base)
    objective = ganzoo.get_loss(name, **options) + term
    if defaults is not None and base == usual:
        objective.defaults = defaults
    return objective
