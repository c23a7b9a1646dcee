"""The project's own files, and what its packages declare."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = [
    "PLUGINS",
    "PROJECTS",
    "ROOT",
    "files",
    "imports",
    "modules",
    "name",
    "project",
    "python",
    "sources",
    "tree",
]

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
PROJECTS = [ROOT, *PLUGINS]
SKIPPED = {"__pycache__", "build", "dist", "runs", "site-packages"}


def files(*tops: str) -> list[Path]:
    """The project's own files beneath these, in order."""
    found = (path for top in tops for path in [ROOT / top, *(ROOT / top).rglob("*")])
    return sorted(
        path
        for path in found
        if path.is_file() and not SKIPPED.intersection(path.relative_to(ROOT).parts)
    )


def python(*tops: str) -> list[Path]:
    return [path for path in files(*tops) if path.suffix == ".py"]


def sources() -> list[Path]:
    """Every module that is no test."""
    return [
        path
        for path in python("ganzoo", "plugins", "benchmarks")
        if "tests" not in path.relative_to(ROOT).parts
    ]


def modules() -> list[Path]:
    """Every module that is installed."""
    return [path for path in sources() if {"ganzoo", "src"} & set(path.relative_to(ROOT).parts)]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def project(folder: Path) -> dict:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(module: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
