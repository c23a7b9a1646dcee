from dataclasses import dataclass

import pytest
import torch

from ganzoo import metrics
from ganzoo.errors import BadData, BadOption, ShapeMismatch
from ganzoo.evaluate.pairwise import Block
from ganzoo.evaluate.sweep import Comparison, Tally, all_pairs, sweep


class Seen(Tally):
    """Counts how often each pair comes, and remembers in what precision."""

    def __init__(self, *shape, precise=False):
        self.counts, self.precise, self.dtypes = torch.zeros(shape), precise, set()

    def add(self, block):
        self.counts[block.rows, block.columns] += 1
        if block.mirrored:
            self.counts[block.columns, block.rows] += 1
        self.dtypes.add(block.squares.dtype)

    def result(self):
        return self.counts


def seen(x, y=None, **options):
    tally = Seen(len(x), len(x if y is None else y), **options)
    sweep(x, y, [tally])
    return tally


def test_each_pair_once(normal):
    x, y = normal(1100, 9), normal(2050, 9)
    assert bool((seen(x, y).result() == 1).all())
    assert bool((seen(y).result() == 1).all())


def test_single_precision_where_it_serves(normal):
    x, y = normal(20, 9), normal(30, 9)
    assert seen(x, y).dtypes == {torch.float32}
    assert seen(x, y, precise=True).dtypes == {torch.float64}
    assert seen(x[:, :2], y[:, :2]).dtypes == {torch.float64}
    assert seen(x, 1e30 * y).dtypes == seen(1e30 * x, y).dtypes == {torch.float64}
    sweep(x, y, both := [Seen(20, 30), Seen(20, 30, precise=True)])
    assert both[0].dtypes == {torch.float64}


@pytest.mark.parametrize("precision", ["high", "medium"])
def test_no_shortened_products(normal, precision):
    before = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision(precision)
        assert seen(normal(20, 9), normal(30, 9)).dtypes == {torch.float64}
    finally:
        torch.set_float32_matmul_precision(before)


@pytest.mark.parametrize("size", [3, 30])
def test_together_as_alone(normal, size):
    fake, real = 1.1 * normal(300, size).float(), normal(250, size).float()
    polynomial, gaussian = metrics.Polynomial(3), metrics.Gaussian(2.0)
    balls, closest, kid, mmd, energy = all_pairs(
        fake,
        real,
        metrics.Balls(4),
        metrics.Closest(),
        metrics.KernelMeans(polynomial),
        metrics.KernelMeans(gaussian),
        metrics.Energy(),
    )
    assert balls == metrics.manifold(fake, real, k=4)
    assert kid == metrics.kernel_discrepancy(fake, real, polynomial)
    assert mmd == metrics.kernel_discrepancy(fake, real, gaussian)
    assert energy == metrics.energy_distance(fake, real)
    expected = (fake.double()[:, None] - real.double()[None]).square().sum(2).min(1)
    assert torch.equal(closest.places, expected.indices)


def test_products_of_a_block_are_computed_once(normal, monkeypatch):
    made, products = [], Block.__dict__["products"].func
    monkeypatch.setattr(
        Block.__dict__["products"], "func", lambda block: made.append(1) or products(block)
    )
    kernels = (metrics.KernelMeans(metrics.Polynomial(n)) for n in (1, 2))
    all_pairs(normal(30, 12), normal(30, 12), metrics.Balls(), metrics.Energy(), *kernels)
    assert len(made) == 3  # within either set, and between them


def test_a_kernel_of_ones_own_needs_no_blocks(normal):
    x, y = normal(1030, 12), normal(40, 12)
    plain = lambda a, b: (a.double() @ b.double().T / 12 + 1) ** 3  # noqa: E731
    (found,) = all_pairs(x, y, metrics.KernelMeans(plain))
    assert found.value == pytest.approx(metrics.kernel_distance(x, y), rel=1e-10)


@dataclass(frozen=True)
class Spread(Comparison):
    """A comparison as somebody else may write it: the largest distance over the own ones."""

    def within(self, x):
        return Largest()

    def between(self, fake, real, of_fake, of_real):
        return Largest(of_fake, of_real)


class Largest(Tally):
    def __init__(self, *others):
        self.found, self.others = 0.0, others

    def add(self, block):
        self.found = max(self.found, float(block.squares.max()))

    def result(self):
        return (self.found, *self.others)


def test_a_comparison_of_ones_own(normal):
    x, y = normal(30, 5), normal(20, 5)
    (found,) = all_pairs(x, y, Spread())
    own = [torch.pdist(z).square().max() for z in (x, y)]
    expected = [torch.cdist(x, y).square().max(), *own]
    assert [found[0], *(of[0] for of in found[1:])] == pytest.approx([float(e) for e in expected])


def test_errors(normal):
    x = normal(6, 3)
    with pytest.raises(ShapeMismatch, match="one extractor"):
        all_pairs(x, normal(6, 4), metrics.Energy())
    with pytest.raises(BadData, match="6 of 6 real"):
        all_pairs(x, x / 0, metrics.Energy())
    with pytest.raises(BadOption, match="from 1 to 5"):
        all_pairs(x, x, metrics.Energy(), metrics.Balls(6))
    assert all_pairs(x, x) == []
