from __future__ import annotations

import pytest
import torch
from torch import Tensor

import ganzoo
from ganzoo import Term


class Counting(Term):
    steps: Tensor = ganzoo.state()

    def __post_init__(self):
        self.head = torch.nn.Linear(2, 1)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_state_never_becomes_half_precision(kind):
    term = Counting(weight=0.1)
    term.steps.fill_(2049)  # no half-precision number
    holder = torch.nn.Sequential(term).to(kind)
    assert term.head.weight.dtype == kind
    assert (term.steps.item(), term.weight.item()) == (2049, 0.1)
    assert holder.state_dict()["0.steps"].dtype == torch.float64


def test_state_follows_where_it_can():
    term = Counting(weight=0.1).float().half()
    assert term.steps.dtype == term.weight.dtype == torch.float32
    assert term.double().weight.dtype == torch.float64
    assert Counting().to("meta").half().steps.device.type == "meta"
