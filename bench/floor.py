"""The floor: a Textual app with the widgets of the Studio and nothing behind them."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Footer, Header, Input, Static, Tabs, TextArea

PAGE = 50
"""Rows in each table: as many as the Studio reads before it is on the screen."""


class Floor(App[None]):
    """Header, tabs, editor, query line, two tables, a picture's place, footer."""

    CSS = "Horizontal, Vertical { height: 1fr } TextArea { height: 8 } Static { height: 1fr } DataTable { height: 1fr }"
    BINDINGS = (("ctrl+q", "quit", "Quit"), ("f5", "send", "Send"))
    TITLE = "floor"

    def compose(self) -> ComposeResult:
        yield Header()
        yield Tabs("Compose", "Tasks", "Preview", "History")
        with Horizontal():
            with Vertical():
                yield TextArea()
                yield Input()
                yield DataTable[str](id="history", cursor_type="row")
            with Vertical():
                yield DataTable[str](id="tasks", cursor_type="row")
                yield Static("picture")
        yield Footer()

    def on_mount(self) -> None:
        for table in self.query(DataTable):
            table.add_columns("when", "state", "prompt", "cost")
            table.add_rows((f"14:{row:02}", "done", "a paper lighthouse at dusk", "8 cr") for row in range(PAGE))
        self.query_one(TextArea).focus()


if __name__ == "__main__":
    Floor().run()
