"""What metrics look at in an evaluation: extractors by name, and features computed once."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ganzoo.evaluate import Extractor, Samples
from ganzoo.evaluate.cache import cached, content_hash
from ganzoo.recipe.recipe import Choice
from ganzoo.recipe.samples import OnProgress
from ganzoo.recipe.sides import Against
from ganzoo.registry import default_registry, get_extractor

__all__ = ["chosen_extractor", "doubts", "extract"]

_BATCH = 256


def chosen_extractor(
    asked: str | Extractor, data: Against, needs: set[str]
) -> tuple[Extractor | None, str, str]:
    """The extractor, its name, and what stands for it in the cache; empty for not to cache."""
    if isinstance(asked, Extractor):
        return asked, type(asked).__name__, ""
    if not asked and not needs & {"features", "classifier"}:
        return None, "", ""
    usual = data.source.extractor if data.source else "random-conv" if data.image else "pixels"
    call = Choice.of(asked or usual)
    made = get_extractor(call.name, **call.options)
    found = default_registry().find("extractors", call.name)
    network = getattr(made, "network", None)
    weights = list(network.state_dict().values()) if isinstance(network, nn.Module) else []
    if call.name == "module" or found.name == "pixels":
        return made, found.name, ""
    key = content_hash(found.id, found.version, str(call), *weights)
    return made, str(Choice(found.name, call.options)), key


def extract(samples: Samples, label: str, on_progress: OnProgress | None, key: str = "") -> Samples:
    """The samples with their features, from the cache where there is a key and it has them."""
    looks = samples.extractor
    assert looks is not None

    def features() -> Tensor:
        parts = []
        for start in range(0, len(samples), _BATCH):
            with torch.no_grad():
                parts.append(looks.features(samples.x[start : start + _BATCH]))
            if on_progress is not None:
                on_progress(label, min(start + _BATCH, len(samples)), len(samples))
        return torch.cat(parts)

    return samples.with_features(cached(key, features) if key else features())


def doubts(fake: Tensor, real: Tensor) -> list[str]:
    """What the numbers of samples and features forbid to believe."""
    notes, size = [], real.shape[1]
    few = min(len(fake), len(real))
    if few < size:
        notes.append(
            f"{few} samples of {size} features: the Fréchet distance is exact, and most of it is "
            f"the bias of so few; hold it against the same number of samples alone"
        )
    for name, x in (("generated", fake), ("real", real)):
        constant = int((x == x[:1]).all(0).sum())
        if constant:
            notes.append(f"{constant} of {size} features are the same for all {name} samples")
    return notes
