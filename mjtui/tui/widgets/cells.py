"""A line of cells as pieces of text with a tone, before any style is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mjtui.terminal.text import cell_width, clean, fit_cells
from mjtui.tui.wording import Tone


class Piece(NamedTuple):
    """Clean text of one tone."""

    text: str
    tone: Tone = "text"


def column(text: str, width: int, tone: Tone = "text", *, right: bool = False) -> Piece:
    """The text, cleaned, cut and padded to exactly `width` cells."""
    text = fit_cells(text, width)
    padding = " " * (width - cell_width(text))
    return Piece(padding + text if right else text + padding, tone)


def filled(pieces: Sequence[Piece], rest: str, width: int, tail: Sequence[Piece] = ()) -> list[Piece]:
    """A line of exactly `width` cells: the pieces, the rest in the room that is left, the tail at the end.

    What does not fit is cut off at the right.
    """
    room = width - sum(cell_width(piece.text) for piece in (*pieces, *tail))
    line = [*pieces, column(rest, max(0, room)), *tail]
    if room >= 0:
        return line
    text = "".join(piece.text for piece in line)
    return [column(text, width, pieces[0].tone if pieces else "text")]


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """The same line in as few pieces as can be: each one costs bytes of colour on the way to the terminal."""
    found: list[Piece] = []
    for piece in pieces:
        if found and (piece.tone == found[-1].tone or not piece.text.strip(" ")):
            found[-1] = Piece(found[-1].text + piece.text, found[-1].tone)
        elif piece.text:
            found.append(piece)
    return found


def wrapped(text: str, width: int) -> list[str]:
    """The text, cleaned, in lines of at most `width` cells, parted between words; a longer word is cut."""
    lines: list[str] = []
    for word in clean(text).split():
        if lines and cell_width(lines[-1]) + 1 + cell_width(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(fit_cells(word, width))
    return lines
