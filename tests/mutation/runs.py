"""Tests in forks: of what one pytest session collected once, and of a session of their own."""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import pytest

from tests.mutation.places import ROOT

__all__ = [
    "Chosen",
    "Collected",
    "fork",
    "import_all",
    "loading",
    "pytest_session",
    "run_items",
    "start",
]

OPTIONS = ("-q", "-p", "no:xdist", "-p", "no:randomly", "--capture=no", "--assert=plain")
"""Plain assertions: pytest would load ganzoo's sources by itself, to rewrite theirs."""


def start(work: Callable[[], bool], log: Path) -> int:
    """A fork that exits with 0 if the work was true, and what it prints goes to the log."""
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    with log.open("a") as text:
        os.dup2(text.fileno(), 1)
        os.dup2(text.fileno(), 2)
    passed = False
    try:
        passed = work()
    finally:
        sys.stdout.flush()
        os._exit(0 if passed else 1)


def fork(work: Callable[[], bool], limit: float, log: Path) -> str:
    """``survived``, ``killed`` or ``timeout``: whether the work was true, in a fork."""
    child = start(work, log)
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "killed" if os.waitstatus_to_exitcode(status) else "survived"
        time.sleep(0.002)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def pytest_session(tests: Sequence[Path], *plugins: object) -> bool:
    """Whether pytest is content with these files."""
    codes = pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED
    house = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    return pytest.main(["-x", *house, *OPTIONS, *map(str, tests)], plugins=list(plugins)) in codes


def run_items(session: pytest.Session, items: Sequence[pytest.Item]) -> bool:
    """Whether these tests pass, up to the first that doesn't."""
    following = [*items[1:], None]
    for item, after in zip(items, following, strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return False
    return True


class Collected:
    """A plugin that does some work with a session's tests instead of running them.

    ``used`` are the codes of these files that ran meanwhile, so that something may be left of
    what they made.
    """

    def __init__(
        self, work: Callable[[pytest.Session], None], files: Sequence[Path], used: set[CodeType]
    ) -> None:
        self.work, self.used = work, used
        self.files = {str(path) for path in files}

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in self.files:
            self.used.add(frame.f_code)

    def pytest_sessionstart(self) -> None:
        """From here on, until the work starts."""
        sys.setprofile(self._note)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Nothing is to be run after it."""
        if session.testsfailed:
            raise session.Interrupted("tests cannot be collected")
        run_items(session, session.items[:1])  # what every fork would have to import
        if session.testsfailed:
            raise session.Failed("a test fails")
        sys.setprofile(None)
        self.work(session)
        return True


class Chosen:
    """A plugin that leaves of the tests those of these names, in their order."""

    def __init__(self, names: Sequence[str]) -> None:
        self.places = {name: place for place, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """In place, as pytest wants it."""
        kept = [item for item in items if item.nodeid in self.places]
        items[:] = sorted(kept, key=lambda item: self.places[item.nodeid])


@contextmanager
def loading(path: Path, code: str) -> Iterator[None]:
    """Import this source as that of the file, which must not be imported yet."""
    plain = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> object:
        if Path(self.path).resolve() == path:
            return compile(code, str(self.path), "exec", dont_inherit=True)
        return plain(self, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment]
    try:
        yield
    finally:
        importlib.machinery.SourceFileLoader.get_code = plain  # type: ignore[method-assign]


def import_all(paths: Sequence[Path]) -> None:
    """Import every module of a package, from its files."""
    for path in paths:
        start = next(each for each in path.parents if not (each / "__init__.py").exists())
        importlib.import_module(".".join(path.relative_to(start).with_suffix("").parts))
