"""Recipe: the whole of a run, as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from ganzoo.errors import BadOption
from ganzoo.registry.spelling import parse_call, spell_call

__all__ = ["Choice", "Recipe"]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registered name, and the options it is built with."""

    name: str
    options: dict[str, Any] = {}

    @classmethod
    def of(cls, value: str | Mapping[str, Any] | Choice) -> Choice:
        """A choice from ``"name"``, ``"name(option=1)"``, or a mapping of ``name`` and
        ``options``.
        """
        if isinstance(value, Choice):
            return value
        if isinstance(value, str):
            return cls(*parse_call(value))
        try:
            return msgspec.convert(value, cls)
        except msgspec.ValidationError as error:
            raise BadOption(f"cannot read {value!r} as a name with options: {error}") from error

    def __str__(self) -> str:
        """``name(option=value, ...)``."""
        return spell_call(self.name, self.options)


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole of a run.

    Attributes:
        loss: the objective.
        add: terms added to it, as ``"r1(gamma=1.0)"``.
        dataset: where the real samples come from.
        architecture: the networks; what the data set suggests where there is none.
        settings: training settings by name, over all that is suggested.
        defaults: ``"task"`` trains all objectives with the data set's suggestions over the
            papers' hyper-parameters, ``"paper"`` with the papers' alone.
        metrics: what is measured; what the data set suggests where there is none.
        evaluate_every: steps between two measurements; 0 for the end alone.
        validation: set a part of the held-out samples apart, to choose settings by; for the
            choice of the best checkpoint, ``evaluate_every`` sets it apart already.
        evaluate_samples: how many samples are generated for one; 0 for the usual number.
    """

    loss: Choice
    add: tuple[str, ...] = ()
    dataset: Choice
    architecture: Choice | None = None
    settings: dict[str, Any] = {}
    defaults: Literal["task", "paper"] = "task"
    metrics: tuple[str, ...] = ()
    evaluate_every: int = 0
    evaluate_samples: int = 0
    validation: bool = False

    @property
    def key(self) -> str:
        """A hash of the content: equal recipes, equal keys."""
        content = msgspec.json.encode(self, order="deterministic")
        return hashlib.sha256(content).hexdigest()[:16]

    @property
    def label(self) -> str:
        """The objective in a few words: ``"hinge + spectral-norm"``."""
        return " + ".join([str(self.loss), *self.add])

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self)) + b"\n")

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """Read it from JSON or, by the file's ending, TOML."""
        decode = msgspec.toml.decode if path.suffix == ".toml" else msgspec.json.decode
        try:
            return decode(path.read_bytes(), type=cls)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise BadOption(f"{path} is no recipe: {error}") from error
