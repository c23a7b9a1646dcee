"""``ganzoo compare``: many objectives side by side, over seeds, and the report of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.output import console

if TYPE_CHECKING:
    from ganzoo.compare.comparison import Comparison

__all__ = ["compare"]

INTERRUPTED = 130


@click.command()
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--name", default="", help="Of the folder of results; the plan's by default.")
@click.option("--seeds", type=click.IntRange(min=1), help="How many, from 0.")
@click.option("--steps", type=click.IntRange(min=1), help="Generator steps of every run.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; one a core by default.")
@click.option("--fresh", is_flag=True, help="Make every run anew; earlier records are put aside.")
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change the plan: settings.batch=32, tasks.ring8.settings.steps=100, "
    "losses.lsgan.options.a=-1.",
)
@click.option(
    "--directory",
    default="runs",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the folder of results is.",
)
def compare(plan: Path | None, **options: Any) -> None:
    """Train every loss of PLAN (a TOML file; a small built-in one by default) on every task
    with every seed, and write a report.

    Runs that have been made are kept: the same command goes on where it was interrupted.
    The exit code is 1 if runs failed, and 130 after an interruption.
    """
    out = console()
    try:
        found = _compared(plan, out, **options)
    except KeyboardInterrupt:
        click.echo(f"Interrupted; what was made is kept. To go on: {_again()}", err=True)
        raise SystemExit(INTERRUPTED) from None
    _report(found, out)
    wrong = sum(record.status == "failed" for record in found.records)
    if wrong:
        click.echo(
            f"{wrong} of {len(found.records)} runs failed; they are tried again by: {_again()}"
        )
        raise SystemExit(1)


def _compared(plan: Path | None, out: Any, **options: Any) -> Comparison:
    from ganzoo.compare.comparison import compare as run
    from ganzoo.compare.display import display_for
    from ganzoo.compare.plan import Plan

    made = Plan.of(plan, changes=options["changes"])
    return run(
        made.but(name=options["name"], seeds=options["seeds"] or 0, steps=options["steps"] or 0),
        directory=options["directory"],
        workers=options["workers"] or 0,
        fresh=options["fresh"],
        display=display_for(out),
    )


def _report(found: Comparison, out: Any) -> None:
    from ganzoo.report import print_terminal

    print_terminal(list(found.records), out)
    click.echo(f"The whole report: {found.write_report()}")


def _again() -> str:
    """The command that goes on; without --fresh, which would start over."""
    given = [argument for argument in sys.argv[1:] if argument != "--fresh"]
    return shlex.join(["ganzoo", *given])
