from __future__ import annotations

import pytest
import torch

import ganzoo
from ganzoo import BadOption, Incompatible, UnknownName
from ganzoo.recipe import Choice, Recipe, Run, assemble, train

QUICK = {"steps": 4, "report_every": 2, "batch": 16}


def test_a_recipe_is_its_content(tmp_path):
    recipe = Recipe(
        loss=Choice.of("wgan-gp(weight=0.1)"),
        add=("r1(gamma=1.0)",),
        dataset=Choice.of({"name": "ring8", "options": {"strict": True}}),
        settings={"steps": 3, "betas": [0.0, 0.9]},
    )
    recipe.save(tmp_path / "recipe.json")
    again = Recipe.load(tmp_path / "recipe.json")
    assert again == recipe
    assert again.key == recipe.key
    assert recipe.label == "wgan-gp(weight=0.1) + r1(gamma=1.0)"
    other = Recipe(loss=Choice("wgan-gp"), dataset=Choice("ring8"))
    assert other.key != recipe.key


def test_a_recipe_reads_toml(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text('loss = {name = "hinge"}\ndataset = {name = "ring8"}\n[settings]\nsteps = 5\n')
    assert Recipe.load(path).settings == {"steps": 5}
    path.write_text('loss = {name = "hinge"}\ndataset = {name = "ring8"}\nstep = 5\n')
    with pytest.raises(BadOption, match="step"):
        Recipe.load(path)


def test_settings_are_layered():
    def settings(**options):
        recipe = Recipe(loss=Choice("wgan-gp"), dataset=Choice("ring8"), **options)
        return assemble(recipe).trainer.settings

    task, paper = settings(), settings(defaults="paper")
    assert task.generator_lr == 2e-3
    assert task.schedule == "cosine"
    assert (paper.generator_lr, paper.betas, paper.schedule) == (1e-4, (0.0, 0.9), "constant")
    assert settings(settings={"generator_lr": 0.5}).generator_lr == 0.5


def test_where_the_suggested_networks_do_not_do_others_are_taken_unless_they_are_named():
    def networks(**options):
        run = assemble(Recipe(loss=Choice("ebgan"), dataset=Choice("ring8"), **options))
        return run.trainer.game.discriminator

    assert "reconstruction" in networks().provides
    with pytest.raises(Incompatible, match=r"needs .*reconstruction.*asked for: mlp.*do: mlp-ae"):
        networks(architecture=Choice("mlp"))


def test_the_networks_are_the_suggested_ones_unless_named():
    def width(**options):
        recipe = Recipe(loss=Choice("hinge"), dataset=Choice("ring8"), **options)
        return sum(p.numel() for p in assemble(recipe).trainer.game.parameters())

    assert width(architecture=Choice("mlp")) == width()
    assert width(architecture=Choice("mlp", {"width": 8})) < width()


def test_a_run_measures_on_the_way_and_at_the_end():
    run = train("hinge", "ring8", evaluate_every=2, metrics=["energy-distance"], **QUICK)
    assert run.status == "finished"
    assert list(run.metrics) == ["energy-distance"]
    column = run.history["energy-distance"]
    assert len(column) == 2
    assert None not in column
    # Those on the way are on samples that the last has nothing to do with.
    assert column[-1] != run.metrics["energy-distance"]
    assert run.best_step in (2, 4)


def test_the_best_is_chosen_on_other_samples_than_it_is_judged_by():
    run = train(
        "nonsaturating", "ring8", evaluate_every=10, metrics=["energy-distance"], steps=60, batch=32
    )
    column = run.history["energy-distance"]
    values = {step: v for step, v in zip(run.history["step"], column, strict=True) if v is not None}
    assert run.best_step == min(values, key=values.get)
    assert run.best["energy-distance"] != values[run.best_step]
    last = run.evaluator.evaluate(run.trainer.sample_labelled)
    assert last == run.metrics  # the weights are the last ones again
    if run.best_step == 60:
        assert run.best == run.metrics


def test_without_evaluations_on_the_way_there_is_no_best_and_nothing_is_set_apart():
    run = train("hinge", "ring8", metrics=["energy-distance"], **QUICK)
    assert (run.best, run.best_step, run.evaluator.parted) == ({}, 0, False)
    assert run.history["energy-distance"][-1] == run.metrics["energy-distance"]


def test_the_best_of_a_run_that_diverged_is_kept():
    absurd = {"generator_lr": 1e30, "discriminator_lr": 1e30, "optimizer": "sgd", "ema": 0.0}
    run = train(
        "lsgan",
        "ring8",
        evaluate_every=1,
        metrics=["energy-distance"],
        report_every=5,
        steps=9,
        **absurd,
    )
    assert run.status == "diverged"
    assert run.best_step < run.trainer.done
    assert bool(run.best) is bool(run.best_step)
    assert run.sample(3).shape == (3, 2)


def test_measuring_does_not_change_the_training():
    plain = train("hinge", "ring8", **QUICK)
    measured = train("hinge", "ring8", evaluate_every=1, **QUICK)
    for one, other in zip(
        plain.trainer.game.parameters(), measured.trainer.game.parameters(), strict=True
    ):
        assert torch.equal(one, other)


def test_terms_are_added_by_name():
    run = train("hinge", "ring8", add=["spectral-norm", "r1(gamma=0.5, every=2)"], **QUICK)
    assert [type(term).__name__ for term in run.objective.terms] == ["Hinge", "SpectralNorm", "R1"]
    assert run.recipe.label == "hinge + spectral-norm + r1(gamma=0.5, every=2)"


def test_objects_of_ones_own_are_welcome():
    objective = ganzoo.get_loss("hinge") + ganzoo.terms.R1(0.1)
    source = ganzoo.get_dataset("ring8")
    run = train(objective, source, **QUICK)
    assert run.objective is objective
    assert run.status == "finished"


def test_a_run_with_a_folder_goes_on(tmp_path):
    first = train("hinge", "ring8", folder=tmp_path, **QUICK)
    assert (tmp_path / "recipe.json").exists()
    again = train("hinge", "ring8", folder=tmp_path, **QUICK)
    assert again.trainer.done == first.trainer.done == 4
    assert again.status == "finished"


def test_a_run_that_was_killed_before_a_measurement_makes_it_up(tmp_path, monkeypatch):
    """A checkpoint is written at the step itself, and what is due there measured after it."""
    options = dict(QUICK, evaluate_every=2, checkpoint_every=2, metrics=["energy-distance"])
    whole = train("hinge", "ring8", folder=tmp_path / "whole", **options)

    def killed(self):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Run, "evaluate", killed)
        with pytest.raises(MemoryError):
            train("hinge", "ring8", folder=tmp_path / "killed", **options)
    again = train("hinge", "ring8", folder=tmp_path / "killed", **options)
    assert again.history["energy-distance"] == whole.history["energy-distance"]
    assert (again.metrics, again.best, again.best_step) == (
        whole.metrics,
        whole.best,
        whole.best_step,
    )
    finished = train("hinge", "ring8", folder=tmp_path / "whole", **options)
    assert finished.metrics == whole.metrics


