"""What training must never do, whatever the objective."""

from __future__ import annotations

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import ganzoo
from ganzoo.terms import R1, R2, GradientPenalty, SpectralNorm
from ganzoo.train import EagerEngine

LOSSES = ["minimax", "nonsaturating", "lsgan", "wgan", "wgan-gp", "hinge"]


def objective(name):
    loss = ganzoo.get_loss(name)
    return loss + R1(0.1, every=3) if name == "nonsaturating" else loss


@pytest.mark.parametrize("name", LOSSES)
def test_the_same_seed_gives_the_same_run(make_trainer, assert_equal, name):
    one, other = make_trainer(objective(name)), make_trainer(objective(name))
    one.run()
    torch.manual_seed(99)  # the global state has no say
    torch.randn(7)
    other.run()
    assert_equal(one, other)
    third = make_trainer(objective(name), seed=1)
    third.run()
    assert third.history["loss/generator"] != one.history["loss/generator"]


@pytest.mark.parametrize("name", LOSSES)
def test_training_leaves_the_global_random_state_alone(make_trainer, name):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    make_trainer(objective(name)).run()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
@pytest.mark.parametrize("penalty", [R1, R2, GradientPenalty])
def test_a_penalty_of_weight_zero_changes_nothing(make_trainer, penalty, optimizer):
    """Catches optimisers that mishandle the strides of a double backward's gradients."""
    plain = make_trainer(ganzoo.get_loss("nonsaturating"), optimizer=optimizer)
    with_it = make_trainer(ganzoo.get_loss("nonsaturating") + penalty(0.0), optimizer=optimizer)
    plain.run()
    with_it.run()
    for key, value in plain.game.state_dict().items():
        assert torch.equal(value, with_it.game.state_dict()[key]), key


def test_the_gradients_of_a_batched_layer_reach_the_optimiser_in_its_own_layout(make_trainer):
    """A double backward through bmm gives transposed gradients, which the fused Adam of the
    CPU would misread if they arrived so."""

    class Batched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.randn(2, 8, 8))

        def forward(self, x):
            return torch.bmm(x, self.weight).tanh().sum((0, 2))

    net = Batched()
    x = torch.randn(2, 5, 8, requires_grad=True)
    (gradient,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    (gradient.square().sum() + net(x).sum()).backward(inputs=list(net.parameters()))
    assert net.weight.grad.stride() == net.weight.stride()


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_only_the_movers_parameters_change_and_get_gradients(make_trainer, name, player):
    trainer = make_trainer(objective(name))
    before = {k: v.clone() for k, v in trainer.game.state_dict().items()}
    turn = trainer._streams.turn(trainer.source, trainer.game.prior, 8, 0)
    trainer.engine.run((player, trainer.objective.due(0)), turn)
    for key, value in trainer.game.state_dict().items():
        mine = key.startswith(player)
        if mine and "weight" in key:
            assert not torch.equal(value, before[key]), key
        elif not mine:
            assert torch.equal(value, before[key]), key
    for key, parameter in trainer.game.named_parameters():
        assert (parameter.grad is None) != key.startswith(player), key


class NoHostReads(TorchDispatchMode):
    """Refuses whatever must wait for the device: reading a value, shapes that depend on one."""

    FORBIDDEN = ("_local_scalar_dense", "nonzero", "masked_select", "unique", "is_nonzero", "equal")

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        indices = args[1] if name.startswith("index") and len(args) > 1 else ()
        by_mask = any(
            isinstance(i, torch.Tensor) and i.dtype == torch.bool
            for i in (indices if isinstance(indices, (list, tuple)) else ())
        )
        if by_mask or name.strip("_") in {f.strip("_") for f in self.FORBIDDEN}:
            raise AssertionError(f"aten.{name} reads a value back to the host")
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("settings", [{}, {"precision": "bfloat16"}, {"reuse_fakes": True}])
@pytest.mark.parametrize("name", [*LOSSES, "hinge+spectral-norm"])
def test_nothing_between_draw_and_meters_is_read_back(make_trainer, name, settings):
    loss, _, extra = name.partition("+")
    built = objective(loss) + SpectralNorm() if extra else objective(loss)
    trainer = make_trainer(built, schedule="cosine", ema=0.9, **settings)
    trainer.step()
    with NoHostReads():
        trainer.step()
        trainer.step()
    assert trainer.done == 3


def test_the_guard_against_host_reads_bites():
    x = torch.arange(3.0)
    reads = (lambda: x[0].item(), lambda: bool(x.sum() > 0), lambda: x[x > 1], x.nonzero)
    for read in reads:
        with pytest.raises(AssertionError, match="reads a value"), NoHostReads():
            read()


def test_every_objective_sees_the_same_data_and_noise(make_trainer):
    seen = {"minimax": [], "wgan": []}

    class Spy(EagerEngine):
        def run(self, plan, turn):
            seen[name].append((turn.real_x.clone(), turn.z.clone()))
            return super().run(plan, turn)

    for name in seen:
        trainer = make_trainer(ganzoo.get_loss(name))
        trainer.engine = Spy(trainer.engine.table)
        trainer.run(3)
    one, other = seen.values()
    for (x, z), (u, w) in zip(one, other, strict=False):
        assert torch.equal(x, u)
        assert torch.equal(z, w)
