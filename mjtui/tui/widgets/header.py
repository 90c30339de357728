"""The line at the top: whose credits, what runs, what needs you; on a small screen the tabs are in it too."""

from __future__ import annotations

from typing import Any, Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message

from mjtui.engine import Status
from mjtui.tui.widgets.line import Line
from mjtui.tui.wording import credits

PANES: Final = ("compose", "tasks", "preview", "history")
NAMES: Final = {"compose": "Compose", "tasks": "Tasks", "preview": "Preview", "history": "History"}


class Header(Line):
    """Numbers on the right; on the left the name, or the tabs where one pane is shown at a time."""

    class TabChosen(Message):
        """A tab was clicked."""

        def __init__(self, pane: str) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, *, demo: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._demo = demo
        self._status: Status | None = None
        self._tabs: str | None = None

    def show(self, status: Status | None) -> None:
        """Show these numbers."""
        self._status = status
        self._write()

    def show_tabs(self, active: str | None) -> None:
        """Show the tabs with this pane in front, or the name where all panes are on the screen."""
        self._tabs = active
        self._write()

    def on_resize(self) -> None:
        self._write()

    def on_click(self, event: events.Click) -> None:
        at = 1
        for number, pane in enumerate(PANES, 1):
            width = len(f" {number} {NAMES[pane]} ")
            if self._tabs and at <= event.x < at + width:
                self.post_message(self.TabChosen(pane))
            at += width

    def _write(self) -> None:
        left = self._left()
        facts = numbers(self._status, demo=self._demo)
        room = self.size.width - cell_len(left.plain) - 2
        while facts and cell_len(_joined(facts).plain) > room:
            # The least urgent of the numbers goes first where there is no room for all.
            facts.remove(min(facts, key=lambda fact: fact[2]))
        right = _joined(facts)
        gap = max(1, self.size.width - cell_len(left.plain) - cell_len(right.plain) - 1)
        self.say(Content.assemble(left, " " * gap, right))

    def _left(self) -> Content:
        if self._tabs is None:
            return Content.assemble((" mjtui", "bold $primary"))
        pieces: list[Any] = [" "]
        for number, pane in enumerate(PANES, 1):
            chosen = pane == self._tabs
            pieces.append((f" {number} {NAMES[pane]} ", "reverse bold" if chosen else "$text-muted"))
        return Content.assemble(*pieces)


def numbers(status: Status | None, *, demo: bool) -> list[tuple[str, str, int]]:
    """The numbers of the header in their order: text, style, and how much each matters."""
    facts: list[tuple[str, str, int]] = []
    if demo:
        facts.append(("DEMO", "bold $text-warning", 9))
    if status is None:
        return facts
    counts = status.counts
    if status.service and not demo:
        facts.append((status.service, "$text-muted", 1))
    if not status.online:
        facts.append(("offline", "bold $text-warning", 8))
    if status.credits is not None:
        facts.append((credits(status.credits), "", 6))
    if status.budget is not None:
        facts.append((f"today {status.spent_today:g} of {status.budget:g}", "", 4))
    elif status.spent_today:
        facts.append((f"today {status.spent_today:g}", "$text-muted", 2))
    if running := counts.running + counts.submitting:
        facts.append((f"{running} running", "$text-accent", 7))
    if counts.planned:
        facts.append((f"{counts.planned} waiting", "", 5))
    if counts.expiring:
        facts.append((f"{counts.expiring} expiring", "$text-warning", 5))
    if counts.unknown:
        facts.append(
            (
                f"{counts.unknown} needs you" if counts.unknown == 1 else f"{counts.unknown} need you",
                "bold $text-warning",
                10,
            )
        )
    return facts


def _joined(facts: list[tuple[str, str, int]]) -> Content:
    return Content.styled(" · ", "$text-muted").join(Content.styled(text, style) for text, style, _ in facts)
