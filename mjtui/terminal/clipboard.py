"""Copying: by OSC 52, which works over SSH, and by a local tool where there is a display."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Final

from mjtui.errors import UsageError
from mjtui.terminal.tmux import passthrough

LIMIT: Final = 74_994
"""The longest text in bytes that terminals take: in base64 it is just under 100,000 bytes (hterm, tmux)."""


def osc52(text: str, *, tmux: bool) -> str:
    """The escape sequence that puts the text on the clipboard; raises UsageError for more than 74 KB.

    Inside tmux it is sent twice: tmux itself takes the first where its option set-clipboard is on, the terminal
    outside takes the second where allow-passthrough is on.
    """
    data = text.encode("utf-8", "replace")
    if len(data) > LIMIT:
        raise UsageError(
            f"{len(data) / 1000:.0f} KB are too long for the terminal's clipboard.",
            meaning="Nothing was copied.",
            hint=f"Terminals take {LIMIT // 1000} KB; export to a file instead.",
        )
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"
    return sequence + passthrough(sequence) if tmux else sequence


def local_tool(environ: Mapping[str, str], which: Callable[[str], str | None]) -> list[str] | None:
    """The command that copies its standard input, chosen where a display is there to paste on; `which` finds programs.

    Over SSH the Mac's pbcopy is left out: it would copy on the machine that nobody sits at.
    """
    remote = "SSH_CONNECTION" in environ or "SSH_TTY" in environ
    tools = (
        (bool(environ.get("WAYLAND_DISPLAY")), ["wl-copy"]),
        (bool(environ.get("DISPLAY")), ["xclip", "-selection", "clipboard"]),
        (not remote, ["pbcopy"]),
    )
    for usable, command in tools:
        if usable and which(command[0]):
            return command
    return None
