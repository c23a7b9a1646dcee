"""Wrong relativistic losses, each beside the right one; test_mutants.py has them caught."""

from __future__ import annotations

from torch.nn.functional import softplus

import ganzoo
from ganzoo import Traits


class RelativisticPaired(ganzoo.Term):
    meant = "rsgan"
    traits = Traits(neutral=None, shift_invariant=True, paired=True)

    def cost(self, above, below):
        if len(above) != len(below):
            raise ganzoo.ShapeMismatch(f"{len(above)} and {len(below)} samples make no pairs")
        return softplus(below - above).mean()

    def discriminator(self, play):
        return self.cost(play.real.score, play.fake.score)

    def generator(self, play):
        return self.cost(play.fake.score, play.real.score)


class RelativisticAverage(ganzoo.Term):
    meant = "ragan"
    traits = Traits(neutral=None, shift_invariant=True, batch_coupled=True)

    def cost(self, above, below):
        return softplus(below.mean() - above).mean() + softplus(below - above.mean()).mean()

    def discriminator(self, play):
        return self.cost(play.real.score, play.fake.score)

    def generator(self, play):
        return self.cost(play.fake.score, play.real.score)


# --- wrong ones --------------------------------------------------------------------------------


class GeneratorNotSwapped(RelativisticPaired):
    def generator(self, play):
        return self.discriminator(play)


class HalvedAverage(RelativisticAverage):
    """RelativisticGAN, lecam-gan, PyTorch-GAN."""

    def cost(self, above, below):
        return super().cost(above, below) / 2


class DetachedMean(RelativisticAverage):
    def cost(self, above, below):
        one, other = below.mean().detach(), above.mean().detach()
        return softplus(one - above).mean() + softplus(below - other).mean()


RIGHT = [RelativisticPaired, RelativisticAverage]
WRONG = {
    GeneratorNotSwapped: ["generator_direction", "dirac", "reference"],
    HalvedAverage: ["reference"],
    DetachedMean: ["gradcheck"],
}
"""Mutant -> the checks that catch it."""
