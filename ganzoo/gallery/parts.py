"""What a page is made of: sections of groups of pictures."""

from __future__ import annotations

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
    said = []
    for name, value in model.metrics.items():
        if value is None:
            said.append(f"{name} not finite")
        elif name.endswith("-agreement"):
            what = "asked class" if name.startswith("class") else "code matched to a class"
            said.append(f"{what} hit by {100 * value:.0f} % of samples")
        else:
            called = name.replace("-", " ").replace("frechet", "Fréchet")
            said.append(f"{called} {value:.3g}")
    known = {"elbo": "evidence lower bound {:.1f} nats", "k": "k {:.2f}", "convergence": "M {:.3g}"}
    for name, text in known.items():
        value = model.last.get(name)
        if value is not None:
            said.append(text.format(value))
    return ", ".join(said)
