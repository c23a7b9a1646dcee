"""A record of the step benchmark as a Markdown table.

python benchmarks/table.py benchmarks/results/<machine>/step.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COLUMNS = {
    "discriminator_turns_per_step": "D turns",
    "processor_milliseconds_per_step": "processor ms",
    "processor_time_over_nonsaturating": "over nonsaturating",
    "wall_time_over_nonsaturating": "over nonsaturating",
    "discriminator_real_images_per_second": "real images/s to D",
    "generator_images_per_second": "G images/s",
    "held_mebibytes": "held MiB",
    "step_peak_mebibytes": "step peak MiB",
}


def table(record: dict[str, Any]) -> str:
    """Median step, its quartiles' distance, and the further columns that the record has."""
    benchmarks = record["benchmarks"]
    further = [name for name in COLUMNS if any(name in b["extra_info"] for b in benchmarks)]
    head = ["network and loss", "step ms", "IQR ms", *(COLUMNS[name] for name in further)]
    lines = [head, ["---", *("---:" for _ in head[1:])]]
    for each in benchmarks:
        network, loss = each["params"]["network"], each["params"]["loss"]
        times = [f"{1e3 * each['stats'][name]:.2f}" for name in ("median", "iqr")]
        values = [f"{each['extra_info'][name]:g}" for name in further]
        lines.append([f"{network} {loss}", *times, *values])
    machine = ", ".join(f"{name} {value}" for name, value in record["machine_info"].items())
    return "\n".join([machine, "", *(f"| {' | '.join(line)} |" for line in lines)])


if __name__ == "__main__":
    print(table(json.loads(Path(sys.argv[1]).read_text())))
