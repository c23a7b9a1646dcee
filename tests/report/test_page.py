from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from ganzoo import report
from ganzoo.errors import MissingData
from ganzoo.records import load
from ganzoo.report import write_html

change = msgspec.structs.replace
VOID = {"meta", "link", "input", "img", "br", "path", "circle", "rect", "use", "image"}
SECTIONS = ["results", "samples", "curves", "certainty", "cost", "objectives", "method", "records"]
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


class Page(HTMLParser):
    """Checks nesting; gathers ids, addresses, event handlers and tags."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.addresses, self.tags = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href"):
                self.addresses.append((tag, value))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def written(records, folder):
    return write_html(records, folder, folder / "report.html").read_text(encoding="utf-8")


def check(text):
    page = Page(text)
    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)
    for tag, address in page.addresses:
        # A link may lead out; whatever is loaded must be here.
        inside = address.startswith(("#", "data:"))
        assert inside or (tag == "a" and address.startswith("https://arxiv.org/abs/")), address
        assert not address.startswith("#") or address[1:] in page.ids
    assert page.tags.count("script") == 1
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert "url(" not in text
    return page


@pytest.fixture(scope="module")
def text(runs, tmp_path_factory):
    return write_html(
        load(runs), runs, tmp_path_factory.mktemp("page") / "a" / "b.html"
    ).read_text()


def test_the_page_is_whole_and_self_contained(text):
    page = check(text)
    assert [name for name in page.ids if name in SECTIONS] == SECTIONS
    assert text.count('type="range"') == text.count('class="films"') == 2
    assert 'data-steps="0 300 1500"' in text
    assert text.count('<tr id="run-') == 24
    assert "critical difference" in text
    assert len(text) < 1_500_000


def test_the_page_answers_first(text):
    body = re.sub(r"<[^>]+>", "", text.split("<body>")[1])
    body = " ".join(body.split())
    assert body.index("has the best mean on both tasks") < body.index("Results")
    for expected in (
        "24 runs: 22 finished, 1 diverged, 1 failed",
        "a perfect sampler",
        "not ranked by",
        "seed 2 diverged: loss/generator was not finite at step 560",
        "a &lt;worker&gt; of the machine was killed",
        "the discriminatoris winning here",
        "this one stalls",
        "settings.steps1500",
    ):
        assert expected in body
    assert body.index("Results") < body.index("How sure") < body.index("this one stalls")


def test_every_record_is_named(text, runs):
    for record in load(runs):
        assert f"<code>{record.key}</code>" in text


def test_formulas_are_set(text):
    assert "L<sub>D</sub> = E [1 - r]+ + E [1 + f]<sup>2</sup>" in text
    assert 'href="https://arxiv.org/abs/1704.00028"' in text


def test_everything_from_records_is_escaped(make, tmp_path):
    record = make("hinge", "ring8", 0, tmp_path)
    portrait = change(
        record.portrait, title=EVIL, summary=EVIL, formulas=EVIL, paper=EVIL, family=EVIL
    )
    (tmp_path / "plan.toml").write_text(EVIL)
    records = [
        change(
            record,
            key=EVIL + str(seed),
            label=EVIL + ("x" if seed == 2 else ""),
            task=EVIL,
            seed=seed,
            reason=EVIL,
            status="finished" if seed else EVIL,
            recipe={EVIL: {EVIL: EVIL}, "settings": {"steps": seed}},
            plugins={EVIL: EVIL},
            machine={EVIL: [EVIL]},
            metrics={EVIL: 1.0 + seed, "energy-distance": 0.5 + seed},
            floor={EVIL: 0.1},
            directions={EVIL: EVIL},
            ranked=(EVIL, "energy-distance"),
            curve={**record.curve, EVIL: record.curve["seconds"]},
            portrait=portrait,
            finished_at=EVIL,
        )
        for seed in range(4)
    ]
    page = check(written(records, tmp_path))
    assert "img" not in page.tags


@pytest.mark.parametrize(
    "changes",
    [
        {"metrics": {"energy-distance": None, "mode-kl": None}},
        {"metrics": {}, "floor": {}, "ranked": (), "directions": {}},
        {"curve": {}},
        {"curve": {"step": [1.0, 2.0], "energy-distance": [None, None]}},
        {"portrait": None},
        {"status": "diverged", "reason": "nan"},
        {"status": "failed", "metrics": {}, "curve": {}, "floor": {}, "samples": ""},
        {"machine": {}, "plugins": {}, "recipe": {}, "finished_at": ""},
        {"metrics": {"energy-distance": -1.0}, "floor": {"energy-distance": None}},
        {"metrics": {"energy-distance": 0.0}, "floor": {"energy-distance": 0.0}},
        {"metrics": {"energy-distance": 1e300}},
        {"metrics": {"energy-distance": 1e90}, "floor": {"energy-distance": 1e-90}},
    ],
)
def test_poor_records_make_a_page(make, tmp_path, changes):
    records = [make(label, "ring8", seed, **changes) for label in ("a", "b") for seed in (0, 1)]
    check(written(records, tmp_path))
    check(written([*records, make("wgan-gp", "digits", 0)], tmp_path))
    check(written(records[:1], tmp_path))


def test_no_records_make_a_page(tmp_path):
    assert "0 objectives" in written([], tmp_path)


def test_twelve_objectives_are_told_apart(make, tmp_path):
    text = written([make(f"loss-{i}", "ring8", 0) for i in range(16)], tmp_path)
    check(text)
    assert "s0 d1" in text
    assert "s1 d2" in text


def test_a_run_made_twice_counts_once(make, put, tmp_path):
    first = make("a", "ring8", 0)
    again = change(first, metrics={"energy-distance": 7.0})
    folder = put(tmp_path / "runs", [first, make("b", "ring8", 0), again])
    found = load(folder)
    assert (found[0].label, found[0].metrics) == ("a", {"energy-distance": 7.0})
    assert len(found) == 2
    assert load(folder / "records.jsonl") == found


def test_a_folder_without_records_says_where_some_are(make, put, tmp_path):
    put(tmp_path / "first", [make("a", "ring8", 0)])
    with pytest.raises(MissingData, match=r"these hold one: .*first"):
        load(tmp_path)
    with pytest.raises(MissingData, match="ganzoo compare"):
        load(tmp_path / "nowhere")


def test_the_report_imports_no_torch(runs, tmp_path):
    code = (
        "import sys, pathlib; from ganzoo import records, report; from rich.console import Console;"
        "runs, page = map(pathlib.Path, sys.argv[1:]); found = records.load(runs);"
        "report.write_html(found, runs, page); report.print_terminal(found, Console());"
        "report.markdown(found); report.csv_text(found);"
        "bad = {'torch', 'matplotlib', 'pandas'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    command = [sys.executable, "-c", code, str(runs), str(tmp_path / "x.html")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.html").stat().st_size > 100_000


def test_small_print_can_be_read_in_both_schemes():
    style = (Path(report.__file__).parent / "assets" / "page.css").read_text()
    schemes = [dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in style.split("@media")[:2]]

    def light(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colours in schemes:
        for name in ("ink", "soft", "faint", "link"):
            for ground in ("paper", "raised", "wash"):
                low, high = sorted((light(colours[name]), light(colours[ground])))
                # WCAG 2.2, 1.4.3: at least 4.5 to 1 for text of any size.
                assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground)
