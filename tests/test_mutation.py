"""The parts of ``make mutation`` that decide what a mutant is, and that one is really loaded."""

from __future__ import annotations

import importlib.util

import pytest

from tests.mutation.places import changes_nothing, packages, statement
from tests.mutation.swap import changed_functions, fatal, functions, swap

SOURCE = '''\
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    LIMIT = 1
RATE = 2.0

def doubled(x, *, by: int = 2):
    """Docs."""
    if x < 0:
        raise ValueError(f"{x + 1}")
    return (
        lambda y: y * by
    )(x)

class Kept:
    size = 3

    def grown(self):
        return [self.size + i for i in range(2)]
'''


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "formulas.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("formulas", path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return path, found


@pytest.mark.parametrize(
    ("old", "new", "nothing"),
    [
        ("by: int", "by: 3", True),
        ("x, *,", "x, /,", True),
        ("LIMIT = 1", "LIMIT = 2", True),
        ("{x + 1}", "{x - 1}", True),
        ("doubled(x, *,", "doubled(/,", True),  # no Python
        ("x < 0", "x >= 0", False),
        ("= 2)", "= 3)", False),
        ("RATE = 2.0", "RATE = 3.0", False),
        ("y * by", "y / by", False),
    ],
)
def test_what_changes_nothing(old, new, nothing):
    assert old in SOURCE
    assert changes_nothing(SOURCE, SOURCE.replace(old, new)) == nothing


def test_a_function_that_somebody_holds_gets_its_new_code(module):
    path, found = module
    held, kept = found.doubled, found.Kept()
    after = SOURCE.replace("y * by", "y + by").replace("+ i", "- i")
    codes = changed_functions(path, SOURCE, after)
    assert {code.co_name for code in codes} >= {"doubled", "grown"}
    assert held(5) == 10
    assert swap(functions([path])[path], codes) == 2
    assert held(5) == 7
    assert kept.grown() == [3, 2]


@pytest.mark.parametrize(("old", "new"), [("= 2.0", "= 3.0"), ("= 3\n", "= 4\n"), ("= 2)", "= 3)")])
def test_what_is_computed_at_import_is_no_change_of_functions(module, old, new):
    assert old in SOURCE
    assert changed_functions(module[0], SOURCE, SOURCE.replace(old, new)) is None


def test_where_in_a_line_a_code_stands_is_no_change(module):
    assert changed_functions(module[0], SOURCE, SOURCE.replace("x < 0", "x  <  0")) == {}


def test_every_function_is_fatal(module):
    path, found = module
    codes = changed_functions(path, SOURCE, fatal(SOURCE))
    assert swap(functions([path])[path], codes) == 2
    with pytest.raises(ModuleNotFoundError):
        found.doubled(1)
    with pytest.raises(ModuleNotFoundError):
        found.Kept().grown()


def test_a_statement_is_all_its_lines_and_none_of_those_in_it():
    lines = SOURCE.splitlines()
    assert statement(SOURCE, lines.index("        lambda y: y * by") + 1) == range(10, 13)
    assert statement(SOURCE, 8) == range(8, 9)
    assert statement(SOURCE, 9) == range(9, 10)
    assert statement(SOURCE, 6) == range(6, 7)


def test_every_package_of_formulas_has_its_tests():
    found = packages()
    assert {package.folder.name for package in found} > {"losses", "terms", "ganzoo_divergences"}
    for package in found:
        assert package.sources
        assert package.tests
        assert all(path.is_file() for path in package.tests)
