from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.report.docstring import reference, render

TEXT = """Hinge: scores are pushed apart.

With r = D(x), both minimised::

    L_D = E [1 - r]+ + E (f - a)^2

    L_G = -E f + |g|_2

See :func:`~ganzoo.get_loss` and ``a < b`` (arXiv 1705.02894), q_data and x_1.

- one
- two
  goes on

Args:
    margin: what the generator wants; 1 is usual,
        as in the first papers.
    turns (int): steps.

        With a blank line between.

Example:
    >>> hinge() < 1

Reference: Lim and Ye 2017, arXiv 1705.02894.
"""


def test_the_parts_of_a_docstring():
    html = str(render(TEXT))
    assert "<p>Hinge: scores are pushed apart.</p>" in html
    assert "both minimised:</p>" in html
    assert "<pre>L<sub>D</sub> = E [1 - r]+ + E (f - a)<sup>2</sup>\n\nL<sub>G</sub>" in html
    assert "-E f + |g|<sub>2</sub></pre>" in html
    assert "<code>ganzoo.get_loss</code>" in html
    assert "<code>a &lt; b</code>" in html
    assert "q_data and x<sub>1</sub>" in html
    assert html.count("<li>") == 2
    assert "<li>two goes on</li>" in html
    assert "<h5>Options</h5><dl><dt><code>margin</code></dt><dd>what the generator" in html
    assert "1 is usual, as in the first papers." in html
    assert "<dt><code>turns</code></dt><dd>steps. With a blank line between." in " ".join(
        html.split()
    )
    assert "<pre>&gt;&gt;&gt; hinge() &lt; 1</pre>" in html
    assert html.count('href="https://arxiv.org/abs/1705.02894"') == 2


def test_nothing_in_a_docstring_is_markup():
    html = str(render("<script>alert(1)</script>\n\n    <b>\n\nArgs:\n    x: <i>``<u>``"))
    for tag in ("<script", "<b>", "<i>", "<u>"):
        assert tag not in html


@pytest.mark.parametrize("text", ["", "   \n\n", "Args:", "::", "``", "- ", "Args:\n  free text"])
def test_odd_docstrings(text):
    assert isinstance(str(render(text)), str)


def test_references():
    assert 'href="https://arxiv.org/abs/1406.2661"' in reference("1406.2661")
    assert reference("Somebody 1999, <journal>") == "Somebody 1999, &lt;journal&gt;"


class Tags(HTMLParser):
    known = frozenset(["a", "code", "dd", "dl", "dt", "h5", "li", "p", "pre", "sub", "sup", "ul"])

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in self.known
        assert [name for name, _ in attrs] == (["href", "rel"] if tag == "a" else [])
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@given(st.text(alphabet="ab_^2D <>&\"'`:-*\n.()[]{}/Args", max_size=120))
def test_whatever_is_written_comes_out_balanced(text):
    tags = Tags()
    tags.feed(str(render(text)))
    tags.close()
    assert tags.open == []
