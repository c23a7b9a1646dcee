"""Which options a target takes: read from its signature, checked against it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Any

from ganzoo.errors import BadOption, closest

__all__ = ["Option", "check_options", "options_of"]

_SCALARS = {"bool": bool, "int": int, "float": float, "str": str}
_FITS: Mapping[type, tuple[type, ...]] = {
    bool: (bool,),
    int: (int,),
    float: (float, int),
    str: (str,),
}
_LITERALS = (bool, int, float, str, type(None))


@dataclass(frozen=True)
class Option:
    """One option of a target.

    Args:
        name: the keyword.
        default: as Python writes it; empty for an option that must be given.
        annotation: the type it is annotated with; empty without one.
    """

    name: str
    default: str = ""
    annotation: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.default}" if self.default else f"{self.name} (must be given)"


def options_of(target: Callable[..., Any], given: int = 0) -> tuple[Option, ...]:
    """The options of a target, in order; ``given`` positional arguments are not options."""
    return tuple(
        Option(
            parameter.name,
            "" if parameter.default is Parameter.empty else repr(parameter.default),
            _annotation(parameter),
        )
        for parameter in _parameters(target, given)[0]
    )


def check_options(
    what: str, target: Callable[..., Any], options: Mapping[str, Any], given: int = 0
) -> None:
    """Refuse options that a target does not take, lacks, or cannot use.

    A number, a string, a bool or None is compared with an annotation of ``int``, ``float``,
    ``bool`` or ``str``; anything else is left to the target.

    Args:
        what: how errors call the target, e.g. ``"loss 'hinge'"``.
        target: what is to be called.
        options: its keyword arguments.
        given: how many positional arguments it is called with.

    Raises:
        BadOption: names the closest options, and all of them with their defaults.
    """
    parameters, open_ended = _parameters(target, given)
    known = {parameter.name: parameter for parameter in parameters}
    for name, value in options.items():
        if name not in known:
            if open_ended:
                continue
            raise BadOption(
                f"{what} has no option {name!r}.{closest(name, known)} {_listed(target, given)}"
            )
        _check_value(what, known[name], value)
    absent = [p.name for p in parameters if p.default is Parameter.empty and p.name not in options]
    if absent:
        raise BadOption(f"{what} needs {', '.join(absent)}. {_listed(target, given)}")


def _parameters(target: Callable[..., Any], given: int) -> tuple[list[Parameter], bool]:
    """What can be given by name, and whether any other name is taken too."""
    try:
        each = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):  # some callables written in C tell nothing
        return [], True
    by_name = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    taken = [p for p in each if p.kind in positional][:given]
    named = [p for p in each if p.kind in by_name and p not in taken]
    return named, any(p.kind is Parameter.VAR_KEYWORD for p in each)


def _annotation(parameter: Parameter) -> str:
    if parameter.annotation is Parameter.empty:
        return ""
    if isinstance(parameter.annotation, str):
        return parameter.annotation
    return inspect.formatannotation(parameter.annotation)


def _check_value(what: str, parameter: Parameter, value: object) -> None:
    wanted = _SCALARS.get(_annotation(parameter))
    if wanted is None or type(value) not in _LITERALS or type(value) in _FITS[wanted]:
        return
    raise BadOption(
        f"{what}: the option {parameter.name} is a {wanted.__name__}, and cannot be {value!r}"
    )


def _listed(target: Callable[..., Any], given: int) -> str:
    options = options_of(target, given)
    if not options:
        return "It takes no options."
    return f"Its options are {', '.join(map(str, options))}."
