"""Synthetic records that look like real ones: what a small comparison leaves behind."""

from __future__ import annotations

import math
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from safetensors.numpy import save_file

from ganzoo.records.record import Portrait, Record, Speed

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXIS = tuple(np.linspace(-8, 8, 65).tolist())


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, x)


def portrait(kind: str) -> Portrait:
    s = np.array(AXIS)
    sigmoid = 1 / (1 + np.exp(-s))
    real, fake, generator, gradient, summary, year, paper = {
        "minimax": (
            *(softplus(-s), softplus(s), -softplus(s), -sigmoid),
            *("The original, saturating loss", 2014, "1406.2661"),
        ),
        "nonsaturating": (
            *(softplus(-s), softplus(s), softplus(-s), sigmoid - 1),
            *("The -log D trick", 2014, "1406.2661"),
        ),
        "wgan-gp": (
            *(-s, s, -s, -np.ones_like(s)),
            *("Wasserstein distance with a gradient penalty", 2017, "1704.00028"),
        ),
        "hinge": (
            *(np.maximum(0, 1 - s), np.maximum(0, 1 + s), -s, -np.ones_like(s)),
            *("The hinge loss of geometric GAN", 2017, "1705.02894"),
        ),
        "lsgan": (
            *((s - 1) ** 2 / 2, s**2 / 2, (s - 1) ** 2 / 2, s - 1),
            *("Least squares to codes", 2016, "1611.04076"),
        ),
    }[kind]
    return Portrait(
        title=kind,
        summary=summary,
        formulas=FORMULAS.format(summary=summary, paper=paper),
        paper=paper,
        year=year,
        family="founding",
        score=AXIS,
        discriminator_real=tuple(real.tolist()),
        discriminator_fake=tuple(fake.tolist()),
        generator=tuple(generator.tolist()),
        generator_gradient=tuple(gradient.tolist()),
    )


FORMULAS = """{summary}.

With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

    L_D = E [1 - r]+ + E [1 + f]^2
    L_G = -E f

At the optimal discriminator ``sign(p - q)``, L_D = 2 - 2 TV(p, q). See
:func:`ganzoo.get_loss`.

Args:
    margin: what the generator wants its scores to be; 1 is usual, and a long
        sentence goes on here.
    turns: discriminator steps for each generator step.

Reference: somebody 2017, arXiv {paper}.
"""

QUALITY = {
    "minimax": (0.62, 7.4),
    "nonsaturating": (0.16, 5.2),
    "lsgan": (0.2, 7.6),
    "wgan-gp": (0.014, 4.0),
    "hinge + spectral-norm": (0.016, 5.8),
}


def ring(rng: np.random.Generator, count: int, modes: int = 8, scale: float = 0.1) -> np.ndarray:
    angle = 2 * np.pi * rng.integers(0, modes, count) / 8
    centre = 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    return (centre + scale * rng.normal(size=(count, 2))).astype(np.float32)


def pictures(rng: np.random.Generator, count: int, noise: float = 0.0) -> np.ndarray:
    y, x = np.mgrid[0:8, 0:8]
    centre, radius = rng.uniform(2, 5, (count, 2, 1, 1)), rng.uniform(1, 3, (count, 1, 1))
    distance = np.hypot(y - centre[:, 0], x - centre[:, 1])
    drawn = 2 * np.exp(-((distance - radius) ** 2)) - 1 + noise * rng.normal(size=(count, 8, 8))
    return drawn[:, None].clip(-1, 1).astype(np.float32)


def curve(
    rng: np.random.Generator, final: dict[str, float], seconds: float, probability: bool
) -> dict:
    steps = list(range(50, 1501, 50))
    fade = np.exp(-np.arange(len(steps)) / 6)
    columns: dict[str, list[float | None]] = {
        "step": [float(step) for step in steps],
        "seconds": [seconds * step / steps[-1] for step in steps],
        "loss/discriminator": (1.2 - 0.3 * fade + 0.05 * rng.normal(size=30)).tolist(),
        "loss/generator": (0.8 + 0.5 * fade + 0.1 * rng.normal(size=30)).tolist(),
        "loss/generator/0-Term": (0.8 + 0.5 * fade).tolist(),
        "probability/real": (0.6 + 0.2 * fade + 0.02 * rng.normal(size=30)).tolist(),
        "probability/fake": (0.4 - 0.3 * fade + 0.02 * rng.normal(size=30)).tolist(),
    }
    for name, value in final.items():
        way = 1 - fade if name in ("modes", "quality", "recall") else 1 + 6 * fade
        measured = value * way * np.exp(0.05 * rng.normal(size=30))
        columns[name] = [v if i % 3 == 2 else None for i, v in enumerate(measured.tolist())]
    if not probability:
        del columns["probability/real"], columns["probability/fake"]
    return columns


