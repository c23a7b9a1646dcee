"""``ganzoo compare``: many objectives side by side, over seeds, and the report of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.output import against_option, console

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
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds of training of every run, in the place of steps or, with --steps, beside them.",
)
@click.option(
    "--tune",
    type=click.IntRange(min=1),
    help="Search for settings first: so many draws for every loss, judged on other samples.",
)
@click.option(
    "--seeds-at-once/--no-seeds-at-once",
    default=None,
    help="Train seeds as one model wherever that can be, or nowhere; by default where it pays.",
)
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
@against_option
@click.option("--live", is_flag=True, help="Write TensorBoard event files while it runs.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON instead.")
@click.option(
    "--rerun",
    metavar="RECORD",
    help="Make one run again from its record, and say how near it comes: FOLDER#KEY.",
)
def compare(
    plan: Path | None, *, as_json: bool, rerun: str | None, against: str, **options: Any
) -> None:
    """Train every loss of PLAN (a TOML file; a small built-in one by default) on every task
    with every seed, and write a report.

    Runs that have been made are kept: the same command goes on where it was interrupted.
    The exit code is 1 if runs failed, and 130 after an interruption. After --rerun it is 1 if
    the run ended in another way than the record says.
    """
    if rerun is not None:
        if plan is not None:
            raise click.UsageError("--rerun takes a record, and no PLAN beside it.")
        _rerun(rerun)
        return
    out = console(stderr=as_json)
    try:
        found = _compared(plan, out, against, **options)
    except KeyboardInterrupt:
        click.echo(f"Interrupted; what was made is kept. To go on: {_again()}", err=True)
        raise SystemExit(INTERRUPTED) from None
    _report(found, out, against, as_json=as_json)
    wrong = sum(record.status == "failed" for record in found.records)
    if wrong:
        click.echo(
            f"{wrong} of {len(found.records)} runs failed; they are tried again by: {_again()}",
            err=as_json,
        )
        raise SystemExit(1)


def _compared(plan: Path | None, out: Any, against: str, **options: Any) -> Comparison:
    from ganzoo.compare.comparison import compare as run
    from ganzoo.compare.display import display_for
    from ganzoo.compare.plan import Plan
    from ganzoo.records.versus import opponent

    changes = [*options["changes"], *([f"tune={options['tune']}"] if options["tune"] else [])]
    if options["seeds_at_once"] is not None:
        changes.append(f"seeds_at_once={str(options['seeds_at_once']).lower()}")
    made = Plan.of(plan, changes=changes).but(
        name=options["name"],
        seeds=options["seeds"] or 0,
        steps=options["steps"] or 0,
        seconds=options["seconds"] or 0.0,
    )
    opponent([loss.title for loss in made.losses], against)  # a wrong name before any training
    return run(
        made,
        directory=options["directory"],
        workers=options["workers"] or 0,
        fresh=options["fresh"],
        live=options["live"],
        display=display_for(out),
    )


def _report(found: Comparison, out: Any, against: str, *, as_json: bool) -> None:
    from ganzoo import report

    if as_json:
        click.echo(report.json_text(list(found.records), opponent=against), nl=False)
    else:
        report.print_terminal(list(found.records), out, opponent=against)
    click.echo(f"The whole report: {found.write_report(opponent=against)}", err=as_json)


def _rerun(place: str) -> None:
    from ganzoo.compare.rerun import find_record, rerun

    record, home = find_record(place), Path(place.partition("#")[0])
    steps = int(record.speed.steps)
    with click.progressbar(length=max(steps, 1), label=record.label, file=sys.stderr) as bar:
        found = rerun(
            record,
            home=home if home.is_dir() else home.parent,
            tell=lambda step, *_: bar.update(step - bar.pos),
        )
    click.echo(found.text())
    if found.before.status != found.after.status:
        raise SystemExit(1)


def _again() -> str:
    """The command that goes on; without --fresh, which would start over."""
    given = [argument for argument in sys.argv[1:] if argument != "--fresh"]
    return shlex.join(["ganzoo", *given])
