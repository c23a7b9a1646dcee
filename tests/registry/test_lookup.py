"""Names become entries and objects; what does not work says what would."""

import pytest

import ganzoo
from ganzoo.errors import BadOption, PluginFailed, UnknownName
from ganzoo.registry import KINDS, default_registry

PLUGIN = """
import ganzoo
hook = ganzoo.hookimpl

@hook
def ganzoo_losses():
    yield ganzoo.LossEntry("Soft-Hinge", "box_parts:soft_hinge", aliases=("sh", "rounded"))
    yield ganzoo.LossEntry("no-module", "box_absent.deep:thing")
    yield ganzoo.LossEntry("no-function", "box_parts:soft_hing")
    yield ganzoo.LossEntry("no-callable", "box_parts:NUMBER")
    yield ganzoo.LossEntry("bare-term", "box_parts:Soft")
    yield ganzoo.LossEntry("leaves", "box_leaves:thing")
    yield ganzoo.LossEntry("lacks-library", "box_lacks:thing")
    yield ganzoo.LossEntry("nested", "box_parts:Holder.inside")

@hook
def ganzoo_terms():
    yield ganzoo.TermEntry("push", "box_parts:Soft")

@hook
def ganzoo_architectures():
    yield ganzoo.ArchitectureEntry("tiny", "box_parts:tiny")

@hook
def ganzoo_datasets():
    yield ganzoo.DatasetEntry("zeros", "box_parts:zeros")

@hook
def ganzoo_metrics():
    yield ganzoo.MetricEntry("count", "box_parts:Count")

@hook
def ganzoo_extractors():
    yield ganzoo.ExtractorEntry("identity", "box_parts:Identity")
"""
PARTS = '''
import torch
import ganzoo

NUMBER = 3

class Soft(ganzoo.Term):
    def generator(self, play):
        return -play.fake.score.mean()

def soft_hinge(*, margin: float = 1.0, mode: str = "soft", wide: bool = False, must=None):
    """The docstring.

    Second line.
    """
    return ganzoo.Objective(Soft(weight=margin))

class Holder:
    inside = staticmethod(soft_hinge)

def tiny(spec, *, width: int):
    made = lambda: torch.nn.Linear(spec.latent, width)
    return ganzoo.Architecture(generator=made)

def zeros(*, count=3, **anything):
    source = ganzoo.TensorSource(torch.zeros(count, 2), torch.zeros(1, 2))
    source.anything = anything
    return source

class Count(ganzoo.Metric):
    def __call__(self, fake, real):
        return float(len(fake))

class Identity(ganzoo.Extractor):
    def features(self, x):
        return x
'''


@pytest.fixture
def box(shelf, monkeypatch):
    shelf.put("box", PLUGIN, version="3.1")
    (shelf.folder / "box_parts.py").write_text(PARTS)
    (shelf.folder / "box_leaves.py").write_text("raise SystemExit(1)")
    lacks = "import ganzoo\nraise ganzoo.MissingDependency('pip install it')"
    (shelf.folder / "box_lacks.py").write_text(lacks)
    registry, _ = shelf.ask()
    monkeypatch.setattr("ganzoo.registry.lookup._DEFAULT", registry)
    return registry


@pytest.mark.parametrize(
    "name",
    ["Soft-Hinge", "soft_hinge", "SOFTHINGE", "sh", "Rounded", "box:soft-hinge", "Box:SH", " sh "],
)
def test_ways_to_ask(box, name):
    assert box.find("losses", name).id == "box:Soft-Hinge"


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("losses", "soft-hing", "no loss 'soft-hing' is installed. Did you mean 'Soft-Hinge'"),
        ("losses", "HINJE", "Did you mean 'hinge'"),
        ("losses", "nothing-like-it-at-all", "`ganzoo list losses` lists all"),
        ("losses", "push", "There is a term of that name"),
        ("losses", "elsewhere:soft-hinge", "There is 'box:Soft-Hinge'"),
        ("terms", "soft-hinge", "There is a loss of that name"),
        ("datasets", "zeroes", "no data set 'zeroes' is installed. Did you mean 'zeros'"),
        ("loses", "hinge", "Did you mean 'losses'? The kinds are losses, terms"),
        ("losses", "", "no loss ''"),
    ],
)
def test_unknown_names(box, kind, name, said):
    with pytest.raises(UnknownName) as caught:
        box.find(kind, name)
    assert said in str(caught.value)


def test_entries_of_a_kind(box):
    names = {found.id for found in box.entries("terms")}
    assert {"box:push", "ganzoo:r1", "ganzoo:clip"} <= names
    assert {found.kind for found in box.entries("terms")} == {"terms"}


def test_find_all_kinds(box):
    assert {found.kind for found in box.find_all("digits")} == {"datasets", "extractors"}
    with pytest.raises(UnknownName, match="Did you mean 'identity'"):
        box.find_all("identiti")


