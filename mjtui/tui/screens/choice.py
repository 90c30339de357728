"""A dialog that is answered with one letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mjtui.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from mjtui.tui.screens.studio import Studio

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """A letter, what it stands for, and the answer that it gives."""

    letter: str
    label: str
    value: T
    about: str = ""


class Choice(Dialog[T]):
    """A few options, each with its letter; arrows and enter work too unless money is at stake.

    With `careful` nothing is marked and enter does nothing: the answer is a letter of its own, so that the key that
    began it, held a moment too long, cannot give it.
    """

    def __init__(
        self,
        title: str,
        options: Sequence[Option[T]],
        *,
        details: str = "",
        chosen: T | None = None,
        careful: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._options = options
        self._details = details
        self._careful = careful
        values = [option.value for option in options]
        self._at = values.index(chosen) if chosen in values else 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as frame:
            frame.border_title = Content(self._title)
            if self._details:
                yield Static(Content(self._details), classes="details")
            yield Static(self._rows(), id="options")

    def on_key(self, event: events.Key) -> None:
        for option in self._options:
            if event.character == option.letter:
                event.stop()
                self.dismiss(option.value)
                return
        if self._careful:
            return
        if event.key in ("down", "j", "tab", "up", "k", "shift+tab"):
            by = 1 if event.key in ("down", "j", "tab") else -1
            self._at = (self._at + by) % len(self._options)
            self.query_one("#options", Static).update(self._rows())
            event.stop()
            event.prevent_default()
        elif event.key == "enter":
            event.stop()
            self.dismiss(self._options[self._at].value)

    def _rows(self) -> Content:
        rows: list[Content] = []
        width = max(len(option.label) for option in self._options)
        for at, option in enumerate(self._options):
            marked = at == self._at and not self._careful
            pieces: list[Any] = [
                (f" {option.letter} ", "bold $text-accent"),
                (f" {option.label:<{width}} ", "reverse" if marked else ""),
                (f"  {option.about}" if option.about else "", "$text-muted"),
            ]
            rows.append(Content.assemble(*pieces))
        return Content("\n").join(rows)


async def confirm(studio: Studio, question: str, details: str, *, yes: str, no: str) -> bool:
    """Ask before money is spent or something is thrown away; the answer is `y`, whatever key began it."""
    options = [Option("y", yes, True), Option("n", no, False)]
    return bool(await studio.home.push_screen_wait(Choice(question, options, details=details, careful=True)))
