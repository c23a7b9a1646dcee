"""What is installed: plugins found, their entries looked up by name and built.

Importing it imports no torch. Its functions are the methods of :func:`default_registry`::

    ganzoo.registry.plugins()
    ganzoo.registry.entries("losses")
    ganzoo.registry.find("losses", "wgan-gp")
    ganzoo.registry.build("losses", "wgan-gp")
"""

from ganzoo.registry.entries import (
    ArchitectureEntry,
    DatasetEntry,
    Entry,
    ExtractorEntry,
    LossEntry,
    MetricEntry,
    TermEntry,
)
from ganzoo.registry.hookspecs import hookimpl
from ganzoo.registry.kinds import KINDS, Kind
from ganzoo.registry.lookup import (
    default_registry,
    get_architecture,
    get_dataset,
    get_extractor,
    get_loss,
    get_metric,
    get_term,
)
from ganzoo.registry.options import Option
from ganzoo.registry.plugin import Found, Plugin, PluginWarning
from ganzoo.registry.registry import Registry
from ganzoo.registry.spelling import parse_call, parse_value, spell_call
from ganzoo.registry.targets import Description

__all__ = [
    "KINDS",
    "ArchitectureEntry",
    "DatasetEntry",
    "Description",
    "Entry",
    "ExtractorEntry",
    "Found",
    "Kind",
    "LossEntry",
    "MetricEntry",
    "Option",
    "Plugin",
    "PluginWarning",
    "Registry",
    "TermEntry",
    "build",
    "default_registry",
    "describe",
    "entries",
    "find",
    "get_architecture",
    "get_dataset",
    "get_extractor",
    "get_loss",
    "get_metric",
    "get_term",
    "hookimpl",
    "parse_call",
    "parse_value",
    "plugins",
    "spell_call",
]

# As the random module does with its one generator. The submodule that holds the entry
# classes is still imported as ganzoo.registry.entries.
plugins = default_registry().plugins
entries = default_registry().entries
find = default_registry().find
build = default_registry().build
describe = default_registry().describe
