"""The Inception network of the FID: its weights of 2015-12-05, from a file on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, max_pool2d

from ganzoo.errors import MissingDependency
from ganzoo.evaluate.extractor import Extractor
from ganzoo.zoo.extractors.resizing import as_colour, bytes_of, resize_as_tensorflow
from ganzoo.zoo.extractors.scripts import load_script
from ganzoo.zoo.extractors.weights import find_weights, load_into

__all__ = ["NAMES", "InceptionFid", "InceptionScript", "inception", "network"]

NAMES = (
    "pt_inception-2015-12-05-6726825d.pth",
    "weights-inception-2015-12-05-6726825d.pth",
    "inception-2015-12-05.pt",
)
"""What the files are called: pytorch-fid's, torch-fidelity's, NVIDIA's."""

_ORIGIN = (
    "The first is in a release of pytorch-fid, the second of torch-fidelity (the same weights), "
    "the third is the TorchScript of NVIDIA's StyleGAN."
)
_CLASSES, _SIDE, _BATCH = 1008, 299, 32


class InceptionFid(Extractor):
    """2048 pooled features and 1008 classes of images.

    Args:
        network: as of :func:`network`, with weights.
    """

    classes = _CLASSES

    def __init__(self, network: nn.Module) -> None:
        self.network: Any = network.eval()

    def features(self, x: Tensor) -> Tensor:
        """``(N, 2048)``, float32, none below 0.

        Args:
            x: ``(N, 1 or 3, H, W)`` in -1 .. 1, of any size.

        Raises:
            ShapeMismatch: another shape.
        """
        return self._all(x, self._pooled)

    def predict(self, x: Tensor) -> Tensor:
        """The likeliest class, ``(N,)``."""
        return self.probabilities(x).argmax(1)

    def probabilities(self, x: Tensor) -> Tensor:
        """``(N, 1008)``, without the bias of the last layer, as the Inception Score has it."""
        return self._all(x, self._laws)

    def _all(self, x: Tensor, one: Callable[[Tensor], Tensor]) -> Tensor:
        x = bytes_of(as_colour(x, "inception"))
        self.network.to(x.device)
        with torch.no_grad():
            return torch.cat([one(part) for part in x.split(_BATCH)])

    def _pooled(self, x: Tensor) -> Tensor:
        found: Tensor = self.network((resize_as_tensorflow(x.float(), _SIDE) - 128) / 128)
        return found

    def _laws(self, x: Tensor) -> Tensor:
        found: Tensor = (self._pooled(x) @ self.network.fc.weight.T).softmax(1)
        return found


class InceptionScript(InceptionFid):
    """The same by NVIDIA's TorchScript, which resizes by itself."""

    def _pooled(self, x: Tensor) -> Tensor:
        found: Tensor = self.network(x, return_features=True)
        return found.float()

    def _laws(self, x: Tensor) -> Tensor:
        found: Tensor = self.network(x, no_output_bias=True)
        return found.float()


def network() -> nn.Module:
    """TensorFlow's Inception of 2015 without weights, of torchvision's blocks: ``(N, 2048)``
    of images ``(N, 3, 299, 299)``. Names and shapes are those of pytorch-fid's file.

    It differs from torchvision's own in pooling: averages leave the border out of the count,
    and the last block takes maxima.

    Raises:
        MissingDependency: torchvision is absent or broken.
    """
    try:
        from torchvision.models import inception as parts
    except Exception as error:  # beside a torch of another build it raises RuntimeError
        raise MissingDependency(
            f"the network of 'inception' is made of torchvision's blocks, and torchvision cannot "
            f"be imported ({error}); install the version that goes with this torch, or use the "
            f"TorchScript file {NAMES[2]}, which needs none"
        ) from error

    class Trunk(parts.Inception3):  # type: ignore[misc]
        def forward(self, x: Tensor) -> Tensor:
            for name, layer in self.named_children():
                if name == "dropout":  # and the classes after it
                    break
                x = layer(x)
            return x.flatten(1)

    pooled = {
        name: _with_pool(getattr(parts, f"Inception{name}"), _average) for name in ("A", "C", "E")
    }
    blocks = [pooled["A"], parts.InceptionB, pooled["C"], parts.InceptionD, pooled["E"]]
    made = Trunk(
        num_classes=_CLASSES,
        aux_logits=False,
        inception_blocks=[parts.BasicConv2d, *blocks, parts.InceptionAux],
        init_weights=False,
    )
    made.Mixed_7c = _with_pool(parts.InceptionE, _largest)(2048)
    return made


def _with_pool(block: type[Any], pool: Callable[[Tensor], Tensor]) -> type[Any]:
    """A block whose last branch pools in another way."""

    class Pooled(block):  # type: ignore[misc]
        def _forward(self, x: Tensor) -> list[Tensor]:
            *others, _ = super()._forward(x)
            return [*others, self.branch_pool(pool(x))]

    return Pooled


def _average(x: Tensor) -> Tensor:
    return avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)


def _largest(x: Tensor) -> Tensor:
    return max_pool2d(x, 3, stride=1, padding=1)


def inception(*, path: str | Path = "") -> InceptionFid:
    """The features of the FID (arXiv 1706.08500) and the classes of the Inception Score.

    Images in -1 .. 1 become bytes and are resized to 299 pixels as TensorFlow 1 did: with the
    weights of 2015-12-05 these are the numbers that papers report as FID, as far as the same
    counts, reference and file format allow. Nothing is downloaded.

    Args:
        path: the file of weights, or the folder it lies in; torch's cache of checkpoints where
            it is empty. A file of pytorch-fid's layout (.pth or .safetensors), or NVIDIA's
            TorchScript (.pt).

    Raises:
        MissingData: there is no such file; names those looked for.
        BadData: it holds something else.
        MissingDependency: torchvision is absent or broken, and the file is no TorchScript.
    """
    place = find_weights("inception", path, NAMES, _ORIGIN)
    if place.suffix == ".pt":
        return InceptionScript(load_script(place))
    return InceptionFid(load_into(network(), place))
