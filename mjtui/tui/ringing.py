"""Telling a person who looks elsewhere what has happened: once for many things that happen together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mjtui.terminal.notify import Way, notification
from mjtui.tui.later import Later

TOGETHER: Final = 1.0
"""Seconds in which what happens is told as one."""

URXVT_WAY: Final = ("rxvt", "foot")
"""What TERM begins with in terminals that know OSC 777 and not OSC 9."""


def way(setting: str | None, environ: Mapping[str, str]) -> Way | None:
    """How this terminal notifies, by the setting `screen.notify`; None where it shall not."""
    match setting:
        case "off":
            return None
        case "osc":
            return "osc777" if environ.get("TERM", "").startswith(URXVT_WAY) else "osc9"
        case _:
            return "bell"


class Ringer:
    """Gathers sentences and sends them as one notification; `emit` writes to the terminal."""

    def __init__(self, way: Way | None, emit: Callable[[str], None], *, tmux: bool) -> None:
        self._way: Way | None = way
        self._emit = emit
        self._tmux = tmux
        self._texts: list[str] = []
        self._later = Later(TOGETHER, self.ring)

    def tell(self, text: str) -> None:
        """Tell this soon."""
        if self._way is not None:
            self._texts.append(text)
            self._later.ask()

    def seen(self) -> None:
        """The person looks here again: nothing has to be told."""
        self._later.cancel()
        self._texts.clear()

    def ring(self) -> None:
        """Tell what has been gathered."""
        texts, self._texts = self._texts, []
        if self._way is not None and texts:
            more = f" And {len(texts) - 1} more." if len(texts) > 1 else ""
            self._emit(notification(self._way, "mjtui", texts[-1] + more, tmux=self._tmux))
