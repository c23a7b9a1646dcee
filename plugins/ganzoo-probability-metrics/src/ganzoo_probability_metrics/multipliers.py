"""Critics held by a constraint on a second moment, with a multiplier that is learned."""

from __future__ import annotations

from torch import Tensor

import ganzoo

__all__ = ["Constrained", "Fisher", "Sobolev", "fisher", "sobolev"]


class Constrained(ganzoo.terms.Wasserstein):
    """A difference of means under the constraint ``omega = 1``, by an augmented Lagrangian.

    Both steps, minimised::

        L_D = E f - E r - multiplier * (1 - omega) + rho / 2 * (omega - 1)^2
        after its step: multiplier <- multiplier - rho * (1 - omega)

    Args:
        rho: weighs the quadratic penalty, and is the multiplier's learning rate.
        multiplier: where it starts; a buffer.

    Raises:
        BadOption: a rho that is not above 0.
    """

    rho: float = ganzoo.option(above=0, words="above 0, or nothing holds the critic")
    multiplier: Tensor = ganzoo.option(0.0, buffer=True)

    def omega(self, play: ganzoo.Play) -> Tensor:
        """What is to be 1, 0-dim."""
        raise NotImplementedError(f"{type(self).__name__}.omega")

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """See the class."""
        omega = self.omega(play)
        play.log["omega"] = omega.detach()
        slack = 1 - omega
        bound = self.rho / 2 * slack.square() - self.multiplier.to(omega) * slack
        return super().discriminator(play) + bound

    def after_discriminator(self, play: ganzoo.Play) -> None:
        """The multiplier's step, with the omega that the critic's step was taken with."""
        self.multiplier.sub_(self.rho * (1 - play.log["omega"].to(self.multiplier)))


class Fisher(Constrained):
    """``omega = E r^2 / 2 + E f^2 / 2``: the second moment of the scores."""

    traits = ganzoo.Traits(batch_coupled=True, growth="power")

    def omega(self, play: ganzoo.Play) -> Tensor:
        """See the class."""
        return (play.real.score.square().mean() + play.fake.score.square().mean()) / 2


class Sobolev(Constrained):
    """``omega = E |grad D(x)|^2 / 2 + E |grad D(G(z))|^2 / 2``, the norms over all axes but
    the batch.
    """

    input_grads = frozenset({"real", "fake"})
    traits = ganzoo.Traits(neutral=None, batch_coupled=True, growth="power", shift_invariant=True)

    def omega(self, play: ganzoo.Play) -> Tensor:
        """See the class."""
        gradient = ganzoo.terms.judged_gradient
        real = gradient(play, play.real_x, lambda: play.real)
        fake = gradient(play, play.fake_x, lambda: play.fake)
        return (real.square().sum(1).mean() + fake.square().sum(1).mean()) / 2


def fisher(
    *, rho: float = 1e-6, multiplier: float = 0.0, discriminator_turns: int = 5
) -> ganzoo.Objective:
    """Fisher GAN: a critic whose scores have a second moment of 1.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        omega = E r^2 / 2 + E f^2 / 2
        L_D = E f - E r - m * (1 - omega) + rho / 2 * (omega - 1)^2
        L_G = -E f
        after each critic step: m <- m - rho * (1 - omega)

    With Delta = int (p - q)^2 / (p + q), the best critic of second moment 1 is
    sqrt(2 / Delta) (p - q) / (p + q), where -L_D = sqrt(2 Delta) for every m and rho: a
    chi-squared distance. With the small rho of the paper the bound comes late, and scores
    are large before; only their scale is.

    Departures: none. The multiplier m, lambda of the paper, is a buffer, saved and resumed.

    Args:
        rho: weighs the quadratic penalty, and is the multiplier's learning rate.
        multiplier: m at the start.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: a rho that is not above 0.

    Reference: Mroueh and Sercu 2017, arXiv 1705.09675, eq. 9.
    """
    defaults = ganzoo.Defaults(
        optimizer="rmsprop",
        generator_lr=5e-5,
        discriminator_lr=5e-5,
        betas=(0.0, 0.0),
        origin="the authors' code (arXiv 1705.09675)",
    )
    term = Fisher(rho=rho, multiplier=multiplier)
    return ganzoo.Objective(term, discriminator_turns=discriminator_turns, defaults=defaults)


def sobolev(
    *, rho: float = 1e-5, multiplier: float = 0.0, discriminator_turns: int = 5
) -> ganzoo.Objective:
    """Sobolev GAN: a critic whose squared gradient is 1 on average.

    With r = D(x) and f = D(G(z)), scores of any shape, both minimised::

        omega = E |grad D(x)|^2 / 2 + E |grad D(G(z))|^2 / 2
        L_D = E f - E r - m * (1 - omega) + rho / 2 * (omega - 1)^2
        L_G = -E f
        after each critic step: m <- m - rho * (1 - omega)

    In one dimension -L_D at the best critic is sqrt(int (F_p - F_q)^2 / mu), F being the
    distribution functions and mu the density (p + q) / 2: a Cramer distance. The norms are
    over all axes but the batch.

    Departures: the measure mu under which the gradient is taken is the middle of both laws,
    one of the paper's choices. It generated text with rho 1e-8, which bounds the critic only
    once its gradients are thousands long. The multiplier m, lambda of the paper, is a
    buffer, saved and resumed.

    Args:
        rho: weighs the quadratic penalty, and is the multiplier's learning rate.
        multiplier: m at the start.
        discriminator_turns: critic steps for each generator step.

    Raises:
        BadOption: a rho that is not above 0.

    Reference: Mroueh et al. 2017, arXiv 1711.04894.
    """
    defaults = ganzoo.Defaults(
        generator_lr=1e-4,
        discriminator_lr=1e-4,
        betas=(0.5, 0.999),
        origin="a common default",
    )
    term = Sobolev(rho=rho, multiplier=multiplier)
    return ganzoo.Objective(term, discriminator_turns=discriminator_turns, defaults=defaults)
