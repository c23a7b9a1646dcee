"""The training steps of the libraries that install from the registry, on plain networks.

Each function takes the players and gives one iteration; it raises ``Unfit`` with the reason
where the library cannot train that objective or does not run.
"""

from __future__ import annotations

import contextlib
import io
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from benchmarks.peers.textbook import TURNS, Players

__all__ = ["LIBRARIES", "Unfit"]

Step = Callable[[], object]


class Unfit(Exception):
    """Why a library takes no part."""


@contextlib.contextmanager
def _importing(name: str) -> Iterator[None]:
    """Turn whatever goes wrong while a library is imported or set up into a reason."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    except Unfit:
        raise
    except Exception as error:  # these packages are of other years: anything may be raised
        raise Unfit(f"{name}: {type(error).__name__}: {error}") from error


def torchgan(players: Players, loss: str) -> Step:
    """The ``train_ops`` of its losses, in the order of its trainer."""
    names = {
        "nonsaturating": ("Minimax", {"nonsaturating": True}),
        "lsgan": ("LeastSquares", {}),
        "wgan-gp": ("Wasserstein", {}),
        "hinge + spectral-norm": ("", {}),
    }
    family, options = names[loss]
    if not family:
        raise Unfit("torchgan has no hinge loss")
    with _importing("torchgan"):
        from torchgan import losses

        generator_loss = getattr(losses, f"{family}GeneratorLoss")(**options)
        discriminator_losses = [getattr(losses, f"{family}DiscriminatorLoss")()]
        if loss == "wgan-gp":
            discriminator_losses.append(losses.WassersteinGradientPenalty())
    generator, discriminator = players.generator, players.discriminator
    generator.encoding_dims, generator.label_type = players.latent, "none"  # what its bases set
    discriminator.label_type = "none"

    def step() -> None:
        for _ in range(TURNS[loss]):
            real = players.real()
            for each in discriminator_losses:  # a step of the optimiser for each of them
                each.train_ops(
                    generator, discriminator, players.discriminator_optimizer, real, players.device
                )
        generator_loss.train_ops(
            generator, discriminator, players.generator_optimizer, players.device, players.size
        )

    return step


def mimicry(players: Players, loss: str) -> Step:
    """The ``train_step`` of its base classes, around the given networks."""
    names = {"nonsaturating": "ns", "wgan-gp": "wasserstein", "hinge + spectral-norm": "hinge"}
    if loss not in names:
        raise Unfit(f"torch-mimicry has no {loss}")
    if loss == "wgan-gp" and players.real().shape[1] != 3:
        raise Unfit("torch-mimicry's gradient penalty takes images of three channels alone")
    with _importing("torch-mimicry"):
        with _stand_ins():
            from torch_mimicry.nets.gan.gan import BaseDiscriminator, BaseGenerator
            from torch_mimicry.nets.wgan_gp.wgan_gp_base import (
                WGANGPBaseDiscriminator,
                WGANGPBaseGenerator,
            )
            from torch_mimicry.training.metric_log import MetricLog

        bases = (BaseGenerator, BaseDiscriminator)
        if loss == "wgan-gp":
            bases = (WGANGPBaseGenerator, WGANGPBaseDiscriminator)
        own, other = _around(bases[0], players.generator), _around(bases[1], players.discriminator)
        generator = own(nz=players.latent, ngf=0, bottom_width=4, loss_type=names[loss])
        discriminator = other(ndf=0, loss_type=names[loss])

    def step() -> None:
        for _ in range(TURNS[loss]):
            real = players.real()
            discriminator.train_step(
                (real, None),
                netG=generator,
                optD=players.discriminator_optimizer,
                log_data=MetricLog(),
                device=players.device,
            )
        generator.train_step(
            (real, None),
            netD=discriminator,
            optG=players.generator_optimizer,
            log_data=MetricLog(),
            device=players.device,
        )

    return step


@contextlib.contextmanager
def _stand_ins() -> Iterator[None]:
    """Modules that the library's data sets and Inception Score import, and its training steps
    with them, though they use nothing of either: TensorFlow, and a part of torch 1.
    """
    import torch.utils.tensorboard  # noqa: F401 (it would look into the empty module)

    made = {name: types.ModuleType(name) for name in ("tensorflow", "torch._six")}
    made["torch._six"].PY3 = True
    absent = [name for name in made if name not in sys.modules]
    sys.modules.update({name: made[name] for name in absent})
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _around(base: Any, network: nn.Module) -> Any:
    """A network of the library's class whose forward is another network's."""

    class Around(base):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.network = network

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.network(x)

    return Around


def vegans(players: Players, loss: str) -> Step:
    """What its ``fit`` does with each batch: losses, zero gradients, backward, step."""
    names = {
        "nonsaturating": "VanillaGAN",
        "lsgan": "LSGAN",
        "wgan-gp": "WassersteinGANGP",
        "hinge + spectral-norm": "",
    }
    if not names[loss]:
        raise Unfit("vegans has no hinge loss")
    turns = {"Generator": 1, "Adversary": TURNS[loss]}
    with _importing("vegans"):
        from vegans import GAN

        probability = nn.Sigmoid() if loss == "nonsaturating" else nn.Identity()
        model = getattr(GAN, names[loss])(
            generator=players.generator,
            adversary=nn.Sequential(players.discriminator, probability),
            x_dim=tuple(players.real().shape[1:]),
            z_dim=players.latent,
            optim=torch.optim.Adam,
            optim_kwargs={name: {"lr": 2e-4, "betas": (0.5, 0.999)} for name in turns},
            device=str(players.device),
            folder=None,
            secure=False,
        )
        model.train()

    def step() -> None:
        real, z = players.real(), model.sample(n=players.size)
        for name, times in turns.items():
            for _ in range(times):
                model._losses = model.calculate_losses(X_batch=real, Z_batch=z, who=name)
                model._zero_grad(who=name)
                model._backward(who=name)
                model._step(who=name)

    return step


LIBRARIES: dict[str, Callable[[Players, str], Step]] = {
    "torchgan": torchgan,
    "torch-mimicry": mimicry,
    "vegans": vegans,
}
