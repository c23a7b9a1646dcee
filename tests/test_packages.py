"""What each package declares: its dependencies, its entry points, and that it is whole."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

import ganzoo
from tests.house import PLUGINS, PROJECTS, ROOT, files, imports, name, project, python, tree

# Imported where they are asked for, with an error that says how to get them.
OPTIONAL = {"pandas", "pytest"}


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
