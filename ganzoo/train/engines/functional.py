"""A turn as a function: of tensors alone, with every random number among its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.errors import GanzooError
from ganzoo.game import DiscriminatorOutput, Game, Objective, Play, Stream, Term
from ganzoo.train.turn import Plan, Turn

__all__ = ["Given", "Overheard", "Seat", "observed"]

Draw = tuple[str, tuple[int, ...]]
"""What was asked of a stream, and with which numbers."""


class Overheard(Stream):
    """A stream that writes down what is asked of it. It shares its numbers with another."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(stream.seed, stream.name, stream.device)
        self.seek(stream.index)
        self.asked: list[Draw] = []

    def normal(self, *shape: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        self.asked.append(("normal", shape))
        return super().normal(*shape)

    def uniform(self, *shape: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        self.asked.append(("uniform", shape))
        return super().uniform(*shape)

    def integers(self, high: int, *shape: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        self.asked.append(("integers", (high, *shape)))
        return super().integers(high, *shape)

    def shuffled(self, size: int, count: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        self.asked.append(("shuffled", (size, count)))
        return super().shuffled(size, count)


class Given(Stream):
    """A stream of numbers that were drawn before, in the order in which they are asked for."""

    def __init__(self, asked: Sequence[Draw], numbers: Sequence[Tensor]) -> None:
        # nothing of a stream but its names: torch.compile traces this
        self.left = list(zip(asked, numbers, strict=True))

    def _next(self, *draw: Any) -> Tensor:
        if not self.left or self.left[0][0] != draw:
            raise GanzooError(f"a turn asked for {draw}, which it had not asked for before")
        return self.left.pop(0)[1]

    def normal(self, *shape: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        return self._next("normal", shape)

    def uniform(self, *shape: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        return self._next("uniform", shape)

    def integers(self, high: int, *shape: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        return self._next("integers", (high, *shape))

    def shuffled(self, size: int, count: int) -> Tensor:
        """See :class:`ganzoo.Stream`."""
        return self._next("shuffled", (size, count))


class Seat(nn.Module):
    """A game and its objective, to be called as a function of their parameters and buffers."""

    def __init__(self, game: Game, objective: Objective) -> None:
        super().__init__()
        self.game, self.objective = game, objective

    def tensors(self) -> dict[str, Tensor]:
        """Parameters and buffers, by all the names they have."""
        return {
            **dict(self.named_parameters(remove_duplicate=False)),
            **dict(self.named_buffers(remove_duplicate=False)),
        }

    def acts(self, plan: Plan) -> bool:
        """Whether any term does something after the player's step."""
        hook = f"after_{plan[0]}"
        terms = [self.objective.terms[position] for position in plan[1]]
        return any(getattr(type(term), hook) is not getattr(Term, hook) for term in terms)

    def forward(self, task: str, plan: Plan, turn: dict[str, Tensor], noise: Stream) -> Any:
        """``"loss"`` or ``"after"``; see :meth:`loss` and :meth:`after`."""
        return self.loss(plan, turn, noise) if task == "loss" else self.after(plan, turn, noise)

    def loss(
        self, plan: Plan, turn: dict[str, Tensor], noise: Stream
    ) -> tuple[Tensor, dict[str, Tensor], dict[str, Tensor], dict[str, Tensor]]:
        """The mover's loss, the log, what is observed besides, and what was evaluated."""
        play = self._play(plan, turn, noise)
        loss = self.objective.loss(play, plan[1])
        seen = observed(play, self.objective) if plan[0] == "discriminator" else {}
        return loss, play.log, seen, _evaluated(play) if self.acts(plan) else {}

    @torch.no_grad()
    def after(self, plan: Plan, turn: dict[str, Tensor], noise: Stream) -> dict[str, Tensor]:
        """What the terms do after the step; gives the log. ``turn`` has what was evaluated."""
        play = self._play(plan, turn, noise)
        play.log = {name[4:]: value for name, value in turn.items() if name.startswith("log:")}
        for kind in ("real", "fake"):
            if f"{kind}.score" in turn:
                fields = ("score", "features", "reconstruction")
                found = {name: turn.get(f"{kind}.{name}") for name in fields}
                vars(play)[kind] = DiscriminatorOutput(**found)  # type: ignore[arg-type]
        for name in ("real_x", "fake_x"):
            if f"made:{name}" in turn:
                vars(play)[name] = turn[f"made:{name}"]
        if "code.mean" in turn:
            vars(play)["code"] = turn["code.mean"], turn["code.log_variance"]
        play.rewire(self.objective.terms[i] for i in plan[1])  # type: ignore[misc]
        self.objective.after(play, plan[1])
        return play.log

    def _play(self, plan: Plan, turn: dict[str, Tensor], noise: Stream) -> Play:
        return self.game.play(
            plan[0],
            real_x=turn["real_x"],
            z=turn["z"],
            labels=turn.get("labels"),
            noise=noise,
            tracked=self.objective.tracked(plan[1], plan[0]),
        )

    def asked(self, plan: Plan, turn: Turn) -> tuple[list[Draw], list[Draw]]:
        """What a turn asks of its noise, and what the terms after it, found by carrying it
        out; call it on a copy.
        """
        noise = Overheard(turn.noise)
        drawn = {"real_x": turn.real_x, "z": turn.z}
        play = self._play(
            plan, drawn if turn.labels is None else {**drawn, "labels": turn.labels}, noise
        )
        self.objective.loss(play, plan[1])
        count = len(noise.asked)
        self.objective.after(play, plan[1])
        return noise.asked[:count], noise.asked[count:]


def _evaluated(play: Play) -> dict[str, Tensor]:
    """What a turn has evaluated, for the terms that act after it."""
    known = vars(play)
    found = {f"made:{name}": known[name] for name in ("real_x", "fake_x") if name in known}
    for kind in ("real", "fake"):
        if kind in known:
            fields = ("score", "features", "reconstruction")
            found |= {f"{kind}.{name}": getattr(known[kind], name) for name in fields}
    if "code" in known:
        found["code.mean"], found["code.log_variance"] = known["code"]
    return {name: value.detach() for name, value in found.items() if value is not None}


@torch.no_grad()
def observed(play: Play, objective: Objective) -> dict[str, Tensor]:
    """Mean scores, and mean D(x) where it is a probability, of what was evaluated."""
    log = {}
    for kind in ("real", "fake"):
        if kind not in vars(play):
            continue
        score = getattr(play, kind).score
        log[f"score/{kind}"] = score.mean()
        probability = objective.probability(score)
        if probability is not None:
            log[f"probability/{kind}"] = probability.mean()
    return log
