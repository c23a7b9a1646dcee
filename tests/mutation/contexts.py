"""Which test runs which line of the sources, and how long it takes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from tests.mutation.places import ROOT, Package

__all__ = ["CACHE", "Contexts", "measure", "remembered"]

CACHE = ROOT / ".mutation_cache"


@dataclass(frozen=True)
class Contexts:
    """The seconds of each test, and the tests of each line of each module."""

    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]

    def of(self, path: Path, lines: Iterable[int]) -> list[str]:
        """The tests that run one of these lines, the fastest first."""
        known = self.lines[path.name]
        found = {name for line in lines for name in known.get(str(line), [])}
        return sorted(found, key=lambda name: (self.seconds[name], name))

    def of_module(self, path: Path, first: Sequence[str]) -> list[str]:
        """The tests that run any line of the module, or all where it is only imported; those
        given come first.
        """
        every = self.of(path, map(int, self.lines[path.name]))
        every = every or sorted(self.seconds, key=lambda name: (self.seconds[name], name))
        return [*first, *(name for name in every if name not in set(first))]

    def others(self, names: Sequence[str], files: tuple[str, ...]) -> list[str]:
        """All tests but these, those of some files first, and the fastest first."""
        return sorted(
            self.seconds.keys() - set(names),
            key=lambda name: (not name.startswith(files), self.seconds[name], name),
        )

    def limit(self, names: Sequence[str]) -> float:
        """How long these may take before something must have gone wrong, in seconds."""
        return 10 + 5 * sum(self.seconds[name] for name in names)


def place(package: Package) -> Path:
    """Where they are remembered, as long as nothing changes that a test may run."""
    total = hashlib.sha256()
    beside = {path.parent for path in package.tests}
    for folder in sorted({ROOT / "ganzoo", package.folder, *beside}):
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.json")]):
            total.update(path.as_posix().encode() + path.read_bytes())
    return CACHE / f"{package.folder.name}-{total.hexdigest()[:16]}.json"


def remembered(package: Package) -> Contexts | None:
    """What was measured earlier."""
    path = place(package)
    return Contexts(**json.loads(path.read_text())) if path.exists() else None


def measure(session: pytest.Session, package: Package) -> bool:
    """Run every test under coverage and remember it; whether all passed."""
    from coverage import Coverage

    seconds = {}
    coverage = Coverage(data_file=None, include=[str(path) for path in package.sources])
    coverage.start()
    for number, item in enumerate(session.items):
        after = session.items[number + 1] if number + 1 < len(session.items) else None
        coverage.switch_context(item.nodeid)
        start = time.perf_counter()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        seconds[item.nodeid] = time.perf_counter() - start
    coverage.stop()
    if session.testsfailed:
        return False
    data = coverage.get_data()
    lines = {
        path.name: {
            str(line): sorted(filter(None, names))
            for line, names in data.contexts_by_lineno(str(path)).items()
        }
        for path in package.sources
    }
    for old in CACHE.glob(f"{package.folder.name}-*.json"):
        old.unlink()
    place(package).write_text(json.dumps(asdict(Contexts(seconds, lines))))
    return True
