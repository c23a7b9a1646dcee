"""The docstring of a loss as HTML: paragraphs, formulas, code and the sections of options."""

from __future__ import annotations

import inspect
import re

from markupsafe import Markup, escape

__all__ = ["reference", "render"]

SECTION = re.compile(r"^(Args|Arguments|Attributes|Returns|Raises|Yields|Example|Examples|Note):$")
ITEM = re.compile(r"^([*\w][\w ,*.]*?)(?: \([^)]*\))?: (.*)$")
ROLE = re.compile(r":[a-z]+(?::[a-z]+)*:`~?([^`]+)`")
CODE = re.compile(r"``([^`]+)``|`([^`]+)`")
ARXIV = re.compile(r"arXiv[ :](\d{4}\.\d{4,5})")
SUBSCRIPT = re.compile(r"((?<![A-Za-z_])[A-Za-z]|\|)_([A-Za-z0-9]{1,3})(?![A-Za-z0-9_])")
POWER = re.compile(r"(?<=[A-Za-z0-9)\]}|])\^(-?\d+|[A-Za-z])(?![A-Za-z0-9])")


def render(text: str) -> Markup:
    """A docstring with Google's sections and light reStructuredText, as HTML.

    Indented blocks after ``::`` are formulas: ``L_D`` and ``x^2`` get their indices. What is
    not understood is shown as it is written; everything is escaped.
    """
    lines = inspect.cleandoc(text).splitlines()
    blocks: list[Markup] = []
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and lines[end].strip():
            end += 1
        block = lines[place:end]
        if block:
            end = _block(blocks, lines, place, end)
        place = end + 1
    return Markup("\n").join(blocks)


def reference(paper: str) -> Markup:
    """A paper's arXiv id as a link, any other reference as text."""
    linked = f"arXiv {paper}" if re.fullmatch(r"\d{4}\.\d{4,5}", paper.strip()) else paper
    return _prose(linked)


def _block(blocks: list[Markup], lines: list[str], start: int, end: int) -> int:
    """Add what begins at ``start``; gives the line after it."""
    block = lines[start:end]
    if SECTION.match(block[0]):
        stop = _indented_end(lines, start + 1)
        blocks.append(_section(block[0].rstrip(":"), lines[start + 1 : stop]))
        return stop
    if block[0].startswith((" ", ">>>", "|", "=", "+-")):
        stop = _indented_end(lines, start) if block[0].startswith(" ") else end
        blocks.append(_formula(lines[start:stop]))
        return stop
    if all(line.startswith(("- ", "* ", "  ")) for line in block):
        items = re.split(r"\n[-*] ", "\n" + "\n".join(block))[1:]
        inner = Markup("").join(Markup("<li>{}</li>").format(_inline(i)) for i in items)
        blocks.append(Markup("<ul>{}</ul>").format(inner))
        return end
    blocks.append(Markup("<p>{}</p>").format(_inline("\n".join(block))))
    return end


def _indented_end(lines: list[str], start: int) -> int:
    """The end of the indented lines that begin here, blank lines among them."""
    end = start
    for place in range(start, len(lines)):
        if lines[place].startswith(" "):
            end = place + 1
        elif lines[place].strip():
            break
    return max(end, start + 1)


def _section(name: str, lines: list[str]) -> Markup:
    body = inspect.cleandoc("\n".join(["", *lines])).splitlines()
    terms: list[tuple[str, list[str]]] = []
    for line in body:
        found = None if line.startswith(" ") else ITEM.match(line)
        if found:
            terms.append((found[1], [found[2]]))
        elif terms:
            terms[-1][1].append(line.strip())
    title = Markup("<h5>{}</h5>").format("Options" if name.startswith("Arg") else name)
    if not terms:
        return title + _formula(body)
    inner = Markup("").join(
        Markup("<dt><code>{}</code></dt><dd>{}</dd>").format(term, _inline(" ".join(words)))
        for term, words in terms
    )
    return title + Markup("<dl>{}</dl>").format(inner)


def _formula(lines: list[str]) -> Markup:
    text = inspect.cleandoc("\n".join(["", *lines]))
    return Markup("<pre>{}</pre>").format(_indices(escape(text)))


def _inline(text: str) -> Markup:
    # The parts between code are prose, with indices and links of their own.
    clean = ROLE.sub(r"``\1``", re.sub(r"::$", ":", " ".join(text.split())))
    parts, last = [], 0
    for found in CODE.finditer(clean):
        parts.append(_prose(clean[last : found.start()]))
        parts.append(Markup("<code>{}</code>").format(found[1] or found[2]))
        last = found.end()
    return Markup("").join([*parts, _prose(clean[last:])])


def _prose(text: str) -> Markup:
    linked = ARXIV.sub(
        r'<a href="https://arxiv.org/abs/\1" rel="noreferrer">arXiv&nbsp;\1</a>', str(escape(text))
    )
    return _indices(Markup(linked))  # noqa: S704  escaped above


def _indices(escaped: Markup) -> Markup:
    text = SUBSCRIPT.sub(r"\1<sub>\2</sub>", str(escaped))
    return Markup(POWER.sub(r"<sup>\1</sup>", text))  # noqa: S704  escaped before
