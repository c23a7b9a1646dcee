from __future__ import annotations

import base64
import math
import re
import struct
import zlib
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from ganzoo.records import load, summarise
from ganzoo.report.axes import Axis, spanning
from ganzoo.report.curves import figures
from ganzoo.report.pictures import Frame, grid
from ganzoo.report.png import data_uri
from ganzoo.report.portraits import overlay, plots, stalls
from ganzoo.report.samples import gallery, read_samples
from ganzoo.report.strips import scale, strip, strip_scale
from ganzoo.report.svg import Chart, points, swatch
from ganzoo.report.tracks import track

change = msgspec.structs.replace


def decoded(uri):
    """The pixels of a PNG as this package writes them."""
    content = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, body = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + body)
        chunks[kind], place = body, place + 12 + length
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    channels = {4: 2, 6: 4}[colour]
    assert depth == 8
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, channels)


@pytest.mark.parametrize("channels", [2, 4])
def test_a_png_holds_its_pixels(channels):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), dtype=np.uint8)
    assert np.array_equal(decoded(data_uri(pixels)), pixels)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_and_within(low, span):
    ticks = Axis(low, low + span).ticks(5)
    assert len(ticks) <= 7
    assert all(low - 1e-6 * span <= value <= low + 1.000001 * span for value, _ in ticks)


@given(st.floats(1e-9, 1e6), st.floats(1.2, 1e9))
def test_ticks_of_a_log_scale_are_few_and_within(low, ratio):
    ticks = Axis(low, low * ratio, log=True).ticks(5)
    assert len(ticks) <= 7
    assert all(low * 0.99 <= value <= low * ratio * 1.01 for value, _ in ticks)


def test_scales():
    assert spanning([]) == Axis(0.0, 1.0)
    assert not spanning([1.0, 2.0], log=None).log
    assert spanning([0.01, 2.0], log=None).log
    assert not spanning([-0.01, 2.0], log=None).log
    assert spanning([3.0]).low < 3.0 < spanning([3.0]).high
    assert [text for _, text in Axis(1e-5, 1.0, log=True).ticks(3)] == ["10⁻⁵", "0.001", "0.1"]
    assert Axis(0.01, 1.0, log=True).place(0.1) == pytest.approx(0.5)
    assert [text for _, text in Axis(-20_000.0, 20_000.0).ticks(4)] == [
        "\u221220k",
        "\u221210k",
        "0",
        "10k",
        "20k",
    ]


def test_a_chart_is_xml_and_escapes():
    chart = Chart(Axis(0, 1), Axis(0, 1), labels=("<x>", "y & z"), about='"quoted" <b>')
    chart.line([0, 0.5, 1], [0, math.nan, 1], 9, turn=(1, 2))
    chart.band([0, 1], [0, 0.1], [0.5, math.nan], 0)
    chart.band([0, 1], [0, 0.1], [0.5, 0.6], 0)
    chart.region(0, 0.2, "<script>")
    chart.rule(0.5, "a & b")
    chart.end(1, 1, 0)
    tree = ElementTree.fromstring(str(chart.svg()))
    assert tree.get("aria-label") == '"quoted" <b>'
    texts = [text.text for text in tree.iter("text")]
    assert {"<x>", "y & z", "<script>", "a & b"} <= set(texts)
    assert sum(path.get("class", "").startswith("band") for path in tree.iter("path")) == 1


def test_gaps_lift_the_pen():
    assert points([0, 1, 2, 3], [0, 1, math.nan, 3]) == "M0.0 0.0L1.0 1.0M3.0 3.0"
    assert swatch(0) != swatch(7) != swatch(14)


def test_curves_are_means_and_ranges_over_seeds(make):
    records = [make("a", "ring8", seed) for seed in range(3)]
    found = track(records, "energy-distance")
    columns = [[v for v in r.curve["energy-distance"] if v is not None] for r in records]
    assert found.steps[:2] == (150.0, 300.0)
    assert found.mean == pytest.approx(np.mean(columns, axis=0))
    assert found.low == pytest.approx(np.min(columns, axis=0))
    assert found.high == pytest.approx(np.max(columns, axis=0))
    assert found.seconds[-1] == pytest.approx(np.mean([r.curve["seconds"][-1] for r in records]))
    assert track(records, "nothing") is None
    ragged = change(records[0], curve={"step": [1.0, 2.0, 3.0], "x": [1.0, 2.0]})
    assert track([ragged], "x").mean == (1.0, 2.0)


def test_long_curves_are_averaged_not_cut(make):
    steps = [float(step) for step in range(1000)]
    record = make("a", "ring8", 0, curve={"step": steps, "seconds": steps, "x": steps})
    found = track([record], "x")
    assert len(found.steps) <= 160
    assert found.steps[-1] == 999.0
    assert found.mean[0] == pytest.approx(np.mean(steps[:7]))


def test_figures_of_a_task(runs):
    comparison = summarise(load(runs))
    found = figures(comparison, comparison.tasks[0])
    heads = [ElementTree.fromstring(str(figure.steps))[0].text for figure in found]
    assert heads[0].startswith("energy distance")
    assert heads[-3:] == ["loss of the discriminator", "loss of the generator", "mean D(x)"]
    assert "broken" in str(found[0].steps)
    assert "seconds" in str(found[0].seconds)
    bare = [change(record, curve={}) for record in load(runs)]
    comparison = summarise(bare)
    assert figures(comparison, comparison.tasks[0]) == []


