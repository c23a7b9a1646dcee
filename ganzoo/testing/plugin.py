"""The kits from pytest's command line: ``pytest --ganzoo-check NAME_OR_DISTRIBUTION``.

pytest imports this at every start, wherever ganzoo is installed, so it imports neither torch nor
any part of ganzoo until the option is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ganzoo.registry import Found
    from ganzoo.testing.check import Check, Examined

__all__ = ["pytest_addoption", "pytest_collection_modifyitems"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--ganzoo-check``, which may be repeated."""
    group = parser.getgroup("ganzoo", "conformance of losses, networks, data, metrics")
    group.addoption(
        "--ganzoo-check",
        action="append",
        default=[],
        metavar="NAME",
        help="run ganzoo's conformance checks on an installed entry, or on all of a distribution",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add a test for each check of each entry that is asked for, beside what was collected."""
    for name in config.getoption("--ganzoo-check"):
        items += _items(session, name)


def _items(session: pytest.Session, name: str) -> list[pytest.Item]:
    from ganzoo.errors import GanzooError
    from ganzoo.testing import kit_of, select

    try:
        chosen = select(name)
    except GanzooError as error:
        raise pytest.UsageError(f"--ganzoo-check {name}: {error}") from error
    found: list[pytest.Item] = []
    for each in chosen:
        place = f"ganzoo/{each.kind}/{each.id}"
        entry = _Entry.from_parent(session, name=place, nodeid=place, found=each)
        quick = [check for check in kit_of(each.kind).checks if not check.slow]
        found += [_Conformance.from_parent(entry, name=c.name, check=c) for c in quick]
    return found


class _Entry(pytest.Collector):
    """One entry; it is built once for all its checks."""

    def __init__(self, *, found: Found, **options: Any) -> None:
        super().__init__(**options)
        self.found = found
        self._subject: Examined | None = None

    def collect(self) -> list[pytest.Item]:
        """Nothing more: its checks are known."""
        return []

    @property
    def subject(self) -> Examined:
        """What is examined."""
        from ganzoo.testing import kit_of

        if self._subject is None:
            self._subject = kit_of(self.found.kind).subject(self.found.id)
        return self._subject


class _Broken(Exception):
    """A check that is not passed; shown without a traceback."""


class _Conformance(pytest.Item):
    """One check of one entry."""

    def __init__(self, *, check: Check, **options: Any) -> None:
        super().__init__(**options)
        self.check = check

    def runtest(self) -> None:
        """Run it."""
        from ganzoo.testing.check import examine

        assert isinstance(self.parent, _Entry)
        result = examine(self.check, self.parent.subject)
        if result.status in ("skipped", "waived"):
            pytest.skip(f"{result.status}: {result.message}")
        if result.status == "failed":
            raise _Broken(result.message)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """The likely mistake, and no traceback of ours."""
        if isinstance(excinfo.value, _Broken):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Where it is: nowhere on disk."""
        assert isinstance(self.parent, _Entry)
        return f"ganzoo {self.parent.found.id}", None, f"{self.parent.found.id}: {self.check.about}"
