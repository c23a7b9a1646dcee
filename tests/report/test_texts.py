from __future__ import annotations

import csv
import io
import math
import re

import msgspec
import pytest
from rich.console import Console

from ganzoo.records import load
from ganzoo.records.estimates import estimate
from ganzoo.report import csv_text, markdown, print_terminal
from ganzoo.report import numbers as fmt

change = msgspec.structs.replace
LONG = "hinge + r1(gamma=10.0, every=16) + spectral-norm + a term with a long name indeed"


def printed(records, width=100):
    out = io.StringIO()
    print_terminal(records, Console(file=out, width=width, color_system=None))
    return out.getvalue()


def widest(text):
    return max(map(len, text.splitlines()))


def test_the_terminal_has_it_all_and_fits(runs):
    text = printed(load(runs))
    assert widest(text) <= 100
    for expected in ("energy distance", "wgan-gp", "a perfect sampler", "2/3†", "seconds"):
        assert expected in " ".join(text.split())
    assert "minimax: seed 2 diverged: loss/generator was not finite at step 560" in text
    assert "seed 1 failed: RuntimeError: a <worker> of the machine was killed" in text
    assert "Over all tasks: wgan-gp" in text


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_columns_that_do_not_fit_are_named(runs, width):
    text = printed(load(runs), width)
    assert widest(text) <= width
    assert ("not shown at this width" in text) == (width < 160)
    assert "wgan-gp" in text


def test_long_labels_are_folded(make):
    text = printed([make(LONG, "ring8", 0), make("a", "ring8", 0)], 80)
    assert widest(text) <= 80
    assert "hinge + r1(gamma=10.0," in text


def test_markup_and_control_characters_are_text(make):
    text = printed(
        [make("[bold]x[/bold]\x1b[31m\x07", "ring8\n\x1b", 0), make("b", "ring8\n\x1b", 0)]
    )
    assert "[bold]x[/bold][31m" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_no_records():
    assert "nothing has been run" in printed([])
    assert "nothing has been run" in markdown([])
    assert csv_text([]).count("\n") == 1


def test_markdown_tables_are_whole(runs):
    text = markdown(load(runs))
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.count("|") - line.count("\\|") for line in rows}) <= 1
    assert "## ring8" in text
    assert "**wgan-gp** has the lowest energy distance" in text
    assert "| 2/3† |" in text
    assert "## What it cost" in text
    assert "a \\<worker\\> of the machine" in text


def test_markdown_escapes_what_records_say(make):
    label = "a|b *c* <img src=x> [d](e) `f`\ng"
    text = markdown([make(label, "ring8", 0), make("h", "ring8", 0)])
    assert "a\\|b \\*c\\* \\<img src=x\\> \\[d\\](e) \\`f\\` g" in text
    assert not re.search(r"(?<!\\)[<|*`]img", text)


def test_csv_has_every_number_in_full(runs):
    records = load(runs)
    lines = list(csv.DictReader(io.StringIO(csv_text(records))))
    found = {(line["key"], line["name"]): line for line in lines}
    for record in records:
        assert float(found[record.key, "seconds"]["value"]) == record.speed.seconds
        for name, value in record.metrics.items():
            line = found[record.key, name]
            assert line["value"] == ("" if value is None else repr(value))
            assert line["ranks"] == str(name in record.ranked).lower()
            assert line["status"] == record.status
    assert found[records[0].key, "modes"]["better"] == "higher"


def test_csv_quotes(make):
    record = make('a,"b"\nc', "ring8", 0, metrics={"x": math.inf})
    (line, *_) = csv.DictReader(io.StringIO(csv_text([record])))
    assert (line["objective"], line["value"]) == ('a,"b"\nc', "")


def test_two_digits_of_the_uncertainty():
    one, two = estimate([0.0101, 0.0110, 0.0120]), estimate([0.1, 0.2, 0.3])
    assert fmt.decimals([one]) == 4
    assert fmt.pair(one, fmt.decimals([one])) == "0.0110\u00a0±\u00a00.0024"
    assert fmt.decimals([two]) == 2
    assert fmt.decimals([estimate([120.01, 120.02])]) == 2
    assert fmt.decimals([estimate([8.0, 8.0])]) == 0
    assert fmt.decimals([estimate([])]) == 3
    assert fmt.half(estimate([1.0, 1.00001]), 2) == "± <0.01"


def test_numbers_for_people():
    assert fmt.number(-0.5, 1) == "\u22120.5"
    assert fmt.number(1.234e9, 2) == "1.23e9"
    assert fmt.number(-0.001, 1) == "0.0"
    assert fmt.number(math.nan, 2) == fmt.count(math.nan) == fmt.times(math.nan) == "\u2013"
    assert [fmt.duration(s) for s in (3.14, 130, 7500)] == ["3.1 s", "2 min 10 s", "2 h 05 min"]
    assert fmt.duration(math.nan) == "\u2013"
    assert [fmt.factor(x) for x in (1.234, 12.6, 281.0)] == ["1.2", "13", "280"]
    assert fmt.title("frechet-distance") == "Fréchet distance"
    assert fmt.title("mode-kl") == "mode KL"
