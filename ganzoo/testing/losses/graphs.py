"""Checks of graphs: who gets a gradient, whether it is right, and what it leaves behind."""

from __future__ import annotations

import gc
import weakref

import torch
from torch import Tensor

from ganzoo.game import Term
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.bench import Bench, seeded
from ganzoo.testing.losses.players import Judge, samples
from ganzoo.testing.losses.subject import FAKE, REAL, Subject

__all__ = ["CHECKS"]

_STEP = 1e-5


def _isolation(subject: Subject) -> None:
    if "discriminator" not in subject.players:
        skip("it has no discriminator")
    bench = subject.bench()
    said = bench.turn("discriminator", REAL, FAKE)
    if said.gradients["the generator"] is not None or _leaks(subject):
        fail(
            "the discriminator's loss sends a gradient into the generated samples, and so into "
            "the generator. Use play.fake_x and play.fake, which are detached in the "
            "discriminator's turn."
        )
    if all(p.grad is None for p in bench.game.movers("discriminator", bench.objective)):
        fail(
            "no gradient of the discriminator's loss reaches the discriminator. Is something "
            "detached, or computed under no_grad, on the way from play.real and play.fake?"
        )


def _leaks(subject: Subject) -> bool:
    """The same question in a training loop of one's own, where it can be played in one."""
    objective, judge = subject.objective(), Judge()
    real, fake = samples(REAL), samples(FAKE, 0.0625).requires_grad_()
    try:
        with seeded():
            objective.discriminator_loss(judge, real, fake, step=0).backward()
    except Exception:
        return False  # it needs a game, which other checks give it
    return fake.grad is not None


def _generator_learns(subject: Subject) -> None:
    bench = subject.bench()
    said = bench.turn("generator", REAL, FAKE)
    movers = bench.game.movers("generator", bench.objective)
    reached = [said.gradients["the generated samples"], *(p.grad for p in movers)]
    if not any(g is not None and bool(g.any()) for g in reached):
        fail(
            "no gradient of the generator's loss reaches the generated samples, so the generator "
            "would never move. Is something detached, computed under no_grad, or turned into a "
            "Python number on the way from play.fake?"
        )
    if "discriminator" not in subject.players:
        return
    if all(p.grad is None for p in bench.game.movers("discriminator", bench.objective)):
        fail("the generator's loss does not depend on the discriminator at all")


def _gradcheck(subject: Subject) -> None:
    real, fake = _smooth_scores(subject)
    for player in subject.players:
        bench = subject.bench()
        said = bench.turn(player, real, fake)
        module = bench.judge if player == "discriminator" else bench.game.generator
        leaves = [(name, leaf) for name, leaf in module.named_parameters()]
        found = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for _, p in leaves]
        for (name, leaf), gradient in zip(leaves, found, strict=True):
            for place in range(leaf.numel()):
                wanted = _difference(subject, player, (real, fake), (name, place))
                given = float(gradient.flatten()[place])
                if abs(wanted - given) > 1e-5 * (1 + abs(wanted) + abs(float(said.value))):
                    fail(
                        f"the {player}'s gradient is wrong: the loss changes by {wanted:.6g} per "
                        f"unit of a parameter ({name}), and backward() says {given:.6g}. Is a "
                        f"mean, an average or a norm detached that depends on this batch, or a "
                        f"kink not declared in traits.kinks? Where a gradient is stopped on "
                        f"purpose, waive this check with the reason."
                    )


def _difference(
    subject: Subject, player: str, batch: tuple[Tensor, Tensor], where: tuple[str, int]
) -> float:
    """The derivative of a player's loss by one of its network's parameters, by differences."""
    values = []
    for sign in (1, -1):
        bench = subject.bench()
        _nudge(bench, player, where, sign * _STEP)
        values.append(float(bench.turn(player, *batch).value))
    return (values[0] - values[1]) / (2 * _STEP)


def _nudge(bench: Bench, player: str, where: tuple[str, int], amount: float) -> None:
    module = bench.judge if player == "discriminator" else bench.game.generator
    leaf = module.get_parameter(where[0])
    leaf.data.view(-1)[where[1]] += amount


