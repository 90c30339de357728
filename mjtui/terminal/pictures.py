"""Pictures as cells: what every driver takes and gives, whatever the terminal can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from mjtui.media.pixels import Pixels

Rgb = tuple[int, int, int]

CELL: Final = (10, 20)
"""Width and height of a cell in pixels where the terminal has not said."""


class Run(NamedTuple):
    """Neighbouring cells of the same colours; None is the terminal's own colour."""

    text: str
    foreground: Rgb | None = None
    background: Rgb | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture as `rows` lines of runs; the cells of each line add up to `columns`."""

    columns: int
    rows: int
    lines: tuple[tuple[Run, ...], ...]


class Driver(Protocol):
    """One way to show pictures.

    `dots` is how many pixels across and down it shows in one cell, so that a picture for a box of cells is loaded at
    no more than the size that can be seen.
    """

    @property
    def name(self) -> str: ...

    @property
    def dots(self) -> tuple[int, int]: ...

    def encode(self, pixels: Pixels, columns: int, rows: int) -> Frame:
        """The pixels in the middle of a box of cells; pixels that do not fit are cut off."""
        ...


class Grid(NamedTuple):
    """The size in pixels of a box of cells for one driver, and how much taller than wide its pixels are shown."""

    width: int
    height: int
    pixel_ratio: float


def grid(driver: Driver, columns: int, rows: int, cell: tuple[int, int] = CELL) -> Grid:
    """The size at which a picture is to be loaded to fill a box of cells; `cell` is in pixels."""
    across, down = driver.dots
    return Grid(columns * across, rows * down, (cell[1] / down) / (cell[0] / across))


def fit(width: int, height: int, columns: int, rows: int, cell: tuple[int, int] = CELL) -> tuple[int, int]:
    """The columns and rows that a picture of `width` by `height` pixels takes up in a box, unstretched."""
    scale = min(columns * cell[0] / width, rows * cell[1] / height)
    wide, high = round(width * scale / cell[0]), round(height * scale / cell[1])
    return max(1, min(columns, wide)), max(1, min(rows, high))


def centred(lines: Sequence[Sequence[Run]], width: int, columns: int, rows: int) -> Frame:
    """Lines that are all `width` cells wide in the middle of a box of cells, nothing shown around them."""
    left = (columns - width) // 2
    above = (rows - len(lines)) // 2
    empty = blank(columns)
    middle = [(*blank(left), *line, *blank(columns - width - left)) for line in lines]
    below = rows - above - len(lines)
    return Frame(columns, rows, (*[empty] * above, *middle, *[empty] * below))


def blank(columns: int) -> tuple[Run, ...]:
    """So many cells in which nothing is shown."""
    return (Run(" " * columns),) if columns else ()
