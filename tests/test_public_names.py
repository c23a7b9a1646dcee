"""The public names: each is there, and none costs an import of torch before it is used."""

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest

import ganzoo


def fresh(code, *flags):
    """What a new interpreter prints, decoded from JSON."""
    command = [sys.executable, *flags, "-c", code]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ganzoo.__all__)
def test_every_name_is_there(name):
    assert getattr(ganzoo, name) is not None
    assert name in dir(ganzoo)


def test_names_are_sorted_and_unique():
    assert len(set(ganzoo.__all__)) == len(ganzoo.__all__)


def test_unknown_attribute():
    with pytest.raises(AttributeError, match="'ganzoo' has no attribute 'get_los'"):
        ganzoo.get_los  # noqa: B018


def test_importing_is_light():
    code = """
import json, sys, time
start = time.perf_counter()
import ganzoo
seconds = time.perf_counter() - start
light = [m for m in ("torch", "numpy", "click", "rich", "pluggy") if m in sys.modules]
from ganzoo import LossEntry, PluginFailed, hookimpl, registry
names = [found.name for found in registry.entries("losses")]
heavy = [m for m in ("torch", "numpy", "matplotlib", "scipy") if m in sys.modules]
print(json.dumps([seconds, light, names, heavy]))
"""
    seconds, light, names, heavy = fresh(code)
    assert seconds < 0.2
    assert light == []
    assert "wgan-gp" in names
    assert heavy == []


@pytest.mark.parametrize("command", [["list"], ["plugins"], ["--help"], ["list", "--json"]])
def test_lists_import_no_torch(command):
    code = f"""
import contextlib, io, json, sys
from ganzoo.cli import main
with contextlib.redirect_stdout(io.StringIO()) as out:
    main({command!r}, standalone_mode=False)
print(json.dumps([len(out.getvalue()), "torch" in sys.modules]))
"""
    length, torch = fresh(code)
    assert length > 100
    assert not torch


def test_a_subpackage_can_be_called_whatever_came_first():
    code = """
import json, sys, types
for name in ("ganzoo.recipe", "ganzoo.train", "ganzoo.train.settings"):
    sys.modules[name] = types.ModuleType(name)  # quicker than the real ones
sys.modules["ganzoo.recipe"].train = lambda *args, **options: [args, options]
import ganzoo
ganzoo.train = sys.modules["ganzoo.train"]  # as the import system does
ganzoo.train.Trainer = "the trainer"
ganzoo.train.settings = sys.modules["ganzoo.train.settings"]
import ganzoo.train.settings as settings
from ganzoo.train import Trainer
print(json.dumps([ganzoo.train("hinge", steps=2), Trainer, settings.__name__]))
"""
    assert fresh(code) == [[["hinge"], {"steps": 2}], "the trainer", "ganzoo.train.settings"]


def test_subpackages_that_are_verbs():
    import ganzoo.records.record
    import ganzoo.train.settings

    assert ganzoo.records.record.Record.__name__ == "Record"
    assert ganzoo.train.settings.Settings is ganzoo.Settings
    with pytest.raises(ganzoo.UnknownName, match="no loss 'no-such-loss'"):
        ganzoo.train("no-such-loss")
    with pytest.raises(TypeError, match="no_such_argument"):
        ganzoo.compare(no_such_argument=1)
    with pytest.raises(ganzoo.UnknownName, match="no loss 'no-such-loss'"):
        ganzoo.gallery(["no-such-loss"])
    assert ganzoo.registry.__name__ == "ganzoo.registry"
    assert not callable(ganzoo.registry)


def test_the_version_without_an_installation(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    assert ganzoo.__version__[0].isdigit()
    monkeypatch.setattr("importlib.metadata.version", absent)
    assert ganzoo.__version__ == "0+uninstalled"
