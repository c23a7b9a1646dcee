"""Options that a class declares, in the place of a constructor that checks and keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from inspect import Parameter, Signature, formatannotation, get_annotations
from typing import Any

from ganzoo.errors import BadOption

__all__ = ["Declared", "declared", "option", "signature_of", "state", "within"]

_KINDS = {"float": float, "int": int, "bool": bool}


def within(
    name: str,
    value: Any,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
    one_of: Collection[object] = (),
    words: str = "",
) -> Any:
    """An option's value where it is one that works.

    Args:
        name: the option's.
        value: what was given.
        above, at_least: what it must be greater than, or not less than.
        below, at_most: what it must be less than, or not greater than.
        one_of: the values there are, where they can be counted.
        words: what would work, where "above 0" does not say it.

    Raises:
        BadOption: another value, NaN too.

    Example:
        >>> within("limit", 0.01, above=0)
        0.01
    """
    limits = {"above": above, "at least": at_least, "below": below, "at most": at_most}
    # NaN compares as False, and so is refused
    if (
        (above is None or value > above)
        and (at_least is None or value >= at_least)
        and (below is None or value < below)
        and (at_most is None or value <= at_most)
        and (not one_of or value in one_of)
    ):
        return value
    said = " and ".join(f"{word} {limit:g}" for word, limit in limits.items() if limit is not None)
    raise BadOption(f"{name}={value!r}: {words or said or ' or '.join(map(repr, one_of))}")


@dataclass(frozen=True)
class Declared:
    """An option as a class declares it, see :func:`option`: the name that it is given by, and the
    annotation; where ``hidden``, it cannot be given.
    """

    default: Any = Parameter.empty
    limits: tuple[tuple[str, Any], ...] = ()
    buffer: bool = False
    positional: bool = False
    name: str = ""
    annotation: str = ""
    hidden: bool = False

    def kept(self, value: Any) -> Any:
        """A value, checked, as a term keeps it: of the type that is annotated."""
        if value is None and self.annotation.endswith("None"):
            return None
        value = within(self.name, value, **dict(self.limits))
        kind = _KINDS.get(self.annotation.partition(" ")[0])
        if kind is int and int(value) != value:
            raise BadOption(f"{self.name}={value!r}: a whole number")
        return kind(value) if kind else value


def option(
    default: Any = Parameter.empty,
    *,
    buffer: bool = False,
    positional: bool = False,
    **limits: Any,
) -> Any:
    """Declares an option of a :class:`ganzoo.Term`, in the body of the class.

    A value that is given is checked and kept under the option's name before the term's
    ``__post_init__``; a float, an int or a bool, as annotated, is made one.

    Args:
        default: its value where none is given; without it the option must be given.
        buffer: whether it is state: kept as a 0-dim float64 buffer.
        positional: whether it can be given by its place too.
        limits: ``above``, ``at_least``, ``below``, ``at_most``, ``one_of`` and ``words``, as
            :func:`ganzoo.terms.within` takes them. None passes where the annotation has it.

    Example:
        >>> import ganzoo
        >>> class SoftHinge(ganzoo.Term):
        ...     margin: float = ganzoo.option(1.0, above=0)
        >>> SoftHinge(margin=2).margin
        2.0
        >>> SoftHinge(margin=-1)
        Traceback (most recent call last):
        ganzoo.errors.BadOption: margin=-1: above 0
    """
    return Declared(default, tuple(limits.items()), buffer, positional)


def state(start: float = 0.0) -> Any:
    """Declares a number of a :class:`ganzoo.Term` that changes in the course of training, in the
    body of the class: a 0-dim float64 buffer, which moves and is saved with the term.

    Args:
        start: its value at first.
    """
    return Declared(start, buffer=True, hidden=True)


def declared(
    cls: type,
    inherited: Mapping[str, Declared],
    *,
    defaults: Mapping[str, Any],
    renamed: Mapping[str, str],
    without: Collection[str],
) -> dict[str, Declared]:
    """The options of a class by the names that they are kept under.

    Args:
        cls: whose body is read. What it declares is taken out of it, or it would hide buffers.
        inherited: those of its bases.
        defaults, renamed, without: see :class:`ganzoo.Term`.

    Raises:
        TypeError: one of them names no option.
    """
    options, annotations = dict(inherited), get_annotations(cls)
    for name, each in list(vars(cls).items()):
        if isinstance(each, Declared):
            delattr(cls, name)
            written = "float" if each.buffer else annotations.get(name, "")
            annotation = written if isinstance(written, str) else formatannotation(written)
            options[name] = replace(each, name=name, annotation=annotation)
    for name, other in renamed.items():
        options[name] = replace(options[name], name=other)
    names = {each.name: name for name, each in options.items()}
    for name in {*defaults, *without} - {*names}:
        raise TypeError(f"{cls.__name__} has no option {name!r}; it has {', '.join(names)}")
    for name, default in defaults.items():
        options[names[name]] = replace(options[names[name]], default=default)
    for name in without:
        options[names[name]] = replace(options[names[name]], hidden=True)
    return options


def signature_of(options: Collection[Declared]) -> Signature:
    """The signature of a constructor that takes these options."""
    kinds = (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [
        Parameter(
            each.name,
            kinds[each.positional],
            default=each.default,
            annotation=each.annotation or Parameter.empty,
        )
        for each in options
        if not each.hidden
    ]
    # what must be given comes first, as Python asks of those with a place
    parameters.sort(key=lambda each: (each.kind, each.default is not Parameter.empty))
    return Signature(parameters)
