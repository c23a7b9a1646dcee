"""The built-in plugin: all that it lists is there, and gives what it says."""

import pytest

import ganzoo
from ganzoo.registry import KINDS

OURS = [
    found for kind in KINDS for found in ganzoo.registry.entries(kind) if found.id[:7] == "ganzoo:"
]
SPEC = ganzoo.Spec((1, 32, 32), 16)
EXPECTED = {
    "losses": "minimax nonsaturating lsgan wgan wgan-gp hinge",
    "terms": "gp r1 r2 clip spectral-norm",
    "architectures": "mlp dcgan infogan-conv resnet",
    "datasets": "ring8 grid25 swissroll digits stacked-digits mnist fashion-mnist cifar10 images",
    "metrics": "modes quality mode-kl energy-distance frechet-distance kid precision recall "
    "class-modes class-kl",
    "extractors": "pixels digits",
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_what_is_built_in(kind):
    names = {found.name for found in OURS if found.kind == kind}
    assert set(EXPECTED[kind].split()) <= names


@pytest.mark.parametrize("found", OURS, ids=lambda found: f"{found.kind}-{found.name}")
def test_an_entry_keeps_its_word(found, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))  # no weights are there
    description = ganzoo.registry.describe(found)
    assert len(description.doc) > 20
    assert 10 < len(found.entry.summary) < 80
    assert not found.entry.summary.endswith(".")
    if found.kind in ("losses", "terms"):
        assert found.entry.family
        assert 2014 <= found.entry.year <= 2030
        assert found.entry.paper in description.doc
    needs_more = [option.name for option in description.options if not option.default]
    if not needs_more and (found.kind != "datasets" or found.entry.samples == "points"):
        given = [SPEC] if found.kind == "architectures" else []
        if not getattr(found.entry, "builtin", True):  # its weights are the user's to bring
            with pytest.raises(ganzoo.MissingData, match="checkpoints"):
                ganzoo.registry.build(found.kind, found.id)
            return
        built = ganzoo.registry.build(found.kind, found.id, *given)
        if found.kind == "losses":
            assert built.name == ""  # get_loss names it
            assert ganzoo.get_loss(found.id).name == found.name


def test_metrics_say_whether_they_may_decide():
    told = {f.name: f.entry for f in OURS if f.kind == "metrics"}
    assert {name for name, entry in told.items() if entry.direction == "lower"} == {
        "energy-distance",
        "mode-kl",
        "frechet-distance",
        "fd-infinity",
        "kid",
        "rbf-mmd",
        "memorisation",
        "sliced-wasserstein",
        "wasserstein",
        "class-kl",
    }
    assert {name for name, entry in told.items() if not entry.ranks} >= {
        "modes",
        "quality",
        "precision",
        "recall",
        "memorisation",
    }
    assert {name: entry.needs for name, entry in told.items()}["mode-kl"] == ("mixture",)


@pytest.mark.parametrize(
    "found", [f for f in OURS if f.kind == "architectures"], ids=lambda f: f.name
)
def test_architectures_provide_what_they_list(found):
    built = ganzoo.get_architecture(found.id, SPEC, width=8)
    assert built.discriminator().provides == set(found.entry.provides)
    roles = {role for role in ("generator", "discriminator", "encoder") if getattr(built, role)}
    assert roles == set(found.entry.roles)
