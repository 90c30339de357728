"""The title of the terminal's window: kept at start, set, and given back at the end."""

from __future__ import annotations

from typing import Final

from mjtui.terminal.text import fit_cells

PUSH: Final = "\x1b[22;2t"
"""Keeps the title on the terminal's stack (xterm's window operations)."""

POP: Final = "\x1b[23;2t"

LONGEST: Final = 80


def set_title(text: str) -> str:
    """The escape sequence that makes the text the title; the text is cleaned and cut to 80 cells."""
    return f"\x1b]2;{fit_cells(text, LONGEST)}\x07"
