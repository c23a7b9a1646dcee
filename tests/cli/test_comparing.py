"""``ganzoo compare``: options, exit codes, the report, and going on after an interruption."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.compare.pool import Pool

PLAN = """
seeds = 3
losses = ["lsgan"]

[[tasks]]
dataset = "ring8"
metrics = ["energy-distance"]
evaluate_samples = 50

[settings]
steps = 150
batch = 8
"""

# A worker that trains nothing: lsgan finishes, hinge fails.
FAKE = """
import json, sys
print('{"type": "ready"}', flush=True)
for line in sys.stdin:
    for place, cell in enumerate(json.loads(line)["cells"]):
        status = "failed" if cell["label"] == "hinge" else "finished"
        record = dict(cell, status=status, reason="made so" * (status == "failed"),
                      metrics={"energy-distance": 0.5}, floor={"energy-distance": 0.1},
                      ranked=["energy-distance"], directions={"energy-distance": "lower"})
        print(json.dumps(dict(type="done", record=record, place=place)), flush=True)
"""


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A plan in a folder where the command is called."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.toml"
    path.write_text(PLAN)
    return path


@pytest.fixture
def call(plan, monkeypatch):
    """Call the command with fake workers."""
    monkeypatch.setattr(Pool, "command", (sys.executable, "-S", "-c", FAKE))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["ganzoo", "compare", *arguments])
        return CliRunner().invoke(main, ["compare", *arguments])

    return run


def records(folder):
    return [json.loads(line) for line in (folder / "records.jsonl").open()]


def test_a_plan_is_run_shown_and_reported(call, tmp_path):
    result = call("small.toml", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert "[3/3] lsgan on ring8, seed 2: finished, energy-distance 0.5" in result.output
    assert "perfect sampler" in result.output
    assert result.output.rstrip().endswith("The whole report: runs/small/report.html")
    page = (tmp_path / "runs" / "small" / "report.html").read_text()
    assert "lsgan" in page
    assert len(records(tmp_path / "runs" / "small")) == 3


def test_options_change_the_plan(call, tmp_path):
    result = call(
        "small.toml",
        *("--name", "other", "--seeds", "2", "--steps", "9", "--directory", "elsewhere"),
        *("--set", "settings.batch=16", "--set", "losses.lsgan.options.a=-1"),
    )
    assert result.exit_code == 0, result.output
    made = records(tmp_path / "elsewhere" / "other")
    assert [record["seed"] for record in sorted(made, key=lambda r: r["seed"])] == [0, 1]
    assert made[0]["recipe"]["settings"] == {"steps": 9, "batch": 16, "seed": made[0]["seed"]}
    assert made[0]["recipe"]["loss"] == {"name": "lsgan", "options": {"a": -1}}


def test_runs_that_fail_make_the_exit_code_1_after_the_report(call, plan):
    plan.write_text(PLAN.replace('["lsgan"]', '["lsgan", "hinge"]'))
    result = call("small.toml", "--fresh")
    assert result.exit_code == 1
    assert "hinge on ring8, seed 0: failed: made so" in result.output
    assert "The whole report:" in result.output
    expected = "3 of 6 runs failed; they are tried again by: ganzoo compare small.toml"
    assert result.output.rstrip().endswith(expected)


def test_seeds_are_trained_at_once_by_itself_or_as_asked(call, tmp_path):
    plan = tmp_path / "runs" / "small" / "plan.toml"
    asked = [
        (["--no-seeds-at-once"], "false", None),
        (["--seeds-at-once"], "true", "as was asked for"),
        ([], '"auto"', "faster on a CPU; --no-seeds-at-once: alone"),
    ]
    for arguments, written, why in asked:
        result = call("small.toml", "--fresh", "--workers", "1", *arguments)
        said = f"3 of 3 runs are trained at once with other seeds ({why})"
        assert (said in result.output) == bool(why)
        assert f"seeds_at_once = {written}" in plan.read_text()


def test_fresh_makes_every_run_anew(call, tmp_path):
    call("small.toml")
    result = call("small.toml", "--fresh")
    assert "earlier records are now in" in result.output
    assert "records.old-1.jsonl" in result.output
    assert len(records(tmp_path / "runs" / "small")) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.toml"], "nowhere.toml: the plan cannot be read"),
        (["small.toml", "--set", "losses=['hing']"], "Did you mean 'hinge'"),
        (["small.toml", "--set", "sseeds=1"], "small.toml: unknown key 'sseeds'"),
        (["small.toml", "--seeds", "0"], "'--seeds'"),
        (["small.toml", "--against", "nobody"], "no objective is called 'nobody'"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_line(call, tmp_path, arguments, message):
    result = call(*arguments)
    assert result.exit_code != 0
    assert message in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "runs").exists()


def test_interrupted_and_called_again_it_goes_on_where_it_was(plan, tmp_path, monkeypatch):
    command = [sys.executable, "-m", "ganzoo", "compare", "small.toml", "--workers", "1"]
    command += ["--fresh", "--set", "settings.steps=120", "--no-seeds-at-once"]
    folder = tmp_path / "runs" / "small"
    file = folder / "records.jsonl"
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment)
        deadline = time.monotonic() + 300
        while not (file.exists() and file.read_bytes().endswith(b"\n")):
            assert time.monotonic() < deadline
            assert process.poll() is None, (tmp_path / "said").read_text()
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(100) == 130
    expected = "go on: ganzoo compare small.toml --workers 1 --set settings.steps=120"
    said = (tmp_path / "said").read_text().rstrip()
    assert said.endswith(f"{expected} --no-seeds-at-once")
    before = file.read_bytes()
    assert 1 <= len(before.splitlines()) < 3
    assert not (folder / "report.html").exists()

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    result = CliRunner().invoke(main, ["compare", *command[4:7], *command[8:]])
    assert result.exit_code == 0, result.output
    assert file.read_bytes().startswith(before)
    made = records(folder)
    assert sorted(record["seed"] for record in made) == [0, 1, 2]
    assert {record["status"] for record in made} == {"finished"}
    assert (folder / "report.html").is_file()


def test_json_alone_goes_to_the_standard_output(call):
    result = call("small.toml", "--workers", "1", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert "lsgan" in json.dumps(found)
    assert "The whole report: runs/small/report.html" in result.stderr
    assert "[3/3]" in result.stderr


def test_budgets_and_a_search_come_from_options(call, tmp_path):
    result = call("small.toml", "--workers", "1", "--seconds", "2", "--tune", "2", "--seeds", "1")
    assert result.exit_code == 0, result.output
    assert "a search first: 2 draws of settings" in result.output
    (record,) = records(tmp_path / "runs" / "small")
    assert record["recipe"]["settings"] == {"batch": 8, "seconds": 2.0, "seed": 0}
    assert record["tuned"]["draws"] == 2
    assert len(records(tmp_path / "runs" / "small" / "tuning")) == 2


def test_a_run_is_made_again_from_its_record(plan, tmp_path):
    run = CliRunner()
    short = ["compare", "small.toml", "--seeds", "1", "--workers", "1", "--steps", "20"]
    assert run.invoke(main, short).exit_code == 0
    result = run.invoke(main, ["compare", "--rerun", "runs/small"])
    assert result.exit_code == 0, result.output
    assert "lsgan on ring8, seed 0: the same, bit for bit" in result.stdout
    wrong = run.invoke(main, ["compare", "small.toml", "--rerun", "runs/small"])
    assert wrong.exit_code == 2
    gone = run.invoke(main, ["compare", "--rerun", "runs/small#zz"])
    assert gone.exit_code == 1
    assert "no record 'zz'" in gone.output
