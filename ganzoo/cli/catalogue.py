"""``ganzoo list`` and ``plugins``: what is installed. Lists import no torch."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import asdict
from itertools import groupby
from typing import Any

import click

from ganzoo.cli.filters import filtered
from ganzoo.cli.output import print_json, print_table
from ganzoo.registry import KINDS, Found, Plugin, PluginWarning, default_registry

__all__ = ["list_entries", "plugins"]


@click.command("list")
@click.argument("kind", required=False, type=click.Choice(list(KINDS)))
@click.option("--family", help="Losses and terms of this family alone.")
@click.option("--year", metavar="YEAR", help="Of this year, or 2017-2019, 2020-.")
@click.option(
    "--needs",
    metavar="WHAT",
    help="What needs features, reconstruction, labels, encoder, mixture, ...; or 'nothing'.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--markdown", is_flag=True, help="The losses and terms as a page in Markdown.")
def list_entries(kind: str | None, as_json: bool, markdown: bool, **filters: str | None) -> None:
    """List everything that is installed, or everything of one KIND."""
    kinds = [kind] if kind else list(KINDS)
    found = [each for name in kinds for each in default_registry().entries(name)]
    found = filtered(found, **filters)
    if markdown:
        from ganzoo.cli.page import page

        click.echo(page([each for each in found if each.kind in ("losses", "terms")]), nl=False)
        return
    if as_json:
        print_json([_plain(each) for each in found])
        return
    for (name, distribution, version), group in groupby(found, _origin):
        _print_group(f"{name} of {distribution} {version}", name, list(group))


def _origin(found: Found) -> tuple[str, str, str]:
    return found.kind, found.distribution, found.version


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
