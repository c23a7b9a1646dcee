"""The mutants: which sources, which changes, and which tests are asked about each source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = [
    "PAGES",
    "ROOT",
    "Mutant",
    "Package",
    "changes_nothing",
    "mutants",
    "packages",
    "statement",
]

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "tests" / "cli" / "test_page.py", ROOT / "tests" / "zoo" / "test_terms.py")
"""Know every default: of what is registered, and of the terms of a loss."""
OPERATORS = (
    "NumberReplacer",
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul")),
    "ReplaceBinaryOperator_Pow_Mul",
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_GtE", "Gt_LtE", "LtE_Gt", "GtE_Lt")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot")),
    *("ReplaceUnaryOperator_Delete_USub", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
)


@dataclass(frozen=True)
class Package:
    """Modules of formulas, and the files of tests that know them."""

    folder: Path
    tests: tuple[Path, ...]

    @property
    def sources(self) -> list[Path]:
        """The modules that are changed: not what registers, nor networks that a family brings."""
        others = ("__init__.py", "networks.py")
        return [path for path in sorted(self.folder.glob("*.py")) if path.name not in others]


@dataclass(frozen=True)
class Mutant:
    """One change of one source."""

    path: Path
    operator: str
    occurrence: int
    line: int

    @property
    def code(self) -> str:
        """The changed source."""
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator

        operator = get_operator(self.operator)()
        changed = mutate_code(self.path.read_text(), operator, self.occurrence)
        assert isinstance(changed, str)
        return changed


def packages() -> list[Package]:
    """The losses and terms of ganzoo, and each plugin."""
    zoo = ROOT / "tests" / "zoo"
    ours = ("test_losses.py", "test_theory.py", "test_oracle.py", "test_conformance.py")
    own = (*sorted((ROOT / "tests" / "terms").glob("test_*.py")), *(zoo / n for n in ours), *PAGES)
    found = [Package(ROOT / "ganzoo" / part, own) for part in ("zoo/losses", "terms")]
    for plugin in sorted((ROOT / "plugins").glob("*/")):
        (folder,) = (plugin / "src").glob("*/")
        found.append(Package(folder, (*sorted((plugin / "tests").glob("test_*.py")), *PAGES)))
    return found


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


def changes_nothing(before: str, after: str) -> bool:
    """Whether two sources differ in no more than annotations, raised errors and ``*`` or ``/``
    among the parameters, none of which any value comes from; or the second is no Python at all.
    """
    try:
        return _bare(before) == _bare(after)
    except SyntaxError:  # `/` before the first parameter
        return True


@cache
def _bare(source: str) -> str:
    return ast.dump(_Bare().visit(ast.parse(source)))


class _Bare(ast.NodeTransformer):
    """A syntax tree without what gives no value."""

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.Raise()

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return ast.Pass()
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        positional = [*node.posonlyargs, *node.args]
        lacking: list[ast.expr | None] = [None] * (len(positional) - len(node.defaults))
        defaults = [*lacking, *node.defaults, *node.kw_defaults]
        every = [ast.arg(each.arg) for each in [*positional, *node.kwonlyargs]]
        bare = ast.arguments([], [], node.vararg, every, defaults, node.kwarg, [])
        return self.generic_visit(bare)


def statement(source: str, line: int) -> range:
    """The lines of the innermost statement that is on this line, less the statements in it."""
    return next(lines for lines in _statements(source) if line in lines)


@cache
def _statements(source: str) -> list[range]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else (node.end_lineno or node.lineno)
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            # an `else` has no line of its own
            found.append(range(first, max(first, last) + 1))
    return sorted(found, key=len)
