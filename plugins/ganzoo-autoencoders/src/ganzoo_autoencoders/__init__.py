"""Generative autoencoders for ganzoo. Importing this imports no torch."""

from __future__ import annotations

from collections.abc import Iterator

import ganzoo

__all__ = ["ganzoo_losses"]


def _entry(
    where: str, summary: str, year: int, paper: str, aliases: tuple[str, ...] = ()
) -> ganzoo.LossEntry:
    return ganzoo.LossEntry(
        where.partition(":")[2].replace("_", "-"),
        target=f"{__name__}.{where}",
        summary=summary,
        aliases=aliases,
        family="autoencoder",
        year=year,
        paper=paper,
    )


@ganzoo.hookimpl
def ganzoo_losses() -> Iterator[ganzoo.LossEntry]:
    """The losses of this plugin."""
    yield _entry(
        "variational:vae",
        "An encoder and a decoder climb a bound on the evidence",
        2013,
        "1312.6114",
    )
    yield _entry(
        "variational:cvae", "A VAE of which both networks see the label", 2015, "NeurIPS 2015"
    )
    yield _entry("denoising:dvae", "A VAE that encodes spoilt samples", 2015, "1511.06406")
    yield _entry(
        "adversarial:aae", "An autoencoder whose codes a discriminator judges", 2015, "1511.05644"
    )
    yield _entry(
        "learned:vae_gan",
        "A VAE that reconstructs the discriminator's features",
        2015,
        "1512.09300",
    )
    yield _entry(
        "joint:bigan",
        "A discriminator judges samples together with their codes",
        2016,
        "1605.09782",
        ("ali",),
    )
