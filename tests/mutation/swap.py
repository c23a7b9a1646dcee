"""A changed source in the place of the one that is loaded.

Whoever holds a function holds its new code too, so nothing has to be imported again; what a module
or a class computes while it is loaded (a default, an attribute) can't be changed like this.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Sequence
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import CodeType, FunctionType

__all__ = ["changed_functions", "fatal", "functions", "outermost", "swap"]

Codes = dict[CodeType, CodeType]
PARTS = (
    *("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_exceptiontable"),
)


def functions(paths: Sequence[Path]) -> dict[Path, list[FunctionType]]:
    """The functions that these modules have made and that are alive."""
    found: dict[Path, list[FunctionType]] = {path: [] for path in paths}
    by_name = {str(path): path for path in paths}
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename in by_name:
            found[by_name[each.__code__.co_filename]].append(each)
    return found


def changed_functions(path: Path, before: str, after: str) -> Codes | None:
    """The new code of each function that differs; None where more than functions does."""
    try:
        pair = [compile(code, str(path), "exec", dont_inherit=True) for code in (before, after)]
    except SyntaxError:
        return None
    found: Codes = {}
    for old, new in _pairs(*pair):
        if new is None or (_own(old) != _own(new) and not old.co_flags & CO_OPTIMIZED):
            return None
        if old.co_flags & CO_OPTIMIZED and _whole(old) != _whole(new):
            if old in found or len(old.co_freevars) != len(new.co_freevars):
                return None  # two that only their columns tell apart; or not exchangeable
            found[old] = new
    return found


def outermost(codes: Codes) -> set[CodeType]:
    """Those of them that are not in another one, by which they are made."""
    return set(codes).difference(*map(_nested, codes))


def _nested(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType | None]]:
    yield old, new
    inner = _nested(old), _nested(new)
    if len(inner[0]) != len(inner[1]):
        yield old, None
        return
    for one, other in zip(*inner, strict=True):
        yield from _pairs(one, other)


def _own(code: CodeType) -> tuple[object, ...]:
    """What a code does, but for the code in it; not where it stands in its line."""
    # 1, 1.0 and True are equal, and their texts are not
    constants = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    return (*(getattr(code, part) for part in PARTS), *constants)


def _whole(code: CodeType) -> tuple[object, ...]:
    return (_own(code), *map(_whole, _nested(code)))


def swap(alive: Sequence[FunctionType], codes: Codes) -> int:
    """Give the functions their new code; how many there were."""
    count = 0
    for each in alive:
        if each.__code__ in codes:
            each.__code__ = codes[each.__code__]
            count += 1
    return count


def fatal(source: str) -> str:
    """A source whose functions all fail."""
    return ast.unparse(_Fatal().visit(ast.parse(source)))


class _Fatal(ast.NodeTransformer):
    """Names that nobody has, and all else as it was, closures too."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body.insert(0, ast.parse("import fatal_module").body[0])
        return self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        node.body = ast.BoolOp(ast.And(), [ast.Name("fatal_name", ast.Load()), node.body])
        return self.generic_visit(node)
