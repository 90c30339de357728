"""Compositions of cities."""

from __future__ import annotations

from mjtui.simulator.drawing import motifs
from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.palettes import MOODS, Color, Palette, blend
from mjtui.simulator.drawing.stage import Stage, heavens


def skyline(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """A city at its brightest hour, in three depths."""
    heavens(canvas, palette, stage, stage.between(0.2, 0.8), stage.between(0.2, 0.4), large=True)
    lit = blend(palette.light, palette.accent, 0.35)
    haze = blend(palette.middle, palette.horizon, 0.4)
    motifs.buildings(canvas, 0.9, 0.62, blend(palette.far, haze, 0.55), None, slim=0.8)
    canvas.mist(0.75, 0.25, palette.horizon, 0.5)
    motifs.buildings(canvas, 0.96, 0.6, blend(palette.far, palette.near, 0.4), blend(lit, palette.far, 0.3))
    canvas.mist(0.95, 0.2, palette.horizon, 0.45)
    motifs.buildings(canvas, 1.02, 0.44, palette.near, lit, slim=1.6)


def street(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Down the middle of a street, signs on both sides, a glow at its end."""
    x, y = stage.between(0.42, 0.58), stage.between(0.55, 0.62)
    canvas.sky(palette.top, palette.middle, palette.horizon, until=y + 0.1)
    canvas.stars(80, 0.5, palette.light)
    canvas.glow(x, y, 0.9, palette.light, 0.9)
    canvas.disc(x, y - 0.12, 0.1, palette.light)
    road = blend(palette.near, palette.middle, 0.3)
    canvas.shape([(x - 0.03, y), (x + 0.03, y), (1.3, 1.02), (-0.3, 1.02)], road)
    canvas.shape([(x - 0.004, y), (x + 0.004, y), (x + 0.16, 1.02), (x - 0.16, 1.02)], palette.light, 0.35)
    neon = MOODS["neon"]
    signs = (palette.accent, palette.light, palette.accent, blend(palette.horizon, neon.accent, 0.6), neon.horizon)
    for block in range(9):
        share = (block + 1) / 9
        near, far = 0.035 * 1.55 ** (block + 1), 0.035 * 1.55**block
        color = blend(blend(palette.horizon, palette.far, 0.5), palette.near, min(1.0, share * 1.2))
        for side in (-1, 1):
            rise = canvas.chance.uniform(1.1, 2.6)
            outer, inner = x + side * near, x + side * far
            front = [(inner, y - far * rise), (outer, y - near * rise), (outer, y + near * 0.9), (inner, y + far * 0.9)]
            canvas.shape(front, color)
            edge = x + side * 1.2
            canvas.shape(
                [(outer, y - near * rise), (edge, y - near * rise), (edge, 1.1), (outer, y + near * 0.9)], color
            )
            _signs(canvas, (x, y), side, (far, near), rise, signs)
    canvas.mist(y + 0.03, 0.1, palette.horizon, 0.45)


def harbour(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """A city across the water, with its lights in it."""
    shore = stage.between(0.6, 0.68)
    heavens(canvas, palette, stage, stage.between(0.2, 0.8), stage.between(0.15, 0.3))
    lit = blend(palette.light, palette.accent, 0.3)
    canvas.land(canvas.ridge(shore, 0.2, grain=2), blend(palette.far, palette.horizon, 0.4))
    motifs.buildings(
        canvas, shore, 0.42, blend(palette.far, palette.near, 0.35), blend(lit, palette.far, 0.25), slim=0.7
    )
    canvas.mist(shore, 0.12, palette.horizon, 0.4)
    motifs.buildings(canvas, shore, 0.24, palette.near, lit, slim=0.8)
    canvas.water(shore, blend(palette.horizon, palette.middle, 0.5), palette.near, mirror=0.62)
    motifs.boat(canvas, stage.between(0.2, 0.8), shore + 0.14, 0.13, palette)


def _signs(
    canvas: Canvas,
    end: tuple[float, float],
    side: int,
    span: tuple[float, float],
    rise: float,
    colors: tuple[Color, ...],
) -> None:
    """Lit signs and windows on one front, in the street's perspective."""
    x, y = end
    for _ in range(16):
        start = canvas.chance.uniform(0.05, 0.85)
        tall = canvas.chance.random() < 0.4
        stop = min(0.97, start + canvas.chance.uniform(0.05, 0.09 if tall else 0.26))
        low = canvas.chance.uniform(-0.4, rise * 0.85)
        high = low + (canvas.chance.uniform(0.2, 0.5) if tall else canvas.chance.uniform(0.04, 0.1))
        here, there = (span[0] + (span[1] - span[0]) * share for share in (start, stop))
        corners = [
            (x + side * at, y - at * level) for at, level in ((here, low), (there, low), (there, high), (here, high))
        ]
        canvas.shape(corners, canvas.chance.choice(colors), canvas.chance.uniform(0.35, 1.0))
