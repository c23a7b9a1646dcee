"""Feature matching, path length, historical averaging."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import ganzoo
from ganzoo_regularizers.generators import FeatureMatching, PathLength
from ganzoo_regularizers.history import HistoricalAveraging


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


@pytest.mark.parametrize("name", ["feature-matching", "feature-matching[l1]"])
def test_feature_matching_is_the_reference(name, reference):
    wanted = reference["feature-matching"][name]
    real, fake = (
        tensor(wanted["inputs"][f"{kind}_features"]).requires_grad_() for kind in ("real", "fake")
    )

    def shown(x):
        return ganzoo.DiscriminatorOutput(x.sum(1), features=x)

    objective = ganzoo.Objective(FeatureMatching(l1=name.endswith("[l1]")))
    value = objective.generator_loss(shown, fake=fake, real=real)
    assert value.item() == pytest.approx(wanted["value"], rel=1e-12)
    value.backward()
    torch.testing.assert_close(fake.grad, tensor(wanted["grads"]["fake_features"]))
    assert real.grad is None  # the real side carries no gradient
    assert objective.discriminator_loss(shown, real=real, fake=fake).item() == 0


def test_feature_matching_needs_features():
    objective, x = ganzoo.get_loss("hinge", add="fm"), torch.ones(3, 2)
    with pytest.raises(ganzoo.Incompatible, match="features"):
        objective.generator_loss(lambda x: x.sum(1), fake=x, real=x)
    assert objective.needs == {"score", "features"}


class Given:
    def __init__(self, value):
        self.value = value

    def normal(self, *shape):
        return self.value.reshape(shape)


def test_path_length_is_the_reference(reference, said):
    wanted = reference["path-length"]
    layers, latents = (tensor(wanted["inputs"][key]) for key in ("B", "w"))
    layers.requires_grad_()
    shape = wanted["params"]["image_shape"]
    count, depth, width = latents.shape
    # the length of a gradient by all layers is root(depth) times that of their mean square
    root = depth**0.5

    def generator(z):
        w = z.reshape(-1, depth, width) / root
        return torch.einsum("lij,nlj->ni", layers, w).tanh().reshape(-1, *shape)

    term = PathLength(wanted["params"]["pl_weight"], every=1, shrink=1)
    term.average.fill_(wanted["params"]["pl_mean_before"])
    play = ganzoo.Play(
        "generator",
        generator=generator,
        z=root * latents.flatten(1),
        noise=Given(tensor(wanted["inputs"]["noise"])),
    )
    value = term.generator(play)
    assert value.item() == pytest.approx(wanted["value"], rel=1e-12)
    (found,) = torch.autograd.grad(value, layers)
    torch.testing.assert_close(found, tensor(wanted["grads"]["B"]), rtol=1e-9, atol=1e-12)
    mean = sum(wanted["lengths"]) / count
    assert play.log["path_length"].item() == pytest.approx(mean, rel=1e-12)
    with torch.no_grad():
        term.after_generator(play)
    assert term.average.item() == pytest.approx(wanted["pl_mean_after"], rel=1e-12)
    assert said(ganzoo.Objective(term), play).item() != 2 * value.item()  # a has moved


def test_the_length_of_a_linear_generator_is_exact(draws):
    A, z = draws(3, 2), draws(8, 3, seed=1)
    term, noise = PathLength(1.0, every=1, decay=1.0, shrink=2), draws(4, 2, seed=2)
    play = ganzoo.Play("generator", generator=lambda z: z @ A, z=z, noise=Given(noise))
    lengths = torch.linalg.vector_norm(noise @ A.T, dim=1)  # points: no division
    wanted = (lengths - lengths.mean()).square().mean()
    torch.testing.assert_close(term.generator(play), wanted, rtol=1e-12, atol=0)


def test_a_share_of_few_latents_is_one_at_least(draws):
    A, noise = draws(3, 2), draws(1, 2, seed=2)
    for count, shrink in ((2, 2), (3, 2), (2, 4)):
        term, z = PathLength(1.0, every=1, decay=0.0, shrink=shrink), draws(count, 3, seed=1)
        play = ganzoo.Play("generator", generator=lambda z: z @ A, z=z, noise=Given(noise))
        wanted = (noise @ A.T).square().sum()  # the average is 0 still
        torch.testing.assert_close(term.generator(play), wanted, rtol=1e-12, atol=0)


def test_path_length_asks_for_a_game(draws):
    objective = ganzoo.get_loss("hinge", add="path-length")
    with pytest.raises(ganzoo.Incompatible, match="needs a Game"):
        objective.generator_loss(lambda x: x.sum(1), fake=draws(3, 2))
    with pytest.raises(ganzoo.BadOption, match="shrink"):
        PathLength(shrink=0)


def test_path_length_goes_with_labels(trainer):
    run = trainer(
        "nonsaturating",
        ["path-length(every=1)"],
        data="digits",
        options={"width": 8, "conditional": True},
    )
    assert run.run() == "finished"
    assert run.objective.terms[1].average > 0


def test_path_length_is_computed_outside_autocast():
    generator, z = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 8)), torch.randn(8, 4)
    values = []
    for enabled in (False, True):
        noise = ganzoo.Stream(0, "noise").seek(0)
        play = ganzoo.Play("generator", generator=generator, z=z, noise=noise)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            values.append(PathLength().generator(play).item())
    assert values[1] == pytest.approx(values[0], rel=1e-6)


def test_the_history_is_the_mean_of_where_the_weights_have_been():
    network, term = nn.Linear(2, 1), HistoricalAveraging(3.0)
    term.remember("discriminator", network)
    objective, past = ganzoo.Objective(term), []
    for step in range(4):
        weights = torch.cat([network.bias, network.weight.flatten()]).detach()
        past.append(weights)
        value = objective.discriminator_loss(network, torch.zeros(2, 2), torch.zeros(2, 2))
        distance = weights - torch.stack(past).mean(0)
        assert value.item() == pytest.approx(3 * distance.square().sum().item(), rel=1e-5)
        gradients = torch.autograd.grad(value, (network.bias, network.weight))
        found = torch.cat([each.flatten() for each in gradients])
        torch.testing.assert_close(found, 6 * distance, rtol=1e-5, atol=1e-6)
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(step + 1.0)
        objective.after_discriminator_step(network)
    assert value.item() > 1


def test_both_players_have_a_history_that_other_terms_may_join(trainer):
    run = trainer("hinge", ["historical-averaging", "spectral-norm", "gn"])
    assert run.run() == "finished"
    for player in ("discriminator", "generator"):
        column = run.history[f"loss/{player}/1-HistoricalAveraging"]
        assert column[0] == 0
        assert column[-1] > 0
    with pytest.raises(ganzoo.Incompatible, match="before this one"):
        trainer("hinge", ["historical-averaging", "pacgan"]).run()
    loose = ganzoo.Objective(HistoricalAveraging())
    with pytest.raises(ganzoo.Incompatible, match="knows from a Game"):
        loose.generator_loss(nn.Linear(2, 1), fake=torch.ones(3, 2))
    known = HistoricalAveraging()
    known.remember("discriminator", nn.Linear(2, 1))
    with pytest.raises(ganzoo.Incompatible, match="an nn.Module that"):
        known.discriminator(ganzoo.Play("discriminator", discriminator=lambda x: x))
