"""A project of somebody else, installed by pip, beside broken ones, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "Soft.Hinge"
version = "0.7.2"
dependencies = ["ganzoo"]

[project.entry-points.ganzoo]
softhinge = "softhinge"

[tool.hatch.build.targets.wheel]
packages = ["src/softhinge"]
"""
PLUGIN = """
import ganzoo

@ganzoo.hookimpl
def ganzoo_losses():
    yield ganzoo.LossEntry("soft-hinge", target="softhinge.loss:soft_hinge", family="hinge",
                           year=2026, summary="Hinge with its corner rounded")

@ganzoo.hookimpl
def ganzoo_architectures():
    yield ganzoo.ArchitectureEntry("one-layer", target="softhinge.networks:one_layer",
                                   samples="points", summary="As small as can be")
"""
LOSS = '''
import ganzoo
from torch.nn.functional import softplus

class SoftHinge(ganzoo.Term):
    def discriminator(self, play):
        return softplus(1 - play.real.score).mean() + softplus(1 + play.fake.score).mean()

    def generator(self, play):
        return -play.fake.score.mean()

def soft_hinge(*, r1: float = 0.0):
    """Soft hinge, with an optional R1 penalty."""
    return ganzoo.Objective(SoftHinge(), *([ganzoo.terms.R1(gamma=r1)] if r1 else []))
'''
NETWORKS = '''
from functools import partial

import ganzoo
from torch import nn

class Generator(ganzoo.Generator):
    def __init__(self, spec):
        super().__init__()
        self.layer = nn.Linear(spec.latent, spec.size)
        self.shape = spec.shape

    def forward(self, z, y=None):
        return self.layer(z).unflatten(1, self.shape)

class Discriminator(ganzoo.Discriminator):
    def __init__(self, spec, width):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(spec.size, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, x, y=None):
        return ganzoo.DiscriminatorOutput(self.layers(x.flatten(1)))

def one_layer(spec, *, width: int = 8):
    """One linear layer against two."""
    return ganzoo.Architecture(partial(Generator, spec), partial(Discriminator, spec, width))
'''
USE = """
import json, sys, warnings
warnings.simplefilter("always")
import ganzoo

found = ganzoo.registry.find("losses", "SOFT_HINGE")
told = {"id": found.id, "version": found.version, "torch before": "torch" in sys.modules}
told["failed"] = sorted(p.distribution for p in ganzoo.registry.plugins() if p.error)

import torch
torch.set_num_threads(1)
loss = ganzoo.get_loss("soft-hinge")
zeros = torch.zeros(4, 1)
told["value"] = loss.discriminator_loss(lambda x: x, real=zeros, fake=zeros).item()
told["terms"] = len(ganzoo.get_loss("soft.hinge:soft-hinge", r1=2.0, add="gp").terms)
run = ganzoo.train("soft-hinge", "ring8", architecture="one-layer", steps=3, report_every=1,
                   metrics=["modes"])
told["status"], told["sample"] = run.status, list(run.sample(5).shape)
told["layers"] = type(run.trainer.game.generator).__module__
try:
    ganzoo.get_loss("sofd-hinge")
except ganzoo.UnknownName as error:
    told["unknown"] = str(error)
try:
    ganzoo.get_loss("twin")
except ganzoo.AmbiguousName as error:
    told["ambiguous"] = str(error)
try:
    ganzoo.get_loss("hollow-loss")
except ganzoo.PluginFailed as error:
    told["hollow"] = str(error)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder into which pip installed the project."""
    project = tmp_path_factory.mktemp("project")
    package = project / "src" / "softhinge"
    package.mkdir(parents=True)
    (project / "pyproject.toml").write_text(PYPROJECT)
    for name, text in (("__init__", PLUGIN), ("loss", LOSS), ("networks", NETWORKS)):
        (package / f"{name}.py").write_text(text)
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    options = ["--no-build-isolation", "--disable-pip-version-check", "--target", str(target)]
    subprocess.run([*command, *options, str(project)], check=True)
    return target


