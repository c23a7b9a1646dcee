from __future__ import annotations

import torch

from ganzoo.game import Normal, Stream, Uniform, WithCode


def test_draws_depend_on_seed_name_and_index_alone():
    stream = Stream(3, "latent")
    first = stream.seek(5).normal(4, 2)
    stream.seek(9).uniform(100)
    assert torch.equal(stream.seek(5).normal(4, 2), first)
    assert torch.equal(Stream(3, "latent").seek(5).normal(4, 2), first)
    others = [Stream(4, "latent").seek(5), Stream(3, "noise").seek(5), stream.seek(6)]
    assert all(not torch.equal(other.normal(4, 2), first) for other in others)


def test_neighbouring_indices_look_independent():
    draws = torch.stack([Stream(0, "x").seek(i).normal(64) for i in range(400)])
    correlation = torch.corrcoef(draws)
    off_diagonal = correlation - torch.eye(len(draws))
    # 400 * 399 / 2 correlations of 64 numbers each: 0.75 would be a 6-sigma event
    assert off_diagonal.abs().max() < 0.75
    assert abs(draws.mean().item()) < 0.03
    assert abs(draws.std().item() - 1) < 0.03


def test_an_epoch_deals_every_position_once():
    stream = Stream(1, "data")
    dealt = torch.cat([stream.seek(i).shuffled(10, 4) for i in range(5)])
    assert sorted(dealt[:10].tolist()) == list(range(10))
    assert sorted(dealt[10:].tolist()) == list(range(10))
    assert dealt[:10].tolist() != dealt[10:].tolist()


def test_a_batch_may_be_larger_than_the_set():
    dealt = Stream(1, "data").seek(2).shuffled(3, 7)
    assert dealt.shape == (7,)
    assert torch.bincount(dealt, minlength=3).min() >= 2


def test_global_random_state_is_left_alone():
    before = torch.get_rng_state()
    Stream(0, "x").seek(3).normal(5)
    assert torch.equal(torch.get_rng_state(), before)


def test_priors():
    stream = Stream(0, "latent")
    assert Normal(3).draw(5, stream).shape == (5, 3)
    uniform = Uniform(2).draw(2000, stream)
    assert uniform.min() >= -1
    assert uniform.max() < 1
    assert abs(uniform.mean().item()) < 0.05


def test_a_structured_code_can_be_read_back():
    prior = WithCode(Normal(4), categories=(3, 5), continuous=2)
    z = prior.draw(50, Stream(0, "latent"))
    assert z.shape == (50, prior.latent) == (50, 4 + 3 + 5 + 2)
    (first, second), continuous = prior.code(z)
    assert torch.equal(z[:, 4:7].sum(1), torch.ones(50))
    assert torch.equal(z[torch.arange(50), 4 + first], torch.ones(50))
    assert torch.equal(z[torch.arange(50), 7 + second], torch.ones(50))
    assert torch.equal(continuous, z[:, 12:])
    assert continuous.abs().max() <= 1
