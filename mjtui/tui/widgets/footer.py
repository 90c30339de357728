"""The line at the bottom: the keys that matter here and now."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message

from mjtui.tui.widgets.line import Line


class Footer(Line):
    """Keys and their words, as many as there is room for; the last ones (help and all commands) are always there."""

    class Clicked(Message):
        """A command was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._here: Sequence[tuple[str, str, str]] = ()
        self._always: Sequence[tuple[str, str, str]] = ()
        self._places: list[tuple[int, int, str]] = []

    def show(self, here: Sequence[tuple[str, str, str]], always: Sequence[tuple[str, str, str]]) -> None:
        """Show these commands, each as its id, key and word."""
        self._here, self._always = here, always
        self._write()

    def on_resize(self) -> None:
        self._write()

    def on_click(self, event: events.Click) -> None:
        for start, end, command in self._places:
            if start <= event.x < end:
                self.post_message(self.Clicked(command))

    def _write(self) -> None:
        room = self.size.width - 1
        kept = list(self._here)
        while kept and _width(kept) + _width(self._always) > room:
            kept.pop()
        at = 1
        self._places = []
        pieces: list[str | tuple[str, str]] = [" "]
        for command, key, word in [*kept, *self._always]:
            self._places.append((at, at + len(key) + 1 + len(word), command))
            pieces += [(key, "bold $text-accent"), " ", (word, "$text-muted"), "  "]
            at += len(key) + 1 + len(word) + 2
        self.say(Content.assemble(*pieces))


def _width(items: Sequence[tuple[str, str, str]]) -> int:
    return sum(len(key) + len(word) + 3 for _, key, word in items)
