"""Which entries are listed: by family, by year, by what they need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ganzoo.errors import BadOption, GanzooError, UnknownName, closest
from ganzoo.registry import Found, default_registry
from ganzoo.registry.names import normal

if TYPE_CHECKING:
    from ganzoo.game import Objective, Term

__all__ = ["filtered", "needs_of"]

_USUAL = {"generator", "discriminator", "score"}
_NOTHING = "nothing"


def filtered(
    found: list[Found],
    *,
    family: str | None = None,
    year: str | None = None,
    needs: str | None = None,
) -> list[Found]:
    """Those of the entries that are of a family, of some years, and need something.

    Args:
        found: entries.
        family: of losses and terms; case, ``-`` and ``_`` do not matter.
        year: ``"2018"``, ``"2017-2019"``, ``"2020-"`` or ``"-2016"``.
        needs: what is asked of the networks or the data beyond a generator and scores, or
            ``"nothing"``. Losses and terms are built to know it, which imports torch.

    Raises:
        UnknownName: no entry is of this family, or needs this.
        BadOption: a year that is none.
    """
    if family is not None:
        found = _of_family(found, family)
    if year is not None:
        first, last = _years(year)
        found = [each for each in found if first <= getattr(each.entry, "year", 0) <= last]
    if needs is not None:
        known = {each.id + each.kind: _needs(each) for each in found}
        asked = {need for every in known.values() for need in every}
        if normal(needs) not in {normal(need) for need in (*asked, _NOTHING)}:
            raise UnknownName(
                f"nothing here needs {needs!r}.{closest(needs, asked)} Needed are "
                f"{', '.join(sorted(asked)) or 'no special things'}."
            )
        found = [each for each in found if _wants(known[each.id + each.kind], needs)]
    return found


def needs_of(made: Objective | Term) -> list[str]:
    """What a loss or a term asks for beyond a generator, a discriminator and its scores."""
    asked = {*made.needs, *made.roles} - _USUAL
    if "discriminator" not in made.roles:
        asked |= {"no discriminator"}
    return sorted(asked | ({"labels"} if made.conditional else set()))


def _wants(needs: Iterable[str], wanted: str) -> bool:
    if normal(wanted) == _NOTHING:
        return not list(needs)
    return normal(wanted) in {normal(need) for need in needs}


def _needs(found: Found) -> list[str]:
    if found.kind not in ("losses", "terms"):
        return sorted(getattr(found.entry, "needs", ()))
    try:
        return needs_of(default_registry().build(found.kind, found.id))
    except GanzooError:  # it cannot be built without options, or not at all
        return []


def _of_family(found: list[Found], wanted: str) -> list[Found]:
    families = {str(getattr(each.entry, "family", "")) for each in found} - {""}
    if normal(wanted) not in map(normal, families):
        raise UnknownName(
            f"no family {wanted!r}.{closest(wanted, families)} "
            f"There are {', '.join(sorted(families)) or 'none of this kind'}."
        )
    return [each for each in found if normal(getattr(each.entry, "family", "")) == normal(wanted)]


def _years(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{4})?(-)?(\d{4})?", text.strip())
    if not found or not (found[1] or found[3]) or (found[1] and found[3] and not found[2]):
        raise BadOption(f"{text!r} is no year; write 2018, 2017-2019, 2020- or -2016")
    first = int(found[1] or 1)
    last = int(found[3] or 9999) if found[2] else first
    return first, last
