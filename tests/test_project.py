"""The house itself: what CONTRIBUTING.md and pyproject.toml promise about every file."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

import ganzoo

ROOT = Path(__file__).parents[1]
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
PROJECTS = [ROOT, *PLUGINS]
SKIPPED = {"__pycache__", "build", "dist", "runs", "site-packages"}
# Imported where they are asked for, with an error that says how to get them.
OPTIONAL = {"pandas", "pytest"}
TEXT = {".cfg", ".css", ".html", ".j2", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yml", ""}


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


def test_every_module_keeps_to_one_idea():
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert len(lines) > 50
    assert {path: count for path, count in lines.items() if count > 250} == {}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name(path)}:{node.lineno} {node.name}", node


def test_functions_are_short():
    lengths = {where: f.end_lineno - f.lineno + 1 for where, f in functions()}
    assert {where: length for where, length in lengths.items() if length > 50} == {}


def test_functions_take_few_positional_arguments():
    counts = {
        where: sum(a.arg not in ("self", "cls") for a in [*f.args.posonlyargs, *f.args.args])
        for where, f in functions()
    }
    assert {where: count for where, count in counts.items() if count > 6} == {}


def test_every_module_says_what_is_public():
    silent = []
    for path in modules():
        body = [n for n in tree(path).body if not isinstance(n, ast.Expr)]  # less the docstring
        assigned = {
            target.id
            for node in body
            for target in (
                node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            )
            if isinstance(target, ast.Name)
        }
        if body and "__all__" not in assigned and path.name != "__main__.py":
            silent.append(name(path))
    assert silent == []


def strings(path: Path) -> set[str]:
    """The strings in a module, less the docstrings."""
    loose = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in loose
    }


def test_the_trainer_knows_no_loss_by_name():
    plain = re.compile(r"[-_\s]")
    known = {
        plain.sub("", each).casefold()
        for found in ganzoo.registry.entries("losses")
        for each in (found.entry.name, *found.entry.aliases)
    }
    assert "wgangp" in known
    paths = python("ganzoo/train", "ganzoo/recipe")
    assert len(paths) > 5
    named = {
        name(path): sorted(s for s in strings(path) if plain.sub("", s).casefold() in known)
        for path in paths
    }
    assert {path: losses for path, losses in named.items() if losses} == {}


def requirement(text: str) -> str:
    found = re.match(r"[A-Za-z0-9][\w.-]*", text)
    assert found, text
    return found[0].lower()


def dependencies(folder: Path) -> set[str]:
    """What a project needs to run, to be tested, checked and built."""
    content = project(folder)
    extras = content["project"].get("optional-dependencies", {}).values()
    listed = [
        *content["build-system"]["requires"],
        *content["project"]["dependencies"],
        *(each for extra in extras for each in extra),
    ]
    return {requirement(text) for text in listed} - {"ganzoo"}


def test_every_dependency_has_its_reason():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    reasons = dict(re.findall(r"^- \*\*([\w.-]+)\*\*: (.+(?:\n  .+)*)", text, re.MULTILINE))
    needed = set().union(*map(dependencies, PROJECTS))
    assert "torch" in needed
    assert needed - set(reasons) == set()
    assert set(reasons) - needed == set()
    assert min(map(len, reasons.values())) > 40


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_import_is_a_declared_dependency(folder):
    packages = project(folder)["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    own = {Path(package).name for package in packages}
    known = {requirement(text) for text in project(folder)["project"]["dependencies"]} | OPTIONAL
    bringers = packages_distributions()
    tops = {
        imported.partition(".")[0]
        for path in python(*(name(folder / package) for package in packages))
        for imported in imports(tree(path))
    }
    undeclared = {
        top
        for top in tops - sys.stdlib_module_names - own
        if known.isdisjoint(each.lower() for each in bringers.get(top, [top]))
    }
    assert undeclared == set()


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_a_plugin_is_whole_and_knows_ganzoo_alone(folder):
    package = folder.name.replace("-", "_")
    content = project(folder)["project"]
    assert content["name"] == folder.name
    assert (folder / "README.md").stat().st_size > 200
    assert (folder / "src" / package / "py.typed").is_file()
    assert list(folder.glob("tests/**/test_*.py"))
    assert set(content["entry-points"]["ganzoo"].values()) == {package}
    others = {other.name.replace("-", "_") for other in PLUGINS if other != folder}
    strays = []
    for path in python(f"plugins/{folder.name}/src"):
        for imported in imports(tree(path)):
            top, _, rest = imported.partition(".")
            private = top == "ganzoo" and rest and rest.split(".")[0] not in ganzoo.__all__
            if top in others or private:
                strays.append(f"{name(path)}: {imported}")
    assert strays == []


def imports(module: ast.Module) -> Iterator[str]:
    """The dotted names that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_what_is_installed_can_be_found(folder):
    content = project(folder)
    targets = content["project"]["entry-points"]["ganzoo"].values()
    scripts = content["project"].get("scripts", {}).values()
    for target in (*targets, *scripts):
        assert find_spec(target.partition(":")[0]), target
    for package in content["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert (folder / package / "py.typed").is_file()


def test_no_file_of_the_package_is_left_out_of_the_wheel():
    """Hatchling leaves out of the wheel what git ignores."""
    ignored = [
        line.rstrip("/")
        for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    paths = [path for path in files("ganzoo") if path.suffix != ".pyc"]
    assert {".j2", ".py", ".safetensors", ".toml"} <= {path.suffix for path in paths}
    out = [name(p) for p in paths for part in p.relative_to(ROOT).parts if part in ignored]
    assert out == []


def test_the_version_is_in_the_changelog():
    version = project(ROOT)["project"]["version"]
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(version)}\]", text, re.MULTILINE)


def test_no_file_names_a_machine_or_a_package_index():
    hosts = [r"pypi\.(?:org|python)", r"pythonhosted\.", r"download\.pytorch\.", r"registry\.npmjs"]
    homes = r"(?<![\w.:/~*])/(?:root|home|Users|work|opt|mnt)/\w"
    pattern = re.compile("|".join([*hosts, homes]))
    tops = ("ganzoo", "plugins", "tests", "benchmarks", "docs", ".ci", ".github")
    paths = [*files(*tops), *(path for path in ROOT.iterdir() if path.is_file())]
    paths = [path for path in paths if path.name != ".git"]  # a file in a working tree of its own
    found = [
        f"{name(path)}: {match[0]}"
        for path in paths
        if path.suffix in TEXT and path != Path(__file__)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
