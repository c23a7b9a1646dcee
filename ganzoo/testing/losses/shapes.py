"""Checks of shapes: one score for a sample, a map of patches, a list of scales, odd memory."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ganzoo.testing.check import Check, fail, skip
from ganzoo.testing.losses.players import Shown, samples
from ganzoo.testing.losses.subject import FAKE, REAL, Subject, close

__all__ = ["CHECKS"]

_SAME: Mapping[str, Shown] = {
    "(N,)": lambda x: x[:, 0],
    "(N, 1, 1, 1)": lambda x: x[:, :1, None, None],
    "a list of one (N, 1)": lambda x: [x[:, :1]],
}
_PATCHES: Mapping[str, Shown] = {
    "patches (N, 1, 2, 2)": lambda x: x.reshape(-1, 1, 2, 2),
    "a list of (N, 1) and (N, 1, 1, 3)": lambda x: [x[:, :1], x[:, 1:].reshape(-1, 1, 1, 3)],
}
_MEMORY: Mapping[str, Shown] = {
    "a slice of a wider tensor": lambda x: torch.cat([x, x], 1)[:, ::2][:, :1],
    "a transposed tensor (1, N)": lambda x: x[:, :1].reshape(1, -1).clone().t(),
    "one score repeated without memory": lambda x: x[:, :1].expand(-1, 4),
    "channels last": lambda x: (
        x[:, :1, None, None].expand(-1, 2, 2, 2).contiguous(memory_format=torch.channels_last)
    ),
}


def _layouts(subject: Subject) -> None:
    for player in subject.players:
        plain = subject.value(player, REAL, FAKE)
        for layout, shown in _SAME.items():
            value = _value(subject, player, REAL, FAKE, layout, shown)
            if not close(value, plain):
                fail(
                    f"the {player}'s loss is {plain:.6g} for scores (N, 1) and {value:.6g} for the "
                    f"same as {layout}: is there a [:, None], a squeeze, or a mean over one axis?"
                )


def _patches(subject: Subject) -> None:
    if subject.samples_matter:
        skip("it takes more than the scores of the samples, so a patch is not like a sample")
    real, fake = (torch.cat([s, s + 0.5, s - 0.25, -s]) for s in (REAL, FAKE))
    for player in subject.players:
        flat = subject.value(player, real, fake)
        for layout, shown in _PATCHES.items():
            grouped = (real.reshape(-1, 4), fake.reshape(-1, 4))
            value = _value(subject, player, *grouped, layout, shown)
            if not close(value, flat):
                fail(
                    f"the {player}'s loss is {value:.6g} for {layout}, and {flat:.6g} for the same "
                    f"scores as (N, 1). The mean is over every element: .mean(), with no axis and "
                    f"no sum."
                )


def _memory(subject: Subject) -> None:
    subject.needs_scores("generator")
    several = not subject.samples_matter and not subject.traits.batch_coupled
    for player in subject.players:
        plain = subject.value(player, REAL, FAKE)
        for layout, shown in _MEMORY.items():
            single = shown(torch.zeros(2, 2)).numel() == 2
            value = _value(subject, player, REAL, FAKE, layout, shown)
            if (single or several) and not close(value, plain):
                fail(
                    f"the {player}'s loss is {plain:.6g}, and {value:.6g} for the same scores as "
                    f"{layout}: does something read memory, by view or as_strided?"
                )


def _value(
    subject: Subject, player: str, real: Tensor, fake: Tensor, layout: str, shown: Shown
) -> float:
    try:
        return subject.value(player, real, fake, shown)
    except (ValueError, RuntimeError, IndexError) as error:
        fail(
            f"the {player}'s loss raises {type(error).__name__} for scores {layout}: {error}. "
            f"Scores come in any shape; .mean() suits them all, .reshape() and .flatten() any "
            f"memory."
        )


def _mismatch(subject: Subject) -> None:
    subject.needs_scores()

    def unlike(x: Tensor) -> Tensor:
        return x[:, 0] if bool(x[0, 1] == 0) else x[:, :1]

    real, fake = (torch.stack([s, m * torch.ones_like(s)], 1) for s, m in ((REAL, 0), (FAKE, 1)))
    for player in subject.players:
        try:
            said = subject.say(player, real, fake, shown=unlike)
        except (ValueError, RuntimeError):
            continue
        if len(said.judge.asked) > 1:
            fail(
                f"real scores (N,) and generated ones (N, 1) give a {player}'s loss of "
                f"{said.value.item():.6g} instead of an error: subtracted, they would broadcast to "
                f"(N, N). Take them from play.real and play.fake, which compare them."
            )


def _meta(subject: Subject) -> None:
    for player in subject.players:
        bench = subject.bench(device="meta")
        real, fake = samples(REAL), samples(FAKE, 0.0625)
        try:
            value = bench.turn(player, real.to("meta"), fake.to("meta"), act=True).value
        except (RuntimeError, NotImplementedError, ValueError, TypeError) as error:
            fail(
                f"the {player}'s loss cannot be computed on another device, nor without reading "
                f"numbers back: {' '.join(str(error).split())[:200]}. Tensors made on the way take "
                f"device and dtype of the scores (torch.zeros_like, .to(score)), state is a "
                f"buffer; and there is no .item(), no float(), no if on a tensor, no indexing by "
                f"a mask: use torch.where."
            )
        if not value.is_meta:
            fail(f"the {player}'s loss comes back on {value.device}, not where the scores are")


CHECKS = (
    Check("score_layouts", "scores (N,), (N, 1), ... give the same loss", _layouts),
    Check("patches_and_scales", "patches and scales give the loss of all their scores", _patches),
    Check("memory_layout", "scores may lie in memory in any way", _memory),
    Check("mismatch_raises", "scores (N,) against (N, 1) are refused", _mismatch),
    Check("device", "it stays on the scores' device, and reads nothing back", _meta),
)
