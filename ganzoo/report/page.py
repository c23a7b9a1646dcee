"""The report as one self-contained HTML page: no network, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ganzoo.records.record import Record
from ganzoo.records.selection import plain
from ganzoo.records.summary import summarise
from ganzoo.report import numbers
from ganzoo.report.context import context

__all__ = ["html", "rendered", "write_html", "write_page"]

STYLES = ("page.css", "figures.css")
SCRIPTS = ("page.js", "curves.js", "films.js", "tables.js")


def write_html(
    records: Sequence[Record], folder: Path | str, path: Path | str, *, opponent: str = ""
) -> Path:
    """Write the page to ``path``; gives the path.

    Args:
        records: of the comparison.
        folder: of the comparison: samples and plan are read from it.
        path: of the page; its folder is made if need be. What stands there is replaced in
            one go.
        opponent: the label of the objective that every other is tested against; see
            :func:`ganzoo.records.versus.opponent` for which it is without.

    Raises:
        UnknownName: no objective is called like the opponent.
    """
    return write_page(html(records, Path(folder), opponent=opponent), path)


def write_page(text: str, path: Path | str) -> Path:
    """Write a page in one go; gives the path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.tmp")
    new.write_text(text, encoding="utf-8")
    new.replace(target)
    return target


def html(records: Sequence[Record], folder: Path, *, opponent: str = "") -> str:
    """The page of a comparison as text."""
    return rendered("page.html.j2", context(summarise(records), folder, opponent=opponent))


def rendered(template: str, page: object) -> str:
    """A template of the report with the house's style and script."""
    environment = Environment(
        loader=PackageLoader("ganzoo.report", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(plain=plain, duration=numbers.duration, count=numbers.count)
    style = "\n".join(map(_asset, STYLES))
    script = '"use strict";\n' + "\n".join(map(_asset, SCRIPTS))
    return environment.get_template(template).render(
        style=Markup(style),  # noqa: S704  ours, not the records'
        script=Markup(script),  # noqa: S704
        # The policy lets this one script run and nothing be fetched, whatever slips through.
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        page=page,
    )


def _asset(name: str) -> str:
    return resources.files("ganzoo.report").joinpath("assets", name).read_text(encoding="utf-8")