def make_record(label: str, task: str, seed: int, folder: Path | None = None, **changes) -> Record:
    """One finished run, with its samples on disk where a folder is given."""
    number = zlib.crc32(f"{label}/{task}/{seed}".encode())
    rng = np.random.default_rng(number)
    kind = label.split(" +")[0]
    points = task == "ring8"
    level = QUALITY.get(label, (0.1, 5.0))[0 if points else 1] * math.exp(0.12 * rng.normal())
    seconds = (4.0 if "wgan" not in label else 8.5) * rng.uniform(0.9, 1.1)
    turns = 2 if "wgan" in label else 1
    good = {"energy-distance": level, "mode-kl": level / 3, "modes": 8.0, "quality": 0.9 - level}
    metrics = good if points else {"frechet-distance": level, "kid": level / 20, "recall": 0.8}
    record = Record(
        key=f"{number:08x}",
        label=label,
        task=task,
        seed=seed,
        status="finished",
        recipe={
            "loss": {"name": kind, "options": {}},
            "add": label.split(" + ")[1:],
            "dataset": {"name": task},
            "settings": {"steps": 1500, "batch": 128 if points else 64, "seed": seed},
        },
        plugins={"ganzoo": "0.1.0"},
        machine={"platform": "Linux", "torch": "2.14.1", "device": "cpu", "threads": 1},
        curve=curve(rng, metrics, seconds, "wgan" not in label),
        metrics=dict(metrics),
        floor={"energy-distance": 0.003, "mode-kl": 0.002, "modes": 8.0, "quality": 0.989}
        if points
        else {"frechet-distance": 0.52, "kid": -0.01, "recall": 0.92},
        directions={"modes": "higher", "quality": "higher", "recall": "higher"},
        ranked=("energy-distance", "mode-kl") if points else ("frechet-distance", "kid"),
        speed=Speed(seconds, seconds * 1.02, 1500, 1500 * turns, 1500 * turns * 64),
        budget={"steps": 1500.0},
        best={name: 0.9 * value for name, value in metrics.items()},
        best_step=1200,
        diagnosis=("collapsed", "oscillating") if label == "nonsaturating" else (),
        missing=(1, 4) if label == "nonsaturating" else (),
        commit="0123abcd+changes",
        portrait=portrait(kind) if kind in QUALITY or kind == "hinge" else None,
        finished_at=f"2026-05-0{1 + seed}T12:00:00+00:00",
    )
    if folder is not None:
        record = msgspec.structs.replace(record, samples=f"samples/{record.key}.safetensors")
        modes = 3 if label == "nonsaturating" else 8
        fake = ring(rng, 1000, modes, 0.15) if points else pictures(rng, 64, level / 20)
        real = ring(np.random.default_rng(9), 1000) if points else pictures(rng, 64)
        (folder / "samples").mkdir(parents=True, exist_ok=True)
        steps = (0, 300, 1500)
        moments = {f"fake@{step}": fake[:16] * (0.2 + step / 1500) for step in steps}
        save_file({"fake": fake, "real": real, **moments}, folder / record.samples)
        record = msgspec.structs.replace(record, steps_shown=steps)
    return msgspec.structs.replace(record, **changes)


def write(folder: Path, records: Sequence[Record]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    (folder / "records.jsonl").write_bytes(lines)
    return folder


def comparison(folder: Path | None) -> list[Record]:
    """4 objectives x 2 tasks x 3 seeds: one run diverged, one failed, one metric is missing,
    one file of samples is gone.
    """
    labels = ("minimax", "nonsaturating", "wgan-gp", "hinge + spectral-norm")
    records = [
        make_record(label, task, seed, folder)
        for task in ("ring8", "digits")
        for label in labels
        for seed in range(3)
    ]
    change = msgspec.structs.replace
    last = records[2]
    cut = {name: values[:11] for name, values in last.curve.items()}
    why = "loss/generator was not finite at step 560"
    records[2] = change(last, status="diverged", reason=why, curve=cut, samples="")
    why = "RuntimeError: a <worker> of the machine\n was killed"
    records[16] = change(records[16], status="failed", reason=why, metrics={}, curve={}, samples="")
    lost = {**records[13].metrics, "kid": None}
    records[13] = change(records[13], metrics=lost, samples="samples/gone.safetensors")
    return records


@pytest.fixture(scope="session")
def make() -> Callable[..., Record]:
    return make_record


@pytest.fixture(scope="session")
def put() -> Callable[[Path, Sequence[Record]], Path]:
    return write


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole comparison; see :func:`comparison`."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    return write(folder, comparison(folder))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser without a window."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("needs a chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()
