"""The formulas of a docstring, read and evaluated: what is documented is what is computed.

Read are sums and products as they are written in docstrings: ``E`` for a mean, ``[x]+`` for a
positive part, ``|x|``, ``x^2``, products without a sign, functions that need no brackets
(``log E exp(f)``), and definitions of one's own (``c(v) = ...``) beside ``L_D`` and ``L_G``, which
a term adds to (``L_D += ...``). Anything else is not understood, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from textwrap import indent

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

__all__ = ["Formulas", "NotUnderstood"]

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|([A-Za-z]\w*)|(\]\+|[-+*/^()\[\]|]))")
_LINE = re.compile(r"^    (\w+)(?:\((\w)\))? +([-+]?)= (.*)$")
_CUT = re.compile(r"[,;]|   +|  \(")
_PROSE = re.compile(r"(?<!\w)([A-Za-z]\w*) = ([^,;:]+?)(?:,|;|:| and | both )")
_SLOPE = re.compile(r"\|grad D\([^|]*\)\|(?:_2)?")
_FUNCTIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "softplus": softplus,
    "sp": softplus,
    "S": torch.sigmoid,
    "sigmoid": torch.sigmoid,
    "exp": torch.exp,
    "log": torch.log,
    "tanh": torch.tanh,
    "lse": lambda x: x.logsumexp(0),
}


class NotUnderstood(Exception):
    """A formula that is written in another way."""


@dataclass(frozen=True)
class _Definition:
    text: str
    argument: str = ""
    subtracted: bool = False


class Formulas:
    """The formulas of a docstring.

    Args:
        doc: the docstring, without its indentation.

    Attributes:
        text: what is said of each name, as it is written.
    """

    def __init__(self, doc: str) -> None:
        self._defined: dict[str, _Definition] = {}
        if not any(map(_LINE.match, doc.splitlines())):
            doc = indent(doc, "    ")  # of a docstring that ends with its formulas
        # both sides may stand in one line
        doc = re.sub(r"(?m)^(    L_D .*?),? {2,}(?=L_G )", r"\1\n    ", doc)
        last = ""
        for line in doc.splitlines():
            found = _LINE.match(line)
            if found:
                last = found[1]
                self._defined.setdefault(
                    last, _Definition(found[4], found[2] or "", found[3] == "-")
                )
            elif last and re.match(r"^ {6,}[-+*/] ", line):
                before = self._defined[last]
                self._defined[last] = replace(before, text=f"{before.text} {line.strip()}")
            else:
                last = ""
        # "..., and c = (E r + E f) / 2, both minimised::" defines one too
        for name, text in _PROSE.findall(" ".join(doc.partition("::")[0].split()) + ","):
            self._defined.setdefault(name, _Definition(text))
        self._reading: list[str] = []
        self.text = {name: _trimmed(each.text) for name, each in self._defined.items()}

    def value(self, name: str, known: Mapping[str, Tensor]) -> Tensor:
        """What a formula gives, with the values of what it speaks of.

        Raises:
            NotUnderstood: there is no such formula, or it cannot be read.
        """
        if name not in self._defined:
            raise NotUnderstood(f"there is no formula {name} = ...")
        if name in self._reading:
            raise NotUnderstood(f"{name} = {self.text[name]!r} speaks of itself")
        reader = _Reader(_SLOPE.sub("slope", self.text[name]), known, self)
        self._reading.append(name)
        try:
            value = reader.sum()
        finally:
            self._reading.pop()
        if reader.place < len(reader.tokens):
            raise NotUnderstood(f"{reader.tokens[reader.place]!r} in {self.text[name]!r}")
        return -value if self._defined[name].subtracted else value

    def call(self, name: str, argument: Tensor, known: Mapping[str, Tensor]) -> Tensor | None:
        """A function of the docstring's own at an argument; None where it defines none."""
        defined = self._defined.get(name)
        if defined is None or not defined.argument:
            return None
        return self.value(name, {**known, defined.argument: argument})


def _trimmed(text: str) -> str:
    """A formula without the words that follow it."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and _CUT.match(text, place):
            return text[:place].rstrip()
    return text.rstrip()


class _Reader:
    """Reads a formula from left to right, evaluating as it goes."""

    def __init__(self, text: str, known: Mapping[str, Tensor], formulas: Formulas) -> None:
        self.known, self.formulas, self.text = known, formulas, text
        self.tokens: list[str] = []
        self.place = at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if not found:
                raise NotUnderstood(f"{text[at:].strip()[:12]!r} in {text!r}")
            self.tokens.append(found[0].strip())
            at = found.end()

    def sum(self) -> Tensor:
        """Terms with ``+`` and ``-`` between them."""
        total = self._product()
        while self._next() in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            total = total + sign * self._product()
        return total

    def _product(self) -> Tensor:
        value = self._factor()
        while (sign := self._next()) not in ("", "+", "-", ")", "]", "]+", "|"):
            if sign in ("*", "/"):
                self._take()
            other = self._factor()
            value = value / other if sign == "/" else value * other
        return value

    def _factor(self) -> Tensor:
        ahead = self._next()
        if ahead == "-":
            self._take()
            return -self._factor()
        if re.fullmatch(r"E(_[a-z]+)?", ahead):
            self._take()
            return self._product().mean()
        base = self._atom()
        if self._next() == "^":
            self._take()
            return base ** self._factor()
        return base

    def _atom(self) -> Tensor:
        opening = self._take()
        if opening in ("(", "[", "|"):
            inside = self.sum()
            closing = self._take()
            if f"{opening}{closing}" not in ("()", "[]", "[]+", "||"):
                raise NotUnderstood(f"{closing!r} after {opening!r} in {self.text!r}")
            if closing == "]+":
                return relu(inside)
            return inside.abs() if closing == "|" else inside
        if re.fullmatch(r"\d+\.?\d*", opening):
            return torch.tensor(float(opening), dtype=torch.float64)
        return self._named(re.sub(r"(?<=^[a-z])_[ij]$", "", opening))

    def _named(self, name: str) -> Tensor:
        if name in self.known:
            return self.known[name]
        own = name in self.formulas.text
        if name in _FUNCTIONS or (own and self._next() == "("):
            # exp(f)^2 is a power of the value, log 2 has no brackets, log E exp(f) a whole product
            argument = self._atom() if self._next() == "(" else self._product()
            found = self.formulas.call(name, argument, self.known)
            if found is None and name in _FUNCTIONS:
                found = _FUNCTIONS[name](argument)
            if found is not None:
                return found
        elif own:
            return self.formulas.value(name, self.known)
        raise NotUnderstood(f"{name!r} in {self.text!r}")

    def _next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def _take(self) -> str:
        if self.place >= len(self.tokens):
            raise NotUnderstood(f"the end of {self.text!r}")
        self.place += 1
        return self.tokens[self.place - 1]
