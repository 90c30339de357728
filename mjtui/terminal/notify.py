"""Telling a person who looks elsewhere: the bell, and the three escape sequences for desktop notifications.

| way    | understood by, as their documentation says       |
| ------ | ------------------------------------------------ |
| bell   | every terminal, and tmux, which marks the window |
| osc9   | iTerm2, WezTerm, ghostty, kitty                  |
| osc777 | urxvt, foot, ghostty, WezTerm                    |
| osc99  | kitty, foot                                      |
"""

from __future__ import annotations

import base64
from typing import Final, Literal

from mjtui.terminal.text import fit_cells
from mjtui.terminal.tmux import passthrough

Way = Literal["bell", "osc9", "osc777", "osc99"]

LONGEST: Final = 200


def notification(way: Way, title: str, body: str, *, tmux: bool) -> str:
    """The bytes, as text, that notify by one way; title and body are cleaned and cut to 200 cells each."""
    # A semicolon parts the fields of OSC 9 and 777, and digits before one make OSC 9 a progress report.
    title, body = (fit_cells(text, LONGEST).replace(";", ",") for text in (title, body))
    match way:
        case "bell":
            return "\x07"
        case "osc9":
            sequence = f"\x1b]9;{title}: {body}\x07"
        case "osc777":
            sequence = f"\x1b]777;notify;{title};{body}\x07"
        case "osc99":
            sequence = f"\x1b]99;i=mjtui:d=0:e=1;{_base64(title)}\x1b\\\x1b]99;i=mjtui:p=body:e=1;{_base64(body)}\x1b\\"
    return passthrough(sequence) if tmux else sequence


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
