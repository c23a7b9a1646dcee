"""``ganzoo list``, ``show`` and ``plugins``."""

import json

import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.registry import KINDS, entries


def call(*arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_list_has_everything():
    output = call("list")
    for kind in KINDS:
        for found in entries(kind):
            assert f"\n{kind} of {found.distribution} {found.version} (" in f"\n{output}"
            assert f"\n{found.name} " in output
            assert found.entry.summary in output
    assert "(also: gan, logistic)" in output


@pytest.mark.parametrize("kind", KINDS)
def test_list_of_one_kind(kind):
    told = json.loads(call("list", kind, "--json"))
    assert [each["id"] for each in told] == [found.id for found in entries(kind)]
    assert {each["kind"] for each in told} == {kind}


def test_json_says_all_of_an_entry():
    (hinge,) = [e for e in json.loads(call("list", "--json")) if e["id"] == "ganzoo:hinge"]
    assert hinge == {
        "kind": "losses",
        "id": "ganzoo:hinge",
        "distribution": "ganzoo",
        "version": hinge["version"],
        "name": "hinge",
        "target": "ganzoo.zoo.losses.hinge:hinge",
        "summary": hinge["summary"],
        "aliases": [],
        "family": "hinge",
        "year": 2017,
        "paper": "1705.02894",
    }


def test_family():
    told = json.loads(call("list", "--family", "WASSERSTEIN", "--json"))
    assert {"wgan", "wgan-gp"} <= {each["name"] for each in told}
    assert {each["family"] for each in told} == {"wasserstein"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--family", "wasserstien"), "Did you mean 'wasserstein'?"),
        (("list", "metrics", "--family", "hinge"), "There are none of this kind"),
        (("show", "wgan", "--kind", "terms"), "There is a loss of that name"),
    ],
)
def test_errors(arguments, said):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert said in result.output


def named(*arguments):
    return {each["name"] for each in json.loads(call("list", *arguments, "--json"))}


def test_years():
    assert {"wgan", "wgan-gp", "hinge"} <= named("losses", "--year", "2017")
    assert "lsgan" not in named("losses", "--year", "2017")
    assert {"minimax", "lsgan"} <= named("losses", "--year", "-2016")
    between = named("losses", "--year", "2015-2017")
    assert {"lsgan", "wgan"} <= between
    assert "minimax" not in between
    assert "minimax" not in named("losses", "--year", "2018-")
    for wrong in ("17", "2017 2018", "-"):
        result = CliRunner().invoke(main, ["list", "--year", wrong])
        assert result.exit_code == 1
        assert "is no year" in result.output


def test_needs():
    assert {"modes", "quality", "mode-kl"} <= named("metrics", "--needs", "mixture")
    assert {"minimax", "wgan-gp"} <= named("losses", "--needs", "nothing")
    assert "energy-distance" in named("metrics", "--needs", "nothing")
    assert "kid" not in named("metrics", "--needs", "nothing")
    result = CliRunner().invoke(main, ["list", "metrics", "--needs", "fetures"])
    assert result.exit_code == 1
    assert "Did you mean 'features'?" in result.output


def test_filters_go_together():
    both = named("--family", "logistic", "--year", "2014", "--needs", "nothing")
    assert both == {"minimax", "nonsaturating"}


def test_unknown_kind_is_a_usage_error():
    assert CliRunner().invoke(main, ["list", "loses"]).exit_code == 2


def test_show_a_loss():
    output = call("show", "WGAN_GP")
    assert "L_D = E f - E r + weight * E (|grad D(x^)|_2 - target)^2" in output
    lines = [line.split() for line in output.splitlines()]
    assert ["weight", "10.0", "float"] in lines
    assert ["id", "ganzoo:wgan-gp"] in lines
    assert ["paper", "arXiv", "1704.00028", "(2017)"] in lines
    assert "adam, learning rates 0.0001 for G, 0.0001 for D, betas 0 and 0.9, batch 64" in output
    assert "5 turns of D for one of G" in output


def test_show_brackets_and_required_options():
    assert "E [1 - r]+ + E [1 + f]+" in call("show", "hinge")
    lines = [line.split() for line in call("show", "images").splitlines()]
    assert ["root", "must", "be", "given", "str", "|", "Path"] in lines
    assert "no options" in call("show", "pixels")


def test_show_all_of_one_name():
    output = call("show", "digits")
    assert "digits (data set)" in output
    assert "digits (extractor)" in output
    assert "digits (extractor)" not in call("show", "digits", "--kind", "datasets")


def test_plugins():
    told = json.loads(call("plugins", "--json"))
    assert told[0]["distribution"] == "ganzoo"
    assert told[0]["status"] == "loaded"
    assert {"kind": "losses", "id": "ganzoo:wgan-gp"} in told[0]["entries"]
    assert "losses" in call("plugins")
