"""The table of the classic collection says what the records say."""

from __future__ import annotations

from typing import Any

from benchmarks.classic import table
from ganzoo.records.record import Record, Speed


def record(label: str, seed: int, *, loss: str, **rest: Any) -> Record:
    recipe = {"loss": {"name": loss}}
    given = {"status": "finished", "speed": Speed(cpu_seconds=10.0 * seed), **rest}
    return Record(key="k", label=label, task="t", seed=seed, recipe=recipe, **given)


def test_means_ranges_and_courses() -> None:
    made = [
        record(
            "CVAE",
            seed,
            loss="cvae",
            metrics={"frechet-distance": 2.0 * seed, "class-agreement": 0.98},
            curve={"held-out/elbo": [None, -60.0 - seed, -50.0, -40.0 - end]},
        )
        for seed, end in ((1, 0), (2, 20))
    ]
    made.append(record("CVAE", 3, loss="cvae", status="diverged"))
    made.append(record("GAN", 1, loss="nonsaturating", metrics={"class-agreement": 0.1}))
    assert table(made).splitlines()[2:] == [
        "| CVAE | 3.0 [2.0, 4.0] | 0.980 [0.980, 0.980] | 15 | 1 of 3 lost; held-out bound "
        "-62 [-62, -61] to -50 [-60, -40] nats, rising throughout in 1 of 2 |",
        "| GAN |  |  | 10 |  |",
    ]
