"""The worker on its own, and what of the comparison needs no torch."""

import subprocess
import sys

LIGHT = """
import sys
import ganzoo.compare
from ganzoo.compare import Comparison, Plan, planfile, store, worker
from ganzoo.records import Record, ranking, statistics
assert "torch" not in sys.modules, "torch was imported"
print(Plan.of().name, Record.__name__, Comparison.__name__)
"""


def test_a_worker_ends_when_nobody_talks_to_it():
    ended = subprocess.run(
        [sys.executable, "-m", "ganzoo.compare.worker"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, b"")


def test_plans_records_and_statistics_need_no_torch():
    ended = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.stdout == "default Record Comparison\n", ended.stderr
