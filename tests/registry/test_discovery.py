"""Which plugins are loaded, what is known of them, and that a broken one breaks nothing."""

import pytest

from ganzoo.errors import AmbiguousName, PluginFailed, UnknownName
from ganzoo.registry import PluginWarning, Registry, discovery

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


def test_provenance(shelf, plugin_of):
    shelf.put_loss("Some-Plugin", "one", version="2.5")
    registry, warned = shelf.ask()
    plugin = plugin_of(registry, "Some-Plugin")
    assert (plugin.status, plugin.version, plugin.entry_point) == ("loaded", "2.5", "some_plugin")
    assert 0 < plugin.seconds < 10
    assert [found.id for found in plugin.entries] == ["Some-Plugin:one"]
    assert not [text for text in warned if "Some-Plugin" in text]
    assert registry.find("losses", "one").version == "2.5"


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


def test_one_entry_point_name_of_two_distributions(shelf):
    shelf.put_loss("first", "loss-a", points="same = first")
    shelf.put_loss("second", "loss-b", points="same = second")
    registry, _ = shelf.ask()
    assert registry.find("losses", "loss-a").distribution == "first"
    assert registry.find("losses", "loss-b").distribution == "second"


def test_one_loss_name_of_two_distributions(shelf):
    shelf.put_loss("first", "twin")
    shelf.put_loss("second", "Twin")
    registry, warned = shelf.ask()
    assert not [text for text in warned if "first" in text or "second" in text]
    with pytest.raises(AmbiguousName, match=r"'first:twin' or 'second:Twin'"):
        registry.find("losses", "twin")
    assert registry.find("losses", "second:twin").id == "second:Twin"


def test_a_built_in_name_is_ambiguous_too(shelf):
    shelf.put_loss("rival", "WGAN_GP")
    registry, _ = shelf.ask()
    with pytest.raises(AmbiguousName, match="ganzoo:wgan-gp"):
        registry.find("losses", "wgan-gp")
    assert registry.find("losses", "ganzoo:wgan-gp").distribution == "ganzoo"


def test_two_entry_points_of_one_distribution(shelf):
    shelf.put_loss("pair", "one", points="a = pair\nb = pair_more\nc = pair_again")
    for module, name in (("pair_more", "two"), ("pair_again", "ONE")):
        source = HOOK + f"def ganzoo_losses(): yield ganzoo.LossEntry({name!r}, 'a:b')"
        (shelf.folder / f"{module}.py").write_text(source)
    registry, warned = shelf.ask()
    plugins = {p.entry_point: p for p in registry.plugins() if p.distribution == "pair"}
    assert {name: p.status for name, p in plugins.items()} == {
        "a": "loaded",
        "b": "loaded",
        "c": "failed",
    }
    assert "entry point 'a'" in plugins["c"].error
    assert any("entry point 'c'" in text for text in warned)


def test_ganzoo_is_first_and_the_rest_by_name(shelf):
    for name in ("zebra", "ant", "Middle"):
        shelf.put_loss(name, f"loss-of-{name}")
    registry, _ = shelf.ask()
    order = [p.distribution for p in registry.plugins()]
    ours = [name for name in order if name in ("zebra", "ant", "Middle")]
    assert order[0] == "ganzoo"
    assert ours == ["ant", "Middle", "zebra"]


def test_a_shadowed_version_is_not_seen(shelf, tmp_path, monkeypatch):
    shelf.put_loss("double", "old-loss", version="1.0")
    front = tmp_path / "front"
    front.mkdir()
    monkeypatch.syspath_prepend(front)
    type(shelf)(front).put_loss("double", "new-loss", version="2.0")
    registry, _ = shelf.ask()
    assert [p.version for p in registry.plugins() if p.distribution == "double"] == ["2.0"]
    assert registry.find("losses", "new-loss").version == "2.0"


def test_a_newer_version_without_plugins_hides_an_older_one(shelf, tmp_path, monkeypatch):
    shelf.put_loss("double", "old-loss", version="1.0")
    front = tmp_path / "front"
    front.mkdir()
    monkeypatch.syspath_prepend(front)
    info = type(shelf)(front).put("double", "", version="2.0")
    (info / "entry_points.txt").unlink()
    registry, _ = shelf.ask()
    assert "double" not in {p.distribution for p in registry.plugins()}


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


def test_a_lazy_package_is_not_made_to_load_its_names(shelf, plugin_of):
    source = HOOK + (
        "def ganzoo_losses(): yield ganzoo.LossEntry('lazy', 'a:b')\n"
        "def __dir__(): return ['ganzoo_losses', 'Network']\n"
        "def __getattr__(name): raise RuntimeError(f'{name} was loaded')\n"
    )
    shelf.put("lazy", source)
    registry, _ = shelf.ask()
    assert plugin_of(registry, "lazy").error == ""
    assert registry.find("losses", "lazy").distribution == "lazy"


def test_an_optional_hook_of_a_later_version_is_let_be(shelf, plugin_of):
    source = "import ganzoo\n@ganzoo.hookimpl(optionalhook=True)\ndef ganzoo_samplers(): yield"
    shelf.put("future", source)
    registry, _ = shelf.ask()
    assert plugin_of(registry, "future").status == "loaded"


@pytest.mark.parametrize("limit", ["wanted", "WANTED , ", "by_point"])
def test_limited_to_some(shelf, monkeypatch, limit):
    shelf.put_loss("wanted", "wanted-loss", points="by-point = wanted")
    shelf.put("unwanted", "raise SystemExit")
    monkeypatch.setenv("GANZOO_PLUGINS", limit)
    registry, warned = shelf.ask()
    assert {p.distribution for p in registry.plugins()} == {"ganzoo", "wanted"}
    assert warned == []
    with pytest.raises(UnknownName, match="Left out by GANZOO_PLUGINS: .*unwanted"):
        registry.find("losses", "unwanted-loss")


def test_limited_to_none(shelf, monkeypatch):
    shelf.put_loss("extra", "extra-loss")
    monkeypatch.setenv("GANZOO_PLUGINS", "")
    registry, warned = shelf.ask()
    assert [p.distribution for p in registry.plugins()] == ["ganzoo"]
    assert warned == []


def test_a_limit_that_names_nothing_is_said(shelf, monkeypatch):
    monkeypatch.setenv("GANZOO_PLUGINS", "misspelt")
    _, warned = shelf.ask()
    assert warned == ["GANZOO_PLUGINS names 'misspelt'; no such plugin is installed"]


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


def test_a_folder_that_is_not_installed_has_the_built_in_plugin(monkeypatch):
    monkeypatch.setattr("importlib.metadata.distributions", list)
    (candidate,) = discovery.candidates()
    assert (candidate.distribution, candidate.version) == ("ganzoo", "0+uninstalled")
    plugin = discovery.load(candidate)
    assert plugin.status == "loaded"
    assert "ganzoo:hinge" in {found.id for found in plugin.entries}
