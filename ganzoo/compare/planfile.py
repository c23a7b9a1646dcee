"""The TOML of a plan: short forms, strict keys with their lines, and changes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from ganzoo.errors import BadPlan, closest
from ganzoo.registry import default_registry, parse_call

__all__ = ["Origin", "change", "convert", "parse", "spelt_out"]

T = TypeVar("T")

_TOML_WORDS = {"object": "table", "array": "list", "str": "string", "float": "number"}


class Origin(NamedTuple):
    """Where a plan is from: what to call it, and its text, empty for none."""

    name: str
    text: str = ""

    def at(self, path: str) -> str:
        """``"plan.toml, line 7"`` for a path like ``tasks[1].datset``, as far as is known."""
        number = _line(self.text, path)
        return f"{self.name}, line {number}" if number else self.name

    def saying(self, word: str) -> str:
        """The same for the first line on which a word stands, outside of comments."""
        apart = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        for number, line in enumerate(self.text.splitlines(), start=1):
            if apart.search(line.split("#")[0]):
                return f"{self.name}, line {number}"
        return self.name


def parse(text: str, origin: str) -> dict[str, Any]:
    """The data of a TOML text.

    Raises:
        BadPlan: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\s*\(at line (\d+), column (\d+)\)", str(error))
        if found is None:
            raise BadPlan(f"{origin}: not TOML: {error}") from error
        message = str(error).replace(found[0], "")
        raise BadPlan(f"{origin}, line {found[1]}: not TOML: {message}") from error


def spelt_out(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the data, to the depth that changes reach, with every short form written in
    full: ``"lsgan(a=-1)"`` stands for a table of ``name`` and ``options``, and among the
    tasks for a table with that ``dataset``. The loss ``"*"`` stands for all that are installed.

    Raises:
        BadOption: a name with options that cannot be read.
    """
    full: dict[str, Any] = {key: _copied(value) for key, value in data.items()}
    for key in ("losses", "tasks"):
        if isinstance(full.get(key), str):
            full[key] = [full[key]]
    if isinstance(full.get("losses"), list):
        every = [found.name for found in default_registry().entries("losses")]
        full["losses"] = [
            _named(each) for x in full["losses"] for each in (every if x == "*" else [x])
        ]
    if isinstance(full.get("tasks"), list):
        full["tasks"] = [{"dataset": x} if isinstance(x, str) else x for x in full["tasks"]]
    for task in _tables(full, "tasks"):
        task.update({k: _named(task[k]) for k in ("dataset", "architecture") if k in task})
        if isinstance(own := task.get("networks"), dict):
            own.update({name: _named(value) for name, value in own.items()})
    for loss in _tables(full, "losses"):
        loss.update({"add": [loss["add"]]} if isinstance(loss.get("add"), str) else {})
    return full


def change(data: dict[str, Any], assignment: str) -> None:
    """Apply ``a.b=3`` to spelt-out data. A loss or task in the path goes by its label, name
    or position; the value is TOML, or else a string.

    Raises:
        BadPlan: no such place.
    """
    path, sign, written = assignment.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not sign or not all(keys):
        raise BadPlan(f"--set {assignment}: expected something like settings.batch=32")
    try:
        value = tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        value = written.strip()
    place: Any = data
    for key in keys[:-1]:
        place = _inside(place, key, assignment)
    if not isinstance(place, dict):
        raise BadPlan(f"--set {assignment}: {keys[-2]!r} is no table")
    place[keys[-1]] = value
    data.update(spelt_out(data))


def convert(data: dict[str, Any], into: type[T], origin: Origin) -> T:
    """Spelt-out data as a structure.

    Raises:
        BadPlan: an unknown key, with the closest known one; a missing one; a wrong type.
    """
    _known(data, msgspec.inspect.type_info(into), "", origin)
    try:
        return msgspec.convert(data, into)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        path = path.rstrip("`").lstrip(".")
        words = re.sub(
            r"`([^`]*)`",
            lambda m: re.sub(r"\w+", lambda w: _TOML_WORDS.get(w[0], w[0]), m[0]),
            message.replace("Object missing required field", "it lacks"),
        )
        raise BadPlan(f"{origin.at(path)}: {path or 'the plan'}: {words}") from error


def _named(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name, options = parse_call(value)
    return {"name": name, "options": options} if options else {"name": name}


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(inner) for inner in value]
    return value


def _tables(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = data.get(key)
    return [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []


def _inside(place: Any, key: str, assignment: str) -> Any:
    if isinstance(place, dict):
        return place.setdefault(key, {})
    names: dict[str, Any] = {}
    for position, table in enumerate(place if isinstance(place, list) else ()):
        dataset = table.get("dataset") or {}
        for name in (str(position), dataset.get("name"), table.get("name"), table.get("label")):
            names[str(name)] = table
    if key not in names:
        known = [name for name in names if name != "None" and not name.isdigit()]
        raise BadPlan(
            f"--set {assignment}: there is no {key!r}.{closest(key, known)} "
            f"There are {', '.join(known) or 'none'}."
        )
    return names[key]


def _known(data: Any, info: Any, path: str, origin: Origin) -> None:
    """Refuse unknown keys, here and in whatever is inside."""
    if isinstance(info, msgspec.inspect.UnionType):
        structs = [t for t in info.types if isinstance(t, msgspec.inspect.StructType)]
        info = structs[0] if structs else info
    if isinstance(info, msgspec.inspect.VarTupleType) and isinstance(data, list):
        for position, inner in enumerate(data):
            _known(inner, info.item_type, f"{path}[{position}]", origin)
    if not isinstance(info, msgspec.inspect.StructType) or not isinstance(data, dict):
        return
    fields = {field.name: field.type for field in info.fields}
    for key, inner in data.items():
        at = f"{path}.{key}".lstrip(".")
        if key not in fields:
            raise BadPlan(
                f"{origin.at(at)}: unknown key {key!r}.{closest(key, fields)} "
                f"Known here are {', '.join(fields)}."
            )
        _known(inner, fields[key], at, origin)


def _line(text: str, path: str) -> int:
    """The line of a path's last key within the table of its first list, 0 if not found."""
    keys = re.findall(r"[^.\[\]]+", path)
    names = [key for key in keys if not key.isdigit()]
    if not names:
        return 0
    lines = text.splitlines()
    start, end = 0, len(lines)
    if len(keys) > 1 and keys[1].isdigit():
        headers = [i for i, line in enumerate(lines) if line.strip() == f"[[{keys[0]}]]"]
        if int(keys[1]) < len(headers):
            start = headers[int(keys[1])]
            later = [i for i, line in enumerate(lines) if i > start and line.startswith("[[")]
            end = later[0] if later else end
    for name in reversed(names):
        key = re.compile(rf"(?:^|[\s{{,.\[\"'])({re.escape(name)})[\"']?\s*[=.\]]")
        for number in range(start, end):
            if key.search(lines[number].split("#")[0]):
                return number + 1
    return start + 1 if start else 0
