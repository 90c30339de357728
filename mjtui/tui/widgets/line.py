"""One line of the screen that draws itself again only when what it says has changed."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget


class Line(Widget):
    """A line, or a few, of text; what is too long is cut with an ellipsis."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._content = Content()

    @property
    def said(self) -> str:
        """What the line says, without its colours."""
        return self._content.plain

    def say(self, content: Content) -> None:
        """Show this; the height follows where the style sheet leaves it to the content."""
        if content.is_same(self._content):
            return
        self._content = content
        self.refresh(layout=self.styles.is_auto_height)

    def render(self) -> Content:
        return self._content
