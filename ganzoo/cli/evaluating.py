"""``ganzoo evaluate``: how good anyone's samples are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.output import console, print_json, print_table

if TYPE_CHECKING:
    from ganzoo.recipe import Scores
    from ganzoo.recipe.samples import OnProgress

__all__ = ["evaluate"]


@click.command()
@click.argument("samples", type=click.Path(path_type=Path))
@click.option(
    "--reference",
    default="",
    help="A folder or file of real samples, or a data set; a run's own by default.",
)
@click.option("--metric", "metrics", multiple=True, help="'kid', 'rbf-mmd(bandwidth=10)', ...")
@click.option("--extractor", default="", help="What features are of: \"inception(path='x.pth')\".")
@click.option("--count", type=int, default=0, help="Samples of each side; all up to 10 000.")
@click.option("--size", type=int, default=0, help="Crop and resize pictures to this side.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the real samples.")
@click.option("--no-cache", is_flag=True, help="Keep nothing of the reference for next time.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def evaluate(samples: Path, *, as_json: bool, no_cache: bool, **options: Any) -> None:
    """Measure SAMPLES against real data: a folder of pictures, a .npy, .npz, .safetensors or
    .pt file, or a run of `ganzoo train`.

    A metric that cannot be computed says why and stops no other.
    """
    from ganzoo.recipe import evaluate as measure

    with _progress() as on_progress:
        options |= {"cache": not no_cache, "on_progress": on_progress}
        found = measure(samples, **options)
    if as_json:
        print_json(found.as_json())
    else:
        _show(found)


@contextmanager
def _progress() -> Iterator[OnProgress]:
    """A bar on the terminal's error stream, where there is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    out = Console(file=sys.stderr)
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def on_progress(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bar.add_task(label, total=total)
            bar.update(tasks[label], completed=done, total=total)

        yield on_progress


def _show(found: Scores) -> None:
    generated, real = found.counts
    rows = [
        (
            each.name,
            "-" if each.value is None else f"{each.value:.4g}",
            "" if each.error is None else f"{each.error:.2g}",
            "" if each.perfect is None else f"{each.perfect:.4g}",
            {"lower": "lower", "higher": "higher"}[each.better] if each.ranks else "does not rank",
            each.reason,
        )
        for each in found.scores
    ]
    looks = f"; features: {found.extractor}" if found.extractor else ""
    title = f"{found.samples} ({generated}) against {found.reference} ({real}){looks}"
    columns = ("metric", "value", "standard error", "a perfect sampler", "better", "why not")
    print_table(rows, columns, title=title, styles="krrr.d")
    for note in found.notes:
        console().print(f"Note: {note}.", soft_wrap=True)
