"""Compositions of mountains, forests and deserts."""

from __future__ import annotations

import math

from mjtui.simulator.drawing import motifs
from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.palettes import Color, Palette, blend
from mjtui.simulator.drawing.stage import Stage, heavens


def ranges(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Mountain behind mountain, each paler than the one before it."""
    heavens(canvas, palette, stage, stage.between(0.25, 0.75), stage.between(0.22, 0.4))
    layers = 5
    for layer in range(layers):
        share = layer / (layers - 1)
        color = blend(blend(palette.far, palette.horizon, 0.55), palette.near, share)
        line = canvas.ridge(0.52 + 0.42 * share, 0.34 - 0.16 * share, grain=2 + layer, rough=0.52, peaks=True)
        foot = blend(color, palette.horizon, 0.45 * (1 - share) + 0.08)
        if layer == 2 and stage.has("castle", "fortress", "palace", "temple"):
            x = stage.between(0.3, 0.7)
            motifs.castle(canvas, x, line[round(x * 256)] + 0.05, 0.3, palette)
        canvas.land(line, color, foot, reach=0.26)
    if stage.has("forest", "woods", "pine", "trees", "fox", "cabin"):
        motifs.pines(canvas, [0.99] * 9, 26, 0.2, blend(palette.near, (0, 0, 0), 0.3))


def peak(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """One great mountain with snow on it before a large sun."""
    x = stage.between(0.35, 0.65)
    canvas.sky(palette.top, palette.middle, palette.horizon, until=0.75)
    canvas.glow(x, 0.32, 0.75, palette.light, 0.7)
    canvas.disc(
        x + stage.between(-0.12, 0.12), stage.between(0.24, 0.34), stage.between(0.14, 0.2), palette.light, 0.92
    )
    canvas.clouds(blend(palette.light, palette.horizon, 0.4), 0.1, 0.5, 0.4, 0.5)
    top = stage.between(0.24, 0.32)
    spread = 0.44
    line: list[float] = []
    rough = canvas.ridge(0.05, 0.1, grain=7, rough=0.6, peaks=True)
    for step, jag in enumerate(rough):
        slope = abs(step / 256 - x) / spread
        line.append(top + 0.5 * slope**0.8 + jag * min(1.0, slope * 4))
    rock = blend(palette.far, palette.near, 0.45)
    canvas.land(line, rock, blend(palette.horizon, rock, 0.45), reach=0.55)
    _snowcap(canvas, line, x, top, blend(palette.light, (255, 255, 255), 0.6), rock)
    for share, height in ((0.5, 0.8), (1.0, 0.93)):
        color = blend(palette.far, palette.near, share)
        ground = canvas.ridge(height, 0.14, grain=3)
        if stage.has("castle", "fortress", "palace", "temple") and share < 1:
            at = stage.between(0.25, 0.75)
            motifs.castle(canvas, at, ground[round(at * 256)] + 0.03, 0.26, palette)
        canvas.land(ground, color, blend(color, palette.near, 0.4))
        canvas.mist(height - 0.05, 0.07, palette.horizon, 0.35)
    motifs.pines(canvas, canvas.ridge(0.99, 0.06, grain=2), 34, 0.13, palette.near)


def woods(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Rows of conifers that fade into mist."""
    x = stage.between(0.3, 0.7)
    heavens(canvas, palette, stage, x, stage.between(0.25, 0.35))
    rows = 5
    for row in range(rows):
        share = row / (rows - 1)
        color = blend(blend(palette.far, palette.horizon, 0.6), palette.near, share)
        line = canvas.ridge(0.56 + 0.44 * share, 0.14, grain=2)
        motifs.pines(canvas, line, 40 - 6 * row, 0.13 + 0.2 * share, color)
        canvas.land(line, color, blend(color, palette.horizon, 0.35 * (1 - share)), reach=0.2)
        if row < rows - 1:
            canvas.mist(0.6 + 0.4 * share, 0.1, palette.horizon, 0.45)
    if stage.has("cabin", "house", "cottage", "hut"):
        motifs.house(canvas, stage.between(0.35, 0.65), 0.9, 0.16, palette)


def trunks(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Inside the forest: tall trunks, light falling between them."""
    x = stage.between(0.35, 0.65)
    canvas.sky(
        palette.middle,
        palette.horizon,
        blend(palette.light, palette.horizon, 0.5),
        blend(palette.far, palette.near, 0.4),
    )
    canvas.glow(x, 0.4, 0.9, palette.light, 0.95)
    for row in range(4):
        share = row / 3
        color = blend(blend(palette.far, palette.horizon, 0.5), blend(palette.near, (0, 0, 0), 0.3), share)
        for _ in range(16 - 4 * row):
            at = canvas.chance.random()
            if row == 3 and abs(at - x) < 0.16:
                continue
            half = (0.004 + 0.022 * share**1.5) * canvas.chance.uniform(0.6, 1.3) * canvas.unit / canvas.width
            lean = canvas.chance.gauss(0, 0.012)
            foot = 0.72 + 0.3 * share
            canvas.shape(
                [
                    (at - half * 0.6 + lean, -0.01),
                    (at + half * 0.6 + lean, -0.01),
                    (at + half, foot),
                    (at + half * 1.7, foot + 0.03),
                    (at - half * 1.7, foot + 0.03),
                    (at - half, foot),
                ],
                color,
            )
        ground = canvas.ridge(0.74 + 0.22 * share, 0.05, grain=2)
        canvas.land(ground, color, blend(color, palette.near, 0.3))
        if row < 3:
            canvas.mist(0.7 + 0.16 * share, 0.14, palette.horizon, 0.4)
    for beam in range(5):
        reach = stage.between(-0.5, 0.5) + 0.1 * (beam - 2)
        canvas.shape(
            [(x - 0.01, -0.02), (x + 0.02, -0.02), (x + reach + 0.1, 0.9), (x + reach - 0.02, 0.9)], palette.light, 0.1
        )


def dunes(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Sweeping sand with a lit and a shaded side."""
    heavens(canvas, palette, stage, stage.between(0.2, 0.8), stage.between(0.2, 0.36), large=True)
    sand = blend(palette.horizon, palette.accent, 0.45)
    for layer in range(5):
        share = layer / 4
        color = blend(blend(sand, palette.horizon, 0.5), blend(palette.far, palette.near, 0.25), share)
        line = canvas.ridge(0.58 + 0.4 * share, 0.26, grain=1, rough=0.2)
        canvas.land(line, color, blend(color, palette.near, 0.25), reach=0.35)
        shade = [y + 0.05 + 0.16 * abs(math.sin(step / 256 * 5 + 3 * share)) for step, y in enumerate(line)]
        canvas.land(shade, blend(color, palette.near, 0.22), blend(color, palette.near, 0.4), reach=0.3)


def _snowcap(canvas: Canvas, line: list[float], x: float, top: float, snow: Color, rock: Color) -> None:
    """Snow on a summit: the upper part of the mountain's own line, ragged below, shaded on one side."""
    ragged = canvas.ridge(0, 0.16, grain=14, rough=0.7, peaks=True)
    for left, right, color in ((0.0, 1.0, snow), (x, 1.0, blend(snow, rock, 0.35))):
        edge: list[tuple[float, float]] = []
        below: list[tuple[float, float]] = []
        for step, height in enumerate(line):
            at = step / 256
            limit = top + 0.24 + ragged[step]
            if left <= at <= right and height < limit:
                edge.append((at, height))
                below.append((at, limit))
        if len(edge) > 2:
            canvas.shape([*edge, *reversed(below)], color, 0.9)
