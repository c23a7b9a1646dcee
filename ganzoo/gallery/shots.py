"""Shots: arrays of what a model makes at one moment of its training, for pictures of it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ganzoo.game import Normal, Play, Stream, WithCode
from ganzoo.recipe import Run
from ganzoo.train.sampling import generated

__all__ = ["shots"]

SAMPLES = 64
ROWS = 8  # noise vectors of a sheet whose columns are classes or categories
SWEEP = 9  # values of a continuous code, and steps of a walk
SWEPT = 3  # categories whose continuous codes are swept
WALKS = 6
INPUTS = 12  # held-out samples that are reconstructed
CODES = 500  # held-out samples whose codes are drawn
POOL = 2000  # samples of which the nearest to an input are looked for
MANIFOLD = 15
REACH = 2.0  # of the elements of z, in standard deviations
COLUMNS = 10


class _Scene:
    """A run, and random numbers of the gallery's own, the same for all models."""

    def __init__(self, run: Run) -> None:
        self.run, self.game = run, run.trainer.game
        self.device, self.classes = run.trainer.device, min(run.source.spec.classes, COLUMNS)
        seed = run.trainer.settings.seed
        self.streams = {
            name: Stream(seed, f"gallery/{name}", self.device)
            for name in ("z", "walk", "nearest", "prior", "noise", "code")
        }

    def noise(self, name: str, count: int) -> Tensor:
        return self.game.prior.draw(count, self.streams[name].seek(0))

    def make(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Samples by the averaged generator; of class 0 where no label is given."""
        if self.game.generator.conditional and labels is None:
            labels = torch.zeros(len(z), dtype=torch.int64, device=self.device)
        given = labels if self.game.generator.conditional else None
        return generated(self.run.trainer.average.network, z, given)

    def held_out(self, count: int) -> tuple[Tensor, Tensor | None]:
        return self.run.source.held_out(count, Stream(0, "gallery/real", self.device))

    def play(self, x: Tensor, labels: Tensor | None) -> Play:
        seen = labels if self.game.generator.conditional else None
        z = self.game.prior.draw(len(x), self.streams["z"].seek(1))
        noise = self.streams["noise"].seek(0)
        return self.game.play("generator", real_x=x, z=z, labels=seen, noise=noise)


@torch.no_grad()
def shots(run: Run) -> dict[str, Tensor]:
    """What there is to see of a run now, by name, on the CPU.

    Samples are ``(..., *shape)``. Always ``samples`` (N), ``walk`` (rows, columns) between
    random latent vectors and ``traversal`` (elements of z, values); ``classes`` (noise,
    classes) of generators that look at labels; ``categories`` (noise, categories) and
    ``sweep`` (categories, values, values) of structured codes; of models with an encoder
    ``inputs``, ``remade``, ``seen`` where the encoder sees something else, ``between`` (rows,
    columns) from one held-out sample to another, ``codes`` (N, latent) with their
    ``code_labels``, ``prior`` (N, latent), and ``manifold`` (rows, columns) where z has two
    elements; of those without, ``inputs`` and ``nearest``.
    """
    scene = _Scene(run)
    found = {"samples": run.trainer.sample(SAMPLES)}
    found |= _walks(scene) | _classes(scene) | _codes(scene)
    found |= _encoded(scene) if scene.game.encoder is not None else _nearest(scene)
    return {name: value.detach().cpu().contiguous() for name, value in found.items()}


def _sheet(scene: _Scene, z: Tensor, labels: Tensor | None = None) -> Tensor:
    """Samples of latent vectors ``(rows, columns, latent)``."""
    made = scene.make(z.flatten(0, -2), None if labels is None else labels.flatten())
    return made.reshape(*z.shape[:-1], *made.shape[1:])


def _walks(scene: _Scene) -> dict[str, Tensor]:
    start, stop = scene.noise("walk", 2 * WALKS).chunk(2)
    z = torch.stack([_between(scene, start, stop, i / (SWEEP - 1)) for i in range(SWEEP)], 1)
    base = scene.noise("z", 1)
    elements = min(WALKS, getattr(scene.game.prior, "base", scene.game.prior).latent)
    along = base.repeat(elements, SWEEP, 1)
    reach = REACH if isinstance(scene.game.prior, Normal) else 1.0
    for element in range(elements):
        along[element, :, element] = torch.linspace(-reach, reach, SWEEP, device=base.device)
    return {"walk": _sheet(scene, z), "traversal": _sheet(scene, along)}


def _between(scene: _Scene, start: Tensor, stop: Tensor, share: float) -> Tensor:
    """Along the great circle where the prior is normal: on the straight line vectors are
    shorter than the prior's ever are.
    """
    if not isinstance(scene.game.prior, Normal):
        return torch.lerp(start, stop, share)
    lengths = start.norm(dim=1, keepdim=True), stop.norm(dim=1, keepdim=True)
    ways = start / lengths[0], stop / lengths[1]
    angle = (ways[0] * ways[1]).sum(1, keepdim=True).clamp(-0.9999, 0.9999).acos()
    way = ((1 - share) * angle).sin() * ways[0] + (share * angle).sin() * ways[1]
    found: Tensor = torch.lerp(*lengths, share) * way / angle.sin()
    return found


def _classes(scene: _Scene) -> dict[str, Tensor]:
    if not scene.game.generator.conditional:
        return {}
    z = scene.noise("z", ROWS)[:, None].expand(-1, scene.classes, -1)
    labels = torch.arange(scene.classes, device=scene.device).expand(ROWS, -1)
    return {"classes": _sheet(scene, z, labels)}


def _codes(scene: _Scene) -> dict[str, Tensor]:
    prior = scene.game.prior
    if not isinstance(prior, WithCode):
        return {}
    found, start, size = {}, prior.base.latent, (prior.categories or (0,))[0]
    if size:
        z = scene.noise("code", ROWS)[:, None].repeat(1, size, 1)
        z[..., start : start + size] = torch.eye(size, device=z.device)
        if prior.continuous:
            z[..., -prior.continuous :] = 0
        found["categories"] = _sheet(scene, z)
    if prior.continuous >= 2:
        count = min(size, SWEPT) or 1
        z = scene.noise("code", 1).repeat(count, SWEEP, SWEEP, 1)
        if size:
            chosen = torch.arange(count, device=z.device) * (size // count)
            z[..., start : start + size] = torch.eye(size, device=z.device)[chosen, None, None]
        values = torch.linspace(-1, 1, SWEEP, device=z.device)
        z[..., -prior.continuous :] = 0
        z[..., -prior.continuous] = values[:, None]
        z[..., 1 - prior.continuous] = values
        found["sweep"] = _sheet(scene, z)
    return found


def _encoded(scene: _Scene) -> dict[str, Tensor]:
    x, labels = scene.held_out(INPUTS)
    play, found = scene.play(x, labels), {"inputs": x}
    for term in scene.run.objective.terms:
        spoil: Callable[[Play], Tensor] | None = getattr(term, "corrupted", None)
        if spoil is not None:
            found["seen"] = spoil(play)
    codes = play.encode(found.get("seen", x))[0]
    found["remade"] = play.generate(codes)
    found["between"] = _between_samples(scene)
    x, labels = scene.held_out(CODES)
    found["codes"] = scene.play(x, labels).code[0]
    if labels is not None:
        found["code_labels"] = labels
    found["prior"] = scene.noise("prior", CODES)
    if found["codes"].shape[1] == 2 and isinstance(scene.game.prior, Normal):
        line = torch.linspace(0.03, 0.97, MANIFOLD, device=scene.device)
        value = torch.special.ndtri(line)
        z = torch.stack(torch.meshgrid(value, value.flip(0), indexing="xy"), 2)
        found["manifold"] = _sheet(scene, z)
    return found


def _between_samples(scene: _Scene) -> Tensor:
    """A held-out sample, the walk from its code to another's, and that other one."""
    x, labels = scene.held_out(2 * WALKS)
    start, stop = scene.play(x, labels).code[0].chunk(2)
    classes = None if labels is None else labels[:WALKS]
    # by the generator itself, which the encoder is trained with, and not by its average
    play = scene.play(x[:WALKS], classes)
    rows = [play.generate(torch.lerp(start, stop, i / (SWEEP - 1))) for i in range(SWEEP)]
    return torch.stack([x[:WALKS], *rows, x[WALKS:]], 1)


def _nearest(scene: _Scene) -> dict[str, Tensor]:
    """There is no way from a sample to its z: the best of many samples stands in for it."""
    x, _ = scene.held_out(INPUTS)
    z = scene.noise("nearest", POOL)
    labels = torch.arange(POOL, device=scene.device) % max(scene.classes, 1)
    pool = scene.make(z, labels)
    nearest = torch.cdist(x.flatten(1), pool.flatten(1)).argmin(1)
    return {"inputs": x, "nearest": pool[nearest]}
