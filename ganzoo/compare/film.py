"""Film: a few samples of the same noise, looked at again and again while a run goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ganzoo.recipe import Run

__all__ = ["Film"]

POINTS, IMAGES = 256, 16
"""How many samples are kept of each moment."""

MOMENTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
"""When, in shares of the budget: most of what there is to see happens early."""

_NOISE = 1  # which of a run's sets of latent vectors; metrics look at 0


class Film:
    """The moments of a run.

    Attributes:
        moments: generated samples ``(n, *shape)`` by step, float32 on the CPU.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.count = IMAGES if run.source.image else POINTS
        self.moments: dict[int, Tensor] = {}
        self._ahead = list(MOMENTS)

    def look(self) -> None:
        """Keep the samples of now if a moment has come since the last look."""
        trainer = self.run.trainer
        if not self._ahead or trainer.progress < self._ahead[0]:
            return
        self._ahead = [moment for moment in self._ahead if moment > trainer.progress]
        samples = trainer.sample(self.count, index=_NOISE).float().cpu()
        if bool(samples.isfinite().all()):
            self.moments[trainer.done] = samples

    def state_dict(self) -> dict[str, Any]:
        """The moments so far."""
        return {"moments": dict(self.moments), "ahead": list(self._ahead)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from the moments of a state."""
        self.moments, self._ahead = dict(state["moments"]), list(state["ahead"])

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of the moments, ascending."""
        return tuple(sorted(self.moments))

    def tensors(self) -> dict[str, Tensor]:
        """The moments as ``fake@STEP``."""
        return {f"fake@{step}": self.moments[step] for step in self.steps}
