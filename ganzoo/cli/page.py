"""The catalogue as a page in Markdown: formulas, defaults, references, other libraries' ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from ganzoo.cli.filters import needs_of
from ganzoo.cli.showing import paper
from ganzoo.errors import GanzooError
from ganzoo.registry import Description, Found, default_registry
from ganzoo.testing.formula import Formulas

if TYPE_CHECKING:
    from ganzoo.game import Objective, Term

__all__ = ["COMMAND", "page"]

COMMAND = "ganzoo list --markdown > docs/objectives.md"

_NAMED = re.compile(
    "StudioGAN|mmgen|mmagic|TF-GAN|torchgan|compare_gan|LynnHo|hwalsuklee|PyTorch-GAN|mimicry|"
    "MaximumMarginGANs|RelativisticGAN|lecam-gan|GAN_stability|gigagan|mlss2018|vegans|rosinality|"
    "BigGAN-PyTorch|stylegan3|authors' code|TF versions"
)
_INTRODUCTION = f"""# Objectives

Every loss and every term that ganzoo and its plugins bring. With r = D(x) and f = D(G(z)), scores
of any shape, E is a mean over every element, and everything is minimised; `[t]+` is the positive
part, sp softplus, S sigmoid. The formulas are those of the docstrings, and `ganzoo check`
evaluates the ones that a machine can read against the code. `ganzoo show NAME` says more, and
`ganzoo show NAME --plot` draws.

This page is made by `{COMMAND}`.
"""


def page(found: Iterable[Found]) -> str:
    """The page for these losses and terms, which are built for it."""
    every = sorted(found, key=lambda each: (each.kind, _family(each), _year(each), each.name))
    parts = [_INTRODUCTION]
    for kind, heading, columns in (
        ("losses", "Losses", ("loss", "year", "L_D", "L_G", "needs", "options", "reference")),
        ("terms", "Terms", ("term", "year", "adds", "needs", "options", "reference")),
    ):
        of_kind = [each for each in every if each.kind == kind]
        if of_kind:
            parts.append(f"## {heading}\n")
        for family, group in groupby(of_kind, _family):
            parts.append(f"### {family[:1].upper()}{family[1:]}\n")
            parts.append(_table(columns, [_row(each) for each in group]))
    trained = [(f"`{each.name}`", _training(each)) for each in every if each.kind == "losses"]
    parts.append("## Trained with\n\nThe hyper-parameters used unless told otherwise.\n")
    parts.append(_table(("loss", "defaults"), trained))
    parts.append(
        "## In other libraries\n\nWhere the same thing has another form or another factor, from "
        "the docstrings.\n"
    )
    parts.append(_table(("name", "elsewhere"), [r for each in every for r in _elsewhere(each)]))
    return "\n".join(parts)


def _family(found: Found) -> str:
    return str(getattr(found.entry, "family", "") or "other")


def _year(found: Found) -> int:
    return int(getattr(found.entry, "year", 0))


def _row(found: Found) -> Sequence[str]:
    told = default_registry().describe(found)
    also = "".join(f", `{alias}`" for alias in found.entry.aliases)
    name = f"`{found.name}`{also}<br>{found.entry.summary}"
    options = ", ".join(f"{option.name}={option.default or '?'}" for option in told.options)
    year = str(_year(found) or "")
    formulas = Formulas(told.doc)
    needs = ", ".join(_needs(found))
    rest = (needs, _code(options), paper(found.entry).removesuffix(f" ({year})"))
    if found.kind == "losses":
        sides = [_code(formulas.text.get(side, "")) for side in ("L_D", "L_G")]
        return (name, year, *sides, *rest)
    return (name, year, _added(formulas), *rest)


def _added(formulas: Formulas) -> str:
    parts = [(side, formulas.text.get(side, "")) for side in ("L_D", "L_G")]
    return "<br>".join(_code(f"{side} += {text}") for side, text in parts if text)


def _needs(found: Found) -> list[str]:
    made = _made(found)
    return [] if made is None else needs_of(made)


def _made(found: Found) -> Objective | Term | None:
    try:
        made: Objective | Term = default_registry().build(found.kind, found.id)
    except GanzooError:
        return None
    return made


def _training(found: Found) -> str:
    from ganzoo.game import Objective

    made = _made(found)
    if not isinstance(made, Objective):
        return ""
    told = made.defaults
    rates = f"{told.generator_lr:g}"
    if told.discriminator_lr != told.generator_lr:
        rates += f" for G, {told.discriminator_lr:g} for D"
    betas = f" ({told.betas[0]:g}, {told.betas[1]:g})" if told.optimizer == "adam" else ""
    turns = f", {made.discriminator_turns} turns of D" if made.discriminator_turns > 1 else ""
    return f"{told.optimizer} {rates}{betas}, batch {told.batch}{turns}: {told.origin}"


def _elsewhere(found: Found) -> list[Sequence[str]]:
    """What the docstring says of other libraries, if it says something."""
    said = [each for each in _sentences(default_registry().describe(found)) if _NAMED.search(each)]
    return [(f"`{found.name}`", " ".join(said))] if said else []


def _sentences(told: Description) -> list[str]:
    """The sentences of a docstring's prose: no formulas, no options, no references."""
    prose = re.split(r"\n(?:Args|Raises|Returns|Reference|Example)", told.doc)[0]
    paragraphs = [p for p in re.split(r"\n\s*\n", prose) if not p.startswith("    ")]
    flat = [" ".join(p.split()).replace("``", "`") for p in paragraphs]
    each = [s for p in flat for s in re.split(r"(?<=[.;]) (?=[A-Z`])", p)]
    return [_begun(s) for s in each]


def _begun(sentence: str) -> str:
    """A sentence without the heading before it, and with a capital, unless a name begins it."""
    bare = re.sub(r"^(Departures|Other libraries|Elsewhere): ", "", sentence)
    return bare if bare == sentence or _NAMED.match(bare) else bare[:1].upper() + bare[1:]


def _code(text: str) -> str:
    return f"`{' '.join(text.split())}`" if text.strip() else ""


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; columns that are empty in every row are left out."""
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    lines = [[columns[place] for place in kept], ["---" for _ in kept]]
    lines += [[row[place].replace("|", "\\|") for place in kept] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
