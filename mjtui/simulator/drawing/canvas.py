"""The strokes that pictures are made of: skies, suns, ridges, mist, water; all in fractions of width and height.

The same strokes at twice the size give the same picture, larger. Everything by chance comes from the canvas's own
generator, in the order of the strokes.
"""

# pyright: reportUnknownMemberType=false
# Pillow's types name those of numpy, which is not installed.

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from mjtui.simulator.drawing.palettes import Color, blend

Points = Sequence[tuple[float, float]]
COARSE = 8
RIM = 181
"""The value of Pillow's radial gradient in the middle of its sides."""


class Canvas:
    """A picture under way. `unit` is the shorter side in pixels."""

    def __init__(self, width: int, height: int, chance: random.Random) -> None:
        self.width = width
        self.height = height
        self.unit = min(width, height)
        self.chance = chance
        self.image = Image.new("RGB", (width, height))

    def sky(self, *colors: Color, until: float = 1.0) -> None:
        """Colours from the top down to `until`; the last goes on below."""
        rows = 128
        strip = Image.new("RGB", (1, rows))
        strip.putdata([_along(colors, row / (rows - 1) / until) for row in range(rows)])
        self.image.paste(strip.resize((self.width, self.height), Image.Resampling.BICUBIC))

    def glow(self, x: float, y: float, radius: float, color: Color, strength: float = 0.8) -> None:
        """Soft light around a point; `radius` in units."""
        width, height = max(1, self.width // COARSE), max(1, self.height // COARSE)
        size = max(2, round(2 * radius * self.unit / COARSE))
        ball = (
            Image.radial_gradient("L")
            .resize((size, size))
            .point([round(max(0.0, 1 - v / RIM) ** 2 * 255 * strength) for v in range(256)])
        )
        mask = Image.new("L", (width, height))
        mask.paste(ball, (round(x * width - size / 2), round(y * height - size / 2)))
        self._tint(mask.resize((self.width, self.height), Image.Resampling.BICUBIC), color)

    def disc(self, x: float, y: float, radius: float, color: Color, strength: float = 1.0) -> None:
        """A sun, a moon, a ball; `radius` in units."""
        pixels = max(2.0, radius * self.unit)
        size = math.ceil(2 * pixels) + 2
        mask = Image.new("L", (size * 2, size * 2))
        middle = size
        ImageDraw.Draw(mask).ellipse(
            (middle - 2 * pixels, middle - 2 * pixels, middle + 2 * pixels, middle + 2 * pixels),
            fill=round(255 * strength),
        )
        corner = (round(x * self.width - size / 2), round(y * self.height - size / 2))
        self.image.paste(color, (*corner, corner[0] + size, corner[1] + size), mask.reduce(2))

    def stars(self, count: int, until: float, color: Color) -> None:
        """Points of light in the upper part."""
        draw = ImageDraw.Draw(self.image)
        for _ in range(count):
            x, y = self.chance.random() * self.width, self.chance.random() ** 1.5 * until * self.height
            radius = (0.0006 + 0.0016 * self.chance.random() ** 4) * self.unit
            below = self.image.getpixel((int(x), int(y)))
            shade = blend((below[0], below[1], below[2]), color, 0.3 + 0.7 * self.chance.random())  # pyright: ignore
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shade)

    def clouds(self, color: Color, top: float, bottom: float, cover: float, strength: float = 0.6) -> None:
        """Streaks of cloud between two heights; `cover` from 0 to 1."""
        noise = self.noise(6, 12, 4)
        edge = round(255 * (1 - cover))
        mask = noise.point([round(max(0, min(1, (v - edge) / 60)) * 255 * strength) for v in range(256)])
        box = (0, round(top * self.height), self.width, round(bottom * self.height))
        size = (box[2], max(1, box[3] - box[1]))
        fade = (
            Image.radial_gradient("L")
            .resize((3 * mask.width, mask.height))
            .crop((mask.width, 0, 2 * mask.width, mask.height))
        )
        mask = ImageChops.multiply(mask, ImageChops.invert(fade))
        self.image.paste(color, box, mask.resize(size, Image.Resampling.BICUBIC))

    def noise(self, columns: int, rows: int, octaves: int) -> Image.Image:
        """Soft clouds of grey, small; `columns` by `rows` is the coarsest grain."""
        size = (columns << octaves, rows << octaves)
        result = Image.new("L", size, 128)
        for octave in range(octaves):
            grain = (columns << octave, rows << octave)
            layer = Image.frombytes("L", grain, self.chance.randbytes(grain[0] * grain[1]))
            share = 0.9 if octave == 0 else 0.5 ** (octave + 0.6)
            result = Image.blend(result, layer.resize(size, Image.Resampling.BICUBIC), share)
        return result

    def ridge(
        self, height: float, rise: float, *, grain: int = 3, rough: float = 0.5, peaks: bool = False
    ) -> list[float]:
        """The line of a hill: heights (0 is the top of the picture) around `height`, up to `rise` above it."""
        count = 256
        total = [0.0] * (count + 1)
        weight = 0.0
        for octave in range(6):
            cells = max(1, round(grain * self.width / self.unit)) << octave
            knots = [self.chance.random() for _ in range(cells + 2)]
            share = rough**octave
            weight += share
            for step in range(count + 1):
                at = step / count * cells
                low = int(at)
                part = at - low
                part = part if peaks else part * part * (3 - 2 * part)
                value = knots[low] + (knots[low + 1] - knots[low]) * part
                total[step] += share * (1 - abs(2 * value - 1) if peaks and octave < 2 else value)
        return [height - rise * value / weight for value in total]

    def land(
        self,
        line: Sequence[float],
        color: Color,
        foot: Color | None = None,
        *,
        reach: float = 0.5,
        depth: float = 1.0,
    ) -> None:
        """Everything below a line, down to `depth` under its lowest point, from `color` to `foot` within `reach`."""
        top = max(0, math.floor(min(line) * self.height) - 1)
        if top >= self.height:
            return
        bottom = min(self.height, math.ceil(max(line) * self.height) + 1)
        step = self.width / (len(line) - 1)
        edge = [(2 * at * step, 2 * (y * self.height - top)) for at, y in enumerate(line)]
        strip = Image.new("L", (2 * self.width, 2 * max(1, bottom - top)))
        ImageDraw.Draw(strip).polygon([*edge, (2 * self.width, strip.height), (0, strip.height)], fill=255)
        base = min(self.height, bottom + round(depth * self.height))
        mask = Image.new("L", (self.width, max(base, bottom) - top), 255)
        mask.paste(strip.reduce(2))
        rows = 64
        fill = Image.new("RGB", (1, rows))
        span = max(0.01, reach * self.height / mask.height)
        fill.putdata([blend(color, foot or color, min(1.0, row / rows / span)) for row in range(rows)])
        self.image.paste(fill.resize(mask.size, Image.Resampling.BILINEAR), (0, top), mask)

    def shape(self, points: Points, color: Color, strength: float = 1.0) -> None:
        """A filled polygon with smooth edges."""
        pixels = [(x * self.width, y * self.height) for x, y in points]
        left = max(0, math.floor(min(x for x, _ in pixels)) - 1)
        top = max(0, math.floor(min(y for _, y in pixels)) - 1)
        right = min(self.width, math.ceil(max(x for x, _ in pixels)) + 1)
        bottom = min(self.height, math.ceil(max(y for _, y in pixels)) + 1)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (2 * (right - left), 2 * (bottom - top)))
        ImageDraw.Draw(mask).polygon([(2 * (x - left), 2 * (y - top)) for x, y in pixels], fill=round(255 * strength))
        self.image.paste(color, (left, top, right, bottom), mask.reduce(2))

    def mist(self, y: float, thickness: float, color: Color, strength: float = 0.6) -> None:
        """A bank of mist around a height."""
        bank = [math.exp(-(((row / 63 - 0.5) * 4) ** 2)) for row in range(64)]
        column = Image.new("L", (1, 64))
        column.putdata([round(255 * strength * value) for value in bank])
        noise = self.noise(3, 2, 2).point([round(110 + v * 145 / 255) for v in range(256)])
        mask = (
            ImageChops.multiply(column.resize(noise.size), noise)
            if noise.height >= 64
            else column.resize((noise.width, 64))
        )
        top, bottom = round((y - thickness) * self.height), round((y + thickness) * self.height)
        if bottom <= top:
            return
        size = (self.width, bottom - top)
        self.image.paste(color, (0, top, self.width, bottom), mask.resize(size, Image.Resampling.BICUBIC))

    def water(self, y: float, color: Color, deep: Color, *, mirror: float = 0.6) -> None:
        """Water below a height that mirrors, rippled, what stands above it."""
        surface = round(y * self.height)
        depth = self.height - surface
        above = self.image.crop((0, max(0, surface - depth), self.width, surface))
        flipped = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((self.width, depth))
        tone = Image.new("RGB", (1, 64))
        tone.putdata([blend(color, deep, row / 63) for row in range(64)])
        body = Image.blend(tone.resize((self.width, depth), Image.Resampling.BILINEAR), flipped, mirror)
        strips = 90
        phase = self.chance.random() * 7
        for strip in range(strips):
            top, bottom = depth * strip // strips, depth * (strip + 1) // strips
            if bottom <= top:
                continue
            swing = math.sin(strip * 1.7 + phase) + 0.6 * math.sin(strip * 0.61 + 2 * phase)
            shift = round(swing * (0.002 + 0.012 * strip / strips) * self.width)
            part = body.crop((0, top, self.width, bottom))
            self.image.paste(part, (0, surface + top))
            self.image.paste(part, (shift, surface + top))

    def glitter(self, x: float, y: float, color: Color, count: int = 140) -> None:
        """The light of a sun on water below a height, as dashes that grow towards the viewer."""
        draw = ImageDraw.Draw(self.image, "RGBA")
        for _ in range(count):
            near = self.chance.random() ** 1.4
            at = y + (1 - y) * near
            middle = x + self.chance.gauss(0, 0.012 + 0.07 * near) * self.unit / self.width
            half = (0.004 + 0.03 * near * self.chance.random()) * self.unit
            thick = max(1.0, (0.0012 + 0.003 * near) * self.unit)
            left, top = middle * self.width - half, at * self.height
            draw.rounded_rectangle(
                (left, top, left + 2 * half, top + thick), thick / 2, fill=(*color, self.chance.randrange(60, 190))
            )

    def flakes(self, count: int, color: Color) -> None:
        """Falling snow."""
        draw = ImageDraw.Draw(self.image, "RGBA")
        for _ in range(count):
            x, y = self.chance.random() * self.width, self.chance.random() * self.height
            radius = (0.001 + 0.004 * self.chance.random() ** 3) * self.unit
            draw.ellipse(
                (x - radius, y - radius, x + radius, y + radius), fill=(*color, self.chance.randrange(70, 210))
            )

    def frame(self, strength: float = 0.35) -> None:
        """Corners a little darker."""
        small = Image.radial_gradient("L").resize((64, 64))
        mask = small.point([round(max(0, v - 110) / 145 * 255 * strength) for v in range(256)])
        self._tint(mask.resize((self.width, self.height), Image.Resampling.BICUBIC), (0, 0, 0))

    def _tint(self, mask: Image.Image, color: Color) -> None:
        self.image.paste(color, (0, 0, self.width, self.height), mask)


def _along(colors: Sequence[Color], at: float) -> Color:
    place = max(0.0, min(1.0, at)) * (len(colors) - 1)
    low = min(int(place), len(colors) - 2) if len(colors) > 1 else 0
    return blend(colors[low], colors[min(low + 1, len(colors) - 1)], place - low)
