"""Does a mistake in a formula make a test fail? ``make mutation``, or ``--help``.

cosmic-ray's operators change one number, sign, comparison or operation in the sources of the
losses and terms; each such mutant meets the fast tests of its package, and the conformance kit if
those let it pass. What survives is printed as a difference: kill it with an assertion, or see that
it changes no value. A mutant runs in a fork that has torch imported already and gets the changed
source in the place of the file, which is left as it is.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.machinery
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OPERATORS = (
    "NumberReplacer",
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul")),
    "ReplaceBinaryOperator_Pow_Mul",
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_GtE", "Gt_LtE", "LtE_Gt", "GtE_Lt")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot")),
    *("ReplaceUnaryOperator_Delete_USub", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
)
SLOW = ("test_training.py", "test_conformance.py", "test_games.py")
"""Of the plugins' tests, those that train or are the kit."""


@dataclass(frozen=True)
class Mutant:
    """One change of one source."""

    path: Path
    operator: str
    occurrence: int
    line: int


def sources() -> dict[Path, tuple[list[Path], list[Path]]]:
    """Each module of formulas, with its fast tests and with its tests by the kit."""
    page = ROOT / "tests" / "cli" / "test_page.py"  # knows every default
    own = [ROOT / "tests" / "terms", ROOT / "tests" / "zoo" / "test_losses.py", page]
    kit = [ROOT / "tests" / "zoo" / "test_conformance.py"]
    folders = {
        ROOT / "ganzoo" / "terms": (own, kit),
        ROOT / "ganzoo" / "zoo" / "losses": (own, kit),
    }
    for plugin in sorted((ROOT / "plugins").glob("*/")):
        tests = sorted((plugin / "tests").glob("test_*.py"))
        # the reference values first: they kill most
        tests.sort(key=lambda path: path.name != "test_values.py")
        fast = [path for path in tests if path.name not in SLOW]
        slow = [path for path in tests if path.name in SLOW]
        (package,) = (plugin / "src").glob("*/")
        folders[package] = ([*fast, page], slow)
    return {
        path: tests
        for folder, tests in folders.items()
        for path in sorted(folder.glob("*.py"))
        if path.name != "__init__.py"
    }


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    tree = get_ast(path.read_text())
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = [
            start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, (line, _) in enumerate(places):
            yield Mutant(path, f"core/{name}", occurrence, line)


def mutated(mutant: Mutant) -> str:
    """The changed source."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    code = mutate_code(mutant.path.read_text(), get_operator(mutant.operator)(), mutant.occurrence)
    assert isinstance(code, str)
    return code


def outcome(path: Path, code: str, tests: list[Path], limit: float) -> str:
    """``killed``, ``survived`` or ``timeout``, of a source by some tests."""
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        os._exit(_tested(path, code, tests))
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "killed" if os.waitstatus_to_exitcode(status) else "survived"
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout"


def _tested(path: Path, code: str, tests: list[Path]) -> int:
    import pytest

    plain = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> object:
        if Path(self.path).resolve() == path:
            return compile(code, self.path, "exec", dont_inherit=True)
        return plain(self, name)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment]
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        try:
            # plain: pytest would load ganzoo's sources by itself, to rewrite their assertions
            options = ["-x", "-q", "-p", "no:xdist", "--assert=plain"]
            return int(pytest.main([*options, *map(str, tests)]))
        except BaseException:
            return 1


def main() -> None:
    """Make mutants, run them, and print the figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="how many mutants (200)")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of mutants (0)")
    parser.add_argument("--only", default="", help="a part of the paths of the modules")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each mutant (300)")
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)  # before a fork there must be no other thread
    tests = {path: both for path, both in sources().items() if options.only in str(path)}
    every = [mutant for path in tests for mutant in mutants(path)]
    chosen = random.Random(options.seed).sample(every, min(options.count, len(every)))
    for fast in {tuple(tests[mutant.path][0]) for mutant in chosen}:
        path = next(path for path, both in tests.items() if tuple(both[0]) == fast)
        if outcome(path, path.read_text(), list(fast), 10 * options.limit) != "survived":
            sys.exit(f"the tests of {path.parent.name} fail without a mutant: mend that first")
    counts: Counter[str] = Counter()
    for number, mutant in enumerate(chosen, 1):
        code, (fast, slow) = mutated(mutant), tests[mutant.path]
        result = outcome(mutant.path, code, fast, options.limit)
        if result == "survived" and slow:
            result = outcome(mutant.path, code, slow, options.limit)
        counts[result] += 1
        where = f"{mutant.path.relative_to(ROOT)}:{mutant.line}"
        print(f"{number}/{len(chosen)} {result} {where}", flush=True)
        if result == "survived":
            before = mutant.path.read_text().splitlines()
            print(*difflib.unified_diff(before, code.splitlines(), lineterm="", n=1), sep="\n")
    print(f"{len(chosen)} of {len(every)} mutants: {dict(counts)}")
    sys.exit(1 if counts["survived"] else 0)


if __name__ == "__main__":
    main()
