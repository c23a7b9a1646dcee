from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.records.reading import LaterRecord, TornRecord
from ganzoo.records.record import Listed, Record


def call(*arguments):
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    records = [
        Record(
            key=f"{label}-{seed}",
            label=label,
            task="ring8",
            seed=seed,
            recipe={"loss": {"name": label}, "settings": {"seed": seed}},
            status="finished",
            metrics={"mode-kl": level + 0.01 * seed},
            ranked=("mode-kl",),
        )
        for label, level in (("hinge", 0.1), ("lsgan", 0.5))
        for seed in range(3)
    ]
    made = tmp_path / "first"
    made.mkdir()
    content = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    (made / "records.jsonl").write_bytes(content)
    return made


def test_tables_and_a_page(folder):
    result = call(folder)
    assert result.exit_code == 0, result.output
    assert "hinge has the lowest mode KL" in " ".join(result.stdout.split())
    assert "report.html" in result.stderr
    assert (folder / "report.html").read_text().startswith("<!doctype html>")


def test_the_page_goes_where_it_is_wanted(folder, tmp_path):
    result = call(folder / "records.jsonl", "--html", tmp_path / "new" / "page.html")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "new" / "page.html").exists()
    assert not (folder / "report.html").exists()


def test_markdown_and_csv_are_all_that_is_printed(folder):
    text = call(folder, "--markdown")
    assert text.exit_code == 0
    assert text.stdout.startswith("# Comparison")
    lines = list(csv.DictReader(io.StringIO(call(folder, "--csv").stdout)))
    assert next(line["value"] for line in lines if line["name"] == "mode-kl") == "0.1"
    assert not (folder / "report.html").exists()
    with_page = call(folder, "--csv", "--html", folder / "x.html")
    assert with_page.stdout == call(folder, "--csv").stdout
    assert (folder / "x.html").exists()


def test_json_is_the_whole_report(folder):
    found = json.loads(call(folder, "--json").stdout)
    (task,) = found["tasks"]
    assert found["answer"][0].startswith("hinge has the lowest mode KL")
    first = task["objectives"][0]
    assert (first["objective"], first["rank"]) == ("hinge", 1)
    assert first["metrics"]["mode-kl"]["values"] == pytest.approx([0.1, 0.11, 0.12])
    assert first["runs"] == {"finished": 3, "diverged": 0, "failed": 0}
    assert task["pairs"] == [
        {"first": "hinge", "second": "lsgan", "p": task["pairs"][0]["p"], "shown": True}
        | {"seeds_needed": None}
    ]
    assert found["improvements"][0]["probability"] == 1.0
    assert len(found["records"]) == 6
    assert not (folder / "report.html").exists()


def test_benchmarks_are_reported_too(tmp_path):
    bench = {"name": "test_x", "stats": {"median": 0.5}, "extra_info": {"over_other": 1.25}}
    file = tmp_path / "bench.json"
    file.write_text(json.dumps({"machine_info": {"load": 0.5}, "benchmarks": [bench]}))
    (tmp_path / "cut.json").write_text(file.read_text()[:40])
    result = call(tmp_path)
    assert result.exit_code == 0, result.output
    assert "over other" in result.stdout
    assert "cut.json: not a whole record" in result.stderr
    assert list(tmp_path.glob("*.html")) == []
    assert call(file, "--csv").stdout.splitlines()[1].endswith(",1.25")
    page = tmp_path / "page.html"
    assert call(file, "--markdown", "--html", page).stdout.startswith("# Benchmarks")
    assert "<td>1.25</td>" in page.read_text()
    result = call(tmp_path / "cut.json")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def page_of(folder, *options):
    assert call(folder, *options).exit_code == 0
    return (folder / "report.html").read_text()


def test_damaged_and_later_records_are_named(folder):
    file = folder / "records.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    with pytest.warns(TornRecord, match="line 6: not a whole record"):
        result = call(folder)
    assert result.exit_code == 0, result.output
    assert "Line 6 is not a whole record and passed over" in result.stderr
    assert "Line 6 is not a whole record" in (folder / "report.html").read_text()
    later = whole.splitlines()[0].replace(b'"version":2', b'"version":99')
    file.write_bytes(whole + later + b"\n")
    with pytest.warns(LaterRecord):
        result = call(folder, "--csv", "--html", folder / "report.html")
    assert result.exit_code == 0, result.output
    sentence = "1 record is of a later format (version 99; this ganzoo reads up to 2)"
    assert sentence in result.stderr
    assert sentence in (folder / "report.html").read_text()
    file.write_bytes(later + b"\n")
    result = call(folder)
    assert result.exit_code == 1
    assert "line 1: a record of version 99" in result.output
    assert "Traceback" not in result.output


def test_every_objective_against_the_one_that_is_asked_for(folder):
    assert "<h3>Against hinge</h3>" in page_of(folder), "the first of the plan"
    assert "<h3>Against lsgan</h3>" in page_of(folder, "--against", "lsgan")
    assert "if it was picked for its results" in (folder / "report.html").read_text()
    text = call(folder, "--against", "lsgan").stdout
    assert "hinge ended better than lsgan in 3 of 3 blocks" in text
    assert "## Against lsgan" in call(folder, "--markdown", "--against", "lsgan").stdout
    (found,) = json.loads(call(folder, "--json").stdout)["against"]
    assert (found["objective"], found["opponent"], found["losses"]) == ("lsgan", "hinge", 3)
    result = call(folder, "--csv", "--against", "hing")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Did you mean 'hinge'? There are hinge, lsgan." in result.stderr


def test_runs_that_are_not_made_yet_are_counted(folder):
    runs = [
        Listed(f"{label}-{seed}", label, "ring8", seed)
        for label in ("hinge", "wgan")
        for seed in range(3)
    ]
    (folder / "runs.json").write_bytes(msgspec.json.encode(runs))
    result = call(folder)
    assert "3 of the plan's 6 runs have not been made" in result.stderr
    assert "3 of the plan&#39;s 6 runs" in (folder / "report.html").read_text()


def test_one_form_at_a_time(folder):
    result = call(folder, "--markdown", "--csv")
    assert result.exit_code == 2
    assert "ask for one of them" in result.stderr


def test_it_opens(folder, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", lambda path: opened.append(path) or 0)
    assert call(folder, "--open").exit_code == 0
    assert opened == [str(folder / "report.html")]
    monkeypatch.setattr("click.launch", lambda path: 1)
    assert "file://" in call(folder, "--open", "--csv").stderr


def test_no_comparison_there(folder):
    result = call(folder.parent)
    assert result.exit_code == 1
    assert "these hold one" in result.stderr
    assert "first" in result.stderr


def test_a_torn_line_is_passed_over_with_a_word(folder):
    with (folder / "records.jsonl").open("ab") as file:
        file.write(b'{"key": "half')
    with pytest.warns(UserWarning, match="not a whole record"):
        result = call(folder, "--csv")
    assert result.exit_code == 0
    assert result.stdout.count("mode-kl") == 6
