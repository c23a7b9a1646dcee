"""The house itself: what CONTRIBUTING.md promises about every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import ganzoo
from tests.house import ROOT, files, modules, name, python, sources, tree

TEXT = {".cfg", ".css", ".html", ".j2", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yml", ""}


def test_every_module_keeps_to_one_idea():
    paths = python("ganzoo", "plugins", "benchmarks", "tests")
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {name(Path(__file__)), "ganzoo/train/trainer.py"} <= lines.keys()
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
    texts = {name(path): path.read_text("utf-8") for path in paths}
    assert any("Objective" in text for text in texts.values())
    assert [path for path, text in texts.items() if "isinstance(objective" in text] == []


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
