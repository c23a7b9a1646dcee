"""What runs leave on their way: interrupted ones go on, and end as if they had not been."""

from types import SimpleNamespace

import msgspec
import pytest

from ganzoo.compare import underway
from ganzoo.compare.jobs import keys_of
from ganzoo.compare.provenance import machine
from ganzoo.compare.running import run_cell
from ganzoo.compare.together import run_together
from ganzoo.compare.underway import Trail, begun, clear, forget

SEEDS = 1
SETTINGS = {"steps": 9, "batch": 8, "report_every": 2}


class Interrupted(BaseException):
    """Nobody catches it, as nobody catches a kill."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Where checkpoints go, one after each step."""
    monkeypatch.setattr(underway, "PERIOD", 0.0)
    monkeypatch.setattr(underway, "SHARE", float("inf"))
    return tmp_path / "checkpoints"


def timeless(record):
    """What two runs of a recipe have in common."""
    curve = {name: column for name, column in record.curve.items() if name != "seconds"}
    speed = msgspec.structs.replace(record.speed, seconds=0.0, cpu_seconds=0.0)
    return msgspec.structs.replace(record, curve=curve, speed=speed, finished_at="")


def interrupting(step):
    def tell(*what):
        if what[-3] >= step:
            raise Interrupted

    return tell


@pytest.mark.parametrize("step", [2, 3, 6, 8])
@pytest.mark.parametrize("loss", ["nonsaturating", "wgan-gp", "began"])
def test_a_run_goes_on_and_ends_as_if_nothing_had_been(asked, home, tmp_path, loss, step):
    (cell,) = asked(losses=[loss])
    whole = run_cell(cell, tmp_path / "whole", lambda *_: None)
    assert whole.status == "finished", whole.reason
    with pytest.raises(Interrupted):
        run_cell(cell, tmp_path / "samples", interrupting(step), Trail([cell], home))
    assert begun(home) == [(cell.key,)]
    said, told = [], []
    trail = Trail([cell], home, said.append)
    after = run_cell(cell, tmp_path / "samples", lambda *what: told.append(what), trail)
    assert said == [f"{cell.title}: goes on from step {step - 1}"]
    assert timeless(after) == timeless(msgspec.structs.replace(whole, samples=after.samples))
    assert [what[0] for what in told] == sorted(what[0] for what in told)
    assert {what[0] for what in told} == {2, 3, 4, 6, 8, 9}
    pictures = [(tmp_path / name / f"{cell.key}.safetensors") for name in ("whole", "samples")]
    assert pictures[0].read_bytes() == pictures[1].read_bytes()


@pytest.mark.parametrize("step", [4, 6])
def test_seeds_at_once_go_on_at_once_as_if_nothing_had_been(asked, home, tmp_path, step):
    several = asked(losses=["wgan-gp"], seeds=3)

    def records(tell, trail):
        kept = {}
        reason = run_together(several, tmp_path, tell, lambda p, r: kept.update({p: r}), trail)
        assert reason == ""
        return kept

    whole = records(lambda *_: None, None)
    with pytest.raises(Interrupted):
        records(interrupting(step), Trail(several, home))
    assert begun(home) == [keys_of(tuple(several))]
    said = []
    after = records(lambda *_: None, Trail(several, home, said.append))
    assert said == [f"wgan-gp on ring8, seeds 0, 1, 2: goes on from step {step - 1}"]
    for place in range(3):
        assert timeless(after[place]) == timeless(whole[place])
        assert after[place].seeds_at_once == (0, 1, 2)


