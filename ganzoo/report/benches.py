"""Records of benchmarks, as pytest-benchmark writes them, as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from ganzoo.errors import BadData
from ganzoo.records.selection import in_order, plain
from ganzoo.report import numbers

__all__ = ["Sheet", "benchmarks_in", "flat", "read_benchmarks"]

HEAD = 4096  # bytes within which a record of benchmarks can be known

Row = dict[str, object]

WORDS = ("measured", "by")
COLUMNS: tuple[tuple[str, str], ...] = (
    (r"(?:processor_time_|wall_time_)?over_(?P<other>\w+)", "over {other}"),
    (r"times_as_fast", "times as fast"),
    (r"(?P<who>own|rival|first_step)_seconds", "{who} s"),
    (r"relative_difference", "relative difference"),
    (r"median_milliseconds", "ms"),
    (r"iqr_milliseconds", "IQR ms"),
    (r"(?P<kind>processor|wall)_milliseconds(?:_per_step)?", "{kind} ms"),
    (r"(?P<kind>processor|wall)_milliseconds_per_(?P<unit>\w+)", "{kind} ms per {unit}"),
    (r"discriminator_turns_per_step", "D turns"),
    (r"discriminator_real_images_per_second", "real images/s to D"),
    (r"(?P<who>\w+)_images_per_second", "{who} images/s"),
    (r"share_of_(?P<limit>\w+)", "of {limit}"),
    (r"bound_by", "bound by"),
    (r"held_mebibytes", "held MiB"),
    (r"step_peak_mebibytes(?:_per_(?P<unit>\w+))?", "step peak MiB"),
)
"""What a reader compares, in this order: ratio, time, throughput, share of the limit, memory.
Further columns are in the CSV and the JSON.
"""


class _Stats(msgspec.Struct):
    median: float
    iqr: float = 0.0


class _Bench(msgspec.Struct):
    name: str
    stats: _Stats
    group: str | None = None
    params: dict[str, Any] | None = None
    extra_info: dict[str, Any] = {}


class _File(msgspec.Struct):
    benchmarks: list[_Bench]
    machine_info: dict[str, Any]
    commit_info: dict[str, Any] = {}
    datetime: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of one group of benchmarks of a file.

    Attributes:
        file: the file's name.
        title: of the group.
        machine: what it was measured on.
        heads: of the columns that are shown; the first two are what was measured.
        rows: texts, as many as heads.
        alike: what every row has in common, shown once.
        absent: what was not measured, and why.
        values: of each row, everything that was recorded, by name.
    """

    file: str
    title: str
    machine: Mapping[str, str]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    alike: Mapping[str, str]
    absent: Mapping[str, str]
    values: tuple[Mapping[str, object], ...]


def benchmarks_in(path: Path) -> list[Path]:
    """The files that may hold records of benchmarks: the path, or the JSON files beneath it;
    none where the path is a comparison.
    """
    if path.is_file():
        return [path] if path.suffix == ".json" else []
    if (path / "records.jsonl").exists():
        return []
    return [file for file in sorted(path.rglob("*.json")) if _looks_right(file)]


def _looks_right(file: Path) -> bool:
    """Whether a file begins as pytest-benchmark's do; other JSON is not ours to complain of."""
    try:
        with file.open("rb") as opened:
            return b'"machine_info"' in opened.read(HEAD)
    except OSError:
        return False


def read_benchmarks(files: Sequence[Path]) -> tuple[list[Sheet], list[str]]:
    """A table for each group of each file; what could not be read, a sentence each.

    Raises:
        BadData: none of the files is a record of benchmarks.
    """
    sheets: list[Sheet] = []
    wrong: list[str] = []
    for path in files:
        try:
            found = msgspec.json.decode(path.read_bytes(), type=_File)
        except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
            wrong.append(f"{path}: not a whole record of pytest-benchmark ({error}); passed over")
            continue
        sheets += _sheets(path.name, found)
    if not sheets:
        listed = "; ".join(wrong) or "they hold no benchmark"
        raise BadData(
            f"no record of benchmarks could be read: {listed}. `python -m pytest benchmarks "
            f"--benchmark-enable --benchmark-json=FILE` writes one."
        )
    return sheets, wrong


