"""``ganzoo report``: the tables, the page and the numbers of a comparison or of benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganzoo.cli.output import against_option, console

if TYPE_CHECKING:
    from ganzoo.records.record import Record
    from ganzoo.report.benches import Sheet

__all__ = ["report"]

PAGE = "report.html"
FORMS = ("markdown", "csv", "json")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Where the page goes; of a comparison, {PAGE} in its folder by default.",
)
@click.option("--markdown", is_flag=True, help="Print Markdown instead; a page only with --html.")
@click.option("--csv", is_flag=True, help="Print every number as CSV instead, likewise.")
@click.option("--json", is_flag=True, help="Print everything as JSON instead, likewise.")
@against_option
@click.option("--open", "show", is_flag=True, help="Show the page in a browser.")
def report(path: Path, page: Path | None, against: str, show: bool, **asked: bool) -> None:
    """What the comparison in the folder PATH found: a table for each task and what it shows
    in the terminal, and one self-contained page with samples, curves, formulas and costs.

    PATH may also be records of benchmarks: a JSON file of pytest-benchmark, or a folder of
    them such as benchmarks/results/NAME. Their page is written where --html says.
    """
    forms = [form for form in FORMS if asked[form]]
    if len(forms) > 1:
        listed = " and ".join(f"--{form}" for form in forms)
        raise click.UsageError(f"{listed} want the output: ask for one of them.")
    from ganzoo.report import benchmarks_in

    form = forms[0] if forms else ""
    if files := benchmarks_in(path):
        if against:
            raise click.UsageError("--against names an objective of a comparison, not a benchmark.")
        _benchmarks(files, path, page, form, show=show)
    else:
        _comparison(path, page, form, against=against, show=show)


def _comparison(path: Path, page: Path | None, form: str, *, against: str, show: bool) -> None:
    from ganzoo import report as reports
    from ganzoo.records import gaps, load
    from ganzoo.records.versus import opponent

    records = load(path)
    home = path if path.is_dir() else path.parent
    forms: dict[str, Callable[[Sequence[Record]], str]] = {
        "markdown": partial(reports.markdown, opponent=against),
        "csv": reports.csv_text,
        "json": partial(reports.json_text, opponent=against),
    }
    opponent([record.label for record in records], against)  # a wrong name before any output
    if form:
        click.echo(forms[form](records), nl=False)
    else:
        reports.print_terminal(records, console(), opponent=against)
    for sentence in gaps(home, records):
        click.echo(f"Note: {sentence}", err=True)
    if page is None and form and not show:
        return
    written = reports.write_html(records, home, page or home / PAGE, opponent=against)
    _tell(written, show=show)


def _benchmarks(
    files: Sequence[Path], path: Path, page: Path | None, form: str, *, show: bool
) -> None:
    from ganzoo import report as reports

    sheets, wrong = reports.read_benchmarks(files)
    for sentence in wrong:
        click.echo(f"Warning: {sentence}", err=True)
    forms: dict[str, Callable[[Sequence[Sheet]], str]] = {
        "markdown": reports.bench_markdown,
        "csv": reports.bench_csv,
        "json": reports.bench_json,
    }
    if form:
        click.echo(forms[form](sheets), nl=False)
    else:
        reports.print_benchmarks(sheets, console())
    if page is not None or show:
        home = path if path.is_dir() else path.parent
        written = reports.bench_html(sheets, path.resolve().stem, page or home / PAGE)
        _tell(written, show=show)


def _tell(written: Path, *, show: bool) -> None:
    # To the standard error, so that a pipe gets the tables and nothing else.
    click.echo(f"The whole report: {written}", err=True)
    if show and click.launch(str(written)):
        click.echo(f"No browser could be started; open {written.resolve().as_uri()}", err=True)
