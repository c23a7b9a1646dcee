"""Energy-based GANs for ganzoo: losses, a term, networks. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator

import ganzoo

__all__ = ["ganzoo_architectures", "ganzoo_losses", "ganzoo_terms"]

_PROVIDES = ("score", "features", "reconstruction")
_ROLES = ("generator", "discriminator", "encoder")
_LABELS = ("generator", "concat")


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """The losses of this plugin."""
    yield ganzoo.LossEntry(
        "ebgan",
        target=f"{__name__}.ebgan:ebgan",
        summary="An autoencoder learns to fail on generated samples, up to a margin",
        family="energy",
        year=2016,
        paper="1609.03126",
    )
    yield ganzoo.LossEntry(
        "began",
        target=f"{__name__}.began:began",
        summary="Reconstruction errors are held in balance by a learned factor",
        family="energy",
        year=2017,
        paper="1703.10717",
    )
    yield ganzoo.LossEntry(
        "magan",
        target=f"{__name__}.magan:magan",
        summary="EBGAN with a margin that follows the energy of the data down",
        family="energy",
        year=2017,
        paper="1704.03817",
    )


@ganzoo.hookimpl
def ganzoo_terms() -> Iterator[ganzoo.TermEntry]:
    """The term of this plugin."""
    yield ganzoo.TermEntry(
        "pull-away",
        target=f"{__name__}.pull_away:PullAway",
        summary="The features of generated samples are pulled to right angles",
        family="generator",
        year=2016,
        paper="1609.03126",
    )


@ganzoo.hookimpl
def ganzoo_architectures() -> Iterator[ganzoo.ArchitectureEntry]:
    """The networks of this plugin."""
    yield ganzoo.ArchitectureEntry(
        "mlp-ae",
        target=f"{__name__}.networks:mlp_ae",
        summary="The generator of mlp against an autoencoder of fully connected layers",
        provides=_PROVIDES,
        roles=_ROLES,
        labels=_LABELS,
        year=2016,
        paper="1609.03126",
    )
    yield ganzoo.ArchitectureEntry(
        "conv-ae",
        target=f"{__name__}.networks:conv_ae",
        summary="The generator of dcgan against a convolutional autoencoder",
        provides=_PROVIDES,
        roles=_ROLES,
        labels=_LABELS,
        samples="images",
        year=2016,
        paper="1609.03126",
    )
