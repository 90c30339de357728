"""A list of commands (or of other things) that is searched by typing: the help, the palette, the themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from mjtui.tui.screens.dialog import Dialog


@dataclass(frozen=True, slots=True)
class Row:
    """A thing to choose: its id, title, key and explanation; `reason` says why it cannot act now."""

    id: str
    title: str
    key: str
    about: str
    section: str = ""
    reason: str | None = None


class Menu(Dialog[str]):
    """Rows in sections; typing narrows them, enter answers with the id of the marked one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move('cursor_down')", show=False),
        Binding("up,ctrl+p", "move('cursor_up')", show=False),
        Binding("pagedown", "move('page_down')", show=False),
        Binding("pageup", "move('page_up')", show=False),
    ]

    def __init__(
        self,
        title: str,
        rows: Sequence[Row],
        hint: str,
        marked: Callable[[str], None] | None = None,
        chosen: str | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._hint = hint
        self._marked = marked
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog menu") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = Content(self._hint)
            line = Input(placeholder="type to find", compact=True)
            line.cursor_blink = False
            yield line
            yield OptionList(compact=True, markup=False)
            yield Static("", id="about", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        listed = self.query_one(OptionList)
        if self._chosen is not None and any(row.id == self._chosen for row in self._rows):
            listed.highlighted = listed.get_option_index(self._chosen)

    def action_move(self, action: str) -> None:
        """Move the mark while the focus stays where one types."""
        getattr(self.query_one(OptionList), f"action_{action}")()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        row = next((row for row in self._rows if row.id == event.option_id), None)
        if row is None:
            return
        about = self.query_one("#about", Static)
        if row.reason:
            about.update(Content.assemble((f"Not now: {row.reason}", "$text-warning")))
        else:
            about.update(Content(row.about))
        if self._marked is not None and row.id != self._chosen:
            self._chosen = row.id
            self._marked(row.id)

    def _fill(self, words: str) -> None:
        listed = self.query_one(OptionList)
        listed.clear_options()
        found = matching(self._rows, words)
        wide = max((cell_len(row.key) for row in found), default=0)
        options: list[Option] = []
        section = ""
        for row in found:
            if row.section != section:
                section = row.section
                options.append(Option(Content.styled(section, "bold $text-primary"), disabled=True))
            tone = "$text-muted" if row.reason else ""
            key = Content.styled(f"{row.key:>{wide}}  ", "$text-muted" if row.reason else "bold $text-accent")
            options.append(Option(key + Content.styled(row.title, tone), id=row.id))
        listed.add_options(options)
        if found:
            listed.highlighted = next(at for at, option in enumerate(options) if not option.disabled)
        else:
            self.query_one("#about", Static).update("Nothing is called that.")


def matching(rows: Sequence[Row], words: str) -> list[Row]:
    """The rows that have every word in their title, key or explanation; those with it in the title come first."""
    sought = words.lower().split()
    if not sought:
        return list(rows)
    found = [row for row in rows if all(word in f"{row.title} {row.key} {row.about}".lower() for word in sought)]
    in_title = [row for row in found if all(word in row.title.lower() for word in sought)]
    return in_title + [row for row in found if row not in in_title]
