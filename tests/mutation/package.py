"""The mutants of one package: first in forks of its collected session, then each anew."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType

import pytest

from tests.mutation.contexts import CACHE, Contexts, measure, remembered
from tests.mutation.places import PAGES, ROOT, Mutant, Package, statement
from tests.mutation.runs import (
    Chosen,
    Collected,
    fork,
    import_all,
    loading,
    pytest_session,
    run_items,
    start,
)
from tests.mutation.swap import changed_functions, fatal, functions, outermost, swap

__all__ = ["Broken", "outcomes"]


class Broken(Exception):
    """What a run would tell, it would not mean."""


def outcomes(
    package: Package, chosen: Sequence[Mutant], limit: float
) -> Iterator[tuple[Mutant, str]]:
    """``killed``, ``survived`` or ``timeout``, of each mutant, in any order.

    Raises:
        Broken: the tests fail without a mutant, or don't notice that every function fails.
    """
    log = CACHE / f"{package.folder.name}.log"
    log.write_text("")
    reading, writing = os.pipe()
    used: set[CodeType] = set()

    def work(session: pytest.Session) -> None:
        os.close(reading)
        with os.fdopen(writing, "w", buffering=1) as stream:
            for line in _in_session(session, package, chosen, used, limit):
                print(json.dumps(line), file=stream)

    child = start(
        lambda: pytest_session(package.tests, Collected(work, package.sources, used)), log
    )
    os.close(writing)
    left = []
    with os.fdopen(reading) as stream:
        for number, result in map(json.loads, stream):
            if result == "unknown":
                left.append(chosen[number])
            else:
                yield chosen[number], result
    if os.waitpid(child, 0)[1]:
        raise Broken(f"{package.folder.name} without a mutant: see {log.relative_to(ROOT)}")
    contexts = remembered(package)
    assert contexts is not None
    if left:
        deadly = [path for path in package.sources if _deadly(path)]
        path = min(deadly, key=lambda path: len(contexts.of_module(path, [])))
        plain = path.read_text()
        for code, expected in ((plain, "survived"), (fatal(plain), "killed")):
            found = _anew(contexts, path, code, [], limit)
            if found != expected:
                raise Broken(f"{path.name}, imported anew, {found} instead of {expected}: {log}")
    for mutant in left:
        first = contexts.of(mutant.path, statement(mutant.path.read_text(), mutant.line))
        yield mutant, _anew(contexts, mutant.path, mutant.code, first, limit)


def _deadly(path: Path) -> bool:
    """Whether the module has functions, all of which can be made to fail."""
    return bool(changed_functions(path, path.read_text(), fatal(path.read_text())))


def _anew(contexts: Contexts, path: Path, code: str, first: Sequence[str], limit: float) -> str:
    """A source that is imported in the place of a file, by all tests, those first that run it."""
    names = contexts.of_module(path, first)
    # what is computed at import no test runs itself: any of them may notice, the page often
    names += contexts.others(names, tuple(page.relative_to(ROOT).as_posix() for page in PAGES))
    tests = [ROOT / file for file in dict.fromkeys(name.partition("::")[0] for name in names)]

    def work() -> bool:
        with loading(path, code):
            return pytest_session(tests, Chosen(names))

    limit = min(limit, contexts.limit(names))
    return fork(work, limit, CACHE / "anew.log") if names else "survived"


def _in_session(
    session: pytest.Session,
    package: Package,
    chosen: Sequence[Mutant],
    used: set[CodeType],
    limit: float,
) -> Iterator[tuple[int, str]]:
    """The outcome of each mutant by number, where it is known by changing functions."""
    log = CACHE / f"{package.folder.name}.log"
    import_all(package.sources)
    if remembered(package) is None:
        result = fork(lambda: measure(session, package), 3600, log)
        if result != "survived":
            raise Broken(f"the tests fail under coverage: {result}")
    contexts = remembered(package)
    assert contexts is not None
    alive = functions(package.sources)
    gc.freeze()  # or each fork would copy what its collector looks at
    items = {item.nodeid: item for item in session.items}

    def outcome(path: Path, code: str, lines: range) -> str:
        codes = changed_functions(path, path.read_text(), code)
        first = contexts.of(path, lines)
        if not codes or not contexts.of_module(path, first):
            return "unknown"
        # a test may hold what a function made before, or the function's earlier code
        final = used.isdisjoint(codes) and outermost(codes) <= {f.__code__ for f in alive[path]}
        names = contexts.of_module(path, first) if final else first

        def work() -> bool:
            swap(alive[path], codes)
            return run_items(session, [items[name] for name in names])

        result = fork(work, min(limit, contexts.limit(names)), log)
        return "unknown" if result == "survived" and not final else result

    for path in dict.fromkeys(mutant.path for mutant in chosen):
        if (
            _deadly(path)
            and (result := outcome(path, fatal(path.read_text()), range(9999))) != "killed"
        ):
            raise Broken(f"{path.name}, all of whose functions fail: {result}")
    for number, mutant in enumerate(chosen):
        lines = statement(mutant.path.read_text(), mutant.line)
        yield number, outcome(mutant.path, mutant.code, lines)
