"""Event files: what is told to a display is written as well as handed on."""

import sys
import types
from typing import ClassVar

import pytest

import ganzoo
from ganzoo.compare.display import Display
from ganzoo.compare.live import EventFiles
from ganzoo.errors import MissingDependency
from ganzoo.records.record import Record, Speed


class Writer:
    """In the place of torch's own, which needs TensorBoard."""

    made: ClassVar[dict[str, "Writer"]] = {}

    def __init__(self, folder, flush_secs):
        self.scalars, self.texts, self.closed = [], [], False
        Writer.made[folder] = self

    def add_scalar(self, name, value, step):
        self.scalars.append((name, value, step))

    def add_text(self, name, text, step):
        self.texts.append((name, text, step))

    def close(self):
        self.closed = True


@pytest.fixture
def writers(monkeypatch):
    module = types.ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = Writer
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    monkeypatch.setattr(Writer, "made", {})
    return Writer.made


class Counting(Display):
    def __init__(self):
        self.told = []

    def __getattribute__(self, name):
        if name in ("starts", "begins", "progress", "leaves", "ends", "note"):
            return lambda *_: self.told.append(name)
        return super().__getattribute__(name)


def test_meters_become_scalars_in_a_folder_for_each_run(writers, cells, tmp_path):
    first, second = cells(losses=["lsgan", "hinge(margin=1)"])
    shown = Counting()
    with EventFiles(tmp_path, shown) as live:
        live.starts(2, 0)
        live.begins(0, first)
        live.progress(0, 2, 4, {"step": 2.0, "seconds": 0.1, "loss/generator": 0.5, "fd": None})
        live.ends(0, Record(
            key="k", label="lsgan", task="ring8", seed=0, recipe={}, status="finished",
            diagnosis=("collapsed",), speed=Speed(steps=4),
        ))  # fmt: skip
        live.begins(0, second)
        live.leaves(0)
        live.begins(0, second)
        live.note("words")
    writer = writers[str(tmp_path / "ring8" / "lsgan" / "seed 0")]
    assert writer.scalars == [("loss/generator", 0.5, 2)]
    assert writer.texts == [("how it ended", "finished, collapsed", 4)]
    assert writer.closed
    assert writers[str(tmp_path / "ring8" / "hinge(margin=1)" / "seed 0")].closed
    assert shown.told == [
        "starts", "begins", "progress", "ends", "begins", "leaves", "begins", "note",
    ]  # fmt: skip


def test_without_tensorboard_nothing_is_run_and_the_cure_is_named(tiny, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MissingDependency, match=r"pip install tensorboard.*--logdir"):
        ganzoo.compare(tiny(), directory=tmp_path, workers=1, live=True)
    assert list(tmp_path.iterdir()) == []
