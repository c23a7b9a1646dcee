"""Embeddings of samples and of classes on one sphere."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import normalize

import ganzoo
from ganzoo_conditional.head import Headed

__all__ = ["DEFAULTS", "Contrast", "Sphere", "cosines"]

DEFAULTS = ganzoo.Defaults(origin="StudioGAN's for CIFAR-10")


def cosines(embedded: Tensor, proxies: Tensor) -> tuple[Tensor, Tensor]:
    """Of each sample with the proxy of its class ``(N,)``, and with each sample ``(N, N)``."""
    embedded, proxies = normalize(embedded, dim=1), normalize(proxies, dim=1)
    return (embedded * proxies).sum(1), embedded @ embedded.t()


class Sphere(nn.Module):
    """A linear embedding of features, and a proxy for each class.

    Args:
        features: F.
        classes: K.
        size: d, the elements of an embedding.
    """

    def __init__(self, features: int, classes: int, size: int) -> None:
        super().__init__()
        self.embed = nn.Linear(features, size)
        self.proxies = nn.Embedding(classes, size)

    def forward(self, features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """``(N, F)`` and ``(N,)`` to the embeddings and the proxies, each ``(N, d)``."""
        return self.embed(features), self.proxies(labels)


class Contrast(Headed):
    """A cost of embeddings, of real samples for the discriminator and of generated ones for the
    generator.

    Args:
        weight, every: see :class:`ganzoo.Term`.
        temperature: divides the cosines.
        size: the elements of an embedding.

    Raises:
        BadOption: a temperature that is not above 0, or a size below 1.
    """

    traits = ganzoo.Traits(
        neutral=None,
        batch_coupled=True,
        shift_invariant=True,
        waived=(
            ("duplication", "a copy of a sample is one more of its class, and sums are not means"),
        ),
    )

    waived = (("per_sample", "the samples of a batch are compared with each other"),)

    temperature: float = ganzoo.option(1.0, above=0)
    size: int = ganzoo.option(512, at_least=1)

    def layers(self, features: int, classes: int) -> nn.Module:
        """A :class:`Sphere`."""
        return Sphere(features, classes, self.size)

    def cost(self, embedded: Tensor, proxies: Tensor, labels: Tensor) -> Tensor:
        """Of embeddings and of the proxies of their classes, each ``(N, d)``, 0-dim."""
        raise NotImplementedError(f"{type(self).__name__}.cost")

    def placed(self, play: ganzoo.Play, output: ganzoo.DiscriminatorOutput) -> Tensor:
        """The cost of a batch, 0-dim."""
        features = self.features(output)
        labels = self.labels(play, len(features))
        assert self.head is not None
        with ganzoo.terms.outside_autocast(features):
            embedded, proxies = self.head(features, labels)
            return self.cost(embedded, proxies, labels)

    def discriminator(self, play: ganzoo.Play) -> Tensor:
        """Of real samples, 0-dim."""
        return self.placed(play, play.real)

    def generator(self, play: ganzoo.Play) -> Tensor:
        """Of generated samples, 0-dim."""
        return self.placed(play, play.fake)
