"""scikit-learn's 8 x 8 handwritten digits, alone and stacked three deep."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor
from torch.nn.functional import pad

from ganzoo.errors import BadOption, MissingDependency
from ganzoo.game import Source, Spec, Stream, Task, TensorSource

__all__ = ["StackedDigits", "digits", "digits_split", "stacked_digits"]

_HELD_OUT = 500
_SIZES = (8, 16, 28, 32)
_SETTINGS = {
    "batch": 64,
    "betas": (0.0, 0.99),
    "schedule": "cosine",
    "final_lr": 0.02,
    "ema": 0.998,
}


def digits_split() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The 1797 digits in their fixed split.

    Which are held out follows from a hash of their numbers, and so from no random state
    and no version of any library: the shipped extractor has seen the same 1297.

    Returns:
        Training images ``(1297, 1, 8, 8)`` in -1 .. 1, their labels, then 500 held-out
        images and theirs.

    Raises:
        MissingDependency: scikit-learn, which carries the images, cannot be imported.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise MissingDependency(
            f"the digits come with scikit-learn, which cannot be imported ({error}); "
            "'pip install scikit-learn' would do"
        ) from error
    pixels, targets = load_digits(return_X_y=True)
    images = torch.as_tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 8 - 1
    labels = torch.as_tensor(targets, dtype=torch.int64)
    order = sorted(
        range(len(images)),
        key=lambda number: hashlib.blake2b(f"digits/{number}".encode()).digest(),
    )
    test, train = torch.tensor(order[:_HELD_OUT]), torch.tensor(order[_HELD_OUT:])
    return images[train], labels[train], images[test], labels[test]


def _enlarged(images: Tensor, size: int) -> Tensor:
    """Every pixel as a square, as large as fits, in a frame of the background."""
    factor, frame = size // 8, (size % 8) // 2
    squares = images.repeat_interleave(factor, 2).repeat_interleave(factor, 3)
    return pad(squares, (frame,) * 4, value=-1.0)


def digits(*, size: int = 8) -> TensorSource:
    """scikit-learn's bundled digits: 1297 to train on, 500 held out, 10 labels.

    Args:
        size: 8, 16, 28 or 32 pixels a side. Every pixel becomes a square of equal ones, so
            that the 17 levels stay, and averaging gives the 8 x 8 image back exactly. 28, the
            size of MNIST, is squares of 3 in a frame of 2 background pixels; networks of that
            size go with it.

    Returns:
        A source of images ``(N, 1, size, size)`` in -1 .. 1.

    Raises:
        BadOption: another size.
        MissingDependency: scikit-learn cannot be imported.
    """
    if size not in _SIZES:
        raise BadOption(f"size={size}: one of {', '.join(map(str, _SIZES))}")
    train, train_labels, test, test_labels = digits_split()
    source = TensorSource(
        _enlarged(train, size),
        _enlarged(test, size),
        train_labels=train_labels,
        test_labels=test_labels,
        latent=16,
        classes=10,
    )
    source.levels, source.extractor = 17, "digits"
    source.task = Task(
        "infogan-conv" if size == 28 else "mlp",
        {} if size == 28 else {"width": 128},
        {**_SETTINGS, "generator_lr": 1e-3, "discriminator_lr": 1e-3, "steps": 2500},
        ("frechet-distance", "kid", "precision", "recall", "class-kl"),
    )
    return source


class StackedDigits(Source):
    """Three digits as the channels of one image, composed anew for every batch on the
    device. The label reads them as one number, the first channel its hundreds.
    """

    levels = 17
    extractor = "stacked-digits"
    recordable = True

    def __init__(self) -> None:
        train, self.train_labels, test, self.test_labels = digits_split()
        self.train, self.test = train[:, 0], test[:, 0]
        self.spec = Spec((3, 8, 8), latent=48, classes=1000)
        self.task = Task(
            "mlp",
            {"width": 256, "discriminator_width": 32},
            {**_SETTINGS, "generator_lr": 5e-4, "discriminator_lr": 1e-3, "steps": 2000},
            ("class-kl", "class-modes", "frechet-distance"),
        )

    @staticmethod
    def _compose(
        images: Tensor, labels: Tensor, count: int, stream: Stream
    ) -> tuple[Tensor, Tensor]:
        chosen = stream.integers(len(images), count, 3).to(images.device)
        single = labels[chosen]
        return images[chosen], 100 * single[:, 0] + 10 * single[:, 1] + single[:, 2]

    def draw(self, count: int, stream: Stream) -> tuple[Tensor, Tensor]:
        """``(count, 3, 8, 8)`` of training digits and the numbers they spell."""
        return self._compose(self.train, self.train_labels, count, stream)

    def held_out(self, count: int, stream: Stream) -> tuple[Tensor, Tensor]:
        """``count`` images of held-out digits and the numbers they spell."""
        return self._compose(self.test, self.test_labels, count, stream)

    def to(self, device: torch.device | str) -> StackedDigits:
        """Keep the single digits on a device; gives the source itself."""
        self.train, self.train_labels = self.train.to(device), self.train_labels.to(device)
        self.test, self.test_labels = self.test.to(device), self.test_labels.to(device)
        return self


def stacked_digits() -> StackedDigits:
    """Stacked digits: 1000 nearly balanced modes in 3 x 8 x 8 images, after the stacked
    MNIST of Metz et al., arXiv 1611.02163.

    The suggested discriminator is narrow on purpose: a wide one lets every objective find
    nearly all modes, and then their number says nothing.

    Returns:
        A source of images ``(N, 3, 8, 8)`` in -1 .. 1 with 1000 labels.

    Raises:
        MissingDependency: scikit-learn cannot be imported.
    """
    return StackedDigits()
