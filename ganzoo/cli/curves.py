"""A loss as a picture: what each player pays, how the generator is pulled, how the game moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzoo.errors import BadOption

if TYPE_CHECKING:
    from ganzoo.game import Objective
    from ganzoo.records import Portrait
    from ganzoo.registry import Found
    from ganzoo.testing import Dirac

__all__ = ["draw_loss"]

_REACH, _ARROWS = 2.0, 13
_COLOURS = {"real": "#0b7a75", "fake": "#c8553d", "generator": "#5b4b8a", "path": "#1f2937"}


def draw_loss(objective: Objective, found: Found, path: Path) -> Path:
    """Draw a loss into a file that matplotlib can write; gives its path.

    Three panels: both losses against the score, the generator's gradient against the score of
    its sample, and the Dirac-GAN (arXiv 1801.04406) with the path from (1, 0).

    Args:
        objective: in its initial state.
        found: its entry.
        path: what to write; the ending says how.

    Raises:
        BadOption: nothing of it depends on scores alone, or an ending that cannot be written.
    """
    from matplotlib.figure import Figure

    from ganzoo.compare.portrait import portray

    portrait, dirac = portray(objective, found), _dirac(objective)
    curves = bool(portrait.generator or portrait.discriminator_real)
    if not curves and dirac is None:
        raise BadOption(
            f"nothing of {found.name!r} depends on scores alone, so there is nothing to draw"
        )
    count = 2 * curves + (dirac is not None)
    figure = Figure(figsize=(4.4 * count, 4.0), layout="constrained")
    panels = list(figure.subplots(1, count, squeeze=False)[0])
    if curves:
        _losses(panels.pop(0), portrait)
        _pull(panels.pop(0), portrait)
    if dirac is not None:
        _flow(panels.pop(0), dirac)
    figure.suptitle(found.name if portrait.year == 0 else f"{found.name} ({portrait.year})")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        figure.savefig(path, dpi=150)
    except ValueError as error:
        raise BadOption(f"{path.name}: {error}") from error
    return path


def _dirac(objective: Objective) -> Dirac | None:
    """The Dirac-GAN of an objective, where it can be played there."""
    from ganzoo.testing import Dirac

    dirac = Dirac(objective)
    try:
        dirac.velocity(0.5, 0.5)
    except Exception:
        # A term may ask a play for anything; a line's scores cannot answer everything.
        return None
    return dirac


def _losses(panel: Any, portrait: Portrait) -> None:
    for values, label, colour in (
        (portrait.discriminator_real, "D, of a real sample", "real"),
        (portrait.discriminator_fake, "D, of a generated one", "fake"),
        (portrait.generator, "G", "generator"),
    ):
        if values:
            style = "--" if colour == "generator" else "-"
            panel.plot(portrait.score, values, style, color=_COLOURS[colour], label=label)
    near = [
        value
        for values in (portrait.discriminator_real, portrait.discriminator_fake, portrait.generator)
        for score, value in zip(portrait.score, values, strict=False)
        if abs(score) <= 4
    ]
    room = 0.08 * (max(near) - min(near)) + 0.05
    panel.set_ylim(min(near) - room, max(near) + room)
    _dress(panel, "what the players pay", "score", "loss")
    panel.legend(frameon=False, fontsize="small")


def _pull(panel: Any, portrait: Portrait) -> None:
    if portrait.generator_gradient:
        colour = _COLOURS["generator"]
        panel.plot(portrait.score, portrait.generator_gradient, color=colour)
    panel.axhline(0, color="0.8", linewidth=0.8, zorder=0)
    _dress(panel, "how the generator is pulled", "score of its sample", "dL_G / d score")


def _flow(panel: Any, dirac: Dirac) -> None:
    steps = [_REACH * (2 * place / (_ARROWS - 1) - 1) for place in range(_ARROWS)]
    places = [(theta, psi) for theta in steps for psi in steps]
    arrows = [dirac.velocity(*place) for place in places]
    lengths = [max((x * x + y * y) ** 0.5, 1e-9) for x, y in arrows]
    # as long as their root, or the strongest would hide the others
    shown = [(x / n**0.5, y / n**0.5) for (x, y), n in zip(arrows, lengths, strict=True)]
    panel.quiver(*zip(*places, strict=True), *zip(*shown, strict=True), color="0.7", width=0.004)
    path = dirac.trajectory((1.0, 0.0), rate=0.05, steps=400)
    panel.plot(*zip(*path, strict=True), color=_COLOURS["path"], linewidth=1.2)
    panel.plot([0], [0], marker="+", color=_COLOURS["fake"], markersize=10)
    panel.set_xlim(-_REACH, _REACH)
    panel.set_ylim(-_REACH, _REACH)
    panel.set_aspect("equal")
    _dress(panel, _rates(dirac), "generated point", "slope of D")


def _rates(dirac: Dirac) -> str:
    """The rates at the equilibrium, in words."""
    if not bool(dirac.jacobian().isfinite().all()):
        return "Dirac-GAN"
    rates = dirac.eigenvalues()
    rate = rates[0]
    if abs(rate.imag) < 1e-9:
        return f"Dirac-GAN: rates {_real(rates[0])} and {_real(rates[1])}"
    real = f"{_real(rate)} " if abs(rate.real) > 1e-9 else ""
    return f"Dirac-GAN: rates {real}± {abs(rate.imag):.3g} i"


def _real(rate: complex) -> str:
    return f"{0.0 if abs(rate.real) < 1e-9 else rate.real:.3g}"


def _dress(panel: Any, title: str, across: str, up: str) -> None:
    panel.set_title(title, fontsize="medium")
    panel.set_xlabel(across)
    panel.set_ylabel(up)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
