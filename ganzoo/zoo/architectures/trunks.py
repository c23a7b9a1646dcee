"""What stands on a trunk of convolutions: a discriminator's score, an encoder's Gaussian."""

from __future__ import annotations

from torch import Tensor, nn

from ganzoo.game import Discriminator, DiscriminatorOutput, Encoder
from ganzoo.zoo.architectures.blocks import GaussianHead, ScoreHead, set_provided

__all__ = ["Trunk", "TrunkDiscriminator", "TrunkEncoder"]


class Trunk(nn.Module):
    """Gives ``(N, features)`` of samples and labels; a plane for each of ``joined`` classes is
    joined to the image.
    """

    features: int
    joined: int


class TrunkDiscriminator(Discriminator):
    """A trunk and a linear score.

    Args:
        trunk: what gives the features.
        projected: classes of a label that is projected on the features.
    """

    def __init__(self, trunk: Trunk, *, projected: int = 0) -> None:
        super().__init__()
        self.trunk, self.head = trunk, ScoreHead(trunk.features, projected)
        set_provided(self, trunk.features, joined=trunk.joined, projected=projected)

    def forward(self, x: Tensor, y: Tensor | None = None) -> DiscriminatorOutput:
        """``(N, channels, side, side)`` to scores ``(N,)`` and features ``(N, F)``."""
        output: DiscriminatorOutput = self.head(self.trunk(x, y), y)
        return output


class TrunkEncoder(Encoder):
    """A trunk and a Gaussian.

    Args:
        trunk: see :class:`TrunkDiscriminator`.
        latent: the number of latent elements.
    """

    def __init__(self, trunk: Trunk, latent: int) -> None:
        super().__init__()
        self.trunk, self.conditional = trunk, bool(trunk.joined)
        self.head = GaussianHead(trunk.features, latent)

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """``(N, channels, side, side)`` to mean and log-variance, each ``(N, latent)``."""
        mean, log_variance = self.head(self.trunk(x, y))
        return mean, log_variance
