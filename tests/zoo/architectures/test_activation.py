"""The lean rectifiers: torch's values and gradients, and no second derivative to carry."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from ganzoo.errors import BadOption
from ganzoo.zoo.architectures.activation import (
    LeakyReLU,
    ReLU,
    leaky_relu,
    relu,
    sparing_leaky_relu,
    sparing_relu,
)

PAIRS = [
    pytest.param(leaky_relu, lambda x: functional.leaky_relu(x, 0.2), id="leaky"),
    pytest.param(lambda x: leaky_relu(x, 0.01), functional.leaky_relu, id="leaky-0.01"),
    pytest.param(relu, functional.relu, id="relu"),
    pytest.param(sparing_leaky_relu, lambda x: functional.leaky_relu(x, 0.2), id="sparing-leaky"),
    pytest.param(sparing_relu, functional.relu, id="sparing-relu"),
]
DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("lean", "plain"), PAIRS)
def test_values_and_dtype_are_those_of_torch(lean, plain, dtype):
    x = torch.randn(5, 7, 3).to(dtype)
    assert lean(x).dtype == dtype
    assert torch.equal(lean(x), plain(x))


@pytest.mark.parametrize(("lean", "plain"), PAIRS)
def test_special_values(lean, plain):
    x = torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0, -0.0])
    torch.testing.assert_close(lean(x), plain(x), rtol=0, atol=0, equal_nan=True)


class Activation(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def penalty_gradients(function):
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        Activation(function),
        nn.Conv2d(4, 5, 3, stride=2, padding=1),
        Activation(function),
        nn.Flatten(),
        nn.Linear(80, 6),
        Activation(function),
        nn.Linear(6, 1),
    ).double()
    x = torch.randn(4, 3, 8, 8, dtype=torch.float64, requires_grad=True)
    score = net(x)
    (slope,) = torch.autograd.grad(score.sum(), x, create_graph=True)
    loss = score.square().mean() + (slope.flatten(1).norm(dim=1) - 1).square().mean()
    return torch.autograd.grad(loss, [x, *net.parameters()])


@pytest.mark.parametrize(("lean", "plain"), PAIRS)
def test_double_backward_is_bit_equal_in_float64(lean, plain):
    pairs = list(zip(penalty_gradients(lean), penalty_gradients(plain), strict=True))
    assert len(pairs) == 9
    assert all(torch.equal(ours, theirs) for ours, theirs in pairs)
    assert all(theirs.abs().max() > 0 for _, theirs in pairs[:8])


class Backwards(TorchDispatchMode):
    """Counts the convolutions' backward kernels."""

    count = 0

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        self.count += function is torch.ops.aten.convolution_backward.default
        return function(*arguments, **(options or {}))


@pytest.mark.parametrize(("lean", "plain"), PAIRS)
def test_a_penalty_runs_fewer_backward_kernels(lean, plain):
    assert penalty_alone(lean) == 0
    assert penalty_alone(plain) > 0


def penalty_alone(function):
    torch.manual_seed(0)
    weights = [torch.randn(4, 4, 3, 3, requires_grad=True) for _ in range(4)]
    x = torch.randn(2, 4, 5, 5, requires_grad=True)
    h = x
    for weight in weights:
        h = function(functional.conv2d(h, weight, padding=1))
    (slope,) = torch.autograd.grad(h.sum(), x, create_graph=True)
    with Backwards() as seen:
        torch.autograd.grad(slope.square().sum(), weights)
    return seen.count


@pytest.mark.parametrize(("lean", "plain"), PAIRS)
def test_the_mask_has_no_graph(lean, plain):
    x = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    (mask,) = torch.autograd.grad(lean(x).sum(), x, create_graph=True)
    (carried,) = torch.autograd.grad(plain(x).sum(), x, create_graph=True)
    assert carried.requires_grad
    assert not mask.requires_grad
    assert torch.equal(mask, carried)


@pytest.mark.parametrize(("lean", "plain"), PAIRS)
def test_functional_transforms(lean, plain):
    torch.manual_seed(0)
    x = torch.randn(5, 3, dtype=torch.float64)
    weights = torch.randn(2, 3, 4, dtype=torch.float64)

    def penalty(weight, activation):
        def score(sample):
            return activation(sample @ weight).sin().sum()

        return torch.func.vmap(torch.func.grad(score))(x).square().sum()

    def each(activation):
        return torch.func.vmap(torch.func.grad(lambda w: penalty(w, activation)))(weights)

    assert each(lean).shape == weights.shape
    torch.testing.assert_close(each(lean), each(plain), rtol=0, atol=1e-14)


def test_memory_format_is_kept():
    x = torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last)
    assert leaky_relu(x).is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("function", [leaky_relu, sparing_leaky_relu])
def test_compiled_penalty_equals_the_eager_one(function):
    def penalty(weight, x):
        slope = torch.func.vmap(torch.func.grad(lambda s: function(s @ weight).sin().sum()))(x)
        return slope.square().sum()

    torch.manual_seed(0)
    x = torch.randn(5, 3, dtype=torch.float64)
    weight = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    compiled = torch.compile(penalty, backend="aot_eager", fullgraph=True)
    (ours,) = torch.autograd.grad(compiled(weight, x), weight)
    (theirs,) = torch.autograd.grad(penalty(weight, x), weight)
    torch.testing.assert_close(ours, theirs)


def test_sparing_form_keeps_the_output_alone():
    x = torch.randn(3, 4, requires_grad=True) * 2
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(
        lambda t: kept.append(t.data_ptr()) or t, lambda t: t
    ):
        out = sparing_leaky_relu(x)
    assert kept == [out.data_ptr()]


def test_modules():
    x = torch.randn(4, 5)
    assert torch.equal(LeakyReLU(0.1)(x), functional.leaky_relu(x, 0.1))
    assert torch.equal(ReLU()(x), functional.relu(x))
    with pytest.raises(BadOption, match=r"slope=-0\.2: 0 or more"):
        LeakyReLU(-0.2)


def test_slope_is_shown():
    assert "slope=0.1" in repr(LeakyReLU(0.1))
