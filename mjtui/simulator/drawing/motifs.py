"""Things that stand in a landscape: trees, towers, houses, boats, birds."""

from __future__ import annotations

import math

from PIL import ImageDraw

from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.palettes import Color, Palette, blend


def pine(canvas: Canvas, x: float, foot: float, height: float, color: Color) -> None:
    """A conifer; `height` in fractions of the picture's height."""
    half = height * 0.2 * canvas.height / canvas.width
    tiers = 7
    right: list[tuple[float, float]] = []
    for tier in range(tiers):
        reach = half * (0.15 + 0.85 * (tier + 1) / tiers) * canvas.chance.uniform(0.85, 1.1)
        y = foot - height * (1 - (tier + 1) / tiers * 0.92)
        right += [(reach, y), (reach * 0.45, y - height * 0.015)]
    points = [(x, foot - height), *((x + dx, y) for dx, y in right), (x + half * 0.1, foot)]
    points += [(x - half * 0.1, foot), *((x - dx * canvas.chance.uniform(0.9, 1.1), y) for dx, y in reversed(right))]
    canvas.shape(points, color)


def pines(canvas: Canvas, line: list[float], count: int, height: float, color: Color) -> None:
    """A row of conifers on a line."""
    for at in sorted(canvas.chance.random() for _ in range(count)):
        foot = line[round(at * (len(line) - 1))] + height * 0.1
        pine(canvas, at, foot, height * canvas.chance.uniform(0.5, 1.25), color)


def lighthouse(canvas: Canvas, x: float, foot: float, height: float, palette: Palette) -> None:
    """A striped tower with a lamp and two beams."""
    tall = canvas.height / canvas.width
    base, neck = 0.085 * height * tall, 0.05 * height * tall
    lamp = foot - height
    canvas.glow(x, lamp, height * 1.1, palette.light, 0.85)
    for side in (-1, 1):
        reach = x + side * 0.9
        canvas.shape([(x, lamp), (reach, lamp - 0.1), (reach, lamp + 0.04)], palette.light, 0.16)
    dark = palette.near if not palette.dark else blend(palette.near, palette.far, 0.25)
    pale = blend(palette.horizon, (255, 255, 255), 0.45)
    stripes = 6
    for stripe in range(stripes):
        low, high = stripe / stripes, (stripe + 1) / stripes
        wide, slim = base + (neck - base) * low, base + (neck - base) * high
        y, above = foot - height * 0.94 * low, foot - height * 0.94 * high
        color = palette.accent if stripe % 2 else pale
        canvas.shape([(x - wide, y), (x + wide, y), (x + slim, above), (x - slim, above)], color)
        canvas.shape([(x + wide * 0.25, y), (x + wide, y), (x + slim, above), (x + slim * 0.25, above)], dark, 0.35)
    rail, roof = foot - height * 0.94, foot - height * 1.1
    canvas.shape(
        [
            (x - neck * 1.5, rail),
            (x + neck * 1.5, rail),
            (x + neck * 1.5, rail - 0.008),
            (x - neck * 1.5, rail - 0.008),
        ],
        dark,
    )
    canvas.shape(
        [
            (x - neck * 0.8, rail),
            (x + neck * 0.8, rail),
            (x + neck * 0.8, lamp - height * 0.03),
            (x - neck * 0.8, lamp - height * 0.03),
        ],
        palette.light,
    )
    canvas.shape([(x - neck * 1.1, lamp - height * 0.03), (x, roof), (x + neck * 1.1, lamp - height * 0.03)], dark)


def castle(canvas: Canvas, x: float, foot: float, height: float, palette: Palette) -> None:
    """Towers with pointed roofs and a few lit windows."""
    tall = canvas.height / canvas.width
    stone = blend(palette.near, palette.far, 0.2)
    places = ((0, 1.0), (-0.22, 0.72), (0.24, 0.62), (-0.42, 0.5), (0.44, 0.44), (0.1, 0.8))
    for offset, share in sorted(places, key=lambda place: -place[1]):
        top, half = foot - height * share * 0.72, 0.075 * height * tall
        middle = x + offset * height * tall
        canvas.shape(
            [(middle - half, foot + 0.03), (middle + half, foot + 0.03), (middle + half, top), (middle - half, top)],
            stone,
        )
        peak = top - height * 0.28 * (0.6 + 0.4 * share)
        canvas.shape(
            [(middle - half * 1.25, top), (middle, peak), (middle + half * 1.25, top)],
            blend(stone, palette.accent, 0.3),
        )
        for row in range(3):
            y = top + height * (0.06 + 0.1 * row)
            if canvas.chance.random() < 0.7 and y < foot:
                canvas.shape(
                    [
                        (middle - half * 0.2, y),
                        (middle + half * 0.2, y),
                        (middle + half * 0.2, y + height * 0.035),
                        (middle - half * 0.2, y + height * 0.035),
                    ],
                    palette.light,
                )


