"""Networks of one's own as extractors: modules, callables, TorchScript, weights by name."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from ganzoo.errors import BadData, BadOption, MissingData, MissingDependency, ShapeMismatch
from ganzoo.evaluate.extractor import Extractor
from ganzoo.zoo.extractors.resizing import as_colour
from ganzoo.zoo.extractors.weights import load_into, read_weights

__all__ = ["OfClassifier", "OfNetwork", "load_script", "module", "safetensors", "torchscript"]

_BATCH = 64
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's


class OfNetwork(Extractor):
    """What a network makes of samples, flattened.

    Args:
        network: any callable from samples to a tensor of as many rows, or to something with
            ``features``, as ganzoo's discriminators; a module is put in eval mode.
        size: images are resized to so many pixels a side first; 0 to leave them.
        imagenet: turn images in -1 .. 1 to colour, with ImageNet's mean and deviation.
    """

    def __init__(
        self, network: Callable[..., Any], *, size: int = 0, imagenet: bool = False
    ) -> None:
        if size < 0:
            raise BadOption(f"size={size}: pixels a side, or 0 to leave images as they are")
        self.network, self.size, self.imagenet = network, size, imagenet
        if isinstance(network, nn.Module):
            network.eval()

    def features(self, x: Tensor) -> Tensor:
        """``(N, F)``, float32 or wider; no graph.

        Args:
            x: ``(N, *shape)`` as the network takes them.

        Raises:
            ShapeMismatch: the network gives no tensor of N rows.
        """
        return self._all(x, self._features)

    def _all(self, x: Tensor, one: Callable[[Tensor], Tensor]) -> Tensor:
        if isinstance(self.network, nn.Module):
            self.network.to(x.device)
        with torch.no_grad():
            return torch.cat([one(self._prepared(part)) for part in x.detach().split(_BATCH)])

    def _prepared(self, x: Tensor) -> Tensor:
        if self.size and x.shape[2:] != (self.size, self.size):
            if x.ndim != 4:
                raise ShapeMismatch(f"size={self.size} is for images; found {tuple(x.shape)}")
            x = interpolate(x.float(), (self.size, self.size), mode="bilinear", antialias=True)
        if self.imagenet:
            mean, deviation = (x.new_tensor(v).view(3, 1, 1) for v in (_MEAN, _DEVIATION))
            x = ((as_colour(x, "this network") + 1) / 2 - mean) / deviation
        return x

    def _features(self, x: Tensor) -> Tensor:
        found = self.network(x)
        found = getattr(found, "features", found)
        if not isinstance(found, Tensor) or found.ndim < 1 or len(found) != len(x):
            shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
            raise ShapeMismatch(
                f"an extractor's network must give a tensor of a row for each of the {len(x)} "
                f"samples; found {shape}"
            )
        return found.reshape(len(x), -1).to(torch.promote_types(found.dtype, torch.float32))


class OfClassifier(OfNetwork):
    """What reaches the last linear layer of a network, and the classes that it makes of it."""

    def __init__(self, network: nn.Module, *, size: int = 0, imagenet: bool = False) -> None:
        super().__init__(network, size=size, imagenet=imagenet)
        _, self.head = _last_linear(network)
        self.classes = self.head.out_features

    def predict(self, x: Tensor) -> Tensor:
        """The likeliest class, ``(N,)``."""
        return self.probabilities(x).argmax(1)

    def probabilities(self, x: Tensor) -> Tensor:
        """``(N, classes)``, float32."""
        return self._all(x, lambda part: self.network(part).float().softmax(1))

    def _features(self, x: Tensor) -> Tensor:
        seen: list[Tensor] = []
        hook = self.head.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        try:
            self.network(x)
        finally:
            hook.remove()
        return seen[-1].reshape(len(x), -1).float()


def _last_linear(network: nn.Module) -> tuple[str, nn.Linear]:
    layers = [(n, m) for n, m in network.named_modules() if isinstance(m, nn.Linear)]
    if not layers:
        raise BadOption(f"a {type(network).__name__} has no linear layer that could tell classes")
    return layers[-1]


def load_script(path: Path) -> nn.Module:
    """A TorchScript file on the CPU; its code runs in torch's interpreter, not in Python's.

    Raises:
        BadData: it is none.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of the format; the files stay
            found: nn.Module = torch.jit.load(str(path), map_location="cpu")
    except Exception as error:  # whatever a stranger's archive leads to
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadData(f"{path} is no TorchScript file: {reason}") from error
    return found


def module(*, network: Callable[..., Any], size: int = 0, classifier: bool = False) -> OfNetwork:
    """Any ``nn.Module`` or callable as an extractor, such as a network of one's own.

    Args:
        network: from samples ``(N, *shape)`` to ``(N, ...)``, or to something with
            ``features``; a module is put in eval mode, or batch normalisation would learn.
        size: images are resized to so many pixels a side first; 0 to leave them.
        classifier: take what reaches the last linear layer for features, and what the
            network gives for logits of classes.

    Raises:
        BadOption: what cannot be called, or a classifier without a linear layer.
    """
    if not callable(network):
        raise BadOption(f"network is a {type(network).__name__}, and cannot be called")
    if not classifier:
        return OfNetwork(network, size=size)
    if not isinstance(network, nn.Module):
        raise BadOption("a classifier must be an nn.Module, so that its last layer can be found")
    return OfClassifier(network, size=size)


def torchscript(*, path: str | Path, size: int = 0) -> OfNetwork:
    """A network in a TorchScript file: what it makes of samples in -1 .. 1, flattened.

    Args:
        path: the file.
        size: images are resized to so many pixels a side first; 0 to leave them.

    Raises:
        MissingData: there is no such file.
        BadData: it is no TorchScript.
    """
    return OfNetwork(load_script(_existing("torchscript", path)), size=size)


def safetensors(*, path: str | Path, architecture: str, size: int = 224) -> OfClassifier:
    """A classifier of torchvision with weights from a file: what reaches its last layer.

    Images become colour with ImageNet's mean and deviation.

    Args:
        path: the weights, .safetensors or torch's format, in torchvision's names.
        architecture: torchvision's name for the network, such as ``resnet18``.
        size: pixels a side to which images are resized; 0 to leave them.

    Raises:
        MissingData: there is no such file.
        BadData: it does not hold the weights of this network.
        BadOption: torchvision knows no such network, or it has no linear layer.
        MissingDependency: torchvision is absent or broken.
    """
    place = _existing("safetensors", path)
    try:
        from torchvision.models import get_model, list_models
    except Exception as error:  # beside a torch of another build it raises RuntimeError
        raise MissingDependency(
            f"the extractor 'safetensors' builds torchvision's networks, and torchvision cannot "
            f"be imported ({error}); install the version that goes with this torch"
        ) from error
    if architecture not in list_models():
        raise BadOption(
            f"architecture={architecture!r} is no network of torchvision; 'resnet18' is one, and "
            f"torchvision.models.list_models() names them all"
        )
    with torch.random.fork_rng(devices=[]):  # the initial weights, soon to be overwritten
        name, _ = _last_linear(get_model(architecture, weights=None))
        head = read_weights(place).get(f"{name}.weight")
        options = {} if head is None else {"num_classes": len(head)}
        network = get_model(architecture, weights=None, **options)
    return OfClassifier(load_into(network, place), size=size, imagenet=True)


def _existing(extractor: str, path: str | Path) -> Path:
    place = Path(path).expanduser()
    if not place.is_file():
        raise MissingData(f"the extractor {extractor!r} finds no file at {place}")
    return place
