"""PacGAN: the discriminator judges several samples at once."""

from __future__ import annotations

import math
from functools import partial
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

import ganzoo

__all__ = ["PacGAN"]

_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


class PacGAN(ganzoo.Term, without=("weight", "every")):
    """PacGAN: the discriminator sees packs of m samples of one kind, so that a generator without
    variety is found out.

    The loss is any loss, of the laws p^m and q^m of packs in the place of p and q. m = 1 is
    the loss itself.

    When it is seated, the layers that see the sample itself are widened to the channels (or
    elements) of m samples, as the paper has it, and nothing else is changed; they join the
    rows of their input m by m, so N samples make N / m packs of neighbours in the batch, and
    as many scores. The new weights are normal with the standard deviation of the old ones over
    root m, the biases stay. In a loop of one's own, call :meth:`pack` on the discriminator once.

    Departures: a batch of N is N / m packs, where the paper draws m batches. Penalties on the
    gradient look at each sample's part of the pack's gradient: R1 and R2 have 1 / m of the
    square over the pack, WGAN-GP the norm of a part. Fixed features in front of the first layer
    (Fourier features) are taken of each sample.

    Args:
        samples: m; the paper has 2 to 4.

    Raises:
        BadOption: fewer than 1.
        Incompatible: a discriminator that looks at labels, or whose first layers cannot be
            widened. Terms that parametrise weights (spectral-norm) are to be named after it.
        ShapeMismatch: a batch that is no multiple of m, in training.

    Reference: Lin et al. 2017, arXiv 1712.04086.
    """

    samples: int = ganzoo.option(2, at_least=1, positional=True, words="a pack is of at least 1")

    def attach(self, game: ganzoo.Game) -> None:
        """Pack the game's discriminator."""
        if game.discriminator is None:
            raise ganzoo.Incompatible("pacgan needs a discriminator; none is seated")
        if "labels" in game.discriminator.provides:
            raise ganzoo.Incompatible(
                "pacgan needs a discriminator that looks at no labels: a pack has several"
            )
        self.pack(game.discriminator, game.spec.shape)

    def meet(self, discriminator: nn.Module) -> None:
        """See that it was packed.

        Raises:
            Incompatible: it was not.
        """
        hooks = [
            hook for part in discriminator.modules() for hook in part._forward_pre_hooks.values()
        ]
        if self.samples > 1 and not any(getattr(hook, "func", None) is _joined for hook in hooks):
            raise ganzoo.Incompatible(
                "pacgan widens the discriminator's first layers, and this one was not packed: "
                "outside a Game, call pack(D, shape) of this term of loss.terms once, with the "
                "shape of a sample, before making the optimiser of D"
            )

    def pack(self, discriminator: nn.Module, shape: tuple[int, ...]) -> None:
        """Widen any module that judges samples of a shape, in place."""
        if self.samples == 1:
            return
        first = next(discriminator.parameters(), None)
        example = torch.zeros(self.samples, *shape).to(first)
        for layer in _first_layers(discriminator, example):
            _widen(layer, self.samples)


def _first_layers(discriminator: nn.Module, example: Tensor) -> list[nn.Module]:
    """The layers whose input depends on the sample and on no parameter."""
    found: dict[nn.Module, None] = {}

    def note(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        # what any parameter has touched requires grad, and the example does not
        if not inputs[0].requires_grad:
            found[layer] = None

    layers = [part for part in discriminator.modules() if isinstance(part, _LAYERS)]
    hooks = [layer.register_forward_pre_hook(note) for layer in layers]
    training = discriminator.training
    try:
        with torch.enable_grad():
            discriminator.eval()(example)
    finally:
        discriminator.train(training)
        for hook in hooks:
            hook.remove()
    refused = [part for part in found if not _widens(part)]
    if refused or not found:
        raise ganzoo.Incompatible(
            f"pacgan widens the linear or convolution layers that see the sample itself; here "
            f"are {[type(part).__name__ for part in refused] or 'none'}, which it cannot. Name "
            f"it before spectral-norm, and use layers without groups"
        )
    return list(found)


def _widens(layer: nn.Module) -> bool:
    return not parametrize.is_parametrized(layer) and getattr(layer, "groups", 1) == 1


def _widen(layer: nn.Module, samples: int) -> None:
    old = cast(Tensor, layer.weight)
    shape = (old.shape[0], samples * old.shape[1], *old.shape[2:])
    spread = old.detach().std() / math.sqrt(samples)
    layer.weight = nn.Parameter(spread * torch.randn(shape, device=old.device, dtype=old.dtype))
    name = "in_features" if isinstance(layer, nn.Linear) else "in_channels"
    setattr(layer, name, shape[1])
    layer.register_forward_pre_hook(partial(_joined, samples))


def _joined(samples: int, layer: nn.Module, inputs: tuple[Tensor, ...]) -> Any:
    del layer
    (x,) = inputs
    if len(x) % samples:
        raise ganzoo.ShapeMismatch(
            f"pacgan makes packs of {samples} samples, and the batch has {len(x)}: choose a "
            f"multiple of {samples}"
        )
    return (x.reshape(len(x) // samples, samples * x.shape[1], *x.shape[2:]),)
