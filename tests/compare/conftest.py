"""A plugin of this folder's own, cells to run, and workers that are small scripts."""

import sys
import textwrap

import pytest

from ganzoo.compare.display import Display
from ganzoo.compare.grid import grid
from ganzoo.compare.plan import Plan
from ganzoo.compare.pool import Pool
from ganzoo.compare.runner import run_cells
from ganzoo.compare.store import Store

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

# What a worker says of itself, and of cell N with label "name"; `here` is a scratch folder.
PROLOGUE = """
    import json, os, pathlib, signal, sys, time
    here = pathlib.Path({folder!r})
    def say(**message):
        print(json.dumps(message), flush=True)
    def job():
        line = sys.stdin.readline()
        if not line:
            sys.exit()
        cells = json.loads(line)["cells"]
        return cells[0] if len(cells) == 1 else cells
    def done(cell, place=0):
        record = dict(cell, status="finished", reason="", recipe=dict())
        say(type="done", record=record, place=place)
    def first_time(what):
        place = here / what
        known = place.exists()
        place.touch()
        return not known
"""

STEADY = """
    say(type="ready")
    while True:
        done(job())
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


class Seen(Display):
    """Remembers what it was told."""

    def __init__(self):
        self.said, self.on_progress = [], lambda: None

    def of(self, kind):
        """The first thing that it was told each time: a worker, or the text of a note."""
        return [said[1] for said in self.said if said[0] == kind]

    def begins(self, worker, cell):
        self.said.append(("begins", worker, cell.label))

    def progress(self, worker, step, steps, meters):
        self.said.append(("progress", worker, step, steps, meters))
        self.on_progress()

    def leaves(self, worker):
        self.said.append(("leaves", worker))

    def ends(self, worker, record):
        self.said.append(("ends", worker, record.label))

    def note(self, text):
        self.said.append(("note", text))


@pytest.fixture
def seen():
    """A display that remembers."""
    return Seen()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "trial")


@pytest.fixture
def work(cells, store, seen, tmp_path, monkeypatch):
    """Run the cells of some losses with workers that are a script, which does what it is told
    where none is given; the records they left.
    """

    def run(script=STEADY, losses=("lsgan", "hinge", "minimax"), workers=1, seeds=1):
        text = textwrap.dedent(PROLOGUE.format(folder=str(tmp_path))) + textwrap.dedent(script)
        monkeypatch.setattr(Pool, "command", (sys.executable, "-S", "-c", text))
        asked = cells(losses=list(losses), seeds=seeds)
        run_cells(asked, store, workers=workers, display=seen, at_once=seeds > 1)
        if seeds > 1:
            return [(record.label, record.seed) for record in store.read().values()]
        return {record.label: record for record in store.read().values()}

    return run
