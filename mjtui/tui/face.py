"""What the screen has to know before the settings are checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mjtui.keymap import Keymap
from mjtui.terminal.notify import Way
from mjtui.terminal.pictures import Driver
from mjtui.tui.wording import now_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The terminal, the keys and the theme; `usual_theme` is for those who chose none.

    `scratch` is a folder for files of a moment, `now` the time in ms.
    """

    keys: Keymap
    demo: bool = False
    keep: bool = False
    theme: str | None = None
    usual_theme: str = "mjtui-dark"
    pictures: Driver | None = None
    scratch: Path = field(default_factory=Path)
    tmux: bool = False
    notify: Way | None = "bell"
    now: Callable[[], int] = now_ms
