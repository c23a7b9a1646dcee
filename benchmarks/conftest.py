"""Options, device and machine description of the benchmarks."""

from __future__ import annotations

import os
import platform
from typing import Any

import pytest
import torch

import ganzoo
from benchmarks.limits import Rates


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ganzoo benchmarks")
    group.addoption("--device", default="auto", help="cpu or cuda; auto: CUDA where there is one")
    group.addoption("--threads", type=int, default=1, help="of torch on the CPU (default: 1)")
    group.addoption(
        "--budget",
        type=float,
        default=1.5,
        help="seconds of measured steps for each benchmark, at least 3 steps (default: 1.5)",
    )
    group.addoption(
        "--seeds", type=int, default=8, help="how many test_engines.py trains at once (default: 8)"
    )
    group.addoption(
        "--every", action="store_true", help="all losses on the heavy networks, on a CPU too"
    )
    group.addoption(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the measured trainer, such as precision=bfloat16",
    )


def _device(config: pytest.Config) -> torch.device:
    asked = config.getoption("--device")
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(asked)


@pytest.fixture(scope="session")
def device(request: pytest.FixtureRequest) -> torch.device:
    return _device(request.config)


@pytest.fixture(scope="session")
def budget(request: pytest.FixtureRequest) -> float:
    return float(request.config.getoption("--budget"))


@pytest.fixture(scope="session")
def seeds(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seeds"))


@pytest.fixture(scope="session")
def rates(device: torch.device, _threads: None) -> Rates:
    return Rates(device)


@pytest.fixture(scope="session", autouse=True)
def _threads(request: pytest.FixtureRequest) -> None:
    torch.set_num_threads(request.config.getoption("--threads"))


def pytest_benchmark_update_machine_info(
    config: pytest.Config, machine_info: dict[str, Any]
) -> None:
    """What explains the numbers, and nothing that names the machine."""
    device, cpu = _device(config), machine_info.get("cpu", {})
    machine_info.clear()
    machine_info.update(
        system=platform.system(),
        architecture=platform.machine(),
        processor=cpu.get("brand_raw", "unknown"),
        cores=os.cpu_count(),
        threads=config.getoption("--threads"),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        device=torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu",
        cuda=torch.version.cuda if device.type == "cuda" else None,
        matmul_precision=torch.get_float32_matmul_precision(),
        python=platform.python_version(),
        torch=torch.__version__,
        ganzoo=ganzoo.__version__,
    )


def pytest_benchmark_update_commit_info(commit_info: dict[str, Any]) -> None:
    """The commit, and whether anything was changed since; not who, where, or in which folder."""
    kept = {name: commit_info.get(name) for name in ("id", "dirty")}
    commit_info.clear()
    commit_info.update(kept)
