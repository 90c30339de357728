"""A few lines of text in the place of a picture that cannot be shown."""

from __future__ import annotations

from collections.abc import Sequence

from mjtui.terminal.pictures import Frame, Run, blank, centred
from mjtui.terminal.text import cell_width, fit_cells


def card(lines: Sequence[str], columns: int, rows: int) -> Frame:
    """The lines, cleaned and cut to fit, in the middle of a box of cells in the terminal's own colours."""
    texts = [fit_cells(line, columns) for line in lines[:rows]]
    width = max(map(cell_width, texts), default=0)
    return centred([[Run(text), *blank(width - cell_width(text))] for text in texts], width, columns, rows)
