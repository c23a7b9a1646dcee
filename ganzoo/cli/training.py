"""``ganzoo train`` and ``ganzoo sample``: one run, and what its generator makes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.interruption import until_interrupted
from ganzoo.errors import BadOption

if TYPE_CHECKING:
    from ganzoo.recipe import Run

__all__ = ["sample", "train"]


@click.command()
@click.argument("loss")
@click.option("--dataset", default="ring8", show_default=True, help="Where real samples come from.")
@click.option("--architecture", help="The networks; by default what the data set suggests.")
@click.option("--add", multiple=True, metavar="TERM", help="A term to add: 'r1(gamma=1.0)'.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A training setting.")
@click.option("--steps", type=int, help="Generator steps; short for --set steps=N.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of everything random.")
@click.option(
    "--defaults",
    type=click.Choice(["task", "paper"]),
    default="task",
    show_default=True,
    help="Whose hyper-parameters: those measured for the data set, or the loss's paper's.",
)
@click.option("--metric", "metrics", multiple=True, help="What to measure at the end.")
@click.option("--evaluate-every", type=int, default=0, help="Steps between measurements.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the run is kept; it goes on from there when it was stopped.",
)
@click.option("--verbose", is_flag=True, help="Say which engine carries the run out, and why.")
def train(
    loss: str,
    *,
    dataset: str,
    architecture: str | None,
    add: tuple[str, ...],
    settings: tuple[str, ...],
    steps: int | None,
    seed: int,
    defaults: str,
    metrics: tuple[str, ...],
    evaluate_every: int,
    folder: Path | None,
    verbose: bool,
) -> None:
    """Train LOSS, a name with its options: 'wgan-gp(weight=1.0)'.

    The run is kept in a folder: recipe, checkpoints, and a picture of samples. Ctrl-C stops
    it with a checkpoint, and the same command goes on from there.
    """
    from ganzoo.recipe import Choice, Recipe, assemble

    values: dict[str, Any] = {"seed": seed, **_settings(settings)}
    if steps is not None:
        values["steps"] = steps
    recipe = Recipe(
        loss=Choice.of(loss),
        add=add,
        dataset=Choice.of(dataset),
        architecture=None if architecture is None else Choice.of(architecture),
        settings=values,
        defaults="paper" if defaults == "paper" else "task",
        metrics=metrics,
        evaluate_every=evaluate_every,
    )
    where = folder or Path("runs") / f"{recipe.loss.name}-{recipe.dataset.name}-{seed}"
    run = assemble(recipe)
    done = run.resume(where)
    resumed = f", going on at step {done}" if done else ""
    click.echo(f"{recipe.label} on {recipe.dataset} in {where}{resumed}")
    if verbose:
        click.echo(f"engine {run.trainer.engine_choice}")
    _go(run)
    for (player, _), reason in run.trainer.engine.fallbacks.items() if verbose else ():
        click.echo(f"the {player}'s turns were carried out as written: {reason}")
    if run.status == "finished":
        _show(run, where)


def _settings(pairs: tuple[str, ...]) -> dict[str, Any]:
    """``name=value`` pairs as settings."""
    from ganzoo.registry import parse_value

    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadOption(f"cannot read --set {pair!r}: write it like --set steps=1000")
        values[name.strip()] = parse_value(value)
    return values


def _go(run: Run) -> None:
    """Train under a progress bar; the first Ctrl-C ends the run at a checkpoint."""
    from ganzoo.train.progress import shown

    with (
        until_interrupted() as should_stop,
        shown(run.recipe.label, run.trainer.settings.steps) as on_report,
    ):
        run.go(on_report=on_report, should_stop=should_stop)
    if run.status == "diverged":
        raise click.ClickException(
            f"the run diverged: {run.reason}. The last good checkpoint stays where it is."
        )
    if run.status == "running":
        click.echo(f"stopped at step {run.trainer.done}; the same command goes on from there")


def _show(run: Run, where: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from ganzoo.cli.pictures import draw

    if not run.metrics:
        run.evaluate()
    floor = run.evaluator.floor()
    table = Table("metric", "value", "a perfect sampler", box=None, pad_edge=False)
    for name, value in run.metrics.items():
        shown = "not finite" if value is None else f"{value:.4g}"
        table.add_row(name, shown, f"{floor[name]:.4g}")
    Console().print(table)
    count = 64 if run.source.image else 2000
    picture = draw(run.sample(count).cpu().numpy(), where / "samples.png")
    seconds = run.trainer.seconds
    click.echo(f"{run.trainer.done} steps in {seconds:.1f} s; samples in {picture}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--count", type=click.IntRange(min=1), default=64, show_default=True)
@click.option("--index", type=int, default=0, help="Which set of latent vectors.")
@click.option(
    "--label",
    "labels",
    type=int,
    multiple=True,
    metavar="CLASS",
    help="A class to make, for conditional models; several take turns. All by default.",
)
@click.option("--raw", is_flag=True, help="By the weights themselves, not their average.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A .png, .npy or .safetensors file; samples.png in FOLDER by default.",
)
def sample(
    folder: Path,
    *,
    count: int,
    index: int,
    labels: tuple[int, ...],
    raw: bool,
    output: Path | None,
) -> None:
    """Generate samples with the newest checkpoint in FOLDER, a run of ``ganzoo train``."""
    from ganzoo.cli.pictures import write
    from ganzoo.errors import CheckpointError
    from ganzoo.recipe import Recipe, assemble

    place = folder / "recipe.json"
    if not place.exists():
        raise CheckpointError(f"{folder} is no run of `ganzoo train`: it holds no recipe.json")
    run = assemble(Recipe.load(place))
    run.trainer.load(folder)
    asked = labels[:count] or None
    samples = run.trainer.sample(count, average=not raw, index=index, labels=asked).cpu()
    path = write(samples.numpy(), output or folder / "samples.png")
    click.echo(f"{count} samples of step {run.trainer.done} in {path}")
