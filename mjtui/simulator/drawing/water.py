"""Compositions of lakes and seas."""

from __future__ import annotations

import math

from mjtui.simulator.drawing import motifs
from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.palettes import Color, Palette, blend
from mjtui.simulator.drawing.stage import Stage, heavens


def lake(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Still water that doubles hills, trees and sky."""
    shore = stage.between(0.52, 0.62)
    heavens(canvas, palette, stage, stage.between(0.2, 0.8), shore - stage.between(0.2, 0.32))
    for share, rise in ((0.0, 0.3), (0.35, 0.2), (0.7, 0.12)):
        color = blend(blend(palette.far, palette.horizon, 0.35), palette.near, share)
        canvas.land(
            canvas.ridge(shore + 0.01, rise, grain=2 + round(4 * share), peaks=share < 0.5),
            color,
            blend(color, palette.horizon, 0.35),
            reach=0.2,
        )
    bank = canvas.ridge(shore + 0.004, 0.02, grain=4)
    motifs.pines(canvas, bank, 44, 0.11, blend(palette.near, palette.far, 0.15))
    if stage.has("house", "cabin", "cottage", "village", "home"):
        motifs.house(canvas, stage.between(0.25, 0.75), shore, 0.13, palette)
    canvas.mist(shore, 0.05, palette.horizon, 0.5)
    canvas.water(shore, palette.horizon, palette.top, mirror=0.72)
    if stage.has("boat", "sail", "ship", "harbour", "harbor"):
        motifs.boat(canvas, stage.between(0.3, 0.7), shore + 0.17, 0.16, palette)
    canvas.mist(shore + 0.005, 0.025, palette.light, 0.3)


def sea(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """A low sun over the open sea, with a headland or a lighthouse."""
    x, shore = stage.between(0.3, 0.7), stage.between(0.5, 0.6)
    heavens(canvas, palette, stage, x, shore - stage.between(0.06, 0.16), large=True)
    canvas.water(shore, blend(palette.horizon, palette.middle, 0.4), blend(palette.top, palette.near, 0.5), mirror=0.5)
    canvas.glitter(x, shore, blend(palette.light, (255, 255, 255), 0.2))
    side = 0.16 if x > 0.5 else 0.84
    cliff = [1.08 - 0.5 * math.exp(-(((step / 256 - side) / 0.2) ** 2)) for step in range(257)]
    rocks = canvas.ridge(0, 0.06, grain=8, peaks=True)
    cliff = [height + rock for height, rock in zip(cliff, rocks, strict=True)]
    canvas.land(cliff, palette.near, blend(palette.near, (0, 0, 0), 0.4))
    foot = cliff[round(side * 256)] + 0.02
    if stage.has("lighthouse", "tower", "beacon"):
        motifs.lighthouse(canvas, side, foot, 0.4, palette)
    elif stage.has("castle", "fortress"):
        motifs.castle(canvas, side, foot, 0.34, palette)
    else:
        motifs.house(canvas, side, foot, 0.1, palette)
    motifs.boat(canvas, 1 - side + stage.between(-0.1, 0.1), shore + 0.05, 0.09, palette)
    motifs.birds(canvas, x + 0.1, shore - 0.3, 7, blend(palette.near, palette.middle, 0.3))


def islands(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Sea stacks that rise from the mist, one behind the other."""
    shore = stage.between(0.46, 0.54)
    heavens(canvas, palette, stage, stage.between(0.55, 0.8), stage.between(0.14, 0.24))
    canvas.land(canvas.ridge(shore + 0.005, 0.07, grain=3), blend(palette.far, palette.horizon, 0.5))
    canvas.water(shore, palette.horizon, blend(palette.top, palette.near, 0.45), mirror=0.55)
    canvas.mist(shore, 0.05, palette.light, 0.5)
    motifs.boat(canvas, stage.between(0.1, 0.9), shore + 0.05, 0.07, palette)
    for row in range(4):
        share = row / 3
        color = blend(blend(palette.far, palette.horizon, 0.35), palette.near, share)
        foot = shore + 0.04 + 0.34 * share**1.4
        middle = stage.between(0.1, 0.9)
        for _ in range(3 - row // 2):
            at, half = middle + canvas.chance.gauss(0, 0.16), (0.03 + 0.05 * share) * canvas.chance.uniform(0.7, 1.6)
            _stack(canvas, at, foot, half, (0.14 + 0.26 * share) * canvas.chance.uniform(0.5, 1.0), color)
            if row == 2 and stage.has("lighthouse", "tower", "beacon"):
                motifs.lighthouse(canvas, at, foot - 0.1, 0.3, palette)
        canvas.mist(foot + 0.01, 0.035, palette.light, 0.45)


def swell(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Great waves under a round sun, in flat colours."""
    x = stage.between(0.35, 0.65)
    canvas.sky(palette.middle, palette.horizon, palette.light, until=0.6)
    canvas.disc(x, 0.3, stage.between(0.17, 0.23), palette.accent)
    canvas.clouds(palette.light, 0.05, 0.4, 0.42, 0.7)
    if stage.has("lighthouse", "tower", "beacon"):
        motifs.lighthouse(canvas, stage.between(0.2, 0.8), 0.66, 0.42, palette)
    else:
        motifs.boat(canvas, stage.between(0.25, 0.75), 0.56, 0.2, palette)
    layers = 7
    for layer in range(layers):
        share = layer / (layers - 1)
        color = blend(blend(palette.middle, palette.horizon, 0.3), blend(palette.top, palette.near, 0.55), share)
        line = motifs.waves(canvas, 0.56 + 0.4 * share, 0.05 + 0.07 * share, 7 - 4.4 * share)
        foam = [y - 0.008 - 0.006 * share for y in line]
        canvas.land(foam, blend(palette.light, (255, 255, 255), 0.5), depth=0)
        canvas.land(line, color, blend(color, palette.near, 0.35), reach=0.2)


def _stack(canvas: Canvas, x: float, foot: float, half: float, height: float, color: Color) -> None:
    """A rock in the sea, with its shadow on the water."""
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for step in range(9):
        share = step / 8
        wide = half * (1 - 0.55 * share**0.7) * canvas.chance.uniform(0.85, 1.15)
        left.append((x - wide, foot - height * share))
        right.append((x + wide * canvas.chance.uniform(0.85, 1.15), foot - height * share))
    canvas.shape([*left, *reversed(right)], color)
    canvas.shape(
        [
            (x - half, foot),
            (x + half, foot),
            (x + half * 0.5, foot + height * 0.4),
            (x - half * 0.4, foot + height * 0.4),
        ],
        color,
        0.35,
    )
