"""Checks of what networks give: roles, shapes, fields, and labels."""

from __future__ import annotations

import torch
from torch import nn

from ganzoo.game import DiscriminatorOutput, Spec
from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.bench import seeded
from ganzoo.testing.networks.subject import (
    CLASSES,
    COUNT,
    FIELDS,
    Subject,
    each_network,
    inputs,
    parts_of,
    same,
)

__all__ = ["CHECKS"]


def _shapes(subject: Subject) -> None:
    for spec, role, network, x in each_network(subject):
        for count in (COUNT, 2):
            said = network(x[:count])
            wanted: list[tuple[int, ...]] = [(count, *spec.shape)]
            if role == "encoder":
                wanted = [(count, spec.latent)] * 2
            elif role == "discriminator":
                _discriminator_shapes(network, DiscriminatorOutput.of(said), count, spec)
                continue
            found = [tuple(part.shape) for part in parts_of(said)]
            if found != wanted:
                fail(f"the {role} gives {found} for {count} inputs; it is to give {wanted}")
            if any(part.dtype != x.dtype for part in parts_of(said)):
                fail(f"in float64 the {role} gives {parts_of(said)[0].dtype}: a cast too many")


def _discriminator_shapes(
    network: nn.Module, said: DiscriminatorOutput, count: int, spec: Spec
) -> None:
    if len(said.score) != count:
        fail(f"the score has shape {tuple(said.score.shape)} for {count} samples")
    for field, shape in (
        ("features", (count, getattr(network, "feature_dim", 0))),
        ("reconstruction", (count, *spec.shape)),
    ):
        found = getattr(said, field)
        if found is not None and tuple(found.shape) != shape:
            fail(
                f"the {field} have shape {tuple(found.shape)}, and not {shape}: is feature_dim "
                f"the number of features?"
            )


def _provides(subject: Subject) -> None:
    for _, role, network, x in each_network(subject):
        if role != "discriminator":
            continue
        said, provides = DiscriminatorOutput.of(network(x)), set(getattr(network, "provides", ()))
        given = {name for name in FIELDS if getattr(said, name) is not None}
        if given != provides & set(FIELDS):
            fail(
                f"the discriminator says that it provides {sorted(provides)}, and gives "
                f"{sorted(given)}: terms are seated by what it says"
            )
        entry = subject.found.entry if subject.found else None
        declared = set(getattr(entry, "provides", provides))
        if not subject.options and declared != provides:
            fail(f"its entry provides {sorted(declared)}, its discriminator {sorted(provides)}")


def _roles(subject: Subject) -> None:
    if subject.found is None:
        skip("an object has no entry")
    declared = set(getattr(subject.found.entry, "roles", ()))
    for spec in subject.specs:
        built = set(subject.built(spec))
        if built != declared:
            fail(f"its entry says that it builds {sorted(declared)}; it builds {sorted(built)}")


def _labels(subject: Subject) -> None:
    if subject.found is None or "conditional" not in subject.known:
        skip("it has no option conditional")
    for spec in subject.specs:
        built = subject.built(spec, conditional=True)
        y = torch.arange(COUNT) % CLASSES
        for role, network in built.items():
            x = inputs(spec, role)
            with torch.no_grad(), seeded():
                for parameter in network.parameters():  # some start alike for every class
                    parameter.add_(0.1 * torch.randn_like(parameter))
                pair = [parts_of(network.eval()(x, labels)) for labels in (y, (y + 1) % CLASSES)]
            blind = role == "discriminator" and "labels" not in getattr(network, "provides", ())
            if role == "generator" and not getattr(network, "conditional", False):
                fail("with conditional=True the generator does not say that it is conditional")
            if not blind and role != "encoder" and same(*pair):
                fail(f"with conditional=True the labels change nothing of what the {role} gives")


CHECKS = (
    Check("roles", "it builds what its entry says", _roles),
    Check("shapes", "shapes and dtypes are what a game expects", _shapes),
    Check("provides", "the discriminator gives what it says it provides", _provides),
    Check("labels", "with labels, they change what comes out", _labels),
)