def boat(canvas: Canvas, x: float, y: float, size: float, palette: Palette) -> None:
    """A small boat under sail."""
    wide, tall = size * canvas.unit / canvas.width, size * canvas.unit / canvas.height
    hull = blend(palette.near, (0, 0, 0), 0.2)
    canvas.shape(
        [
            (x - wide * 0.5, y - tall * 0.12),
            (x + wide * 0.55, y - tall * 0.14),
            (x + wide * 0.35, y + tall * 0.06),
            (x - wide * 0.35, y + tall * 0.06),
        ],
        hull,
    )
    sail = blend(palette.light, (255, 255, 255), 0.3)
    canvas.shape([(x, y - tall * 1.1), (x + wide * 0.48, y - tall * 0.2), (x, y - tall * 0.2)], sail)
    canvas.shape(
        [(x - wide * 0.04, y - tall * 0.95), (x - wide * 0.36, y - tall * 0.2), (x - wide * 0.04, y - tall * 0.2)],
        blend(sail, palette.accent, 0.5),
    )


def birds(canvas: Canvas, x: float, y: float, count: int, color: Color) -> None:
    """A flock, far away."""
    draw = ImageDraw.Draw(canvas.image)
    for _ in range(count):
        left = (x + canvas.chance.gauss(0, 0.06)) * canvas.width
        top = (y + canvas.chance.gauss(0, 0.03)) * canvas.height
        wing = canvas.unit * canvas.chance.uniform(0.008, 0.016)
        line = [(left - wing, top - wing * 0.5), (left - wing * 0.4, top - wing * 0.6), (left, top)]
        line += [(left + wing * 0.4, top - wing * 0.6), (left + wing, top - wing * 0.5)]
        draw.line(line, fill=color, width=max(1, round(canvas.unit * 0.0025)), joint="curve")


def house(canvas: Canvas, x: float, foot: float, size: float, palette: Palette) -> None:
    """A cottage with a lit window."""
    wide, tall = size * canvas.unit / canvas.width, size * canvas.unit / canvas.height
    wall = blend(palette.near, palette.far, 0.35)
    canvas.shape(
        [
            (x - wide * 0.5, foot),
            (x + wide * 0.5, foot),
            (x + wide * 0.5, foot - tall * 0.5),
            (x - wide * 0.5, foot - tall * 0.5),
        ],
        wall,
    )
    canvas.shape(
        [(x - wide * 0.62, foot - tall * 0.48), (x, foot - tall), (x + wide * 0.62, foot - tall * 0.48)], palette.near
    )
    canvas.shape(
        [
            (x - wide * 0.1, foot - tall * 0.14),
            (x + wide * 0.14, foot - tall * 0.14),
            (x + wide * 0.14, foot - tall * 0.36),
            (x - wide * 0.1, foot - tall * 0.36),
        ],
        palette.light,
    )
    canvas.glow(x, foot - tall * 0.25, size * 0.9, palette.light, 0.5)


def buildings(
    canvas: Canvas, foot: float, tallest: float, color: Color, lit: Color | None, *, slim: float = 1.0
) -> None:
    """A row of towers from edge to edge; `lit` is the colour of their windows."""
    draw = ImageDraw.Draw(canvas.image)
    chance = canvas.chance
    width, height, unit = canvas.width, canvas.height, canvas.unit
    x = -0.02 * width
    while x < width:
        wide = unit * chance.uniform(0.035, 0.1) * slim
        middle = 1 - abs(2 * (x / width) - 1) ** 2 * 0.5
        top = (foot - tallest * chance.uniform(0.25, 1.0) * middle) * height
        draw.rectangle((x, top, x + wide, height), fill=color)
        if chance.random() < 0.3:
            draw.rectangle((x + wide * 0.46, top - unit * 0.05, x + wide * 0.54, top), fill=color)
        if chance.random() < 0.3:
            draw.rectangle((x + wide * 0.2, top - unit * 0.015, x + wide * 0.8, top), fill=color)
        if lit is not None:
            _windows(canvas, draw, (x, top, wide, foot * height), color, lit)
        x += wide * chance.uniform(0.85, 1.25)


def _windows(
    canvas: Canvas, draw: ImageDraw.ImageDraw, tower: tuple[float, float, float, float], wall: Color, lit: Color
) -> None:
    x, top, wide, bottom = tower
    chance = canvas.chance
    pane, step = canvas.unit * 0.0045, canvas.unit * 0.0125
    columns, rows = int(wide / step) - 1, int((bottom - top) / step)
    share = chance.uniform(0.15, 0.5)
    for row in range(1, min(rows, 60)):
        for column in range(columns):
            if chance.random() < share:
                left, upper = x + step * (column + 0.8), top + step * row
                draw.rectangle(
                    (left, upper, left + pane, upper + pane * 1.3), fill=blend(wall, lit, chance.uniform(0.35, 1))
                )


def waves(canvas: Canvas, foot: float, height: float, count: float) -> list[float]:
    """The line of a swell: regular crests that lean a little."""
    phase = canvas.chance.random() * math.tau
    line: list[float] = []
    for step in range(257):
        at = step / 256 * count * math.tau + phase
        crest = abs(math.sin(at / 2 + 0.25 * math.sin(at))) ** 1.6
        line.append(foot - height * (1 - crest) - 0.15 * height * math.sin(at * 0.37 + phase))
    return line
