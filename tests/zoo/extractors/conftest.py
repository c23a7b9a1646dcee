"""Images, and a cache of weights in which there is nothing."""

from __future__ import annotations

import pytest
import torch


@pytest.fixture
def images():
    dice = torch.Generator().manual_seed(0)
    return torch.rand(6, 3, 16, 16, generator=dice) * 2 - 1


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path / "hub"), raising=False)
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
