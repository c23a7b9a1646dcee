"""One player's turn: what was drawn, and what has been evaluated so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ganzoo.errors import Incompatible, ShapeMismatch
from ganzoo.game.networks import DiscriminatorOutput
from ganzoo.game.remembered import remembered
from ganzoo.game.stream import Stream
from ganzoo.game.transforms import transformed

if TYPE_CHECKING:
    from ganzoo.game.term import Term

__all__ = ["Play"]

_NO_ENCODER = (
    "this objective needs an encoder, and none sits at the table; it needs a Game, "
    "with an encoder among its networks"
)


class Play:
    """What a turn knows. A Term pulls what it needs from it; each network is evaluated at
    most once on each batch, on demand, and the result remembered.

    Args:
        player: ``"discriminator"`` or ``"generator"``, who moves after this turn.
        discriminator: any callable from samples (and labels, where there are some) to a
            :class:`DiscriminatorOutput`, scores, or a list of scores.
        generator: a callable from latent vectors (and labels) to samples.
        encoder: a callable from samples (and labels) to a mean and a log-variance.
        real_x: real samples ``(N, *shape)``.
        fake_x: generated samples ``(M, *shape)``, where the caller already has them.
        z: latent vectors ``(M, latent)`` as they are drawn; see :attr:`z`.
        labels: ``(N,)`` of int64.
        noise: the stream that terms draw from; torch's global one where there is none.
        tracked: of ``"real"`` and ``"fake"``, the samples that are to be leaves of the graph
            in this turn, so that a term can have the score's gradient with respect to them.
        track_real: whether the scores of real samples carry a graph; a generator's turn can
            do without, because nothing it moves reaches them.
        keep_graph: whether the discriminator's turn keeps the generated samples' graph in
            :attr:`made`, for a generator's turn to go on with.

    Attributes:
        made: the generated samples with their graph, once there are some, where
            ``keep_graph`` asks for them; else None.
        drawn: the latent vectors ``(M, latent)`` before any term has moved them, or None.
        terms: those that are due in this turn; see :meth:`rewire`.
        log: named 0-dim tensors for the meters, detached, on the device.
    """

    def __init__(
        self,
        player: str,
        *,
        discriminator: Callable[..., Any] | None = None,
        generator: Callable[..., Tensor] | None = None,
        encoder: Callable[..., tuple[Tensor, Tensor]] | None = None,
        real_x: Tensor | None = None,
        fake_x: Tensor | None = None,
        z: Tensor | None = None,
        labels: Tensor | None = None,
        noise: Stream | None = None,
        tracked: frozenset[str] = frozenset(),
        track_real: bool = True,
        keep_graph: bool = False,
    ) -> None:
        self.player, self.labels, self.drawn = player, labels, z
        self.discriminator, self.generator, self.encoder = discriminator, generator, encoder
        self._real_x, self._fake_x = real_x, fake_x
        self.noise, self._tracked, self._track_real = noise, tracked, track_real
        self._keep_graph = keep_graph
        self.made: Tensor | None = None
        self.terms: tuple[Term, ...] = ()
        self._layout: tuple[tuple[int, ...], ...] | None = None
        self.log: dict[str, Tensor] = {}

    @remembered
    def real_x(self) -> Tensor:
        """The real samples ``(N, *shape)``."""
        if self._real_x is None:
            raise Incompatible(
                f"this objective looks at real samples in the {self.player}'s turn, and none "
                f"were given; pass real=..."
            )
        return _leaf(self._real_x) if "real" in self._tracked else self._real_x

    @remembered
    def z(self) -> Tensor | None:
        """The latent vectors ``(M, latent)`` that the generated samples come of, or None."""
        if self.drawn is None:
            return None
        z = self.drawn if self.player == "generator" else self.drawn.detach()
        for term in self.terms:
            z = term.latents(self, z)
        return z

    @remembered
    def fake_x(self) -> Tensor:
        """The generated samples ``(M, *shape)``; in the discriminator's turn they carry no
        graph, but where a term's latent vectors do.
        """
        if self._fake_x is not None:
            fake = self._fake_x
        elif self.z is None:
            raise Incompatible(
                f"this objective looks at generated samples in the {self.player}'s turn, and "
                f"there is neither fake=... nor a generator"
            )
        elif self._keep_graph:
            fake = self.made = self._generated(self.z, followed=True)
            return _leaf(fake) if "fake" in self._tracked else fake.detach()
        else:
            fake = self.generate(self.z)
        fake = _whole(fake)
        if self.player == "generator" or (self._fake_x is None and fake.requires_grad):
            return fake
        return _leaf(fake) if "fake" in self._tracked else fake.detach()

    @remembered
    def real(self) -> DiscriminatorOutput:
        """What the discriminator says of the real samples."""
        with torch.set_grad_enabled(self._track_real and torch.is_grad_enabled()):
            return self._matching("real", self.judge(self.real_x))

    @remembered
    def fake(self) -> DiscriminatorOutput:
        """What the discriminator says of the generated samples."""
        return self._matching("fake", self.judge(self.fake_x))

    @remembered
    def code(self) -> tuple[Tensor, Tensor]:
        """What the encoder says of the real samples: mean and log-variance ``(N, latent)``."""
        if self.encoder is None:  # asked before the samples, whose absence says less
            raise Incompatible(_NO_ENCODER)
        return self.encode(self.real_x)

    def judge(self, x: Tensor) -> DiscriminatorOutput:
        """What the discriminator says of any other points ``(N, *shape)``; not remembered."""
        if self.discriminator is None:
            raise Incompatible("this objective needs a discriminator, and none was given")
        judging = self.discriminator
        for term in self.terms:
            judging = term.wrap(self, judging)
        return DiscriminatorOutput.of(judging(*self._with_labels(x)))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the encoder says of any other samples ``(N, *shape)``, with a graph in the
        generator's turn alone, because it moves with the generator; not remembered.
        """
        if self.encoder is None:
            raise Incompatible(_NO_ENCODER)
        with torch.set_grad_enabled(self.player == "generator" and torch.is_grad_enabled()):
            return self.encoder(*self._with_labels(x))

    def generate(self, z: Tensor) -> Tensor:
        """Samples of any other latent vectors ``(N, latent)``, with a graph in the
        generator's turn, and where the vectors carry one; not remembered.
        """
        return self._generated(z, followed=self.player == "generator" or z.requires_grad)

    def _generated(self, z: Tensor, *, followed: bool) -> Tensor:
        if self.generator is None:
            raise Incompatible(
                f"this objective generates samples of its own in the {self.player}'s turn, and "
                f"there is no generator; it needs a Game"
            )
        with torch.set_grad_enabled(followed and torch.is_grad_enabled()):
            return _whole(self.generator(*self._with_labels(z)))

    def rewire(self, terms: Iterable[Term]) -> None:
        """Let these terms move the latent vectors, wrap the discriminator and filter what is
        heard of it.
        """
        self.terms = tuple(terms)

    def uniform(self, *shape: int) -> Tensor:
        """Numbers uniform in [0, 1) for a term's own use, beside the samples, float32."""
        if self.noise is not None:
            return self.noise.uniform(*shape)
        return torch.rand(*shape, device=self._device)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers for a term's own use, beside the samples, float32."""
        if self.noise is not None:
            return self.noise.normal(*shape)
        return torch.randn(*shape, device=self._device)

    @property
    def _device(self) -> torch.device:
        known = (self._real_x, self._fake_x, self.drawn)
        return next((t.device for t in known if t is not None), torch.device("cpu"))

    def _with_labels(self, x: Tensor) -> tuple[Tensor, ...]:
        if self.labels is None:
            return (x,)
        if len(self.labels) < len(x):
            raise ShapeMismatch(
                f"a label for each sample is needed; found {len(self.labels)} labels and {len(x)} "
                f"samples"
            )
        # a part of a batch, its first samples, goes with the first labels
        return x, self.labels[: len(x)]

    def _matching(self, kind: str, output: DiscriminatorOutput) -> DiscriminatorOutput:
        """Refuse real and fake scores of different layouts: they would broadcast."""
        if self._layout is None:
            self._layout = output.layout
        elif self._layout != output.layout:
            raise ShapeMismatch(
                f"the scores of real and of generated samples must have one shape beside the "
                f"batch; found {self._layout} and {output.layout}"
            )
        for term in self.terms:
            output = term.heard(self, kind, output)
        return output


def _leaf(x: Tensor) -> Tensor:
    """The same samples, the start of a graph; a function has none, but arguments."""
    if not x.is_floating_point():
        raise Incompatible(
            f"this objective takes the score's gradient at the samples, which are to be in "
            f"floating point; found {x.dtype}"
        )
    return x.detach() if transformed() else x.detach().requires_grad_()


def _whole(x: Tensor) -> Tensor:
    """Samples in float32 or wider. What a layer makes under autocast is in half precision, and
    what judges samples outside autocast, as penalties do, has weights in float32.
    """
    half = x.dtype in (torch.float16, torch.bfloat16)
    return x.float() if half and torch.is_autocast_enabled(x.device.type) else x
