"""A dialog with a longer text to read and to copy."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from mjtui.terminal.text import clean
from mjtui.tui.screens.dialog import Dialog


def indented(text: str) -> str:
    """Clean text of many lines whose indentation stays when it is wrapped."""
    return re.sub(r"^ +", lambda found: "\u00a0" * len(found[0]), clean(text, newline="\n"), flags=re.MULTILINE)


class TextView(Dialog[str]):
    """A text that is scrolled by the keys of lists; each letter of `copies` is an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move('scroll_down')", show=False),
        Binding("k,up", "move('scroll_up')", show=False),
        Binding("ctrl+d,pagedown,space", "move('page_down')", show=False),
        Binding("ctrl+u,pageup", "move('page_up')", show=False),
        Binding("g,home", "move('scroll_home')", show=False),
        Binding("G,end", "move('scroll_end')", show=False),
        Binding("q,enter", "dismiss(None)", show=False),
    ]

    def __init__(self, title: str, text: Content, copies: dict[str, str] | None = None) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._copies = copies or {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog text") as frame:
            frame.border_title = Content(self._title)
            ways = [f"{letter} copies {what}" for letter, what in self._copies.items()]
            frame.border_subtitle = Content(" · ".join([*ways, "esc closes"]))
            with VerticalScroll():
                yield Static(self._text)

    def action_move(self, action: str) -> None:
        """Scroll without animation."""
        scroll = self.query_one(VerticalScroll)
        moves = {
            "scroll_down": scroll.scroll_down,
            "scroll_up": scroll.scroll_up,
            "page_down": scroll.scroll_page_down,
            "page_up": scroll.scroll_page_up,
            "scroll_home": scroll.scroll_home,
            "scroll_end": scroll.scroll_end,
        }
        moves[action](animate=False)

    def on_key(self, event: events.Key) -> None:
        if event.character in self._copies:
            event.stop()
            self.dismiss(event.character)
