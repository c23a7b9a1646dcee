from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from ganzoo.errors import BadData
from ganzoo.report import (
    bench_csv,
    bench_html,
    bench_json,
    bench_markdown,
    benchmarks_in,
    print_benchmarks,
    read_benchmarks,
)


def step(loss, ratio, **further):
    return {
        "name": f"test_step[mlp28-{loss}]",
        "group": "mlp28",
        "params": {"network": "mlp28", "loss": loss},
        "stats": {"median": 0.0123, "iqr": 0.001, "mean": 0.0125, "rounds": 9},
        "extra_info": {
            "batch": 64,
            "generator_images_per_second": 5203.25,
            "processor_milliseconds_per_step": 12.25,
            "processor_time_over_nonsaturating": ratio,
            "share_of_matrix_rate": 0.0412,
            "bound_by": "arithmetic",
            "held_mebibytes": 3.26,
            "step_peak_mebibytes": 1.68,
            **further,
        },
    }


def record(*benches, **further):
    return {
        "machine_info": {"system": "Linux", "load": 0.1, "cuda": None},
        "commit_info": {"id": "0123456789abcdef", "dirty": True},
        "benchmarks": list(benches),
        "version": "5.2.3",
        **further,
    }


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "machine"
    folder.mkdir()
    (folder / "step.json").write_text(json.dumps(record(step("lsgan", 1.0), step("wgan", 2.96))))
    contenders = {
        "textbook": {"processor_milliseconds": 20.0, "over_textbook": [1.0, 1.0, 1.0]},
        "ganzoo": {"processor_milliseconds": 15.0, "over_textbook": [0.7, 0.75, 0.8]},
        "absent": {"torchgan": "ModuleNotFoundError: <torchgan>"},
    }
    peers = step("hinge", 1.0) | {"extra_info": contenders}
    (folder / "peers.json").write_text(json.dumps(record(peers)))
    (folder / "other.json").write_text("{}")
    (folder / "cut.json").write_text(json.dumps(record(step("lsgan", 1.0)))[:300])
    return folder


@pytest.fixture
def sheets(results):
    return read_benchmarks(benchmarks_in(results))[0]


def test_a_folder_gives_what_is_whole_and_names_the_rest(results):
    found = benchmarks_in(results)
    assert [file.name for file in found] == ["cut.json", "peers.json", "step.json"]
    sheets, wrong = read_benchmarks(found)
    assert [(sheet.file, sheet.title) for sheet in sheets] == [
        ("peers.json", "mlp28"),
        ("step.json", "mlp28"),
    ]
    assert len(wrong) == 1
    assert "cut.json: not a whole record of pytest-benchmark" in wrong[0]
    with pytest.raises(BadData, match=r"cut\.json.*--benchmark-json=FILE"):
        read_benchmarks([results / "cut.json"])


def test_a_comparison_is_no_benchmark(tmp_path):
    (tmp_path / "records.jsonl").write_text("")
    (tmp_path / "runs.json").write_text("[]")
    assert benchmarks_in(tmp_path) == []
    assert benchmarks_in(tmp_path / "records.jsonl") == []
    assert benchmarks_in(tmp_path / "nowhere") == []


def test_columns_are_what_a_reader_compares(sheets):
    peers, steps = sheets
    assert steps.heads == (
        *("measured", "over nonsaturating", "ms", "IQR ms", "processor ms"),
        *("generator images/s", "of matrix rate", "bound by", "held MiB", "step peak MiB"),
    )
    assert steps.rows[1][:5] == ("wgan", "2.96", "12.3", "1", "12.2")
    assert steps.rows[1][5:7] == ("5\u202f203", "4.1 %")
    assert steps.alike == {"batch": "64"}
    assert steps.machine == {
        "system": "Linux",
        "load": "0.1",
        "commit": "0123456789ab with changes",
    }
    assert peers.heads == ("measured", "by", "over textbook", "processor ms")
    assert peers.rows[1] == ("hinge", "ganzoo", "0.75 (0.70 to 0.80)", "15")
    assert peers.absent == {"hinge, torchgan": "ModuleNotFoundError: <torchgan>"}


@pytest.mark.parametrize("width", [60, 200])
def test_the_terminal_names_what_it_leaves_out(sheets, width):
    out = io.StringIO()
    print_benchmarks(sheets, Console(file=out, width=width, color_system=None))
    text = out.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert ("not shown at this width" in text) == (width < 200)
    for expected in ("wgan", "2.96", "0.75 (0.70 to 0.80)", "every row: batch 64"):
        assert expected in text


def test_every_form_has_every_row(sheets, tmp_path):
    text = bench_markdown(sheets)
    assert "| wgan | 2.96 |" in text
    assert "not measured: hinge, torchgan: ModuleNotFoundError: \\<torchgan\\>" in text
    lines = list(csv.DictReader(io.StringIO(bench_csv(sheets))))
    assert [line["processor_time_over_nonsaturating"] for line in lines] == ["", "", "1.0", "2.96"]
    found = json.loads(bench_json(sheets))
    assert found[1]["rows"][1]["held_mebibytes"] == 3.26
    page = bench_html(sheets, "machine", tmp_path / "x.html").read_text()
    assert "&lt;torchgan&gt;" in page
    assert "<td>2.96</td>" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_a_duel_shows_both_sides_and_no_time_twice(tmp_path):
    extra = {"own_seconds": 1.0567, "rival_seconds": 13.055, "times_as_fast": 13.14}
    bench = {
        "name": "test_frechet[2048]",
        "group": "Fréchet distance, against sqrtm",
        "params": {"size": 2048},
        "stats": {"median": 1.1, "iqr": 0.04},
        "extra_info": {**extra, "relative_difference": 3.25e-13},
    }
    (tmp_path / "metrics.json").write_text(json.dumps(record(bench)))
    (sheet,), _ = read_benchmarks(benchmarks_in(tmp_path))
    assert sheet.title == "Fréchet distance, against sqrtm"
    heads = ("measured", "times as fast", "own s", "rival s", "relative difference")
    assert sheet.heads == heads
    assert sheet.rows == (("2048", "13.1", "1.06", "13.1", "3.25e-13"),)
