"""What holds for the terms of every loss: they are short, and by themselves what they are in it."""

import ast
import inspect
import statistics
import textwrap

import pytest

import ganzoo
from ganzoo.registry import default_registry


def _lines(cls):
    """Lines of code of a class: without docstrings, comments and empty lines."""
    source = textwrap.dedent(inspect.getsource(cls))
    prose = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, node.end_lineno + 1)
    }
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in prose
        for number, line in enumerate(source.splitlines(), 1)
    )


def test_the_median_term_has_fewer_than_twelve_lines():
    registry = default_registry()
    terms = [
        *(term for each in registry.entries("losses") for term in ganzoo.get_loss(each.id).terms),
        *(ganzoo.get_term(each.id) for each in registry.entries("terms")),
    ]
    lines = {type(term): _lines(type(term)) for term in terms}
    assert len(lines) > 80
    assert statistics.median(lines.values()) < 12


@pytest.mark.parametrize("name", [each.id for each in default_registry().entries("losses")])
def test_a_term_by_itself_is_that_of_its_loss(name):
    term = ganzoo.get_loss(name).terms[0]
    parameters = inspect.signature(type(term)).parameters.values()
    if any(each.default is inspect.Parameter.empty for each in parameters):
        pytest.skip("it has options that must be given")
    assert repr(type(term)()) == repr(term)
