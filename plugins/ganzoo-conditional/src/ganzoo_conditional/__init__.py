"""Conditioning for ganzoo, on top of any adversarial loss. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator

import ganzoo

__all__ = ["ganzoo_losses", "ganzoo_terms"]

_KNOWN = (
    (
        ("cgan", "cgan-concat"),
        ("labelled:cgan", "labelled:Concatenation"),
        ("1411.1784", 2014),
        "Labels join the input of both networks",
    ),
    (
        ("projection", "pd"),
        ("labelled:projection", "labelled:Projection"),
        ("1802.05637", 2018),
        "The label is an inner product with the discriminator's features",
    ),
    (
        ("acgan",),
        ("classifiers:acgan", "classifiers:ACGAN"),
        ("1610.09585", 2016),
        "A classifier beside the discriminator pays for samples that it recognises",
    ),
    (
        ("tac-gan",),
        ("classifiers:tac_gan", "classifiers:TACGAN"),
        ("1907.02690", 2019),
        "ACGAN, and a twin classifier that the generator plays against",
    ),
    (
        ("adc-gan",),
        ("classifiers:adc_gan", "classifiers:ADCGAN"),
        ("2107.10060", 2021),
        "A classifier that knows real and generated samples of each class apart",
    ),
    (
        ("contragan", "2c"),
        ("contragan:contragan", "contragan:ContraGAN"),
        ("2006.12681", 2020),
        "Samples of a class are drawn together, and to its proxy",
    ),
    (
        ("reacgan", "d2d-ce"),
        ("reacgan:reacgan", "reacgan:ReACGAN"),
        ("2111.01118", 2021),
        "A classifier on the sphere in which easy samples count no more",
    ),
    (
        ("infogan",),
        ("information:infogan", "information:InfoGAN"),
        ("1606.03657", 2016),
        "Codes in the latent vector that must be read off the samples; no labels",
    ),
)


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """Each of them on a base of its own."""
    for (name, *aliases), (where, _), (paper, year), summary in _KNOWN:
        yield ganzoo.LossEntry(
            name,
            target=f"{__name__}.{where}",
            summary=summary,
            aliases=tuple(aliases),
            family="conditional",
            year=year,
            paper=paper,
        )
    yield ganzoo.LossEntry(
        "mhgan",
        target=f"{__name__}.multihinge:mhgan",
        summary="One hinge for all classes, and one class more for generated samples",
        family="conditional",
        year=2019,
        paper="1912.04216",
    )


@ganzoo.hookimpl
def ganzoo_terms() -> Iterator[ganzoo.TermEntry]:
    """The same, to be added to any loss."""
    for (name, *aliases), (_, where), (paper, year), summary in _KNOWN:
        yield ganzoo.TermEntry(
            name,
            target=f"{__name__}.{where}",
            summary=summary,
            aliases=tuple(aliases),
            family="conditional",
            year=year,
            paper=paper,
        )