@pytest.fixture
def run(installed, shelf):
    """Run Python where the project and everything on the shelf is installed."""

    def go(*arguments, **environment):
        paths = os.pathsep.join((str(shelf.folder), str(installed)))
        environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", **environment}
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return go


@pytest.fixture
def wreckage(shelf):
    """Broken distributions of every sort, and two that share a name."""
    hook = "import ganzoo\n@ganzoo.hookimpl\n"
    shelf.put("bad-raise", "raise RuntimeError('no luck')")
    shelf.put("bad-exit", "raise SystemExit(7)")
    shelf.put("bad-syntax", "def (")
    shelf.put("bad-signature", hook + "def ganzoo_losses(app): yield")
    shelf.put("bad-hook", hook + "def ganzoo_loss(): yield")
    shelf.put("bad-type", hook + "def ganzoo_losses(): return [object()]")
    shelf.put_loss("hollow", "hollow-loss", "hollow_parts:there_is_none")
    shelf.put_loss("twin-a", "twin")
    shelf.put_loss("twin-b", "twin")


def test_a_project_of_somebody_else(run, wreckage):
    done = run("-c", USE)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["id"], told["version"]) == ("Soft.Hinge:soft-hinge", "0.7.2")
    bad = ["bad-exit", "bad-hook", "bad-raise", "bad-signature", "bad-syntax", "bad-type"]
    assert told["failed"] == bad
    assert not told["torch before"]
    assert told["value"] == pytest.approx(2 * 1.3132616875)
    assert told["terms"] == 3
    assert (told["status"], told["sample"]) == ("finished", [5, 2])
    assert told["layers"] == "softhinge.networks"
    assert "Did you mean 'soft-hinge'" in told["unknown"]
    assert all(name in told["unknown"] for name in bad)
    assert "'twin-a:twin' or 'twin-b:twin'" in told["ambiguous"]
    assert "of hollow 1.0" in told["hollow"]
    assert "hollow_parts" in told["hollow"]
    assert done.stderr.count("PluginWarning") == len(bad)


def test_plugins_says_what_became_of_each(run, wreckage, shelf):
    shelf.put("heavy", "import torch")
    (shelf.folder / "torch.py").write_text("")  # quicker than the real one
    done = run("-m", "ganzoo", "plugins", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = {plugin["distribution"]: plugin for plugin in json.loads(done.stdout)}
    assert told["Soft.Hinge"]["status"] == "loaded"
    assert told["Soft.Hinge"]["entries"] == [
        {"kind": "losses", "id": "Soft.Hinge:soft-hinge"},
        {"kind": "architectures", "id": "Soft.Hinge:one-layer"},
    ]
    assert not told["Soft.Hinge"]["imports_torch"]
    assert told["heavy"]["imports_torch"]
    assert "no luck" in told["bad-raise"]["error"]
    assert "SystemExit: 7" in told["bad-exit"]["error"]


def test_plugins_for_the_eye(run, wreckage):
    done = run("-m", "ganzoo", "plugins", GANZOO_PLUGINS="softhinge,bad-exit,hollow")
    assert done.returncode == 0, done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert {"ganzoo", "Soft.Hinge", "bad-exit", "hollow"} <= lines.keys()
    assert "twin-a" not in lines
    assert "1 loss, 1 architecture" in lines["Soft.Hinge"]
    assert "failed" in lines["bad-exit"]
    assert "SystemExit: 7" in lines["bad-exit"]


def test_lists_warn_and_go_on(run, wreckage):
    done = run("-m", "ganzoo", "list", "losses", GANZOO_PLUGINS="softhinge,bad-raise")
    assert done.returncode == 0
    assert "soft-hinge" in done.stdout
    assert "nonsaturating" in done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("Warning: the plugin bad-raise 1.0")
    assert "RuntimeError: no luck" in line


def test_strict_is_an_error_without_a_traceback(run, wreckage):
    done = run("-m", "ganzoo", "list", GANZOO_STRICT="1", GANZOO_PLUGINS="bad-raise")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the plugin bad-raise 1.0")
    assert "Traceback" not in done.stderr