def _smooth_scores(subject: Subject) -> tuple[Tensor, Tensor]:
    """Irregular scores, away from the declared kinks, as scores and as differences."""
    uneven = torch.tensor([0.0131, -0.0277, 0.0412, 0.0093, -0.0351, 0.0222, -0.0169, 0.0318])
    uneven = uneven.double()
    for shift in (0.0, 0.0071, 0.0143, 0.0219, 0.0317):
        real, fake = REAL + uneven + shift, FAKE + uneven.flip(0) - 1.7 * shift
        apart = (real[:, None] - fake).flatten()
        near = torch.cat([real, fake, apart, -apart])
        if all(float((near - kink).abs().min()) > 10 * _STEP for kink in subject.traits.kinks):
            break
    return real, fake


def _two_steps(subject: Subject) -> None:
    bench = subject.bench()
    try:
        for step in range(3):
            for player in subject.players:
                bench.turn(player, REAL + 0.1 * step, FAKE - 0.2 * step, step=step, act=True)
    except RuntimeError as error:
        if "second time" not in str(error) and "inplace operation" not in str(error):
            raise
        fail(
            f"a second step fails: {error.args[0].split('.')[0]}. Something keeps the graph of the "
            f"first: what is kept from step to step must be detached, and belongs in after_*."
        )


def _lets_go(subject: Subject) -> None:
    bench = subject.bench()
    kept: list[weakref.ref[Tensor]] = []
    for step in range(6):
        for player in subject.players:
            said = bench.turn(player, REAL, FAKE, step=step, act=True)
            if step < 3:
                kept += [weakref.ref(scale) for scales in said.judge.told for scale in scales]
            del said
    if any(each() is not None for each in kept):
        gc.collect()  # what is kept by cycles alone is let go of in time
    alive = sum(each() is not None for each in kept)
    if alive:
        fail(
            f"{alive} of {len(kept)} scores of three steps ago are still in memory, and so their "
            f"graphs: memory would grow with every step. Detach what is kept from turn to turn, "
            f"and put it into a buffer in after_*."
        )


def _unmodified(subject: Subject) -> None:
    for player in subject.players:
        bench = subject.bench()
        real, fake = samples(REAL).clone(), samples(FAKE, 0.0625).clone()
        play, due = bench.play(player, real, fake), bench.objective.due(0)
        with seeded():
            bench.objective.loss(play, due)
        given = {"the real samples": real, "the generated samples": fake}
        changed = [whose for whose, x in given.items() if x._version]
        changed += ["the scores" for each in bench.judge.told for x in each if x._version]
        if changed:
            fail(
                f"the {player}'s loss changes {changed[0]} it was given. Use no operation whose "
                f"name ends in an underscore on them, nor +=."
            )


def _own_loop(subject: Subject) -> None:
    objective = subject.objective()
    attached = [
        term
        for term in objective.terms
        if getattr(type(term), "attach", Term.attach) is not Term.attach
    ]
    if attached or subject.needs != {"score"} or subject.conditional:
        skip("it needs more of the networks than scores, or a game")
    real, fake = samples(REAL) / 2, samples(FAKE, 0.0625) / 2
    for player in subject.players:
        wanted = subject.value(player, REAL, FAKE)
        judge = Judge()
        with seeded():
            if player == "discriminator":
                found = objective.discriminator_loss(judge, real, fake, step=0)
                objective.after_discriminator_step(judge)
            else:
                found = subject.objective().generator_loss(judge, fake, real, step=0)
        found = found.detach()
        if not bool(found.isfinite()) or (
            not subject.samples_matter and abs(float(found) - wanted) > 1e-9 * (1 + abs(wanted))
        ):
            fail(
                f"in a training loop of one's own the {player}'s loss is {float(found):.6g}, and "
                f"{wanted:.6g} in a game: the two functions of an Objective are not to be changed, "
                f"what a Term says is."
            )


CHECKS = (
    Check("gradient_isolation", "D's loss moves D, and not the generator", _isolation),
    Check("generator_learns", "a gradient reaches the generated samples", _generator_learns),
    Check("gradcheck", "gradients are those of the value, nothing is cut off", _gradcheck),
    Check("two_steps", "one step after another works", _two_steps),
    Check("memory", "nothing of a step is still there three steps on", _lets_go),
    Check("inputs_unmodified", "samples and scores are left as they were", _unmodified),
    Check("own_loop", "it gives the same in a training loop of one's own", _own_loop),
)
