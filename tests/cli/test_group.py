"""The command line as a whole: help, errors without tracebacks, warnings in plain words."""

import sys
import warnings

import click
import pytest
from click.testing import CliRunner

import ganzoo
import ganzoo.cli.catalogue
from ganzoo.cli import main
from ganzoo.registry import PluginWarning

COMMANDS = [
    "list",
    "show",
    "train",
    "sample",
    "compare",
    "report",
    "plugins",
    "check",
    "new-plugin",
]


def call(*arguments):
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command_and_imports_none(flag, monkeypatch):
    for module in [name for name in sys.modules if name.startswith("ganzoo.cli.")]:
        monkeypatch.delitem(sys.modules, module)
    result = call(flag)
    assert result.exit_code == 0
    assert all(f"\n  {command} " in result.output for command in COMMANDS)
    assert not [name for name in sys.modules if name.startswith("ganzoo.cli.")]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_a_help(command):
    result = call(command, "--help")
    assert result.exit_code == 0, result.output
    assert f"Usage: main {command}" in result.output


def test_version():
    assert call("--version").output == f"ganzoo {ganzoo.__version__}\n"


def test_unknown_command():
    result = call("lst")
    assert result.exit_code == 2
    assert "No such command 'lst'. Did you mean 'list'?" in result.output


def test_an_error_is_a_sentence():
    result = call("show", "hinje")
    assert result.exit_code == 1
    assert result.output.startswith("Error: nothing of the name 'hinje' is installed.")
    assert len(result.output.splitlines()) == 1


def test_debug_shows_the_traceback():
    result = call("--debug", "show", "hinje")
    assert isinstance(result.exception, ganzoo.UnknownName)


def test_a_bug_keeps_its_traceback(monkeypatch):
    @click.command()
    def broken():
        raise ZeroDivisionError

    monkeypatch.setattr(ganzoo.cli.catalogue, "plugins", broken, raising=False)
    assert isinstance(call("plugins").exception, ZeroDivisionError)


@pytest.mark.parametrize(
    ("category", "text"), [(PluginWarning, "Warning: the text\n"), (UserWarning, "UserWarning")]
)
@pytest.mark.filterwarnings("default")
def test_warnings_in_plain_words(monkeypatch, category, text):
    @click.command()
    def warn():
        click.echo(warnings.formatwarning("the text", category, "file.py", 3), nl=False)

    monkeypatch.setattr(ganzoo.cli.catalogue, "plugins", warn, raising=False)
    before = warnings.formatwarning
    assert text in call("plugins").output
    assert warnings.formatwarning is before
