"""Writing to the terminal only the cells that have changed.

Textual repaints whole widgets: a key in a text area would send kilobytes. What each line of the screen holds is known
here, so of a strip that is to be painted again only the part that differs is sent.
"""

from __future__ import annotations

import re
from typing import Final

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

ODD: Final = re.compile("[\u0300-\u036f\u200c\u200d\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")
"""Characters that join others; terminals differ in how wide the result is, so such strips are sent whole."""


class Painter:
    """Knows what the terminal shows."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, Strip]] = {}

    def forget(self) -> None:
        """The terminal may show anything now: the next update is sent whole."""
        self._lines.clear()

    def sparse(self, update: CompositorUpdate) -> CompositorUpdate:
        """The same update, which sends what has changed and no more."""
        if isinstance(update, ChopsUpdate):
            return _Sparse(self, _of_chops(update))
        if isinstance(update, LayoutUpdate):
            return _Sparse(self, _of_layout(update))
        return update

    def paint(self, strips: list[tuple[int, int, Strip]], console: Console) -> str:
        """The bytes that put these strips (x, y, strip) on the screen."""
        out: list[str] = []
        for x, y, strip in strips:
            line = self._lines.setdefault(y, {})
            old = line.get(x)
            start, end = 0, strip.cell_length
            if old is not None and old.cell_length == end:
                if (changed := difference(old, strip)) is None:
                    continue
                start, end = changed
            else:
                for at in [at for at, other in line.items() if at < x + end and x < at + other.cell_length]:
                    del line[at]
            line[x] = strip
            out.append(Control.move_to(x + start, y).segment.text)
            whole = start == 0 and end == strip.cell_length
            out.append((strip if whole else strip.crop(start, end)).render(console))
        return "".join(out)


class _Sparse(CompositorUpdate):
    def __init__(self, painter: Painter, strips: list[tuple[int, int, Strip]]) -> None:
        self._painter = painter
        self._strips = strips

    def render_segments(self, console: Console) -> str:
        return self._painter.paint(self._strips, console)


def difference(old: Strip, new: Strip) -> tuple[int, int] | None:
    """From which cell to which two strips of the same width differ, or None where they are the same."""
    if old is new:
        return None
    before, after = list(old), list(new)
    if before == after:
        return None
    width = new.cell_length
    if any(not segment.text.isascii() and ODD.search(segment.text) for segment in (*before, *after)):
        return 0, width
    start = 0
    while before and after and before[0] == after[0]:
        start += after[0].cell_length
        del before[0], after[0]
    end = width
    while before and after and before[-1] == after[-1]:
        end -= after[-1].cell_length
        del before[-1], after[-1]
    if before and after and before[0].style == after[0].style:
        start += _same_start(before[0].text, after[0].text)
    if before and after and before[-1].style == after[-1].style:
        end = max(start + 1, end - _same_start(before[-1].text[::-1], after[-1].text[::-1]))
    return start, max(start, end)


def _same_start(a: str, b: str) -> int:
    """How many characters of one cell each two texts have in common at their beginnings."""
    count = 0
    for one, other in zip(a, b, strict=False):
        if one != other or not one.isascii():
            break
        count += 1
    return count


def _of_layout(update: LayoutUpdate) -> list[tuple[int, int, Strip]]:
    strips: list[tuple[int, int, Strip]] = []
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            strips.append((x, y, strip))
            x += strip.cell_length
    return strips


def _of_chops(update: ChopsUpdate) -> list[tuple[int, int, Strip]]:
    strips: list[tuple[int, int, Strip]] = []
    for y, x1, x2 in update.spans:
        # Strips are painted whole even where a span covers a part of them: the rest is the same and is not sent.
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < x2 and end > x1:
                strips.append((x, y, strip))
    return strips
