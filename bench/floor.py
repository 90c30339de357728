"""The floor: a Textual app with the widgets of the Studio and nothing behind them."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Footer, Header, Input, Static, TextArea


class Rows(ScrollView, can_focus=True):
    """A list that draws its lines itself."""

    BINDINGS = (("down", "down", "Down"), ("up", "up", "Up"))
    cursor = 0

    def on_mount(self) -> None:
        self.virtual_size = Size(60, 100_000)

    def render_line(self, y: int) -> Strip:
        from rich.segment import Segment
        from rich.style import Style

        row = y + self.scroll_offset.y
        style = Style(reverse=row == self.cursor)
        return Strip([Segment(f"{row:8}  a paper lighthouse at dusk".ljust(self.size.width)[: self.size.width], style)])

    def _go(self, step: int) -> None:
        self.cursor = max(0, self.cursor + step)
        self.refresh()

    def action_down(self) -> None:
        self._go(1)

    def action_up(self) -> None:
        self._go(-1)


class Floor(App[None]):
    """Header, editor, query line, two lists, a picture's place, footer."""

    CSS = "Horizontal, Vertical { height: 1fr } TextArea { height: 8 } Static { height: 1fr }"
    BINDINGS = (("ctrl+q", "quit", "Quit"), ("f5", "send", "Send"))
    TITLE = "floor"

    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal():
            with Vertical():
                yield TextArea()
                yield Input()
                yield Rows()
            with Vertical():
                yield Rows()
                yield Static("picture")
        yield Footer()


if __name__ == "__main__":
    Floor().run()
