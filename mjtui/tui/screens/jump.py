"""Jump mode: a letter on every place that one can go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from mjtui.tui.screens.dialog import Dialog

LETTERS: Final = "asdfjklgh"
"""The home row, in the order in which fingers lie on it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: its id, and where on the screen its letter goes."""

    id: str
    at: Offset


class Jump(Dialog[str]):
    """Answers with the id of the place whose letter was typed."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self._places = dict(zip(LETTERS, places, strict=False))

    def compose(self) -> ComposeResult:
        for letter, place in self._places.items():
            label = Static(Content(f" {letter} "), classes="jump")
            label.styles.offset = (place.at.x, place.at.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        if event.key != "escape":
            event.stop()
            place = self._places.get(event.character or "")
            self.dismiss(place.id if place else None)
