"""The gallery as one self-contained HTML page: no network, no script, no other file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ganzoo.gallery.exhibit import Exhibit
from ganzoo.gallery.parts import Section
from ganzoo.gallery.sections import sections
from ganzoo.report.numbers import duration

__all__ = ["write_page"]


def write_page(
    models: Sequence[Exhibit], folder: Path, *, dataset: str, asked: int, seed: int
) -> Path:
    """Write ``gallery.html`` and its PNGs into a folder; gives the page's path.

    Args:
        models: what is shown, in this order.
        folder: where to; made where it is missing.
        dataset, seed: said at the head of the page.
        asked: how many models there are to be.
    """
    parts = sections(models)
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        for group in part.groups:
            for picture in group.pictures:
                picture.save(folder)
    path = folder / "gallery.html"
    new = path.with_name(f".{path.name}.tmp")
    head = _facts(models, asked, seed)
    title = f"{len(models)} model{'s' * (len(models) != 1)} on {dataset}"
    new.write_text(_html(parts, title, head), encoding="utf-8")
    new.replace(path)
    return path


def _html(parts: Sequence[Section], title: str, facts: Sequence[str]) -> str:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = _asset("ganzoo.report", "page.css") + _asset("ganzoo.gallery", "gallery.css")
    template = _asset("ganzoo.gallery", "gallery.html.j2")
    return environment.from_string(template).render(
        style=Markup(style),  # noqa: S704  ours
        title=title,
        facts=facts,
        sections=parts,
    )


def _facts(models: Sequence[Exhibit], asked: int, seed: int) -> list[str]:
    failed, missing = sum(bool(model.reason) for model in models), asked - len(models)
    said = [f"{len(models) - failed} trained"]
    said += [f"{failed} failed"] if failed else []
    said += [f"{missing} still to come"] if missing else []
    steps = sorted({model.steps[-1] for model in models if model.steps})
    spans = dict.fromkeys((steps[0], steps[-1])) if steps else ()
    return [
        ", ".join(said),
        *([" to ".join(map(str, spans)) + " steps each"] if spans else []),
        f"seed {seed}",
        f"{duration(sum(model.seconds for model in models))} of training",
    ]


def _asset(package: str, name: str) -> str:
    return resources.files(package).joinpath("assets", name).read_text(encoding="utf-8")
