"""``ganzoo gallery``: models side by side in pictures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganzoo.cli.interruption import until_interrupted

if TYPE_CHECKING:
    from ganzoo.gallery.exhibit import Exhibit

__all__ = ["gallery"]


@click.command()
@click.option(
    "--models",
    metavar="NAME,NAME",
    default="",
    help="Which, by name: gan,wgan-gp,cgan,vae, or any other loss.",
)
@click.option("--all", "every", is_flag=True, help="All classic models; so without --models.")
@click.option("--dataset", default="digits", show_default=True, help="Where images come from.")
@click.option("--steps", type=click.IntRange(min=1), help="Of every model; as usual by default.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of everything random.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runs/gallery"),
    show_default=True,
    help="Of the page and the runs; what was trained there is not trained again.",
)
def gallery(
    models: str, *, every: bool, dataset: str, steps: int | None, seed: int, folder: Path
) -> None:
    """Train the classic models, and show what they make on one page.

    Random samples early, half-way and at the end of training, asked classes, codes, latent
    spaces, reconstructions. The page is gallery.html in the folder, with a PNG of each sheet
    beside it. Ctrl-C stops it with a page of what is done; the same command goes on from there.
    """
    from ganzoo.gallery import gallery

    names = [name.strip() for name in _split(models) if name.strip()]
    if every and names:
        raise click.UsageError("--all and --models: one of them")
    with until_interrupted() as should_stop:
        page = gallery(
            names,
            dataset=dataset,
            steps=steps or 0,
            seed=seed,
            folder=folder,
            progress=sys.stdout.isatty(),
            on_model=_tell,
            should_stop=should_stop,
        )
        if should_stop():
            click.echo("stopped; the same command goes on from there")
    click.echo(f"the page is {page}")


def _split(names: str) -> list[str]:
    """At the commas that stand outside parentheses."""
    parts, depth = [""], 0
    for letter in names:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _tell(model: Exhibit) -> None:
    said = model.reason or f"{model.steps[-1]} steps in {model.seconds:.0f} s"
    click.echo(f"{model.name:<10} {said}")
