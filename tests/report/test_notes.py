from __future__ import annotations

import msgspec

from ganzoo.records import Record, Speed, summarise
from ganzoo.report.method import method
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


def test_searches_are_told_and_unequal_ones_warned_of(make):
    def said(**draws):
        records = [make(label, "ring8", 0, tuned={"draws": n}) for label, n in draws.items()]
        return " ".join(notes(summarise(records)))

    assert "searched for: 12 draws for each objective" in said(a=12, b=12)
    assert "of unequal size: 12 for a, 3 for b draws" in said(a=12, b=3)
    assert "draws" not in said(a=0, b=0)


def test_costs_of_seeds_at_once_and_alone_do_not_compare(make):
    def said(**together):
        records = [make(n, "ring8", 0, seeds_at_once=seeds) for n, seeds in together.items()]
        return " ".join(notes(summarise(records)))

    unlike = said(a=(0, 1), b=())
    assert "Seeds trained at once on ring8: 2 for a; 1 for b. " in unlike
    assert "compare costs of runs made with --no-seeds-at-once" in unlike
    alike = said(a=(0, 1), b=(0, 1))
    assert "on ring8: 2 for a, b. The seconds of a run are its share" in alike
    assert "compare costs" not in alike
    assert said(a=(), b=()) == ""


def test_objectives_with_networks_of_their_own_are_named(make):
    def said(**networks):
        records = [make(label, "ring8", 0, networks=n) for label, n in networks.items()]
        return " ".join(notes(summarise(records)))

    unlike = said(a="mlp(width=8)", b="mlp-ae", c="mlp(width=8)", d="")
    assert "not the same" not in unlike
    assert "same networks on ring8: mlp(width=8) for a, c; mlp-ae for b." in unlike
    assert said(a="mlp", b="mlp", c="") == ""


def test_the_method_has_the_networks_that_were_built(make, tmp_path):
    record = make("a", "ring8", 0)
    named = {**record.recipe, "architecture": {"name": "mlp", "options": {"width": 8}}}
    built = msgspec.structs.replace(record, recipe=named, networks="mlp(width=8, fourier=4)")
    everywhere = method(summarise([built]), tmp_path).everywhere
    assert everywhere["networks"] == "mlp(width=8, fourier=4)"
    assert not any(name.startswith("architecture") for name in everywhere)
    before = msgspec.structs.replace(built, networks="")
    assert method(summarise([before]), tmp_path).everywhere["architecture.name"] == "mlp"


def test_a_busy_machine_is_noticed(make):
    slow = make("a", "ring8", 0, speed=Speed(30.0, 10.0, 100, 100, 100))
    assert "up to 3.0 times the processor's" in " ".join(notes(summarise([slow])))
    fast = make("a", "ring8", 0, speed=Speed(11.0, 10.0, 100, 100, 100))
    assert notes(summarise([fast])) == []