def test_describe(box):
    found = box.find("losses", "sh")
    description = box.describe(found)
    assert description.doc == "The docstring.\n\nSecond line."
    assert [str(option) for option in description.options] == [
        "margin=1.0",
        "mode='soft'",
        "wide=False",
        "must=None",
    ]
    assert description.options[0].annotation == "float"
    architecture = box.describe(box.find("architectures", "tiny"))
    assert [str(option) for option in architecture.options] == ["width (must be given)"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no-module", "ModuleNotFoundError: No module named 'box_absent'"),
        ("no-function", "there is no 'soft_hing' in it. Did you mean 'soft_hinge'"),
        ("no-callable", "it is 3, which cannot be called"),
        ("bare-term", "it gives Soft; the target of a loss gives ganzoo.Objective"),
        ("leaves", "SystemExit: 1"),
    ],
)
def test_targets_that_fail(box, name, said):
    with pytest.raises(PluginFailed) as caught:
        ganzoo.get_loss(name)
    assert said in str(caught.value)
    assert f"the loss '{name}' of box 3.1" in str(caught.value)


def test_a_missing_library_has_its_own_error(box):
    with pytest.raises(ganzoo.MissingDependency, match="pip install it"):
        ganzoo.get_loss("lacks-library")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"margn": 2}, "the loss 'Soft-Hinge' has no option 'margn'. Did you mean 'margin'?"),
        ({"margn": 2}, "Its options are margin=1.0, mode='soft', wide=False, must=None."),
        ({"margin": "2"}, "the option margin is a float, and cannot be '2'"),
        ({"margin": True}, "the option margin is a float, and cannot be True"),
        ({"mode": 1}, "the option mode is a str, and cannot be 1"),
        ({"wide": 1}, "the option wide is a bool, and cannot be 1"),
        ({"margin": None}, "the option margin is a float, and cannot be None"),
    ],
)
def test_bad_options(box, options, said):
    with pytest.raises(BadOption) as caught:
        ganzoo.get_loss("sh", **options)
    assert said in str(caught.value)


def test_options_that_fit(box):
    assert ganzoo.get_loss("sh", margin=2, must=object()).terms[0].weight.item() == 2
    assert ganzoo.get_dataset("zeros", anything_at_all=1).anything == {"anything_at_all": 1}
    with pytest.raises(BadOption, match=r"the architecture 'tiny' needs width. Its options are"):
        ganzoo.get_architecture("tiny", ganzoo.Spec((2,), 4))
    with pytest.raises(BadOption, match="no option 'spec'"):
        ganzoo.get_architecture("tiny", ganzoo.Spec((2,), 4), spec=1, width=3)


def test_each_kind_gives_its_type(box):
    spec = ganzoo.Spec((2,), 4)
    assert isinstance(ganzoo.get_loss("nested"), ganzoo.Objective)
    assert isinstance(ganzoo.get_term("push", weight=2.0), ganzoo.Term)
    assert ganzoo.get_architecture("tiny", spec, width=3).generator().out_features == 3
    assert isinstance(ganzoo.get_dataset("zeros"), ganzoo.Source)
    assert isinstance(ganzoo.get_metric("count"), ganzoo.Metric)
    assert isinstance(ganzoo.get_extractor("identity"), ganzoo.Extractor)


def test_the_name_of_a_loss(box):
    assert ganzoo.get_loss("box:sh").name == "Soft-Hinge"
    assert ganzoo.get_loss("sh", add="r1").name == "Soft-Hinge"


def test_added_terms(box):
    term = ganzoo.get_term("push")
    for add in (["r1(gamma=2, every=16)", term], ("ganzoo:R1(gamma=2.0, every=16)", "push")):
        loss = ganzoo.get_loss("sh", add=add, margin=3.0)
        assert [type(each).__name__ for each in loss.terms] == ["Soft", "R1", "Soft"]
        assert loss.terms[1].every == 16
        assert loss.terms[1].weight.item() == ganzoo.terms.R1(gamma=2).weight.item()
    assert len(ganzoo.get_loss("sh", add="push").terms) == 2
    assert len(ganzoo.get_loss("sh", add=term).terms) == 2
    with pytest.raises(BadOption, match="the term 'r1' has no option 'gama'"):
        ganzoo.get_loss("sh", add="r1(gama=2)")
    with pytest.raises(UnknownName, match="There is a loss of that name"):
        ganzoo.get_loss("sh", add="hinge")


def test_the_package_speaks_for_the_default_registry():
    assert ganzoo.registry.find("losses", "gan") == default_registry().find("losses", "gan")
    assert ganzoo.registry.entries("terms") == default_registry().entries("terms")
    assert ganzoo.registry.plugins()[0].distribution == "ganzoo"
    assert ganzoo.registry.build("terms", "r1", gamma=1.0).every == 1
    assert list(KINDS) == [kind.hook.removeprefix("ganzoo_") for kind in KINDS.values()]