def test_strips_show_seeds_and_lost_runs(runs):
    comparison = summarise(load(runs))
    table = comparison.tasks[0]
    axis = strip_scale(table)
    row = table.rows[-1]
    tree = ElementTree.fromstring(str(strip(comparison, table, row, axis)))
    kinds = [element.get("class") for element in tree.iter()]
    assert (kinds.count("seed"), kinds.count("lost"), kinds.count("bar")) == (2, 1, 1)


def test_the_saturating_loss_stalls_and_others_do_not(make):
    records = [
        make(label, "ring8", 0) for label in ("minimax", "nonsaturating", "wgan-gp", "hinge")
    ]
    comparison = summarise(records)
    assert [label for label, p in comparison.portraits.items() if stalls(p)] == ["minimax"]
    text = str(overlay(comparison))
    assert "the discriminator" in text
    assert "is winning here" in text
    assert text.count("stroke-dasharray:9 9") == 2, "wgan-gp and hinge pull alike"
    assert "stalls" in plots(comparison.portraits["minimax"], 0).caption


def test_portraits_with_little_to_draw(make):
    portrait = make("minimax", "ring8", 0).portrait
    assert plots(change(portrait, score=(), generator=()), 0) is None
    part = change(portrait, generator_gradient=(), discriminator_fake=())
    assert plots(part, 0).pull == ""
    odd = change(portrait, generator_gradient=(math.nan,) * len(portrait.score))
    assert plots(odd, 0).pull == ""
    energy = change(portrait, discriminator_fake=portrait.discriminator_real)
    assert not stalls(energy)
    record = make("a", "ring8", 0, portrait=energy)
    assert overlay(summarise([record])) is None


def test_a_frame_counts_what_is_outside():
    frame = Frame(np.array([[0.0, 0.0], [1.0, 1.0]]))
    values = np.array([[0.5, 0.5], [50.0, 0.0], [math.nan, 0.0]])
    assert frame.inside(values).tolist() == [True, False, False]
    x, y = frame.place(values)
    assert (x.tolist(), y.tolist()) == ([100.0], [100.0])


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_grid_of_images(channels):
    images = np.full((10, channels, 4, 6), -1.0)
    images[0] = 1.0
    images[1, 0, 0, 0] = math.nan
    uri = str(grid(images, across=8, about="<a>")).split('src="')[1].rstrip('">')
    pixels = decoded(uri)
    times = pixels.shape[0] // (3 * 4 + 2)
    assert pixels.shape[2] == (4 if channels == 3 else 2)
    assert pixels[0, 0, 0] == 255
    assert pixels[-1, -1, 0] == 0
    assert pixels[4 * times, 0, -1] == 0, "between images it is transparent"


def test_samples_are_read_from_the_folder_alone(make, tmp_path):
    folder = tmp_path / "runs"
    record = make("a", "ring8", 0, folder)
    assert read_samples(record, folder)["fake"].shape == (1000, 2)
    save_file({"fake": np.zeros((2, 2))}, tmp_path / "secret.safetensors")
    for path in ("../secret.safetensors", str(tmp_path / "secret.safetensors"), "", "gone"):
        assert read_samples(change(record, samples=path), folder) is None
    (folder / record.samples).write_bytes(b"not safetensors")
    assert read_samples(record, folder) is None


def test_galleries(runs, make, tmp_path):
    comparison = summarise(load(runs))
    points, images = (gallery(comparison, table, runs) for table in comparison.tasks)
    assert points.points
    assert not images.points
    assert [len(panel.small) for panel in points.panels] == [2, 2, 2, 1]
    assert ElementTree.fromstring(str(points.panels[0].main.image)).tag == "svg"
    brief = gallery(comparison, comparison.tasks[0], runs, budget=10)
    assert [len(panel.small) for panel in brief.panels] == [0] * 4
    nothing = gallery(comparison, comparison.tasks[0], tmp_path)
    assert "not beside the records" in nothing.problem
    record = make("a", "waves", 0, samples="x.safetensors")
    save_file({"fake": np.zeros((3, 5)), "real": np.zeros((3, 5))}, tmp_path / "x.safetensors")
    comparison = summarise([record])
    assert "shape 5 have no picture" in gallery(comparison, comparison.tasks[0], tmp_path).problem


def test_ticks_of_a_strip_do_not_touch(make):
    """As 0.001 and 0.01 would, side by side."""
    (table,) = summarise([make("hinge", "ring8", seed) for seed in range(3)]).tasks
    for low, high in ((3e-4, 3.0), (2e-4, 8.0), (0.5, 900.0), (-1000.0, 1000.0), (0.1, 0.9)):
        marked = scale(table, Axis(low, high, log=low > 0))
        found = re.findall(r'<text x="([\d.]+)" y="17" text-anchor="(\w+)">([^<]+)<', marked)
        assert found
        ends = []
        for x, side, text in found:
            wide = 5 * len(text)
            left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[side]
            ends += [left, left + wide]
        assert ends == sorted(ends)