def flat(sheet: Sheet) -> Iterator[dict[str, object]]:
    """Every row of a sheet with all that was recorded, for CSV and JSON."""
    for values in sheet.values:
        yield {"file": sheet.file, "group": sheet.title, **values}


def _sheets(name: str, found: _File) -> Iterator[Sheet]:
    machine = {plain(k): plain(v) for k, v in found.machine_info.items() if v not in (None, "")}
    if commit := plain(found.commit_info.get("id") or ""):
        machine["commit"] = commit[:12] + (" with changes" if found.commit_info["dirty"] else "")
    for group in in_order(bench.group or "" for bench in found.benchmarks):
        benches = [bench for bench in found.benchmarks if (bench.group or "") == group]
        rows = [row for bench in benches for row in _rows(bench)]
        absent = {
            f"{_title(bench)}, {plain(who)}": plain(why)
            for bench in benches
            for who, why in _mapping(bench.extra_info.get("absent")).items()
        }
        yield _sheet(name, group, machine, rows, absent)


def _rows(bench: _Bench) -> Iterator[Row]:
    """A row, or one for each contender of a benchmark that measures several."""
    own: Row = {"measured": _title(bench)}
    plain_values: Row = {}
    contenders: dict[str, Mapping[str, object]] = {}
    for name, value in bench.extra_info.items():
        if isinstance(value, Mapping):
            contenders |= {} if name == "absent" else {name: value}
        else:
            plain_values[name] = value
    if contenders:
        for who, values in contenders.items():
            yield {**own, "by": plain(who), **plain_values, **values}
        return
    spent = {
        "median_milliseconds": 1e3 * bench.stats.median,
        "iqr_milliseconds": 1e3 * bench.stats.iqr,
    }
    # of a duel both sides' times are told
    yield {**own, **({} if "rival_seconds" in plain_values else spent), **plain_values}


def _title(bench: _Bench) -> str:
    shown = [plain(v) for v in (bench.params or {}).values() if v != bench.group]
    return " ".join(shown) or plain(bench.name)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sheet(
    file: str, group: str, machine: Mapping[str, str], rows: list[Row], absent: Mapping[str, str]
) -> Sheet:
    names = in_order(name for row in rows for name in row)
    alike = {
        _words(name): _text(name, rows[0][name])
        for name in names
        if len(rows) > 1 and name not in WORDS and not _ordered([name])
        if _same([row.get(name) for row in rows])
    }
    shown = [*(name for name in WORDS if name in names), *_ordered(names)]
    return Sheet(
        file,
        plain(group),
        machine,
        tuple(_head(name) for name in shown),
        tuple(tuple(_text(name, row.get(name)) for name in shown) for row in rows),
        alike,
        absent,
        tuple(rows),
    )


def _ordered(names: Sequence[str]) -> list[str]:
    """Those of the names that are shown, in the order of the columns."""
    every = (name for pattern, _ in COLUMNS for name in names if re.fullmatch(pattern, name))
    return list(in_order(every))


def _head(name: str) -> str:
    for pattern, head in COLUMNS:
        if found := re.fullmatch(pattern, name):
            words = {k: (v or "").replace("_", " ") for k, v in found.groupdict().items()}
            return head.format(**words)
    return _words(name)


def _words(name: str) -> str:
    return plain(name).replace("_", " ")


def _same(values: Sequence[object]) -> bool:
    return all(value == values[0] and value is not None for value in values)


def _text(name: str, value: object) -> str:
    if isinstance(value, list | tuple) and len(value) == 3:
        low, middle, high = (_text(name, each) for each in value)
        return f"{middle} ({low} to {high})"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else plain(value)
    if name.startswith("share_of"):
        return f"{100 * value:.0f} %" if value >= 0.1 else f"{100 * value:.2g} %"
    if "over_" in name:
        return f"{value:.2f}"
    if abs(value) >= 1000:
        return numbers.count(value)
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
