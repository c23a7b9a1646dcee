"""What a record says of where it comes from: plugins, machine, commit."""

from __future__ import annotations

import platform
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from ganzoo.recipe import Recipe
from ganzoo.registry import default_registry, parse_call

__all__ = ["commit", "machine", "plugins"]


def plugins(recipe: Recipe) -> dict[str, str]:
    """Distribution -> version of everything of the recipe that a registry knows."""
    named = [
        ("losses", recipe.loss.name),
        ("datasets", recipe.dataset.name),
        *(("terms", parse_call(term)[0]) for term in recipe.add),
        *(("metrics", name) for name in recipe.metrics),
    ]
    if recipe.architecture is not None:
        named.append(("architectures", recipe.architecture.name))
    found = [default_registry().find(kind, name) for kind, name in named]
    return {each.distribution: each.version for each in found}


@lru_cache(maxsize=1)
def machine() -> dict[str, Any]:
    """Platform, processor, torch, device, threads."""
    cuda = torch.cuda.is_available()
    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "processor": _processor(),
        "torch": str(torch.__version__),
        "device": torch.cuda.get_device_name() if cuda else "cpu",
        "threads": torch.get_num_threads(),
    }


@lru_cache(maxsize=1)
def commit() -> str:
    """The commit of ganzoo's sources, ``"+changes"`` behind one that was changed; empty where
    they are no git checkout, or there is no git.
    """
    home = Path(__file__).parents[1]
    # Installed into somebody else's checkout, ganzoo is not what its commits are of.
    if not _git(home, "ls-files", "--", "__init__.py"):
        return ""
    found = _git(home, "rev-parse", "HEAD")
    changed = found and _git(home, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return f"{found}+changes" if changed else found


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - whichever git there is
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else platform.processor()
