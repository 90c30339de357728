"""Compositions of forms alone."""

# pyright: reportUnknownMemberType=false
# Pillow's types name those of numpy, which is not installed.

from __future__ import annotations

import math

from PIL import Image

from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.palettes import Color, Palette, blend
from mjtui.simulator.drawing.stage import Stage


def ribbons(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Bands of colour that flow across, each over the one before."""
    ramp = palette.ramp()[::-1] if palette.dark else palette.ramp()
    canvas.sky(ramp[-1], ramp[-2])
    count = 11
    turn, slant = stage.between(1.0, 2.4), stage.between(-0.35, 0.35)
    for band in range(count):
        share = band / (count - 1)
        at = share * (len(ramp) - 1)
        color = blend(ramp[int(at)], ramp[min(len(ramp) - 1, int(at) + 1)], at - int(at))
        line: list[float] = []
        for step in range(257):
            x = step / 256
            swing = math.sin(x * turn * math.pi + band * 0.55) + 0.45 * math.sin(x * turn * 6.1 + band * 0.9)
            line.append(-0.02 + 1.05 * share + slant * (x - 0.5) + 0.1 * swing)
        last = 1.0 if band == count - 1 else 0.2
        canvas.land([y - 0.008 for y in line], blend(color, palette.near, 0.45), depth=0)
        canvas.land(line, blend(color, (255, 255, 255), 0.16), blend(color, palette.near, 0.12), reach=0.14, depth=last)
    canvas.glow(stage.between(0.2, 0.8), stage.between(0.1, 0.5), 0.7, palette.light, 0.35)


def discs(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Planets and rings in a composed space."""
    canvas.sky(palette.top, blend(palette.top, palette.middle, 0.6), palette.near)
    canvas.stars(160, 1.0, palette.light)
    x, y = stage.between(0.35, 0.65), stage.between(0.4, 0.6)
    radius = stage.between(0.24, 0.31)
    canvas.glow(x, y, radius * 2.4, palette.horizon, 0.75)
    steps = 30
    for step in range(steps):
        share = step / (steps - 1)
        shift = 0.42 * radius * share * canvas.unit
        color = blend(blend(palette.near, palette.far, 0.4), blend(palette.horizon, palette.light, share), share**0.8)
        canvas.disc(x - shift / canvas.width, y - shift / canvas.height, radius * (1 - 0.62 * share), color)
    _ring(canvas, x, y, radius * stage.between(1.6, 1.9), palette, stage.between(-0.45, 0.45))
    for _ in range(5):
        size = canvas.chance.uniform(0.012, 0.06)
        canvas.disc(
            canvas.chance.random(),
            canvas.chance.random(),
            size,
            blend(palette.accent, palette.middle, canvas.chance.random()),
        )


def marble(canvas: Canvas, palette: Palette, stage: Stage) -> None:
    """Veins of colour as in poured ink."""
    noise = canvas.noise(3, 3, 5).resize((192, 192), Image.Resampling.BICUBIC)
    corners = [stage.between(low, low + 70) for low in (0, 0, 0, 122, 122, 122, 122, 0)]
    warped = noise.transform(noise.size, Image.Transform.QUAD, corners, Image.Resampling.BILINEAR)
    turns = stage.between(2.2, 3.4)
    ramp = palette.ramp()
    colors = [ramp[0], ramp[2], ramp[3], ramp[5], ramp[6], ramp[4], ramp[2], ramp[0]]
    table: list[Color] = []
    for value in range(256):
        at = (value / 255 * turns) % 1 * (len(colors) - 1)
        table.append(blend(colors[int(at)], colors[min(len(colors) - 1, int(at) + 1)], at - int(at)))
    smooth = warped.resize((canvas.width, canvas.height), Image.Resampling.BICUBIC)
    canvas.image = Image.merge("RGB", [smooth.point([color[band] for color in table]) for band in range(3)])
    canvas.glow(stage.between(0.2, 0.8), stage.between(0.2, 0.8), 0.8, palette.light, 0.25)


def _ring(canvas: Canvas, x: float, y: float, radius: float, palette: Palette, tilt: float) -> None:
    """The near half of a planet's ring, as two crescents."""
    for low, high, share in ((0.12, 0.17, 0.2), (0.19, 0.27, 0.0)):
        points: list[tuple[float, float]] = []
        for step in range(129):
            angle = math.pi * (step if step <= 64 else 128 - step) / 64
            across = math.cos(angle) * radius * canvas.unit
            down = math.sin(angle) * radius * (high if step <= 64 else low) * canvas.unit
            points.append((x + (across - down * tilt) / canvas.width, y + (down + across * tilt) / canvas.height))
        canvas.shape(points, blend(palette.accent, palette.light, share), 0.85)
