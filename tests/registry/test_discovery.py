"""Which plugins are loaded, and what is known of them."""

import pytest

from ganzoo.errors import AmbiguousName, UnknownName
from ganzoo.registry import discovery


def test_provenance(shelf, plugin_of):
    shelf.put_loss("Some-Plugin", "one", version="2.5")
    registry, warned = shelf.ask()
    plugin = plugin_of(registry, "Some-Plugin")
    assert (plugin.status, plugin.version, plugin.entry_point) == ("loaded", "2.5", "some_plugin")
    assert 0 < plugin.seconds < 10
    assert [found.id for found in plugin.entries] == ["Some-Plugin:one"]
    assert not [text for text in warned if "Some-Plugin" in text]
    assert registry.find("losses", "one").version == "2.5"


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
        (shelf.folder / f"{module}.py").write_text(shelf.loss(name))
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


def test_a_lazy_package_is_not_made_to_load_its_names(shelf, plugin_of):
    source = shelf.loss("lazy") + (
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


def test_a_folder_that_is_not_installed_has_the_built_in_plugin(monkeypatch):
    monkeypatch.setattr("importlib.metadata.distributions", list)
    (candidate,) = discovery.candidates()
    assert (candidate.distribution, candidate.version) == ("ganzoo", "0+uninstalled")
    plugin = discovery.load(candidate)
    assert plugin.status == "loaded"
    assert "ganzoo:hinge" in {found.id for found in plugin.entries}
