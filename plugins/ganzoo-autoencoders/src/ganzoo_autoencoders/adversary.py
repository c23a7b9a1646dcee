"""What the adversarial autoencoders share: a loss of scores, and discriminators of their own."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

import ganzoo

__all__ = ["Judge", "score_loss"]


def score_loss(name: str) -> ganzoo.terms.ScoreTerm:
    """The loss of this name, if it is a loss of single logits: three functions of a score.

    Raises:
        BadOption: a loss of another kind.
        UnknownName, AmbiguousName: no such loss, or more than one.
    """
    terms = list(ganzoo.get_loss(name).terms)
    kind, term = ganzoo.terms.ScoreTerm, terms[0]
    plain = (
        len(terms) == 1
        and isinstance(term, kind)
        and type(term).discriminator is kind.discriminator
        and type(term).generator is kind.generator
        and type(term).after_discriminator is kind.after_discriminator
        and term.needs == {"score"}
    )
    if not plain:
        raise ganzoo.BadOption(
            f"base={name!r}: a loss of single scores and nothing else, as 'nonsaturating', "
            f"'lsgan' or 'hinge' are"
        )
    assert isinstance(term, kind)
    return term


class Judge(nn.Sequential):
    """Two hidden layers with leaky ReLUs of slope 0.2, and a score.

    Args:
        inputs: elements of what is judged.
        width: of the hidden layers.

    Raises:
        BadOption: a width below 1.
    """

    def __init__(self, inputs: int, width: int) -> None:
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise ganzoo.BadOption(f"width={width!r}: a whole number, at least 1")
        layers: list[nn.Module] = []
        for a, b in pairwise([inputs, width, width, 1]):
            layers += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
        super().__init__(*layers[:-1])

    def score(self, x: Tensor) -> Tensor:
        """``(N, inputs)`` to scores ``(N, 1)`` in float32 or wider."""
        return ganzoo.DiscriminatorOutput.of(self(x)).score
