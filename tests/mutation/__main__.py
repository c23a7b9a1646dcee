"""Does a mistake in a formula make a test fail? ``make mutation``, or ``--help``.

cosmic-ray's operators change one number, sign, comparison or operation in the sources of the
losses and terms; each such mutant meets the tests of its package that run the changed statement,
the fastest first, and then, if those let it pass, all that run any line of the module. What
survives is printed as a difference: kill it with an assertion, or see that it changes no value.

Left out are changes in what no value comes from: annotations, blocks under ``TYPE_CHECKING``, the
text and type of a raised error, and the marks ``*`` and ``/`` among parameters.

A package's tests are collected once, run once under coverage (which is remembered in
``.mutation_cache`` until a source or test changes), and each mutant is a fork of that session in
which the functions get their changed code. That says nothing of what is computed at import
(defaults, class attributes), and a survivor's function may have left something behind while the
tests were collected: these mutants meet a fork without ganzoo that imports the changed source in
the place of the file and collects anew. Files are left as they are. Beforehand each package must
pass its tests unchanged, and notice, in both kinds of forks, that every function fails.
"""

from __future__ import annotations

import argparse
import difflib
import random
import sys
import time
from collections import Counter

from tests.mutation.contexts import CACHE
from tests.mutation.package import Broken, outcomes
from tests.mutation.places import ROOT, Mutant, changes_nothing, mutants, packages
from tests.mutation.swap import changed_functions


def idle(mutant: Mutant) -> bool:
    """Whether it is certain that no value changes: nothing does but what no value comes from."""
    before, after = mutant.path.read_text(), mutant.code
    return changes_nothing(before, after) or changed_functions(mutant.path, before, after) == {}


def difference(mutant: Mutant) -> str:
    """What is changed, with a line about it."""
    before, after = mutant.path.read_text().splitlines(), mutant.code.splitlines()
    name = mutant.path.relative_to(ROOT).as_posix()
    return "\n".join(difflib.unified_diff(before, after, name, name, lineterm="", n=1))


def main() -> None:
    """Make mutants, run them, and print the figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, help="how many mutants (all)")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of mutants (0)")
    parser.add_argument("--only", default="", help="a part of the paths of the modules")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for each mutant (120)")
    options = parser.parse_args()
    import torch

    torch.set_num_threads(1)  # before a fork there must be no other thread
    CACHE.mkdir(exist_ok=True)
    every = [
        (package, mutant)
        for package in packages()
        for path in package.sources
        if options.only in str(path)
        for mutant in mutants(path)
    ]
    count = len(every) if options.count is None else min(options.count, len(every))
    chosen = sorted(random.Random(options.seed).sample(range(len(every)), count))
    asked = [every[place] for place in chosen]
    running = [(package, mutant) for package, mutant in asked if not idle(mutant)]
    print(f"{count} of {len(every)} mutants, {count - len(running)} of them in what gives no value")
    counts: Counter[str] = Counter()
    start, number = time.perf_counter(), 0
    for package in dict.fromkeys(package for package, _ in running):
        of_package: Counter[str] = Counter()
        begun = time.perf_counter()
        own = [mutant for each, mutant in running if each == package]
        for mutant, result in outcomes(package, own, options.limit):
            number += 1
            of_package[result] += 1
            where = f"{mutant.path.relative_to(ROOT)}:{mutant.line}"
            took = time.perf_counter() - begun
            print(f"{number}/{len(running)} {took:.2f} s {result} {where}", flush=True)
            if result == "survived":
                print(difference(mutant), flush=True)
            begun = time.perf_counter()
        print(f"{package.folder.name}: {dict(of_package)}", flush=True)
        counts += of_package
    seconds = (time.perf_counter() - start) / max(1, number)
    print(f"{number} mutants, {seconds:.2f} s each: {dict(counts)}")
    sys.exit(1 if counts["survived"] else 0)


if __name__ == "__main__":
    try:
        main()
    except Broken as error:
        sys.exit(str(error))
