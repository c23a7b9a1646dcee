"""Losses that several files put through the kit, and what comes of it."""

from __future__ import annotations

import torch
from torch.nn.functional import softplus

import ganzoo
from ganzoo.testing import check_loss


class Good(ganzoo.Term):
    """Non-saturating; the mutants change one thing."""

    traits = ganzoo.Traits()

    def discriminator(self, play):
        return softplus(-play.real.score).mean() + softplus(play.fake.score).mean()

    def generator(self, play):
        return softplus(-play.fake.score).mean()


class KeepsItsState(Good):
    def __init__(self):
        super().__init__()
        self.register_buffer("average", torch.zeros((), dtype=torch.float64))

    def discriminator(self, play):
        return super().discriminator(play) + self.average.to(play.fake.score)

    def after_discriminator(self, play):
        self.average.copy_(0.9 * self.average + 0.1 * play.fake.score.mean())


class Backwards(Good):
    def discriminator(self, play):
        return softplus(play.real.score).mean() + softplus(-play.fake.score).mean()


def objective(kind):
    if issubclass(kind, ganzoo.Objective):
        return kind(Good())
    return ganzoo.Objective(kind())


def outcome(loss, **options):
    """Names by status, and the messages of what failed."""
    results = check_loss(loss, **options)
    by_status = {status: [] for status in ("passed", "failed", "skipped", "waived")}
    for result in results:
        by_status[result.status].append(result.name)
    return by_status, {r.name: r.message for r in results if r.status == "failed"}
