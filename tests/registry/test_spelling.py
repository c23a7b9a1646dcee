"""``"r1(gamma=10, every=16)"`` is read, and nothing in it is run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganzoo.errors import BadOption
from ganzoo.registry import parse_call, parse_value, spell_call

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.tuples(inner) | st.lists(inner, max_size=2)
    | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("r1", "r1", {}),
        (" r1 ( ) ", "r1", {}),
        ("spectral-norm", "spectral-norm", {}),
        ("my.dist:r-1(gamma=-1e-3)", "my.dist:r-1", {"gamma": -1e-3}),
        ("gp(weight=10, one_sided=True,)", "gp", {"weight": 10, "one_sided": True}),
        ("x(a='(', b=(1, 2), c={'d': [None]})", "x", {"a": "(", "b": (1, 2), "c": {"d": [None]}}),
        ("x(a=1,\n  b=2)", "x", {"a": 1, "b": 2}),
        ("x(a=1 # why\n)", "x", {"a": 1}),
    ],
)
def test_read(text, name, options):
    assert parse_call(text) == (name, options)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither a name"),
        ("(a=1)", "neither a name"),
        ("r1 + r2", "neither a name"),
        ("r1(gamma=10", "neither a name"),
        ("r1(gamma=10)x", "neither a name"),
        ("r1(10)", "10 needs the name of its option"),
        ("r1(a=1, *b)", "needs the name of its option"),
        ("r1(**a)", "** is not taken"),
        ("r1(a=1)(b=2)", "brackets do not pair"),
        ("r1(a=1)+r2(b=2)", "brackets do not pair"),
        ("r1(a=1), r2(b=2)", "brackets do not pair"),
        ("r1(a=b)", "a=b is no literal"),
        ("r1(a=__import__('os').getcwd())", "is no literal"),
        ("r1(a=f'{1}')", "is no literal"),
        ("r1(a=1, a=2)", "the option a stands there twice"),
        ("r1(a=)", "cannot read"),
        ("r1(a=1 b=2)", "cannot read"),
        ("r1(a=\0)", "cannot read"),
        ("r1(" + "(" * 10_000 + ")" * 10_000 + ")", "cannot read"),
        ("r1(a=" + "-" * 100_000 + "1)", "cannot read"),
    ],
)
def test_refused(text, said):
    with pytest.raises(BadOption) as caught:
        parse_call(text)
    assert said in str(caught.value)
    assert "Write it like 'r1(gamma=10, every=16)'" in str(caught.value)
    assert len(str(caught.value)) < 400


@settings(max_examples=30, deadline=None)
@given(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.dictionaries(
    st.sampled_from(["a", "beta_1", "every"]), VALUES, max_size=3))  # fmt: skip
def test_what_is_spelled_is_read_back(name, options):
    assert parse_call(spell_call(name, options)) == (name, options)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 3 ", 3),
        ("True", True),
        ("false", False),
        ("'false'", "false"),
        ("adam", "adam"),
        ("1, b=2", "1, b=2"),
        ("", ""),
        ("__import__('os')", "__import__('os')"),
        ("/a b(c", "/a b(c"),
    ],
)
def test_a_value_alone_is_a_literal_or_a_word(text, value):
    found = parse_value(text)
    assert (type(found), found) == (type(value), value)
