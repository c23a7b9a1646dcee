"""A registry with a plugin of this folder's own, and cells to run."""

import textwrap

import pytest

from ganzoo.compare.grid import grid
from ganzoo.compare.plan import Plan

MEASURED = {"dataset": "ring8", "evaluate_samples": 50, "evaluate_every": 3}
TINY = {
    "losses": ["lsgan"],
    "tasks": [{"dataset": "ring8", "evaluate_samples": 50, "metrics": ["energy-distance"]}],
    "seeds": 1,
    "settings": {"steps": 4, "batch": 8, "report_every": 2},
}

PLUGIN = """
    import ganzoo

    @ganzoo.hookimpl
    def ganzoo_losses():
        for name in ("raises", "prints", "exits", "dies-once", "dies-late"):
            yield ganzoo.LossEntry(name, target=f"oddities.losses:{name.replace('-', '_')}")
"""

LOSSES = """
    import os, pathlib, sys
    import ganzoo

    class Odd(ganzoo.Term):
        def __init__(self, act):
            super().__init__()
            self.act = act
        def discriminator(self, play):
            return play.fake.score.mean() - play.real.score.mean()
        def generator(self, play):
            return -play.fake.score.mean()
        def after_generator(self, play):
            self.act()

    def loss(act):
        return ganzoo.Objective(Odd(act))

    def raises():
        def act():
            raise ValueError("the first line\\nand the last")
        return loss(act)

    def prints():
        def act():
            print('{"type": "ready"}', flush=True)
            os.write(1, b"by its number\\n")
            assert sys.stdin.read() == ""
        return loss(act)

    def exits():
        return loss(lambda: sys.exit("enough"))

    def dies_late():
        place, steps = pathlib.Path(os.environ["ODDITIES"]).with_name("died-late"), []
        def act():
            steps.append(1)
            if len(steps) == 3 and not place.exists():
                place.touch()
                os.kill(os.getpid(), 9)
        return loss(act)

    def dies_once():
        place = pathlib.Path(os.environ["ODDITIES"])
        def act():
            if not place.exists():
                place.touch()
                os.kill(os.getpid(), 9)
        return loss(act)
"""


@pytest.fixture(scope="session")
def oddities(tmp_path_factory):
    """A folder for PYTHONPATH with an installed plugin whose losses misbehave."""
    folder = tmp_path_factory.mktemp("oddities")
    info = folder / "oddities-1.2.dist-info"
    for place in (info, folder / "oddities"):
        place.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: oddities\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[ganzoo]\noddities = oddities\n")
    (folder / "oddities" / "__init__.py").write_text(textwrap.dedent(PLUGIN))
    (folder / "oddities" / "losses.py").write_text(textwrap.dedent(LOSSES))
    return folder


@pytest.fixture
def tiny():
    """A plan whose runs take no time, with these changes."""

    def make(**changes):
        return Plan.of({**TINY, **changes})

    return make


@pytest.fixture
def cells(tiny):
    """The cells of a tiny plan."""

    def make(**changes):
        return grid(tiny(**changes))

    return make


@pytest.fixture
def asked(cells, request):
    """Cells of one loss that is measured on its way, by the module's SEEDS and SETTINGS."""
    module = request.module

    def make(seeds=module.SEEDS, settings=module.SETTINGS, **changes):
        task = {**MEASURED, "metrics": ["energy-distance"]}
        return cells(**{"tasks": [task], "seeds": seeds, "settings": settings, **changes})

    return make
