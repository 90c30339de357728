"""Pictures as letters: one for every cell by its brightness, for terminals without colours or without UTF-8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mjtui.media.pixels import Pixels
from mjtui.terminal.pictures import Frame, Run, centred

RAMP: Final = " .:-=+*#%@"
"""From dark to bright, as light letters on a dark ground show it."""


@dataclass(frozen=True, slots=True)
class Ascii:
    """The brightness of each pixel as a letter in the terminal's own colours."""

    name: str = "ascii"
    dots: tuple[int, int] = (1, 1)

    def encode(self, pixels: Pixels, columns: int, rows: int) -> Frame:
        """The pixels in the middle of a box of cells; pixels that do not fit are cut off."""
        width, height = min(columns, pixels.width), min(rows, pixels.height)
        lines: list[list[Run]] = []
        for y in range(height):
            start = 3 * pixels.width * y
            row = pixels.rgb[start : start + 3 * width]
            # Weights of Rec. 601 in parts of 256.
            bright = (77 * r + 150 * g + 29 * b for r, g, b in zip(row[0::3], row[1::3], row[2::3], strict=True))
            lines.append([Run("".join(RAMP[value * len(RAMP) >> 16] for value in bright))])
        return centred(lines, width, columns, rows)
