"""LeCam, drift, label smoothing, top-k: terms that look at scores."""

from __future__ import annotations

import copy

import pytest
import torch

import ganzoo
from ganzoo_regularizers.scores import Drift, LabelSmoothing, LeCam
from ganzoo_regularizers.topk import TopK


def judged_turn(judge, player="discriminator"):
    return ganzoo.Play(player, discriminator=judge, real_x=judge.real_x, fake_x=judge.fake_x)


@pytest.mark.parametrize("case", ["moderate", "indifferent"])
@pytest.mark.parametrize("name", ["lecam", "lecam[no-relu]"])
def test_lecam_is_the_reference(name, case, reference, table, said):
    wanted = reference["lecam"][name]
    term = LeCam(1.0, decay=1.0, one_sided=wanted["one_sided"])
    term.average_real.fill_(wanted["average_real"])
    term.average_fake.fill_(wanted["average_fake"])
    term.turns.fill_(1)
    scores = wanted["cases"][case]
    judge = table(scores["real"], scores["fake"])
    value = said(term, judged_turn(judge))
    assert value.item() == pytest.approx(scores["d_loss"], rel=1e-12)
    for found, key in zip(
        torch.autograd.grad(value, (judge.real, judge.fake)),
        ("d_grad_real", "d_grad_fake"),
        strict=True,
    ):
        assert found.tolist() == pytest.approx(scores[key], rel=1e-12, abs=1e-15)


def test_the_averages_of_lecam_are_the_reference(reference, table):
    wanted = reference["lecam-ema"]
    term = LeCam(0.3, decay=wanted["params"]["decay"])
    objective = ganzoo.Objective(term)
    for step in wanted["steps"]:
        real, fake = step["mean_real"], step["mean_fake"]
        judge = table([real - 1, real + 1], [fake + 2, fake - 2])
        value = objective.discriminator_loss(judge, real=judge.real_x, fake=judge.fake_x)
        above = torch.tensor([real - 1, real + 1]) - step["ema_fake"]
        below = step["ema_real"] - torch.tensor([fake + 2, fake - 2])
        cost = above.relu().square().mean() + below.relu().square().mean()
        # this batch is in the averages before they are used
        assert value.item() == pytest.approx(0.3 * cost.item(), rel=1e-6)
        again = objective.discriminator_loss(judge, real=judge.real_x, fake=judge.fake_x)
        assert again.item() == value.item()  # nothing moves before the step
        objective.after_discriminator_step(judge)
        assert term.average_real.item() == pytest.approx(step["ema_real"], rel=1e-12)
        assert term.average_fake.item() == pytest.approx(step["ema_fake"], rel=1e-12)


def test_lecam_is_started_by_the_first_batch_and_is_silent_until_its_start(table):
    term = LeCam(1.0, decay=0.9, start=2)
    objective, values = ganzoo.Objective(term), []
    for mean in (1.0, 3.0, 5.0):
        judge = table([mean, mean], [-mean, -mean])
        values.append(objective.discriminator_loss(judge, judge.real_x, judge.fake_x).item())
        objective.after_discriminator_step(judge)
        if mean < 5:  # before the start the averages are the batch's means
            assert (term.average_real.item(), term.average_fake.item()) == (mean, -mean)
    assert values[:2] == [0, 0]
    assert values[2] > 0
    assert term.average_real.item() == pytest.approx(0.9 * 3 + 0.1 * 5)


def test_lecam_takes_patches(table, said):
    scores = torch.arange(8.0).reshape(2, 1, 2, 2)
    value = said(LeCam(1.0), judged_turn(table(scores, -scores)))
    # a_real = 3.5, a_fake = -3.5; every element counts
    assert value.item() == pytest.approx(2 * (scores + 3.5).square().mean().item())


def test_energies_are_refused():
    class Energy(ganzoo.Term):
        traits = ganzoo.Traits(orientation=-1)

    for term in (LeCam(), TopK()):
        with pytest.raises(ganzoo.Incompatible, match="low score means real"):
            ganzoo.Objective(Energy(), term)


def test_drift(table, said):
    judge = table([1.0, -3.0], [7.0, 7.0])
    value = said(Drift(0.001), judged_turn(judge))
    assert value.item() == pytest.approx(0.001 * 5)
    real, fake = torch.autograd.grad(value, (judge.real, judge.fake))
    assert real.tolist() == pytest.approx([0.001, -0.003])
    assert not fake.any()


@pytest.mark.parametrize("loss", ["nonsaturating", "minimax"])
def test_label_smoothing_is_that_of_the_loss(loss, table):
    judge = table([1.0, -3.0, 0.5], [2.0, -1.0])
    smoothed = ganzoo.get_loss(loss, add="label-smoothing(target=0.8)")
    own = ganzoo.get_loss("nonsaturating", real_target=0.8)
    values = [
        each.discriminator_loss(judge, judge.real_x, judge.fake_x).item()
        for each in (smoothed, own)
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-12)
    # the value of E[softplus(r) - t r]
    real, fake = judge.real.detach(), judge.fake.detach()
    softplus = torch.nn.functional.softplus
    wanted = (softplus(real) - 0.8 * real).mean() + softplus(fake).mean()
    assert values[0] == pytest.approx(wanted.item(), rel=1e-12)


@pytest.mark.parametrize("loss", ["hinge", "lsgan", "wgan", "wgan-gp"])
def test_label_smoothing_refuses_other_losses(loss):
    with pytest.raises(ganzoo.Incompatible, match="cross-entropy"):
        ganzoo.get_loss(loss, add="label-smoothing")


