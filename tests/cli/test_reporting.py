from __future__ import annotations

import csv
import io

import msgspec
import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.records.record import Record


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