def test_one_that_diverged_before_the_interruption_stays_so(asked, home, tmp_path, monkeypatch):
    from ganzoo.train import Trainer

    wanted, several = Trainer.advance, asked(seeds=2, settings={**SETTINGS, "optimizer": "sgd"})

    def advance(trainer):
        wanted(trainer)
        if trainer.settings.seed == 1 and trainer.done == 3:
            for parameter in trainer.game.generator.parameters():
                parameter.data.fill_(float("nan"))

    monkeypatch.setattr(Trainer, "advance", advance)

    def records(tell, trail):
        kept = {}
        assert run_together(several, tmp_path, tell, lambda p, r: kept.update({p: r}), trail) == ""
        return [timeless(kept[0]), timeless(kept[1])]

    whole = records(lambda *_: None, None)
    with pytest.raises(Interrupted):
        records(interrupting(6), Trail(several, home))
    after = records(lambda *_: None, Trail(several, home))
    assert [record.status for record in after] == ["finished", "diverged"]
    assert after[1].best_step == 3
    assert after == whole


def test_a_short_job_leaves_nothing(asked, tmp_path):
    (cell,) = asked()
    run_cell(cell, tmp_path, lambda *_: None, Trail([cell], tmp_path / "checkpoints"))
    assert not (tmp_path / "checkpoints").exists()


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(asked, home, tmp_path):
    (cell,) = asked()
    with pytest.raises(Interrupted):
        run_cell(cell, tmp_path, interrupting(6), Trail([cell], home))
    newest = max((home / cell.key).glob("checkpoint-*"))
    (newest / "state.json").write_text("{}")
    said = []
    with pytest.warns(UserWarning, match="damaged"):
        run_cell(cell, tmp_path, lambda *_: None, Trail([cell], home, said.append))
    assert said == [f"{cell.title}: goes on from step 4"]


@pytest.mark.parametrize(
    ("where", "values", "reason"),
    [
        ("machine", {**machine(), "torch": "1.0"}, "its checkpoint is of torch "),
        ("commit", "another", "its checkpoint is of another commit of ganzoo"),
    ],
)
def test_what_others_left_is_no_beginning(
    asked, home, tmp_path, monkeypatch, where, values, reason
):
    (cell,) = asked()
    whole = run_cell(cell, tmp_path, lambda *_: None)
    with pytest.raises(Interrupted):
        run_cell(cell, tmp_path, interrupting(6), Trail([cell], home))
    monkeypatch.setattr(underway, where, lambda: values)
    said = []
    after = run_cell(cell, tmp_path, lambda *_: None, Trail([cell], home, said.append))
    assert said[0].startswith(f"{cell.title}: begins anew ({reason}")
    assert timeless(after) == timeless(whole)


def test_a_full_disk_ends_no_run(asked, home, tmp_path, monkeypatch):
    def save(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(underway.checkpoint, "save", save)
    (cell,), said = asked(), []
    record = run_cell(cell, tmp_path, lambda *_: None, Trail([cell], home, said.append))
    assert record.status == "finished"
    assert "no checkpoint could be written" in said[0]


def test_checkpoints_take_a_small_share_of_the_time(asked, tmp_path, monkeypatch):
    (cell,), now, saved = asked(), [0.0], []

    def save(*_):
        saved.append(now[0])
        now[0] += 2.0

    monkeypatch.setattr(underway.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(underway.checkpoint, "save", save)
    trail = Trail([cell], tmp_path / "checkpoints")

    still = SimpleNamespace(state_dict=dict)
    still.run = SimpleNamespace(trainer=SimpleNamespace(done=3))
    for second in range(500):
        now[0] = max(now[0], float(second))
        if trail.due():
            trail.leave([still])
    assert saved == [30.0, 232.0, 434.0]


def test_what_is_left_is_found_and_forgotten(asked, home, tmp_path):
    one, other, third = asked(seeds=3)
    for cell in (one, other):
        with pytest.raises(Interrupted):
            run_cell(cell, tmp_path, interrupting(4), Trail([cell], home))
    (home / "empty").mkdir()
    (home / "empty" / "keys.json").write_text('["x"]')
    assert sorted(begun(home)) == sorted([(one.key,), (other.key,)])
    forget(home, (one.key,))
    forget(home, (third.key,))
    assert begun(home) == [(other.key,)]
    clear(home)
    assert begun(home) == []
