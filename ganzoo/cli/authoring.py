"""``ganzoo new-plugin``: for those who write a loss of their own."""

from __future__ import annotations

import keyword
import re
from datetime import UTC, datetime
from importlib import resources, util
from pathlib import Path
from string import Template

import click

from ganzoo.errors import BadOption, UnknownName
from ganzoo.registry import default_registry

__all__ = ["new_plugin", "write_plugin"]

_FILES = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "init.py.txt": "src/$package/__init__.py",
    "loss.py.txt": "src/$package/loss.py",
    "test.py.txt": "tests/test_$package.py",
}
"""Template -> the file it becomes."""


@click.command("new-plugin")
@click.argument("name")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write it; a folder of its name by default.",
)
def new_plugin(name: str, directory: Path | None) -> None:
    """Write a small distribution NAME that brings a loss NAME, with tests that pass."""
    words = _words(name)
    folder = directory or Path(words["distribution"])
    for path in write_plugin(name, folder):
        click.echo(f"wrote {path}")
    click.echo(
        f"\nNext, in {folder}:\n"
        f'  python -m pip install --editable ".[test]"\n'
        f"  ganzoo check {words['loss']}\n"
        f"  python -m pytest"
    )


def write_plugin(name: str, folder: Path) -> list[Path]:
    """Write the files of a plugin; gives their paths.

    Raises:
        BadOption: a name that is no name or taken, or a folder that is not empty.
    """
    words = _words(name)
    if folder.exists() and any(folder.iterdir()):
        raise BadOption(f"{folder} is not empty; give another --directory, or remove it")
    _refuse_taken(words)
    template = resources.files("ganzoo.cli") / "template"
    written = []
    for source, place in _FILES.items():
        path = folder / Template(place).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((template / source).read_text("utf-8")).substitute(words), "utf-8")
        written.append(path)
    return written


def _words(name: str) -> dict[str, str]:
    """What stands for the ``$`` words of the templates."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*", name):
        raise BadOption(
            f"{name!r} is no name for a distribution: letters, digits, and single '-' or '_' "
            f"between them, as in 'soft-hinge'"
        )
    parts = re.split("[-_]", name.lower())
    package = "_".join(parts)
    if keyword.iskeyword(package):
        raise BadOption(f"{package!r} is a word of Python's own; choose another name")
    return {
        "distribution": "-".join(parts),
        "loss": "-".join(parts),
        "package": package,
        "term": "".join(part.capitalize() for part in parts),
        "year": str(datetime.now(UTC).year),
    }


def _refuse_taken(words: dict[str, str]) -> None:
    found = util.find_spec(words["package"])
    if found is not None and found.origin is not None:  # a mere folder has no origin
        raise BadOption(
            f"a package {words['package']!r} can be imported already ({found.origin}), and would "
            f"hide this one or be hidden by it; choose another name"
        )
    try:
        taken = default_registry().find("losses", words["loss"])
    except UnknownName:
        return
    raise BadOption(
        f"there is a loss {taken.id!r} already: choose another name, or `get_loss` would have to "
        f"be asked for one of the two in full"
    )
