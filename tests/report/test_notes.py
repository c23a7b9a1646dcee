from __future__ import annotations

import msgspec

from ganzoo.records import Record, summarise
from ganzoo.report.notes import notes


def made(label, plugins, seed=0):
    return Record(
        key=f"{label}{seed}",
        label=label,
        task="ring",
        seed=seed,
        recipe={"loss": label},
        status="finished",
        plugins=plugins,
        metrics={"fd": 1.0 + seed},
        ranked=("fd",),
    )


def test_other_plugins_are_not_other_versions():
    records = [made("a", {"ganzoo": "1"}), made("b", {"ganzoo": "1", "mine": "2"})]
    assert notes(summarise(records)) == []


def test_other_versions_of_one_plugin_are_named():
    records = [made("a", {"ganzoo": "1", "mine": "2"}), made("b", {"ganzoo": "1", "mine": "3"})]
    (note,) = notes(summarise(records))
    assert "mine 2, 3" in note
    assert "ganzoo" not in note


def test_the_resolved_settings_tell_recipes_apart():
    one = made("a", {}, 0)
    other = msgspec.structs.replace(made("a", {}, 1), settings={"batch": 32, "seed": 1})
    assert any("batch" in note for note in notes(summarise([one, other])))
