"""Distributions written by hand into a folder on the path, and registries that see them."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import pytest

from ganzoo.registry import PluginWarning, Registry

GOOD = """
import ganzoo
@ganzoo.hookimpl
def ganzoo_losses():
    yield ganzoo.LossEntry({name!r}, target={target!r})
"""


class Shelf:
    """A folder like site-packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, distribution, source, *, version="1.0", module=None, points=None):
        """A distribution with one module, and an entry point of its name."""
        module = module or distribution.replace("-", "_").lower()
        if source is not None:
            (self.folder / f"{module}.py").write_text(source)
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        head = "Metadata-Version: 2.1\n"
        (info / "METADATA").write_text(f"{head}Name: {distribution}\nVersion: {version}\n")
        declared = f"[ganzoo]\n{points or f'{module} = {module}'}\n"
        (info / "entry_points.txt").write_text(declared)
        return info

    def put_loss(self, distribution, name, target="nowhere:nothing", **more):
        """A distribution that brings one loss."""
        return self.put(distribution, self.loss(name, target), **more)

    @staticmethod
    def loss(name, target="nowhere:nothing"):
        """The source of a module with one loss."""
        return GOOD.format(name=name, target=target)

    @staticmethod
    def ask():
        """A registry that has loaded what is there, and the texts of its warnings."""
        registry = Registry()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            registry.plugins()
        return registry, [str(c.message) for c in caught if c.category is PluginWarning]


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("GANZOO_PLUGINS", raising=False)
    monkeypatch.delenv("GANZOO_STRICT", raising=False)
    yield Shelf(tmp_path)
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(
            sys.modules[name].__file__
        ):
            del sys.modules[name]


@pytest.fixture
def plugin_of():
    """The one plugin of a distribution."""

    def of(registry, distribution):
        (found,) = [p for p in registry.plugins() if p.distribution == distribution]
        return found

    return of
