"""Let an environment see all that is installed in the one that runs this.

python benchmarks/peers/environment.py OTHER

So torch is there once, and the libraries of the benchmark stay out of the way of everything else.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path


def link(other: Path) -> Path:
    """Write the line that adds this environment's packages to another's."""
    packages = sysconfig.get_path("purelib")
    (place,) = (other / "lib").glob("python3*/site-packages")
    line = place / "ganzoo-environment.pth"
    line.write_text(f"import site; site.addsitedir({packages!r})\n")
    return line


if __name__ == "__main__":
    print(link(Path(sys.argv[1])))
