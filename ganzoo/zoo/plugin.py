"""What ganzoo itself brings. Imports no torch: the targets are imported when they are built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ganzoo.registry.entries import (
    ArchitectureEntry,
    DatasetEntry,
    ExtractorEntry,
    LossEntry,
    MetricEntry,
    TermEntry,
)
from ganzoo.registry.hookspecs import hookimpl
from ganzoo.zoo.measures import EXTRACTORS, METRICS

__all__ = [
    "ganzoo_architectures",
    "ganzoo_datasets",
    "ganzoo_extractors",
    "ganzoo_losses",
    "ganzoo_metrics",
    "ganzoo_terms",
]


_LOSSES = (
    LossEntry(
        "minimax",
        target="ganzoo.zoo.losses.minimax:minimax",
        summary="The value function of 2014: the generator's gradient fades where D wins",
        family="logistic",
        year=2014,
        paper="1406.2661",
    ),
    LossEntry(
        "nonsaturating",
        target="ganzoo.zoo.losses.nonsaturating:nonsaturating",
        summary="The -log D trick, which keeps the generator's gradient alive",
        aliases=("gan", "logistic"),
        family="logistic",
        year=2014,
        paper="1406.2661",
    ),
    LossEntry(
        "lsgan",
        target="ganzoo.zoo.losses.lsgan:lsgan",
        summary="Least squares: scores are pulled to codes, also on the right side",
        family="least-squares",
        year=2016,
        paper="1611.04076",
    ),
    LossEntry(
        "wgan",
        target="ganzoo.zoo.losses.wgan:wgan",
        summary="A critic of the Wasserstein distance whose weights are clipped",
        family="wasserstein",
        year=2017,
        paper="1701.07875",
    ),
    LossEntry(
        "wgan-gp",
        target="ganzoo.zoo.losses.wgan:wgan_gp",
        summary="A critic of the Wasserstein distance with a gradient penalty",
        family="wasserstein",
        year=2017,
        paper="1704.00028",
    ),
    LossEntry(
        "hinge",
        target="ganzoo.zoo.losses.hinge:hinge",
        summary="Scores are pushed apart to a margin: geometric, SN-, SA- and BigGAN",
        family="hinge",
        year=2017,
        paper="1705.02894",
    ),
)


@hookimpl
def ganzoo_losses() -> Iterable[LossEntry]:
    """The founding losses."""
    return _LOSSES


@hookimpl
def ganzoo_terms() -> Iterator[TermEntry]:
    """Penalties and constraints that go with any loss."""
    yield TermEntry(
        "gp",
        target="ganzoo.terms.gradient:GradientPenalty",
        summary="The norm of D's gradient at interpolates is pulled to a target",
        aliases=("gradient-penalty",),
        family="gradient",
        year=2017,
        paper="1704.00028",
    )
    yield TermEntry(
        "r1",
        target="ganzoo.terms.gradient:R1",
        summary="Half gamma times the squared norm of D's gradient at real samples",
        family="gradient",
        year=2018,
        paper="1801.04406",
    )
    yield TermEntry(
        "r2",
        target="ganzoo.terms.gradient:R2",
        summary="Half gamma times the squared norm of D's gradient at generated samples",
        family="gradient",
        year=2018,
        paper="1801.04406",
    )
    yield TermEntry(
        "clip",
        target="ganzoo.terms.constraint:WeightClip",
        summary="D's weights are clipped after each of its steps",
        aliases=("weight-clip",),
        family="constraint",
        year=2017,
        paper="1701.07875",
    )
    yield TermEntry(
        "spectral-norm",
        target="ganzoo.terms.constraint:SpectralNorm",
        summary="D's weight matrices are divided by their largest singular values",
        aliases=("sn",),
        family="constraint",
        year=2018,
        paper="1802.05957",
    )


@hookimpl
def ganzoo_architectures() -> Iterator[ArchitectureEntry]:
    """Networks for points and for small images."""
    provides = ("score", "features")
    roles = ("generator", "discriminator", "encoder")
    labels = ("generator", "concat", "projection")
    yield ArchitectureEntry(
        "mlp",
        target="ganzoo.zoo.architectures.mlp:mlp",
        summary="Fully connected layers, for samples of any shape",
        provides=provides,
        roles=roles,
        labels=labels,
    )
    yield ArchitectureEntry(
        "dcgan",
        target="ganzoo.zoo.architectures.dcgan:dcgan",
        summary="Strided convolutions, for square images of 8 to 128 pixels",
        provides=provides,
        roles=roles,
        samples="images",
        labels=labels,
        year=2015,
        paper="1511.06434",
    )
    yield ArchitectureEntry(
        "infogan-conv",
        target="ganzoo.zoo.architectures.infogan:infogan_conv",
        summary="InfoGAN's networks for MNIST, for square images of 28 pixels and the like",
        provides=provides,
        roles=roles,
        samples="images",
        labels=labels,
        year=2016,
        paper="1606.03657",
    )
    yield ArchitectureEntry(
        "resnet",
        target="ganzoo.zoo.architectures.resnet:resnet",
        summary="The residual networks of SNGAN and WGAN-GP, for square images",
        provides=provides,
        roles=roles,
        samples="images",
        labels=labels,
        year=2018,
        paper="1802.05957",
    )


@hookimpl
def ganzoo_datasets() -> Iterator[DatasetEntry]:
    """Data that come with the machine, and readers of those that do not."""
    mixtures, files = "ganzoo.zoo.datasets.mixtures", "ganzoo.zoo.datasets.files"
    digits = "ganzoo.zoo.datasets.digits"
    yield DatasetEntry("ring8", f"{mixtures}:ring8", "Eight Gaussians on a circle", (), "points")
    yield DatasetEntry("grid25", f"{mixtures}:grid25", "25 Gaussians on a grid", (), "points")
    yield DatasetEntry(
        "swissroll",
        "ganzoo.zoo.datasets.swissroll:swissroll",
        "A spiral in the plane",
        ("swiss-roll",),
        "points",
    )
    yield DatasetEntry("digits", f"{digits}:digits", "scikit-learn's 8 x 8 handwritten digits")
    yield DatasetEntry(
        "stacked-digits",
        f"{digits}:stacked_digits",
        "Three digits in three channels: 1000 nearly balanced modes",
    )
    yield DatasetEntry(
        "mnist", f"{files}:mnist", "Handwritten digits of 28 x 28 pixels", builtin=False
    )
    yield DatasetEntry(
        "fashion-mnist", f"{files}:fashion_mnist", "Clothes of 28 x 28 pixels", builtin=False
    )
    yield DatasetEntry(
        "cifar10", f"{files}:cifar10", "Colour pictures of 32 x 32 pixels", builtin=False
    )
    yield DatasetEntry(
        "images",
        "ganzoo.zoo.datasets.folder:images",
        "The pictures of a folder of your own",
        ("folder",),
        builtin=False,
    )


@hookimpl
def ganzoo_metrics() -> Iterable[MetricEntry]:
    """Metrics of samples, of features, and of what a classifier says."""
    return METRICS


@hookimpl
def ganzoo_extractors() -> Iterable[ExtractorEntry]:
    """What metrics look at."""
    return EXTRACTORS
