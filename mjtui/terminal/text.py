"""Text from outside made safe and short enough for a line of cells.

Widths are those of `rich.cells`, which Textual lays its screen out with, so that a line measured here fits there.
"""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len, split_graphemes

PLAIN: Final = re.compile(r"[ -~]*")

SEQUENCE: Final = re.compile(
    # CSI: colours, cursor, modes
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    # OSC, DCS, SOS, PM and APC: title, clipboard, pictures
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
    # all others
    r"|\x1b[ -/]*[0-~]"
)
"""Escape sequences as ECMA-48 has them; of an unfinished one only the introducer goes."""

LINE_BREAK: Final = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

UNWANTED: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls but the line feed
    "\xad\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, bidi
    "\ufe00-\ufe0d\U000e0000-\U000e0fff"  # variation selectors that change no width, tags
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # layout controls of rare scripts
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]"  # prepended marks without a width of their own
)

UNSHOWABLE: Final = re.compile("[\ud800-\udfff\U0010eeee]")
"""Halves of surrogate pairs, which cannot be encoded, and the placeholder by which kitty shows a picture."""

PICTOGRAPH: Final = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
"""Characters that can be shown as emoji, as the inside of a character class."""

STRAY: Final = re.compile(
    f"(?<![{PICTOGRAPH}\ufe0f])\u200d|\u200d(?![{PICTOGRAPH}])"  # joiners that join no emoji
    "|(?<![\u0600-\u109f])\u200c|\u200c(?![\u0600-\u109f])"  # non-joiners outside the scripts that need them
    f"|(?<![0-9#*{PICTOGRAPH}])[\ufe0e\ufe0f]"  # presentation selectors that follow nothing presentable
)

STACKED: Final = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
"""More accents on one letter than any language has; they paint over the lines above and below."""


def clean(text: str, *, newline: str = " ") -> str:
    """The text without anything that moves, colours, hides or reorders: what is left can be shown.

    Escape sequences, control, bidi and invisible characters are dropped, joiners inside emoji stay. A tab becomes a
    space and every kind of line break becomes `newline`.
    """
    if PLAIN.fullmatch(text):
        return text
    text = SEQUENCE.sub("", text).replace("\t", " ")
    text = UNWANTED.sub("", LINE_BREAK.sub("\n", text))
    text = STACKED.sub(r"\1", STRAY.sub("", UNSHOWABLE.sub("\ufffd", text)))
    return text.replace("\n", newline)


def cell_width(text: str) -> int:
    """How many cells a line of clean text takes up."""
    return cell_len(text)


def fit_cells(text: str, width: int, ellipsis: str = "…") -> str:
    """The text as one clean line of at most `width` cells; what is cut off at the end is told by the ellipsis."""
    text = clean(text)
    # However long a text is, its start is enough to see that it does not fit.
    head = text[: 4 * (width + 1)]
    if cell_len(head) > width:
        text = head
    elif cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    if room < 0:
        return fit_cells(text, width, "") if ellipsis else ""
    if text.isascii():
        end = room
    else:
        end = 0
        for _, end_of_grapheme, cells in split_graphemes(text)[0]:
            room -= cells
            if room < 0:
                break
            end = end_of_grapheme
    return text[:end].rstrip(" ") + ellipsis
