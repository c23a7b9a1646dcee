"""``ganzoo show``: all that is known of one thing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.filters import needs_of
from ganzoo.cli.output import console, print_table
from ganzoo.errors import BadOption
from ganzoo.registry import KINDS, Found, default_registry, parse_call

if TYPE_CHECKING:
    from ganzoo.game import Objective

__all__ = ["paper", "show"]


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Of this kind alone.")
@click.option(
    "--plot",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Draw a loss into FILE, NAME.png by default.",
)
def show(name: str, kind: str | None, plot: str | None) -> None:
    """Show the formulas, options, reference and origin of NAME.

    With --plot, also draw what both players pay, how the generator is pulled, and how the
    Dirac-GAN moves; of a loss, with options if need be: 'lsgan(a=-1, b=1, c=0)'.
    """
    registry = default_registry()
    bare, options = parse_call(name)
    found = [registry.find(kind, bare)] if kind else registry.find_all(bare)
    for place, each in enumerate(found):
        if place:
            click.echo()
        _print_one(each)
    if plot is not None:
        _draw(bare, options, plot)


def _draw(name: str, options: dict[str, Any], plot: str) -> None:
    from ganzoo.cli.curves import draw_loss

    found = default_registry().find("losses", name)
    objective = default_registry().build("losses", found.id, **options)
    path = draw_loss(objective, found, Path(plot or f"{found.name}.png"))
    click.echo(f"\nwrote {path}")


def _print_one(found: Found) -> None:
    out, entry = console(), found.entry
    description = default_registry().describe(found)
    out.print(f"{found.name} ({KINDS[found.kind].one})", style="bold")
    click.echo(description.doc or entry.summary or "(no docstring)")
    rows = [
        (option.name, option.default or "must be given", option.annotation)
        for option in description.options
    ]
    click.echo()
    if rows:
        print_table(rows, ("option", "default", "type"), styles="k.d")
    else:
        click.echo("no options")
    click.echo()
    built = _built(found)
    facts = {
        "from": f"{found.distribution} {found.version}",
        "id": found.id,
        "also": ", ".join(entry.aliases),
        "family": getattr(entry, "family", ""),
        "paper": paper(entry),
        "target": entry.target,
        "needs": _needs(built),
        "is": _is(built),
        "defaults": _defaults(built),
    }
    print_table([(k, v) for k, v in facts.items() if v], ("", ""), styles="d.")


def paper(entry: object) -> str:
    """The reference of an entry: an arXiv id, or whatever it says, and the year."""
    told, year = getattr(entry, "paper", ""), getattr(entry, "year", 0)
    if re.fullmatch(r"\d{4}\.\d{4,5}", told):
        told = f"arXiv {told}"
    return f"{told} ({year})" if told and year else told or str(year or "")


def _built(found: Found) -> Objective | None:
    """A loss with its default options; None where there are none, or it is no loss."""
    if found.kind != "losses":
        return None
    try:
        built: Objective = default_registry().build("losses", found.id)
    except BadOption:
        return None
    return built


def _needs(objective: Objective | None) -> str:
    """What a loss asks of networks and data, beyond a generator and scores."""
    return ", ".join(needs_of(objective)) if objective is not None else ""


def _is(objective: Objective | None) -> str:
    """What a loss declares of itself."""
    traits = objective.traits if objective is not None else None
    if traits is None:
        return ""
    told = {
        "an energy: low for real samples": traits.orientation < 0,
        f"neutral at score {traits.neutral}": traits.neutral is not None,
        "paired": traits.paired,
        "batch-coupled": traits.batch_coupled,
        "zero-sum": traits.zero_sum,
        "G has a target": not traits.monotone,
        f"of {traits.growth} growth": traits.growth != "linear",
        "shift-invariant": traits.shift_invariant,
        f"for batches of {traits.minimum} or more": traits.minimum > 1,
    }
    return ", ".join(words for words, so in told.items() if so)


def _defaults(objective: Objective | None) -> str:
    """What the paper trained a loss with."""
    if objective is None:
        return ""
    told = objective.defaults
    rates = f"{told.generator_lr:g} for G, {told.discriminator_lr:g} for D"
    betas = f", betas {told.betas[0]:g} and {told.betas[1]:g}" if told.optimizer == "adam" else ""
    return (
        f"{told.optimizer}, learning rates {rates}{betas}, batch {told.batch}, "
        f"{objective.discriminator_turns} turns of D for one of G ({told.origin})"
    )
