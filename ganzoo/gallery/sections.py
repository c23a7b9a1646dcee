"""The sections of a gallery: which pictures, and what to look at in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganzoo.gallery.exhibit import Exhibit
from ganzoo.gallery.meaning import meaning
from ganzoo.gallery.parts import Group, Section, figures
from ganzoo.gallery.sheets import flat, plane, projection, sheet, square

__all__ = ["sections"]


def sections(models: Sequence[Exhibit]) -> list[Section]:
    """All that there is to show of these models; sections without a picture are left out,
    but for the first, which names every model.
    """
    every = [
        _random(models),
        _classes(models),
        _codes(models),
        _remade(models),
        _latent(models),
        meaning(models),
    ]
    return [part for number, part in enumerate(every) if part.groups or not number]


def _random(models: Sequence[Exhibit]) -> Section:
    groups = []
    for model in models:
        pictures = []
        for place, step in enumerate(model.steps):
            samples = model.at(place, "samples")
            if not step or samples is None:
                continue
            about = f"{model.title}: samples after {step} steps"
            name = f"random-{model.name}-{step}"
            pictures.append(sheet(square(samples), file=name, title=f"step {step}", about=about))
        groups.append(
            Group(model.title, tuple(pictures), model.about, figures(model), model.reason)
        )
    return Section(
        "random",
        "Random generation",
        "Each model early in training, half-way and at the end, from the same 64 latent vectors "
        "at all three steps: a shape that is there early can be followed to the digit that it "
        "becomes. Look for shapes that come again and again (collapse), for grey and soft "
        "strokes (the autoencoders answer doubt with an average), and for speckles. Models that "
        "are told the class show the classes in turn. All have the same networks, but that "
        "the energy-based ones need an autoencoder for a discriminator.",
        tuple(groups),
    )


def _classes(models: Sequence[Exhibit]) -> Section:
    pictures = []
    for model in models:
        made = model.at_end("classes")
        if made is not None:
            about = f"{model.title}: one class in each column, one noise vector in each row"
            file, note = f"classes-{model.name}", figures(model)
            pictures.append(sheet(made, file=file, title=model.title, note=note, about=about))
    return Section(
        "classes",
        "The asked class",
        "The same noise vector along each row, the class along each column. Down a column the "
        "digit should stay the same; along a row what the class does not say should: slant, "
        "thickness of the stroke, size.",
        (Group("", tuple(pictures)),) if pictures else (),
    )


def _codes(models: Sequence[Exhibit]) -> Section:
    groups = []
    for model in models:
        pictures = []
        made, swept = model.at_end("categories"), model.at_end("sweep")
        if made is not None:
            about = f"{model.title}: one category in each column, one noise vector in each row"
            title = "The categorical code along the columns"
            name = f"categories-{model.name}"
            pictures.append(sheet(made, file=name, title=title, about=about))
        for number, each in enumerate(swept if swept is not None else ()):
            title = f"Two continuous codes, {'one category' if not number else 'another category'}"
            about = f"{model.title}: the first code down, the second across"
            name = f"sweep-{model.name}-{number}"
            pictures.append(sheet(each, file=name, title=title, about=about))
        if pictures:
            groups.append(
                Group(model.title, tuple(pictures), model.about, figures(model), across=2)
            )
    return Section(
        "codes",
        "Codes found without labels",
        "InfoGAN saw no label. Of its latent vector, one part is a choice of ten, and it must be "
        "readable off the image. Look down the columns: where a column holds one digit, the code "
        "has found a class by itself; where it holds two, it has found something else. In the "
        "other sheets nothing moves but two continuous codes, from -1 to 1, the first downwards "
        "and the second to the right: the change should be smooth, and of a kind that has a name.",
        tuple(groups),
    )


def _remade(models: Sequence[Exhibit]) -> Section:
    pictures = []
    for model in models:
        remade, inputs = model.at_end("remade"), model.at_end("inputs")
        if remade is None or inputs is None:
            continue
        seen = model.at_end("seen")
        rows = [inputs, *([] if seen is None else [seen]), remade]
        said = "held-out inputs, {}what is made of their codes"
        said = said.format("" if seen is None else "what the encoder saw, ")
        if model.latent == 2:
            said += "; two numbers are all that a code holds"
        about = f"{model.title}: {said}"
        name = f"reconstruction-{model.name}"
        note = f"From above: {said}."
        picture = sheet(np.stack(rows), file=name, title=model.title, note=note, about=about)
        pictures.append(picture)
    return Section(
        "reconstruction",
        "Reconstruction",
        "Digits that no model was trained on, encoded and decoded. What comes back differs from "
        "the input by what the code has no room for, or no use for. The denoising model is given "
        "the spoilt digit and asked for the clean one.",
        (Group("", tuple(pictures), across=2),) if pictures else (),
    )


def _latent(models: Sequence[Exhibit]) -> Section:
    planes, folds = [], []
    for model in models:
        codes, prior = model.at_end("codes"), model.at_end("prior")
        if codes is None or prior is None:
            continue
        mean, directions, share = projection(codes)
        two = codes.shape[1] <= 2
        how = (
            "both elements" if two else f"two principal directions, {100 * share:.0f} % of variance"
        )
        spread = codes.std(0)
        note = (
            f"{how}; standard deviations of the elements {spread.min():.2f} to {spread.max():.2f}"
        )
        points = flat(codes, mean, directions), flat(prior, np.zeros_like(mean), directions)
        labels, file = model.at_end("code_labels"), f"codes-{model.name}"
        planes.append(plane(points[0], labels, points[1], file=file, title=model.title, note=note))
        fold = model.at_end("manifold")
        if fold is not None:
            title, about = f"{model.title}: what each place decodes to", "the learned manifold"
            folds.append(sheet(fold, file=f"manifold-{model.name}", title=title, about=about))
    groups = [Group("Where the samples lie", tuple(planes))] if planes else []
    if folds:
        said = (
            "Each place of the plane of codes, decoded: the quantiles of the prior, 3 % to 97 %. "
            "Neighbours look alike, and each class has its region."
        )
        groups.append(Group("The learned manifold", tuple(folds), said, across=2))
    return Section(
        "latent",
        "The space of codes",
        "Each number is a held-out sample at the place of its code, and names its class; grey "
        "points are draws of the prior. Digits of one class lie together though a plain "
        "autoencoder never saw a label; where the encoder was told the class, the code has no "
        "need to say it, and the classes lie on each other. Codes should fill the prior and no "
        "more: what is drawn from an empty place decodes to nothing in particular. The AAE is "
        "held to the prior by a discriminator of codes, the others by a divergence; theirs are "
        "means, which are narrower than the prior where an element is little used.",
        tuple(groups),
    )
