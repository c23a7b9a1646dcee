"""What a page is made of: sections of groups of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ganzoo.gallery.exhibit import Exhibit
from ganzoo.gallery.sheets import Picture

__all__ = ["Group", "Section", "figures"]


@dataclass(frozen=True)
class Group:
    """Pictures that belong together.

    Attributes:
        title, about, note: above or beside them.
        pictures: one beside the other.
        reason: why there are none, or fewer than there should be.
        across: how many stand side by side where there is room.
    """

    title: str
    pictures: tuple[Picture, ...]
    about: str = ""
    note: str = ""
    reason: str = ""
    across: int = 3


@dataclass(frozen=True)
class Section:
    """A heading, what to look at, and groups."""

    anchor: str
    title: str
    look: str
    groups: tuple[Group, ...]


def figures(model: Exhibit) -> str:
    """What was measured of a model, in a line."""
    said = [*_measures(model)]
    bound = model.held_out.get("held-out/elbo", [])
    if bound:
        numbers = ("not finite" if value is None else f"{value:.0f}" for value in bound)
        way = " → ".join(numbers).replace("-", "\N{MINUS SIGN}")
        steps = ", ".join(map(str, model.steps))
        said.append(f"evidence lower bound on held-out samples {way} nats at steps {steps}")
    for name, called in (("k", "k"), ("convergence", "M")):
        first, last = model.first.get(name), model.last.get(name)
        if first is not None and last is not None:
            said.append(f"{called} {first:.2g} → {last:.2g}")
    return "; ".join(said)


def _measures(model: Exhibit) -> Iterator[str]:
    """Agreement is said of those alone that can be asked for something."""
    asked = {"class-agreement": "classes", "code-agreement": "categories"}
    for name, value in model.metrics.items():
        if name in asked and model.at_end(asked[name]) is None:
            continue
        if value is None:
            yield f"{name} not finite"
        elif name in asked:
            what = "asked class" if name.startswith("class") else "code matched to a class"
            yield f"{what} hit by {100 * value:.1f} % of samples"
        else:
            yield f"{name.replace('-', ' ').replace('frechet', 'Fréchet')} {value:.3g}"
