"""What z means: the contrast between a GAN and an autoencoder, in pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganzoo.gallery.exhibit import Exhibit
from ganzoo.gallery.parts import Group, Section
from ganzoo.gallery.sheets import Picture, sheet

__all__ = ["meaning"]


def meaning(models: Sequence[Exhibit]) -> Section:
    """Walks and traversals before and after training, and what reconstruction there is."""
    pair = [model for model in (_first(models, "nearest"), _first(models, "between")) if model]
    groups = [
        _before_after(pair, "walk", "Walks between random latent vectors", _WALK),
        _before_after(pair, "traversal", "One element of z after the other", _TRAVERSAL),
        _between(pair),
        _reconstruction(pair),
    ]
    return Section(
        "meaning",
        "What z means",
        "A VAE's z comes from an encoder: it describes a sample that exists. A GAN's z is noise "
        "that means nothing, until training gives it a use. The generators below are the same "
        "network, and start alike.",
        tuple(group for group in groups if group.pictures),
    )


_WALK = (
    "Each row goes from one random vector to another. Before training, all z give the same grey; "
    "after it, every step on the way is an image of its own, and one digit turns into the "
    "next without a jump. Nobody told the GAN to be smooth."
)
_TRAVERSAL = (
    "Each row moves one element of z, and nothing else, from low to high. After training an "
    "element of the GAN's does something, but seldom one thing with a name: nothing asked for "
    "that. The VAE pays for what a code says, and leaves elements unused: rows that do not move."
)


def _first(models: Sequence[Exhibit], what: str) -> Exhibit | None:
    """The first model that has these pictures and looks at no labels, else the first with them."""
    having = [model for model in models if model.at_end(what) is not None]
    plain = [m for m in having if m.at_end("classes") is None and m.at_end("categories") is None]
    return next(iter([*plain, *having]), None)


def _before_after(pair: list[Exhibit], what: str, title: str, about: str) -> Group:
    pictures: list[Picture] = []
    for model in pair:
        for place, when in ((0, "before training"), (-1, "after training")):
            made, name = model.at(place, what), f"{what}-{model.name}-{when.split()[0]}"
            if made is not None:
                said = f"{model.title}, {when}"
                pictures.append(sheet(made, file=name, title=said, about=f"{said}: {title}"))
    return Group(title, tuple(pictures), about, across=2)


def _between(pair: list[Exhibit]) -> Group:
    pictures = []
    for model in pair:
        for place, when in ((0, "before training"), (-1, "after training")):
            made, name = model.at(place, "between"), f"between-{model.name}-{when.split()[0]}"
            if made is not None:
                said = f"{model.title}, {when}"
                pictures.append(sheet(made, file=name, title=said, about=said, apart=True))
    return Group(
        "From one given digit to another",
        tuple(pictures),
        "The outer columns are held-out digits, and between them lies the walk from the code of "
        "the left one to the code of the right one. The GAN has no such picture: it cannot say "
        "which z a given digit has.",
        across=2,
    )


def _reconstruction(pair: list[Exhibit]) -> Group:
    pictures = []
    for model in pair:
        inputs, own = model.at_end("inputs"), model.at_end("remade")
        own, can = (model.at_end("nearest"), False) if own is None else (own, True)
        if inputs is None or own is None:
            continue
        error = float(np.square(inputs - own).mean())
        said = f"{model.title}: {'encoded and decoded' if can else 'the nearest of 2000 samples'}"
        rows = np.stack([inputs, own])
        name = f"given-{model.name}"
        note = f"mean squared error {error:.3f}"
        pictures.append(sheet(rows, file=name, title=said, note=note, about=said))
    return Group(
        "Given a digit, find it again",
        tuple(pictures),
        "Above the given digits, below the answer. The one has a way from a sample to its z; the "
        "other has none, and all that can be done is to draw many samples and take the nearest.",
        across=2,
    )
