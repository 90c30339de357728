"""The prompt as it is written: a text area with our own colours, our own undo and no keys that terminals own."""

from __future__ import annotations

from typing import ClassVar, Final, get_args

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.document._document import Location
from textual.widgets import TextArea

from mjtui.prompt.highlight import SpanKind, highlight
from mjtui.terminal.text import clean

DROPPED: Final = {"ctrl+a", "ctrl+z", "super+z", "ctrl+y", "super+y", "f6", "f7"}
"""Keys of the text area that tmux, screen and the shell own, or that are commands here."""


JOINER: Final = "\u200d"

PLACEHOLDER: Final = "Say what to make: a paper lighthouse at dusk, soft fog --ar 16:9"


def _editing_keys() -> list[BindingType]:
    inherited = Binding.make_bindings(TextArea.BINDINGS)
    return [
        *(binding for binding in inherited if binding.key not in DROPPED),
        Binding("alt+left", "cursor_word_left", show=False),
        Binding("alt+right", "cursor_word_right", show=False),
    ]


class Editor(TextArea, inherit_bindings=False):
    """Where the prompt is written."""

    BINDINGS: ClassVar[list[BindingType]] = _editing_keys()
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"editor--{kind}" for kind in get_args(SpanKind)}

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(text, id=id, compact=True, highlight_cursor_line=False, placeholder=Content(PLACEHOLDER))
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self._spans_of: str | None = None
        self._spans: list[list[tuple[int, int, str]]] = []

    @property
    def cursor(self) -> int:
        """The cursor as a count of characters from the beginning of the text."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(line)) + 1 for line in range(row)) + column

    def put(self, text: str, cursor: int | None = None) -> None:
        """Replace the whole text."""
        self.load_text(text)
        self.move_cursor(self._location(len(text) if cursor is None else cursor))

    def get_line(self, line_index: int) -> Text:
        """A line with its flags, values and images in their colours."""
        line = Text(self.document.get_line(line_index), end="", no_wrap=True)
        if self._spans_of != self.text:
            self._spans_of = self.text
            self._spans = spans_by_line(self._spans_of)
        for start, end, part in self._spans[line_index] if line_index < len(self._spans) else ():
            line.stylize(self.get_component_rich_style(f"editor--{part}", partial=True), start, end)
        return line

    async def _on_key(self, event: events.Key) -> None:
        if event.character == JOINER:
            # Emoji of several people come with it, although nothing is printed for it.
            event.prevent_default()
            event.stop()
            self.insert(JOINER)

    async def _on_paste(self, event: events.Paste) -> None:
        """Many lines are one edit, and nothing in them is obeyed."""
        event.prevent_default()
        event.stop()
        if text := clean(event.text, newline="\n"):
            start, end = self.selection
            if result := self._replace_via_keyboard(text, start, end):
                self.move_cursor(result.end_location)

    def _location(self, cursor: int) -> Location:
        before = self.text[:cursor]
        return before.count("\n"), len(before) - (before.rfind("\n") + 1)


def spans_by_line(text: str) -> list[list[tuple[int, int, str]]]:
    """For each line of the text the parts that have a colour: `(from, to, part)` in characters of the line."""
    spans: list[list[tuple[int, int, str]]] = []
    found = highlight(text)
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        inside = [span for span in found if span.start < end and span.end > start]
        spans.append([(max(0, span.start - start), min(len(line), span.end - start), span.kind) for span in inside])
        start = end + 1
    return spans
