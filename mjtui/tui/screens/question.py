"""A dialog that is answered with a line of text."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from mjtui.tui.screens.dialog import Dialog


class Question(Dialog[str]):
    """A line to fill in; `check` says what is wrong with an answer, or None."""

    def __init__(
        self,
        title: str,
        details: str = "",
        value: str = "",
        check: Callable[[str], str | None] | None = None,
        *,
        secret: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._details = details
        self._value = value
        self._check = check
        self._secret = secret

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = "enter takes it · esc leaves it"
            if self._details:
                yield Static(Content(self._details), classes="details")
            line = Input(self._value, password=self._secret, compact=True)
            line.cursor_blink = False
            yield line
            yield Static("", id="wrong", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        wrong = self._check(event.value) if self._check else None
        if wrong is None:
            self.dismiss(event.value)
        else:
            self.query_one("#wrong", Static).update(
                Content.assemble(("x ", "bold $text-error"), (wrong, "$text-error"))
            )
