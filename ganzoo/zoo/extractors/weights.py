"""Weights that lie on this machine: where they are looked for, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ganzoo.errors import BadData, MissingData

__all__ = ["find_weights", "load_into", "read_weights"]


def find_weights(extractor: str, path: str | Path, names: Sequence[str], origin: str) -> Path:
    """The file at ``path``, or the first of the names in torch's cache of checkpoints.

    Nothing is ever downloaded.

    Args:
        extractor: for messages.
        path: of the file or of the folder that it lies in; empty for the cache.
        names: how the file is called where others keep it.
        origin: where it comes from, for messages.

    Raises:
        MissingData: none is there; names what was looked for and where to put it.
    """
    cache = Path(torch.hub.get_dir()) / "checkpoints"
    given = Path(path).expanduser() if str(path) else None
    if given is not None and given.is_file():
        return given
    folder = cache if given is None else given
    for name in names:
        if (folder / name).is_file():
            return folder / name
    where = str(cache) if given is None else str(given)
    raise MissingData(
        f"the weights of the extractor {extractor!r} are not on this machine, and are never "
        f"fetched unasked. Looked for {' or '.join(names)} in {where}. {origin} Put the file "
        f"into {cache}, or say where it is: {extractor}(path='...')."
    )


def read_weights(path: Path) -> Mapping[str, Tensor]:
    """A state dict of a ``.safetensors`` file, or of torch's format without any other object.

    Raises:
        BadData: it cannot be read, or holds something else than tensors by name.
    """
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise BadData(f"{path} cannot be read: {_line(error)}") from error
    except Exception as error:  # the unpickler's refusals are of pickle's own class
        raise BadData(f"{path} is no file of weights alone: {_line(error)}") from error
    for key in ("state_dict", "model", "teacher"):  # how trainers wrap them
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    if not isinstance(found, Mapping) or not all(isinstance(v, Tensor) for v in found.values()):
        raise BadData(f"{path} holds a {type(found).__name__}, and not tensors by name")
    return {str(name): value for name, value in found.items()}


def load_into(network: nn.Module, path: Path, *, spare: Sequence[str] = ()) -> nn.Module:
    """Fill a network with the weights of a file; gives it in eval mode, without gradients.

    Args:
        network: whose names and shapes the file must have.
        path: see :func:`read_weights`.
        spare: starts of names in the file that the network can do without.

    Raises:
        BadData: names or shapes that differ; says which.
    """
    weights = {
        name: value
        for name, value in read_weights(path).items()
        if not name.startswith(tuple(spare) or ("\0",))
    }
    own = network.state_dict()
    absent = [name for name in own if name not in weights and "num_batches" not in name]
    unknown = [name for name in weights if name not in own]
    shapes = [
        f"{name} is {tuple(value.shape)} and not {tuple(own[name].shape)}"
        for name, value in weights.items()
        if name in own and own[name].shape != value.shape
    ]
    wrong = [f"{name} is absent" for name in absent] + [f"{name} is unknown" for name in unknown]
    wrong += shapes
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise BadData(
            f"{path} does not hold the weights of this network: {'; '.join(wrong[:3])}{more}"
        )
    network.load_state_dict(weights, strict=False)
    return network.eval().requires_grad_(False)


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
