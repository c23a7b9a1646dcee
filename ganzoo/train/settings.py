"""Settings: everything about a training run that is not the game itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from ganzoo.errors import BadOption, closest
from ganzoo.game.defaults import Defaults

__all__ = ["ENDLESS", "Settings"]

ENDLESS = 10**9
"""Steps that no run comes to: seconds are its budget."""

_RATES = ("generator_lr", "discriminator_lr")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a game is trained.

    Attributes:
        steps: generator steps. Where ``seconds`` are asked for and steps are not, there is no
            limit to them.
        seconds: of training steps, by the wall clock, after which the run ends; 0 for no limit.
            Where it ends, and so what it gives, then depends on the machine.
        batch: samples in a batch.
        optimizer: of both players.
        generator_lr, discriminator_lr: learning rates at the start.
        betas: of Adam; of SGD and RMSprop the first is the momentum.
        schedule: how the learning rates go on: constant, linearly or as a cosine from the
            start to ``final_lr`` times the start.
        final_lr: the share of the learning rate that is left at the end of a schedule.
        ema: the decay of the average of the generator's weights; 0 for none.
        prior: the law of the latent vectors.
        latent: their size; 0 for what the data set suggests.
        seed: of everything random.
        device: ``"auto"`` is CUDA where there is one, else the CPU.
        precision: ``"bfloat16"`` runs the networks under autocast, penalties in float32;
            ``"tf32"`` lets matrix products, penalties' too, round their factors to 10 bits
            where the device has units for that (NVIDIA's from Ampere on): elsewhere it is
            ``"float32"``.
        engine: what carries the turns out: ``"eager"``, one operation after the other;
            ``"cudagraph"``, recorded whole and replayed; ``"compiled"``, by ``torch.compile``,
            which takes a while at first; ``"auto"`` for what is fastest. The
            curve is the same. Where an engine cannot be, the eager one takes its place, and
            :attr:`ganzoo.Trainer.engine_choice` says why.
        reuse_fakes: the generator's turn plays with the samples that the discriminator's last
            turn of the same step was given, real and generated ones, as many scripts do: the
            generator is evaluated once for both. By default each turn draws its own, as the
            papers' algorithms do. Goes with the eager engine alone.
        report_every: steps between two readings of the meters.
        checkpoint_every: steps between two checkpoints; 0 for the end alone.
    """

    steps: int = 2000
    seconds: float = 0.0
    batch: int = 64
    optimizer: Literal["adam", "rmsprop", "sgd"] = "adam"
    generator_lr: float = 2e-4
    discriminator_lr: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    schedule: Literal["constant", "linear", "cosine"] = "constant"
    final_lr: float = 0.0
    ema: float = 0.999
    prior: Literal["normal", "uniform"] = "normal"
    latent: int = 0
    seed: int = 0
    device: str = "auto"
    precision: Literal["float32", "tf32", "bfloat16"] = "float32"
    engine: Literal["auto", "eager", "compiled", "cudagraph"] = "auto"
    reuse_fakes: bool = False
    report_every: int = 50
    checkpoint_every: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "report_every"):
            if getattr(self, name) < 1:
                raise BadOption(f"{name}={getattr(self, name)}: at least 1")
        for name in ("seconds", *_RATES, "final_lr", "checkpoint_every", "latent"):
            if not getattr(self, name) >= 0:
                raise BadOption(f"{name}={getattr(self, name)}: 0 or more")
        if self.reuse_fakes and self.engine not in ("auto", "eager"):
            raise BadOption(
                f"engine={self.engine!r} with reuse_fakes: a turn that is compiled or recorded "
                f"cannot go on with another's graph; leave engine at 'auto', or reuse_fakes out"
            )
        if not 0 <= self.ema < 1:
            raise BadOption(f"ema={self.ema}: at least 0 and below 1")

    @classmethod
    def of(cls, *layers: Mapping[str, Any]) -> Settings:
        """Settings by name, a later layer over an earlier one.

        Raises:
            BadOption: an unknown name, or a value of the wrong type or range.
        """
        merged: dict[str, Any] = {}
        for layer in layers:
            # Whoever asks for seconds alone means as many steps as they hold.
            timed = layer.get("seconds") and "steps" not in layer
            merged |= {**({"steps": ENDLESS} if timed else {}), **layer}
        known = cls.__struct_fields__
        for name in merged:
            if name not in known:
                raise BadOption(
                    f"unknown setting {name!r}.{closest(name, known)} "
                    f"The settings are {', '.join(known)}."
                )
        try:
            return msgspec.convert(merged, cls)
        except msgspec.ValidationError as error:
            raise BadOption(f"settings: {error}") from error

    @property
    def budget(self) -> dict[str, float]:
        """What was asked for: ``"steps"``, ``"seconds"``, or both, whichever comes first."""
        asked: dict[str, float] = {} if self.steps == ENDLESS else {"steps": self.steps}
        return {**asked, "seconds": self.seconds} if self.seconds else asked

    @staticmethod
    def suggested_by(defaults: Defaults) -> dict[str, Any]:
        """The settings that a paper's hyper-parameters amount to."""
        names = ("optimizer", "generator_lr", "discriminator_lr", "betas", "batch")
        return {name: getattr(defaults, name) for name in names}

    def changed(self, **values: Any) -> Settings:
        """The same settings but for these."""
        return Settings.of(msgspec.to_builtins(self), values)
