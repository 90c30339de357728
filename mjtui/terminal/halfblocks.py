"""Pictures as half blocks: two pixels in every cell, in true colour or 256 colours, on any terminal with UTF-8."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, Literal

from mjtui.media.pixels import Pixels
from mjtui.terminal.pictures import Frame, Rgb, Run, centred

UPPER: Final = "▀"

TRUE_COLOUR: Final = 16_777_216
CUBE: Final = (0, 95, 135, 175, 215, 255)
"""The six levels of red, green and blue in xterm's palette of 256."""


@dataclass(frozen=True, slots=True)
class HalfBlocks:
    """The upper half of a cell in its foreground colour, the lower half in its background colour."""

    colours: Literal[16777216, 256] = TRUE_COLOUR
    name: str = "halfblock"
    dots: tuple[int, int] = (1, 2)

    def encode(self, pixels: Pixels, columns: int, rows: int) -> Frame:
        """The pixels in the middle of a box of cells; pixels that do not fit are cut off."""
        width, height = min(columns, pixels.width), min(2 * rows, pixels.height)
        lines: list[list[Run]] = []
        for y in range(0, height, 2):
            upper = self._row(pixels, y, width)
            lower = self._row(pixels, y + 1, width) if y + 1 < height else [None] * width
            lines.append(_runs(zip(upper, lower, strict=True)))
        return centred(lines, width, columns, rows)

    def _row(self, pixels: Pixels, y: int, width: int) -> list[Rgb]:
        start = 3 * pixels.width * y
        row = pixels.rgb[start : start + 3 * width]
        colours = zip(row[0::3], row[1::3], row[2::3], strict=True)
        return list(colours) if self.colours == TRUE_COLOUR else [nearest(colour) for colour in colours]


@lru_cache(maxsize=1 << 14)
def nearest(colour: Rgb) -> Rgb:
    """The nearest colour of xterm's palette of 256, without the first sixteen: those differ between terminals."""
    red, green, blue = (min(CUBE, key=lambda level: abs(level - value)) for value in colour)
    grey = 8 + 10 * max(0, min(23, round((sum(colour) / 3 - 8) / 10)))
    return min((red, green, blue), (grey, grey, grey), key=lambda candidate: _distance(candidate, colour))


def _distance(one: Rgb, other: Rgb) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _runs(cells: Iterable[tuple[Rgb, Rgb | None]]) -> list[Run]:
    runs: list[Run] = []
    for (upper, lower), same in groupby(cells):
        count = sum(1 for _ in same)
        runs.append(Run(" " * count, None, lower) if upper == lower else Run(UPPER * count, upper, lower))
    return runs