def test_label_smoothing_refuses_what_is_smoothed():
    class Own(ganzoo.Term):
        traits = ganzoo.Traits()

        def real(self, score):
            return torch.nn.functional.softplus(-score)

    # it has no formulas of scores to look at, whatever its methods are called
    with pytest.raises(ganzoo.Incompatible, match=r"\['Own'\] have none"):
        ganzoo.Objective(Own(), LabelSmoothing())
    base = ganzoo.get_loss("nonsaturating", real_target=0.9)
    with pytest.raises(ganzoo.Incompatible, match="once"):
        base + LabelSmoothing()
    assert LabelSmoothing(0.8).target == 0.8
    with pytest.raises(ganzoo.BadOption, match="probability"):
        LabelSmoothing(target=0.0)


FAKE = [0.3, -2.0, 1.5, 0.7, -0.4, 2.5, -1.0, 0.1]


@pytest.mark.parametrize("loss", ["nonsaturating", "hinge", "lsgan"])
@pytest.mark.parametrize("layout", [(), (1,), (1, 1, 1)])
def test_top_k_has_the_gradient_of_the_best_alone(loss, layout, table):
    term = TopK(share=0.5, steps=1)
    term.elapsed.fill_(1)
    scores = torch.tensor(FAKE).reshape(-1, *layout)
    judge = table(scores, scores)
    value = (ganzoo.get_loss(loss) + term).generator_loss(judge, judge.fake_x)
    (found,) = torch.autograd.grad(value, judge.fake)
    best = sorted(range(8), key=lambda i: -FAKE[i])[:4]
    alone = table(scores, scores[best])
    single = ganzoo.get_loss(loss).generator_loss(alone, alone.fake_x)
    (wanted,) = torch.autograd.grad(single, alone.fake)
    torch.testing.assert_close(found[best], wanted, rtol=1e-12, atol=0)
    rest = [i for i in range(8) if i not in best]
    assert not found[rest].any()
    # the value is that of all scores
    whole = ganzoo.get_loss(loss).generator_loss(judge, judge.fake_x)
    torch.testing.assert_close(value, whole, rtol=1e-12, atol=0)


def test_k_falls_from_all_to_its_share_and_the_discriminator_hears_all(table):
    term = TopK(share=0.25, steps=4)
    objective, kept = ganzoo.get_loss("hinge") + term, []
    plain = ganzoo.get_loss("hinge")
    for _ in range(6):
        judge = table(FAKE, FAKE)
        value = objective.generator_loss(judge, judge.fake_x)
        (slope,) = torch.autograd.grad(value, judge.fake)
        kept.append(int((slope != 0).sum()))
        assert slope.sum().item() == pytest.approx(-1.0)
        objective.after_generator_step(judge)
        said = objective.discriminator_loss(judge, judge.real_x, judge.fake_x)
        assert said.item() == plain.discriminator_loss(judge, judge.real_x, judge.fake_x).item()
    assert kept == [8, 6, 4, 3, 2, 2]


def test_top_k_leaves_the_slopes_of_all_other_scores(table):
    class Both(ganzoo.Term):
        def discriminator(self, play):
            return play.real.score.mean() + play.fake.score.mean()

        generator = discriminator

    term = TopK(share=0.5, steps=1)
    term.elapsed.fill_(1)
    judge = table(FAKE, FAKE)
    objective = ganzoo.Objective(Both(), term)
    value = objective.discriminator_loss(judge, judge.real_x, judge.fake_x)
    for slope in torch.autograd.grad(value, (judge.real, judge.fake)):
        assert slope.tolist() == pytest.approx([1 / 8] * 8)
    value = objective.generator_loss(judge, judge.fake_x, judge.real_x)
    real, fake = torch.autograd.grad(value, (judge.real, judge.fake))
    assert real.tolist() == pytest.approx([1 / 8] * 8)
    assert int((fake != 0).sum()) == 4


def test_top_k_of_equal_scores_still_keeps_k(table):
    term = TopK(share=0.5, steps=1)
    term.elapsed.fill_(1)
    judge = table([0.0] * 6, [0.0] * 6)
    value = (ganzoo.get_loss("hinge") + term).generator_loss(judge, judge.fake_x)
    (slope,) = torch.autograd.grad(value, judge.fake)
    assert int((slope != 0).sum()) == 3


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lecam", {"decay": 2.0}),
        ("lecam", {"start": -1}),
        ("top-k", {"share": 0.0}),
        ("top-k", {"steps": 0}),
    ],
)
def test_bad_options_say_what_would_do(name, options):
    (asked,) = options
    with pytest.raises(ganzoo.BadOption, match=asked):
        ganzoo.get_term(name, **options)


@pytest.mark.parametrize("name", ["lecam", "top-k", "js-reg(steps=9)", "instance-noise(steps=9)"])
def test_state_is_in_buffers_that_load(name, table):
    objective, judge = ganzoo.get_loss("nonsaturating", add=name), table([1.0, 2.0], [0.5, -1.0])
    fresh = copy.deepcopy(objective)

    def steps(of, count):
        values = []
        for _ in range(count):
            torch.manual_seed(0)
            x, y = torch.ones(2, 3), torch.zeros(2, 3)
            values.append(of.discriminator_loss(lambda x: x.sum(1), x, y).item())
            of.after_discriminator_step(judge)
            values.append(of.generator_loss(lambda x: x.sum(1), y).item())
            of.after_generator_step(judge)
        return values

    steps(objective, 3)
    state = {key: value.clone() for key, value in objective.state_dict().items()}
    further = steps(objective, 3)
    fresh.load_state_dict(state, strict=True)
    assert steps(fresh, 3) == further


@pytest.mark.parametrize("target", [-0.1, 0.0, 1.5])
def test_a_smoothed_label_is_a_probability(target):
    with pytest.raises(ganzoo.BadOption, match="a probability above 0, 1 at most"):
        ganzoo.get_term("label-smoothing", target=target)
