"""The command line. Each command's module is imported when the command is called."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

import ganzoo.errors as errors

__all__ = ["main"]

_COMMANDS = {
    "list": ("catalogue:list_entries", "What is installed: losses, terms, data sets, ..."),
    "show": ("showing:show", "Formulas, options, reference and origin of one thing; --plot."),
    "train": ("training:train", "Train one objective on one data set."),
    "sample": ("training:sample", "Generate samples with a trained generator."),
    "evaluate": ("evaluating:evaluate", "Measure anyone's samples: pictures, arrays, a run."),
    "gallery": ("gallery:gallery", "The classic models in pictures, on one page."),
    "compare": ("comparing:compare", "Train many objectives side by side, over seeds."),
    "report": ("reporting:report", "Tables, curves and verdicts of a comparison."),
    "plugins": ("catalogue:plugins", "Which plugins are installed, and why one failed."),
    "check": ("checking:check", "Run the conformance checks on anything installed."),
    "new-plugin": ("authoring:new_plugin", "Write a small distribution with a loss of one's own."),
}
"""Command -> where it is, and its line in the help, so that the help imports no command."""


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(f"ganzoo.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            hint = errors.closest(args[0], _COMMANDS)
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        with _plain_warnings():
            try:
                return super().invoke(ctx)
            except errors.GanzooError as error:
                if ctx.params["debug"]:
                    raise
                raise click.ClickException(str(error)) from error


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Show ganzoo's own warnings as a sentence, without the line of code they come from."""
    before = warnings.formatwarning

    def plain(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        line: str | None = None,
    ) -> str:
        if category.__module__.startswith("ganzoo."):
            return f"Warning: {message}\n"
        return before(message, category, filename, lineno, line)

    warnings.formatwarning = plain
    try:
        yield
    finally:
        warnings.formatwarning = before


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from ganzoo import __version__

        click.echo(f"ganzoo {__version__}")
        ctx.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and exit.",
)
def main(debug: bool) -> None:
    """Adversarial objectives for PyTorch: find, check, train and compare them."""
    del debug  # read where errors are shown
