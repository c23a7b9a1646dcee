from __future__ import annotations

import os

import pytest
import torch

from ganzoo.errors import CheckpointError
from ganzoo.train import checkpoint

STATE = {
    "tensors": {"a": torch.arange(6.0).reshape(2, 3).t(), "b": torch.tensor(3)},
    "pairs": (0.1, None, True, "x"),
    "numbered": {0: {"step": torch.tensor(2.0)}, 1: [1, 2]},
    "empty": {},
}


def same(one, other):
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other) and one.dtype == other.dtype
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and all(map(same, one, other))
    return one == other


def test_round_trip_of_everything_a_state_can_hold(tmp_path):
    checkpoint.save(tmp_path, 3, STATE)
    assert same(checkpoint.load_newest(tmp_path), STATE)


def test_shared_memory_is_no_obstacle(tmp_path):
    x = torch.arange(4.0)
    checkpoint.save(tmp_path, 1, {"x": x, "view": x[1:]})
    assert torch.equal(checkpoint.load_newest(tmp_path)["view"], x[1:])


def test_the_newest_two_are_kept_and_no_temporary_stays(tmp_path):
    (tmp_path / ".checkpoint-stale-1").mkdir()
    for step in (1, 2, 10):
        checkpoint.save(tmp_path, step, {"step": step})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["checkpoint-00000002", "checkpoint-00000010"]
    assert checkpoint.load_newest(tmp_path) == {"step": 10}


def test_saving_a_step_again_replaces_it(tmp_path):
    checkpoint.save(tmp_path, 1, {"value": 1})
    checkpoint.save(tmp_path, 1, {"value": 2})
    assert checkpoint.load_newest(tmp_path) == {"value": 2}


@pytest.mark.parametrize("name", ["tensors.safetensors", "state.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_checkpoint_is_passed_over(tmp_path, name, damage):
    checkpoint.save(tmp_path, 1, {**STATE, "which": 1})
    newest = checkpoint.save(tmp_path, 2, {**STATE, "which": 2})
    path = newest / name
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 4
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[:-5])
    else:
        path.unlink()
    if name == "manifest.json" and damage == "flip" and b"sha256" not in content:
        pytest.skip("the flip fell on the heading")
    with pytest.warns(UserWarning, match="passed over"):
        assert checkpoint.load_newest(tmp_path)["which"] == 1


def test_none_whole_is_an_error_that_says_why(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoint.load_newest(tmp_path)
    path = checkpoint.save(tmp_path, 1, STATE)
    (path / "state.json").write_text("{}")
    with (
        pytest.warns(UserWarning, match="passed over"),
        pytest.raises(CheckpointError, match="sha256"),
    ):
        checkpoint.load_newest(tmp_path)


def test_a_crash_at_any_call_leaves_the_old_or_the_new(tmp_path, monkeypatch):
    """Every call of the system during a save is made to fail in turn."""
    checkpoint.save(tmp_path, 1, {**STATE, "which": 1})
    calls = ["fsync", "rename", "open", "mkdir"]
    outcomes = set()
    for name in calls:
        for position in range(6):
            count = -1
            real = getattr(os, name)

            def failing(*args, real=real, position=position, **kwargs):
                nonlocal count
                count += 1
                if count == position:
                    raise OSError(28, "No space left on device")
                return real(*args, **kwargs)

            with monkeypatch.context() as patch:
                patch.setattr(os, name, failing)
                try:
                    checkpoint.save(tmp_path, 2, {**STATE, "which": 2})
                    outcomes.add("written")
                except OSError:
                    outcomes.add("failed")
            assert checkpoint.load_newest(tmp_path)["which"] in (1, 2)
    assert outcomes == {"written", "failed"}


def test_files_are_as_readable_as_the_umask_says(tmp_path):
    old = os.umask(0o022)
    try:
        path = checkpoint.save(tmp_path, 1, STATE)
    finally:
        os.umask(old)
    assert {oct(file.stat().st_mode & 0o777) for file in path.iterdir()} == {"0o644"}


def test_what_cannot_be_kept_is_named(tmp_path):
    with pytest.raises(TypeError, match="/a/b: set"):
        checkpoint.save(tmp_path, 1, {"a": {"b": {1}}})
