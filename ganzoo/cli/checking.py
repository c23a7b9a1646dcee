"""``ganzoo check``: the conformance kit on anything that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.output import console, print_json, print_table
from ganzoo.errors import BadOption, GanzooError
from ganzoo.registry import KINDS, Found, default_registry, parse_call

if TYPE_CHECKING:
    from ganzoo.testing import CheckResult

__all__ = ["check"]

_MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped", "waived": "waived"}
_STYLES = {"passed": "green", "failed": "bold red", "skipped": "dim", "waived": "yellow"}
_Run = tuple[Found, "list[CheckResult]"]


@click.command()
@click.argument("name", required=False)
@click.option("--kind", type=click.Choice(list(KINDS)), help="Of this kind alone.")
@click.option("--all", "every", is_flag=True, help="Everything that is installed.")
@click.option("--only", multiple=True, metavar="CHECK", help="This check alone; may be repeated.")
@click.option("--slow", is_flag=True, help="The slow checks too: compiling, training.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def check(ctx: click.Context, /, name: str | None, kind: str | None, **options: Any) -> None:
    """Run the conformance checks on NAME: a loss, a term, networks, data, a metric, an
    extractor, with its options if need be, 'wgan-gp(weight=1.0)'; or a whole distribution.

    Exits with 1 when a check fails.
    """
    if (name is None) is not options["every"]:
        raise click.UsageError("give a name, or --all")
    runs = [
        (found, _run(found, given, options["only"], options["slow"]))
        for found, given in _chosen(name, kind)
    ]
    if options["as_json"]:
        print_json([_told(found, result) for found, results in runs for result in results])
    elif len(runs) == 1:
        _print_one(name or runs[0][0].id, runs[0][1])
    else:
        _print_many(runs)
    if any(result.status == "failed" for _, results in runs for result in results):
        ctx.exit(1)


def _chosen(name: str | None, kind: str | None) -> list[tuple[Found, dict[str, Any]]]:
    """What is to be checked, with its options."""
    if name is None:
        kinds = [kind] if kind else list(KINDS)
        return [(each, {}) for one in kinds for each in default_registry().entries(one)]
    from ganzoo.testing import select

    bare, given = parse_call(name)
    found = select(bare, kind)
    if given and len(found) > 1:
        raise BadOption(f"{bare!r} is a distribution of {len(found)} things; options go with one")
    return [(each, given) for each in found]


def _run(found: Found, given: dict[str, Any], only: Sequence[str], slow: bool) -> list[CheckResult]:
    from ganzoo.testing import CheckResult, check_entry, kit_of

    known = {check.name: check for check in kit_of(found.kind).checks}
    strangers = [name for name in only if name not in known]
    if strangers:
        raise BadOption(
            f"no check {strangers[0]!r} of {KINDS[found.kind].name}; they are {', '.join(known)}"
        )
    checks = [known[name] for name in only] if only else None
    try:
        return check_entry(
            found.id, kind=found.kind, checks=checks, slow=slow or bool(only), **given
        )
    except GanzooError as error:
        if given:
            raise
        return [CheckResult("build", "it can be built", "failed", str(error))]


def _told(found: Found, result: CheckResult) -> dict[str, str]:
    return {
        "id": found.id,
        "kind": found.kind,
        "check": result.name,
        "status": result.status,
        "message": result.message,
    }


def _print_one(title: str, results: list[CheckResult]) -> None:
    from rich.table import Table

    out = console()
    out.print(title, style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("check", "", "what it says"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "check")
    for each in results:
        style = _STYLES[each.status]
        said = each.message or each.about
        table.add_row(each.name, _MARKS[each.status], said, style=style if said else None)
    out.print(table)
    click.echo(f"\n{_counted(results)} in {sum(each.seconds for each in results):.1f} s")


def _counted(results: Sequence[CheckResult]) -> str:
    counts = {status: sum(each.status == status for each in results) for status in _MARKS}
    return ", ".join(f"{count} {status}" for status, count in counts.items() if count)


def _print_many(runs: list[_Run]) -> None:
    rows = [
        (found.id, KINDS[found.kind].one, _counted(results), f"{_seconds(results):.1f}")
        for found, results in runs
    ]
    print_table(rows, ("id", "what", "checks", "s"), styles="k..r")
    failures = [(f, each) for f, results in runs for each in results if each.status == "failed"]
    if failures:
        click.echo()
        said = [(f.id, each.name, each.message) for f, each in failures]
        print_table(said, ("id", "check", "why it fails"), styles="k..")
    every = [each for _, results in runs for each in results]
    click.echo(f"\n{len(runs)} things: {_counted(every)} in {_seconds(every):.0f} s")


def _seconds(results: Sequence[CheckResult]) -> float:
    return sum(each.seconds for each in results)