def test_data_without_classes_are_named_and_no_other_networks():
    class Seen(ganzoo.Term):
        needs = frozenset({"score", "labels", "concat"})
        conditional = True

    with pytest.raises(Incompatible, match="needs labels, and these data have no classes$"):
        train(ganzoo.Objective(Seen()), "swissroll", **QUICK)


def test_other_networks_are_named_where_they_are_a_cure_alone():
    class Picky(ganzoo.terms.Wasserstein):
        def attach(self, game):
            raise Incompatible("the moon is wrong.")

    with pytest.raises(Incompatible) as caught:
        train(ganzoo.Objective(Picky()), "ring8", **QUICK)
    assert str(caught.value) == "the moon is wrong."


class Measured(ganzoo.terms.Wasserstein):
    held_out = frozenset({"drawn"})

    def generator(self, play):
        play.log["drawn"] = play.real_x.mean() + play.normal(1).mean()
        return super().generator(play)


def test_what_terms_say_of_held_out_samples_stands_in_the_curve():
    runs = [train(ganzoo.Objective(Measured()), "ring8", evaluate_every=2, **QUICK) for _ in "ab"]
    column = [value for value in runs[0].history["held-out/drawn"] if value is not None]
    assert len(column) == 2
    assert column[0] == column[1]  # the same samples and noise at every step
    assert runs[0].held_out() == runs[1].held_out() == {"held-out/drawn": column[0]}
    assert runs[0].trainer.game.training
    assert "held-out/drawn" not in runs[0].metrics
    assert train("hinge", "ring8", **QUICK).held_out() == {}


class Labelled(ganzoo.Term):
    conditional = True


class Seen(Labelled):
    needs = frozenset({"score", "labels"})


class Projected(Labelled):
    needs = frozenset({"score", "labels", "projection"})


@pytest.mark.parametrize(
    ("term", "provided"),
    [
        (ganzoo.terms.Wasserstein, set()),
        (Labelled, set()),
        (Seen, {"labels", "concat"}),  # as is usual in mlp
        (Projected, {"labels", "projection"}),
    ],
)
def test_the_networks_get_labels_as_the_objective_needs_them(term, provided):
    game = train(ganzoo.Objective(term()), "ring8", **QUICK).trainer.game
    assert game.generator.conditional == (term is not ganzoo.terms.Wasserstein)
    assert game.discriminator.provides == {"score", "features"} | provided


def test_how_labels_are_used_can_be_said():
    chosen = {"name": "mlp", "options": {"conditional": "projection"}}
    run = train(ganzoo.Objective(Seen()), "ring8", architecture=chosen, **QUICK)
    assert "projection" in run.trainer.game.discriminator.provides
    chosen["options"]["conditional"] = False
    with pytest.raises(Incompatible, match="labels.*Those that do: mlp, dcgan, infogan"):
        train(ganzoo.Objective(Seen()), "ring8", architecture=chosen, **QUICK)


def test_samples_of_a_class():
    run = train(ganzoo.Objective(Labelled()), "ring8", **QUICK)
    every = run.sample(16)
    assert torch.equal(run.sample(16, labels=[3])[3::8], every[3::8])
    assert not torch.equal(run.sample(16, labels=[3]), every)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("hinje",), UnknownName, "hinge"),
        (("hinge", "ring9"), UnknownName, "ring8"),
        (("hinge(margin=1)",), BadOption, "generator_margin"),
        (("hinge(",), BadOption, "hinge"),
        (({"nam": "hinge"},), BadOption, "nam"),
    ],
)
def test_misspelt_names_get_the_closest(arguments, error, words):
    with pytest.raises(error, match=words):
        train(*arguments)


def test_misspelt_settings_get_the_closest():
    with pytest.raises(BadOption, match="'steps'"):
        train("hinge", step=3)
