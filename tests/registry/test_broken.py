"""A broken plugin is kept with its error, named where it matters, and breaks nothing else."""

import pytest

from ganzoo.errors import PluginFailed, UnknownName
from ganzoo.registry import PluginWarning, Registry

HOOK = "import ganzoo\n@ganzoo.hookimpl\n"


FAULTS = {
    "raises-on-import": ("1 / 0", "ZeroDivisionError"),
    "leaves-python": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "no-python": ("def broken(:", "SyntaxError"),
    "needs-absent": ("import a_module_that_is_not_there", "ModuleNotFoundError"),
    "panics": ("class Panic(BaseException): pass\nraise Panic('deep down')", "deep down"),
    "wrong-signature": (HOOK + "def ganzoo_losses(config): yield", "'config'"),
    "unknown-hook": (HOOK + "def ganzoo_loses(): yield", "Did you mean 'ganzoo_losses'"),
    "unmarked-hook": ("def ganzoo_losses(): yield", "@ganzoo.hookimpl"),
    "gives-none": (HOOK + "def ganzoo_losses(): pass", "gave None"),
    "gives-one": (
        HOOK + "def ganzoo_losses(): return ganzoo.LossEntry('one', 'a:b')",
        "gave a LossEntry, not an iterable",
    ),
    "gives-strings": (HOOK + "def ganzoo_losses(): return ['mine']", "gave a str"),
    "gives-another-kind": (
        HOOK + "def ganzoo_losses(): yield ganzoo.TermEntry('t', 'a:b')",
        "gave a TermEntry; it gives LossEntry",
    ),
    "raises-when-asked": (HOOK + "def ganzoo_losses():\n    yield from {}['key']", "KeyError"),
    "target-is-no-string": (
        HOOK + "def ganzoo_losses(): yield ganzoo.LossEntry('t', print)",
        "must be a string",
    ),
    "target-without-function": (
        HOOK + "def ganzoo_losses(): yield ganzoo.LossEntry('t', 'module.function')",
        "'package.module:function'",
    ),
    "name-with-colon": (
        HOOK + "def ganzoo_losses(): yield ganzoo.LossEntry('a:b', 'a:b')",
        "must be names",
    ),
    "aliases-as-text": (
        HOOK + "def ganzoo_losses(): yield ganzoo.LossEntry('x', 'a:b', aliases='xyz')",
        "tuple of names",
    ),
    "unknown-direction": (
        HOOK + "def ganzoo_metrics(): yield ganzoo.MetricEntry('m', 'a:b', direction='up')",
        "'lower' or 'higher'",
    ),
    "names-one-twice": (
        HOOK + "def ganzoo_losses():\n"
        "    yield ganzoo.LossEntry('my-loss', 'a:b')\n"
        "    yield ganzoo.LossEntry('other', 'a:b', aliases=('My_Loss',))",
        "twice",
    ),
    "asks-the-registry": (
        "import ganzoo\nganzoo.registry.default_registry().plugins()",
        "while it is being loaded",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_plugin_is_kept_with_its_error(shelf, plugin_of, monkeypatch, fault):
    source, said = FAULTS[fault]
    shelf.put(fault, source)
    shelf.put_loss("good", "good-loss")
    if fault == "asks-the-registry":
        monkeypatch.setattr("ganzoo.registry.lookup._DEFAULT", registry := Registry())
        with pytest.warns(PluginWarning, match="asks-the-registry"):
            registry.plugins()
    else:
        registry, warned = shelf.ask()
        assert len([text for text in warned if f"plugin {fault}" in text]) == 1
    plugin = plugin_of(registry, fault)
    assert (plugin.status, plugin.entries) == ("failed", ())
    assert said in plugin.error
    assert registry.find("losses", "good_loss").id == "good:good-loss"
    assert registry.find("losses", "hinge").distribution == "ganzoo"


def test_all_broken_at_once(shelf, recwarn):
    for fault, (source, _) in FAULTS.items():
        if fault != "asks-the-registry":
            shelf.put(fault, source)
    shelf.put_loss("good", "good-loss")
    registry, _ = shelf.ask()
    failed = {p.distribution for p in registry.plugins() if p.status == "failed"}
    assert failed >= FAULTS.keys() - {"asks-the-registry"}
    assert registry.find("losses", "good-loss").distribution == "good"
    assert registry.find("metrics", "kid").distribution == "ganzoo"
    registry.entries("losses")
    assert not [w for w in recwarn if w.category is PluginWarning], "it warns once alone"


def test_an_error_says_where(shelf, plugin_of):
    shelf.put("broken", "x = 1\ny = {}['z']\n")
    registry, _ = shelf.ask()
    assert plugin_of(registry, "broken").error.endswith("broken.py, line 2)")


def test_failed_plugins_are_named_in_look_ups(shelf):
    shelf.put("broken", "1 / 0")
    registry, _ = shelf.ask()
    with pytest.raises(UnknownName, match=r"broken 1\.0 \(ZeroDivisionError"):
        registry.find("losses", "theirs")
    with pytest.raises(UnknownName, match="broken"):
        registry.find_all("theirs")


def test_entry_points_that_cannot_be_read(shelf, plugin_of):
    info = shelf.put("garbled", "")
    (info / "entry_points.txt").write_text("[ganzoo]\nthis is no entry point\n")
    stranger = shelf.put("stranger", "")
    (stranger / "entry_points.txt").write_text("[console_scripts]\nthis is none either\n")
    nameless = shelf.put("nameless", "")
    (nameless / "METADATA").unlink()
    registry, _ = shelf.ask()
    assert "cannot be read" in plugin_of(registry, "garbled").error
    assert "stranger" not in {p.distribution for p in registry.plugins()}
    assert registry.find("losses", "hinge").distribution == "ganzoo"


def test_strict(shelf, monkeypatch):
    shelf.put("broken", "1 / 0")
    monkeypatch.setenv("GANZOO_PLUGINS", "broken")
    monkeypatch.setenv("GANZOO_STRICT", "1")
    registry = Registry()
    for _ in range(2):
        with pytest.raises(PluginFailed, match=r"broken 1\.0 failed: ZeroDivisionError"):
            registry.plugins()
    monkeypatch.setenv("GANZOO_STRICT", "0")
    assert shelf.ask()[0].find("losses", "hinge").name == "hinge"


def test_a_warning_that_is_an_error_comes_once(shelf, monkeypatch):
    shelf.put("broken", "1 / 0")
    monkeypatch.setenv("GANZOO_PLUGINS", "broken")
    registry = Registry()
    with pytest.raises(PluginWarning, match="broken"):  # pytest makes it an error
        registry.plugins()
    assert registry.find("losses", "hinge").name == "hinge"


def test_ctrl_c_is_not_swallowed(shelf, monkeypatch):
    shelf.put("slow", "raise KeyboardInterrupt")
    monkeypatch.setenv("GANZOO_PLUGINS", "slow")
    with pytest.raises(KeyboardInterrupt):
        Registry().plugins()
