"""Train the classifier of digits that ships with the package, on the CPU in seconds:
``python -m ganzoo.zoo.extractors.digits_training OUTPUT``.

Equal seeds give equal weights on one machine and version of torch: everything random comes
from one generator, and one thread adds up every sum in one order.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import affine_grid, cross_entropy, grid_sample

from ganzoo.zoo.datasets.digits import digits_split
from ganzoo.zoo.extractors.digits import DigitNetwork

__all__ = ["accuracy", "main", "train"]

_BATCH = 96


def _augment(x: Tensor, generator: torch.Generator) -> Tensor:
    """Turned by up to 0.2 radians, scaled and sheared by up to 12 %, moved by up to 0.8
    pixels, and with a little noise on the grey levels.
    """
    count = len(x)
    draw = torch.rand(count, 6, generator=generator) * 2 - 1
    angle, shear = 0.2 * draw[:, 0], 0.12 * draw[:, 1]
    wide, high = 1 + 0.12 * draw[:, 2], 1 + 0.12 * draw[:, 3]
    across, down = 0.2 * draw[:, 4], 0.2 * draw[:, 5]
    rows = [wide * angle.cos(), shear - angle.sin(), across, angle.sin(), high * angle.cos(), down]
    grid = affine_grid(torch.stack(rows, 1).view(count, 2, 3), list(x.shape), align_corners=False)
    moved = grid_sample(x, grid, padding_mode="border", align_corners=False)
    noise = 0.08 * torch.randn(x.shape, generator=generator)
    return (moved + noise).clamp(-1, 1)


def accuracy(network: DigitNetwork, images: Tensor, labels: Tensor) -> float:
    """The share of images ``(N, 1, 8, 8)`` that get their label ``(N,)``."""
    with torch.no_grad():
        return float((network(images).argmax(1) == labels).double().mean())


def train(seed: int = 0, steps: int = 500) -> DigitNetwork:
    """A network trained on the training digits alone, its weights rounded to half precision.

    Args:
        seed: of the first weights, the order of the images and their augmentation.
        steps: of Adam, on 96 images each, the rate falling as a cosine.
    """
    generator = torch.Generator().manual_seed(seed)
    network = DigitNetwork()
    with torch.no_grad():
        for parameter in network.parameters():
            bound = math.sqrt(6 / parameter[0].numel()) if parameter.ndim > 1 else 0.0
            parameter.uniform_(-bound, bound, generator=generator)
    images, labels, _, _ = digits_split()
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        chosen = torch.randint(len(images), (_BATCH,), generator=generator)
        logits = network(_augment(images[chosen], generator))
        optimizer.zero_grad()
        cross_entropy(logits, labels[chosen], label_smoothing=0.05).backward()
        optimizer.step()
        schedule.step()
    return network.half().float().eval()


def main(output: str) -> None:
    """Train, write the weights as a safetensors file, and print what they reach."""
    torch.set_num_threads(1)
    network = train()
    save_file({name: value.half() for name, value in network.state_dict().items()}, output)
    images, labels, held_out, held_out_labels = digits_split()
    print(
        f"{output}: {Path(output).stat().st_size} bytes; accuracy on the training images "
        f"{accuracy(network, images, labels):.4f}, on the held-out ones "
        f"{accuracy(network, held_out, held_out_labels):.4f}"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m ganzoo.zoo.extractors.digits_training OUTPUT")
    main(sys.argv[1])
