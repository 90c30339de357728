"""Pictures as lines of cells, made off the event loop and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mjtui.media.pixels import Pixels
from mjtui.terminal.pictures import Driver, Rgb
from mjtui.tui.widgets.scene import Key

SEGMENT_BYTES: Final = 250
"""What one run of cells takes up in memory, roughly: a segment, and its share of a style."""


def draw(driver: Driver, pixels: Pixels, columns: int, rows: int) -> list[Strip]:
    """The picture as `rows` lines of `columns` cells."""
    frame = driver.encode(pixels, columns, rows)
    return [
        Strip([Segment(run.text, _style(run.foreground, run.background)) for run in line], frame.columns)
        for line in frame.lines
    ]


@lru_cache(maxsize=1 << 12)
def _style(foreground: Rgb | None, background: Rgb | None) -> Style:
    colour, ground = (Color.from_rgb(*rgb) if rgb else None for rgb in (foreground, background))
    return Style(color=colour, bgcolor=ground)


class Drawn:
    """The pictures that were looked at last, within a bound of memory."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._used = 0
        self._kept: OrderedDict[Key, list[Strip]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def used(self) -> int:
        """Bytes, as estimated."""
        return self._used

    def get(self, key: Key) -> list[Strip] | None:
        """The lines of a picture, where they are still there."""
        lines = self._kept.get(key)
        if lines is not None:
            self._kept.move_to_end(key)
        return lines

    def keep(self, key: Key, lines: list[Strip]) -> None:
        """Keep the lines of a picture, and let go of those that were not looked at for longest."""
        if key in self._kept:
            self._used -= _size(self._kept.pop(key))
        self._kept[key] = lines
        self._used += _size(lines)
        while self._used > self._most and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._used -= _size(old)


def _size(lines: list[Strip]) -> int:
    return SEGMENT_BYTES * sum(len(strip) for strip in lines)
