"""How labels enter the built-in networks."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ganzoo.errors import BadOption, Incompatible
from ganzoo.game import Spec

__all__ = ["Labelling", "Labels", "labelling", "with_planes"]


class Labelling(NamedTuple):
    """How many classes each part of the networks knows; 0 for none.

    Attributes:
        generator: by the generator, and by an encoder that looks at labels.
        joined: at the discriminator's input.
        projected: on the discriminator's features.
    """

    generator: int = 0
    joined: int = 0
    projected: int = 0


def labelling(spec: Spec, conditional: bool | str, usual: str) -> Labelling:
    """Who is to know the labels, by the option ``conditional`` of the networks.

    Args:
        spec: of the game.
        conditional: False for nobody; ``"generator"``: all but the discriminator; ``"concat"``:
            all, the discriminator at its input; ``"projection"``: all, the discriminator as a
            projection on its features (arXiv 1802.05637); True: all, as ``usual``.
        usual: ``"concat"`` or ``"projection"``.

    Raises:
        BadOption: another value.
        Incompatible: conditional networks for data without classes.
    """
    ways = ("generator", "concat", "projection")
    if not isinstance(conditional, bool) and conditional not in ways:
        raise BadOption(
            f"conditional={conditional!r}: True or False, or one of {', '.join(map(repr, ways))}"
        )
    if conditional is False:
        return Labelling()
    if spec.classes < 1:
        raise Incompatible(
            f"conditional={conditional!r} needs labels, and these data have no classes; leave it "
            f"out, or choose data whose spec.classes is 1 or more"
        )
    way = usual if conditional is True else conditional
    return Labelling(
        spec.classes,
        joined=spec.classes if way == "concat" else 0,
        projected=spec.classes if way == "projection" else 0,
    )


class Labels(nn.Linear):
    """A vector for each class: a linear map of the one-hot label, looked up.

    It is a Linear layer, so that clipping and spectral normalisation treat it as one.
    """

    def __init__(self, classes: int, width: int) -> None:
        super().__init__(classes, width, bias=False)

    def forward(self, y: Tensor | None) -> Tensor:
        """``(N,)`` of int64 to ``(N, width)``.

        Raises:
            Incompatible: no labels.
        """
        return nn.functional.embedding(_given(y), self.weight.t())


def with_planes(x: Tensor, y: Tensor | None, classes: int) -> Tensor:
    """Images ``(N, C, H, W)`` with a plane for each class joined to their channels: ones for
    the label, zeros for all others; the images alone where there are no classes.

    Raises:
        Incompatible: classes and no labels.
    """
    if not classes:
        return x
    planes = one_hot(_given(y), classes).to(x.dtype)[:, :, None, None]
    return torch.cat([x, planes.expand(-1, -1, *x.shape[2:])], 1)


def _given(y: Tensor | None) -> Tensor:
    if y is None:
        raise Incompatible(
            "this network is conditional: call it with labels, (N,) of int64, "
            "or build it with conditional=False"
        )
    return y
