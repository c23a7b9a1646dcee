"""``ganzoo list``, ``show`` and ``plugins``: what is installed. Lists import no torch."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.output import console, print_json, print_table
from ganzoo.errors import BadOption, UnknownName, closest
from ganzoo.registry import KINDS, Found, Plugin, PluginWarning, default_registry
from ganzoo.registry.names import normal

if TYPE_CHECKING:
    from ganzoo.game.objective import Objective

__all__ = ["list_entries", "plugins", "show"]


@click.command("list")
@click.argument("kind", required=False, type=click.Choice(list(KINDS)))
@click.option("--family", help="Losses and terms of this family alone.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_entries(kind: str | None, family: str | None, as_json: bool) -> None:
    """List everything that is installed, or everything of one KIND."""
    kinds = [kind] if kind else list(KINDS)
    found = [each for name in kinds for each in default_registry().entries(name)]
    if family is not None:
        found = _of_family(found, family)
    if as_json:
        print_json([_plain(each) for each in found])
        return
    for (name, distribution, version), group in groupby(found, _origin):
        _print_group(f"{name} of {distribution} {version}", name, list(group))


def _origin(found: Found) -> tuple[str, str, str]:
    return found.kind, found.distribution, found.version


def _of_family(found: list[Found], family: str) -> list[Found]:
    families = {getattr(each.entry, "family", "") for each in found} - {""}
    if normal(family) not in map(normal, families):
        raise UnknownName(
            f"no family {family!r}.{closest(family, families)} "
            f"There are {', '.join(sorted(families)) or 'none of this kind'}."
        )
    wanted = normal(family)
    return [each for each in found if normal(getattr(each.entry, "family", "")) == wanted]


def _plain(found: Found) -> dict[str, Any]:
    told = {
        "kind": found.kind,
        "id": found.id,
        "distribution": found.distribution,
        "version": found.version,
    }
    return told | asdict(found.entry)


def _print_group(title: str, kind: str, found: list[Found]) -> None:
    headings = ("name", *_FACTS[kind], "what it is")
    rows = [(each.name, *_two_facts(each), _said(each)) for each in found]
    print_table(rows, headings, title=f"{title} ({len(found)})", styles="k..")
    click.echo()


def _said(found: Found) -> str:
    also = ", ".join(found.entry.aliases)
    return f"{found.entry.summary} (also: {also})" if also else found.entry.summary


_FACTS = {
    "losses": ("family", "year"),
    "terms": ("family", "year"),
    "architectures": ("for", "provides"),
    "datasets": ("of", ""),
    "extractors": ("", ""),
    "metrics": ("better", "needs"),
}


def _two_facts(found: Found) -> tuple[str, str]:
    """What of an entry helps to choose, by kind."""
    entry = found.entry
    if found.kind in ("losses", "terms"):
        year = getattr(entry, "year", 0)
        return getattr(entry, "family", ""), str(year) if year else ""
    if found.kind == "architectures":
        return getattr(entry, "samples", ""), " ".join(getattr(entry, "provides", ()))
    if found.kind == "metrics":
        needs = " ".join(getattr(entry, "needs", ()))
        return getattr(entry, "direction", ""), needs
    here = "" if getattr(entry, "builtin", True) else "needs files"
    if found.kind == "datasets":
        return getattr(entry, "samples", ""), here
    return "classifier" if getattr(entry, "classifier", False) else "", here


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(list(KINDS)), help="Of this kind alone.")
def show(name: str, kind: str | None) -> None:
    """Show the formulas, options, reference and origin of NAME."""
    registry = default_registry()
    found = [registry.find(kind, name)] if kind else registry.find_all(name)
    for place, each in enumerate(found):
        if place:
            click.echo()
        _print_one(each)


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
    facts = {
        "from": f"{found.distribution} {found.version}",
        "id": found.id,
        "also": ", ".join(entry.aliases),
        "family": getattr(entry, "family", ""),
        "paper": _paper(entry),
        "target": entry.target,
        "defaults": _defaults(found),
    }
    print_table([(k, v) for k, v in facts.items() if v], ("", ""), styles="d.")


def _paper(entry: object) -> str:
    paper, year = getattr(entry, "paper", ""), getattr(entry, "year", 0)
    if re.fullmatch(r"\d{4}\.\d{4,5}", paper):
        paper = f"arXiv {paper}"
    return f"{paper} ({year})" if paper and year else paper or str(year or "")


def _defaults(found: Found) -> str:
    """What the paper trained a loss with; nothing where it cannot be built without options."""
    if found.kind != "losses":
        return ""
    try:
        objective: Objective = default_registry().build("losses", found.id)
    except BadOption:
        return ""
    told = objective.defaults
    rates = f"{told.generator_lr:g} for G, {told.discriminator_lr:g} for D"
    betas = f", betas {told.betas[0]:g} and {told.betas[1]:g}" if told.optimizer == "adam" else ""
    return (
        f"{told.optimizer}, learning rates {rates}{betas}, batch {told.batch}, "
        f"{objective.discriminator_turns} turns of D for one of G ({told.origin})"
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def plugins(as_json: bool) -> None:
    """List the installed plugins: what each brings, how long it took, or why it failed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PluginWarning)  # the table says it
        every = default_registry().plugins()
    if as_json:
        print_json([_told(plugin) for plugin in every])
        return
    rows = [
        (
            plugin.distribution,
            plugin.version,
            plugin.entry_point,
            plugin.status,
            f"{1000 * plugin.seconds:.0f}",
            plugin.error or _brought(plugin),
        )
        for plugin in every
    ]
    headings = ("distribution", "version", "entry point", "status", "ms", "what it brings")
    print_table(rows, headings, styles="k...r.")


def _brought(plugin: Plugin) -> str:
    counts = Counter(found.kind for found in plugin.entries)
    told = [
        f"{counts[kind]} {KINDS[kind].one if counts[kind] == 1 else kind}"
        for kind in KINDS
        if counts[kind]
    ]
    heavy = " (imports torch: every listing waits for it)" if plugin.imports_torch else ""
    return (", ".join(told) or "nothing: it implements no hook") + heavy


def _told(plugin: Plugin) -> dict[str, Any]:
    return {
        "distribution": plugin.distribution,
        "version": plugin.version,
        "entry_point": plugin.entry_point,
        "module": plugin.module,
        "status": plugin.status,
        "error": plugin.error,
        "seconds": plugin.seconds,
        "imports_torch": plugin.imports_torch,
        "entries": [{"kind": found.kind, "id": found.id} for found in plugin.entries],
    }
