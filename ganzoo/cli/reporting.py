"""``ganzoo report``: the tables, the page and the numbers of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganzoo.cli.output import console

if TYPE_CHECKING:
    from ganzoo.records.record import Record

__all__ = ["report"]

PAGE = "report.html"


@click.command()
@click.argument("runs_folder", type=click.Path(path_type=Path))
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Where the page goes; {PAGE} in RUNS_FOLDER by default.",
)
@click.option("--markdown", is_flag=True, help="Print Markdown instead; a page only with --html.")
@click.option("--csv", is_flag=True, help="Print every number as CSV instead, likewise.")
@click.option("--open", "show", is_flag=True, help="Show the page in a browser.")
def report(runs_folder: Path, page: Path | None, markdown: bool, csv: bool, show: bool) -> None:
    """What the comparison in RUNS_FOLDER found: a table for each task and what it shows in
    the terminal, and one self-contained page with samples, curves, formulas and costs.
    """
    if markdown and csv:
        raise click.UsageError("--markdown and --csv both want the output: ask for one of them.")
    from ganzoo import report as reports
    from ganzoo.records import load

    records = load(runs_folder)
    home = runs_folder if runs_folder.is_dir() else runs_folder.parent
    if markdown:
        click.echo(reports.markdown(records), nl=False)
    elif csv:
        click.echo(reports.csv_text(records), nl=False)
    else:
        reports.print_terminal(records, console())
    if page is None and (markdown or csv) and not show:
        return
    _write(records, home, page or home / PAGE, show=show)


def _write(records: list[Record], home: Path, page: Path, *, show: bool) -> None:
    from ganzoo import report as reports

    written = reports.write_html(records, home, page)
    # To the standard error, so that a pipe gets the tables and nothing else.
    click.echo(f"The whole report: {written}", err=True)
    if show and click.launch(str(written)):
        click.echo(f"No browser could be started; open {written.resolve().as_uri()}", err=True)
