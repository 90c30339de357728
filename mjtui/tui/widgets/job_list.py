"""A list of jobs of any length that draws nothing but lines: a cursor move repaints two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, clamp
from textual.strip import Strip
from textual.widget import Widget

from mjtui.engine import Job
from mjtui.tui.messages import JobOpened, JobSelected
from mjtui.tui.widgets.cells import Piece, column, merged
from mjtui.tui.wording import Tone

WHEEL: Final = 3
"""Lines for one notch of the mouse wheel."""


class Rows(Protocol):
    """Where a list takes its jobs from; a job that is not at hand is None and is drawn as a gap."""

    def __len__(self) -> int: ...
    def job(self, index: int) -> Job | None: ...
    def find(self, job_id: int) -> int: ...


class JobList(Widget, can_focus=True):
    """Rows of jobs with a cursor. Subclasses say what a row looks like, and are told when others come into sight."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "job-list--text",
        "job-list--muted",
        "job-list--running",
        "job-list--done",
        "job-list--failed",
        "job-list--unknown",
        "job-list--cursor",
        "job-list--cursor-blurred",
    }

    def __init__(self, rows: Rows, *, empty: str, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.empty = empty
        self._rows = rows
        self._cursor = 0
        self._top = 0
        self._told: Job | None = None
        self._looks: dict[str, Style] = {}
        self._strips: LRUCache[tuple[int, bool], tuple[Job, Strip]] = LRUCache(256)

    # What a subclass says

    def draw(self, job: Job, width: int) -> list[Piece]:
        """The pieces of a row, together exactly `width` cells wide."""
        raise NotImplementedError

    def seen(self) -> None:
        """Other rows may be on the screen now."""

    # The cursor

    @property
    def cursor(self) -> int:
        """The row under the cursor."""
        return self._cursor

    @property
    def top(self) -> int:
        """The first row on the screen."""
        return self._top

    @property
    def selected(self) -> Job | None:
        """The job under the cursor."""
        return self._rows.job(self._cursor) if self._cursor < len(self._rows) else None

    def select(self, job_id: int) -> None:
        """Move the cursor to a job, where the list has it."""
        index = self._rows.find(job_id)
        job = self._rows.job(index) if index < len(self._rows) else None
        if job is not None and job.id == job_id:
            self.move_to(index)

    def move_to(self, index: int) -> None:
        """Move the cursor to a row, or to the nearest there is.

        Where that row is not on the screen the list moves by three quarters of a screen: a step that repaints the
        whole list costs ten times the bytes of one that repaints two lines, and this makes such steps few.
        """
        index = clamp(index, 0, max(0, len(self._rows) - 1))
        old, self._cursor = self._cursor, index
        if not self._shows(index):
            rest = self.size.height // 4
            self._scroll_to_line(index - (rest if index > old else self.size.height - 1 - rest))
        if index != old:
            self.repaint_lines({old - self._top, index - self._top})
        self.seen()
        self._tell()

    def action_cursor_up(self) -> None:
        self.move_to(self._cursor - 1)

    def action_cursor_down(self) -> None:
        self.move_to(self._cursor + 1)

    def action_page_up(self) -> None:
        self.move_to(self._cursor - self._page)

    def action_page_down(self) -> None:
        self.move_to(self._cursor + self._page)

    def action_half_page_up(self) -> None:
        self.move_to(self._cursor - max(1, self._page // 2))

    def action_half_page_down(self) -> None:
        self.move_to(self._cursor + max(1, self._page // 2))

    def action_home(self) -> None:
        self.move_to(0)

    def action_end(self) -> None:
        self.move_to(len(self._rows) - 1)

    def action_open(self) -> None:
        """Ask for everything there is about the job under the cursor."""
        if (job := self.selected) is not None:
            self.post_message(JobOpened(job))

    # Rows that change

    def show_rows(self, rows: Rows) -> None:
        """Show other rows from their first one on."""
        self._rows = rows
        self._cursor = self._top = 0
        self.refresh()
        self.seen()
        self._tell()

    def shown(self) -> list[Job | None]:
        """The jobs on the screen, to be given to `rows_changed` after a change."""
        last = min(self._top + self.size.height, len(self._rows))
        return [self._rows.job(index) for index in range(self._top, last)]

    def rows_changed(self, before: Sequence[Job | None], selected: Job | None) -> None:
        """The rows have changed: keep the cursor on its job and the screen still, and repaint what differs.

        `before` is what was on the screen, `selected` what was under the cursor.
        """
        old_line = self._cursor - self._top
        if selected is not None:
            self._cursor = self._rows.find(selected.id)
        self._cursor = clamp(self._cursor, 0, max(0, len(self._rows) - 1))
        # At the very top the newest rows are what one wants to see; anywhere else nothing may move.
        if self._top > 0 or self._cursor >= self.size.height:
            self._top = self._cursor - old_line
        self._top = clamp(self._top, 0, self._last_top)
        after = self.shown()
        if not self.size.area:
            # Hidden: what was drawn before it was hidden must not come back.
            self.refresh()
        elif not before or not after:
            self.refresh(self.size.region)
        else:
            lines = {y for y in range(max(len(before), len(after))) if before[y : y + 1] != after[y : y + 1]}
            if self._cursor - self._top != old_line:
                lines |= {old_line, self._cursor - self._top}
            self.repaint_lines(lines)
        self.seen()
        if self.has_focus:
            self._tell()

    def repaint_lines(self, lines: Sequence[int] | set[int], start: int = 0, end: int | None = None) -> None:
        """Repaint lines of the screen, whole or from cell `start` up to `end`."""
        width = (self.size.width if end is None else min(end, self.size.width)) - start
        regions = [Region(start, y, width, 1) for y in lines if 0 <= y < self.size.height]
        if regions and width > 0:
            self.refresh(*regions)

    def forget_drawn(self, job_id: int) -> None:
        """Draw a job anew the next time although its row is the same, because time has passed."""
        for selected in (False, True):
            self._strips.discard((job_id, selected))

    # Lines

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not len(self._rows):
            return self._words(y, width)
        index = self._top + y
        if index >= len(self._rows):
            return Strip.blank(width, self._style("text"))
        selected = index == self._cursor
        job = self._rows.job(index)
        if job is None:
            return self._strip([column(" …", width, "muted")], selected)
        kept = self._strips.get((job.id, selected))
        if kept is not None and kept[0] is job and kept[1].cell_length == width:
            return kept[1]
        strip = self._strip(self.draw(job, width), selected)
        self._strips[job.id, selected] = (job, strip)
        return strip

    def _strip(self, pieces: list[Piece], selected: bool) -> Strip:
        width = self.size.width
        if selected:
            style = self._style("cursor" if self.has_focus else "cursor-blurred")
            return Strip([Segment("".join(piece.text for piece in pieces), style)]).adjust_cell_length(width, style)
        strip = Strip([Segment(piece.text, self._style(piece.tone)) for piece in merged(pieces)])
        return strip.adjust_cell_length(width, self._style("text"))

    def _words(self, y: int, width: int) -> Strip:
        lines = self.empty.splitlines()
        line = y - max(0, (self.size.height - len(lines)) // 2)
        text = lines[line] if 0 <= line < len(lines) else ""
        return self._strip([column(" " + text, width, "muted")], False)

    def _style(self, name: Tone | str) -> Style:
        if name not in self._looks:
            self._looks[name] = self.get_component_rich_style(f"job-list--{name}")
        return self._looks[name]

    def notify_style_update(self) -> None:
        self._looks.clear()
        self._strips.clear()
        super().notify_style_update()

    # The screen

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _last_top(self) -> int:
        return max(0, len(self._rows) - self.size.height)

    def _shows(self, index: int) -> bool:
        return self._top <= index < self._top + self.size.height

    def _scroll_to_line(self, top: int) -> None:
        top = clamp(top, 0, self._last_top)
        if top != self._top:
            self._top = top
            self.refresh(self.size.region)

    def _tell(self) -> None:
        job = self.selected
        if job != self._told:
            self._told = job
            self.post_message(JobSelected(job))

    def on_resize(self) -> None:
        top = self._top if self._shows(self._cursor) else self._cursor - self.size.height // 2
        # It may have been painted already, with a line at its top that was right for another size, or while hidden.
        self._scroll_to_line(top)
        self.seen()

    def on_focus(self) -> None:
        self._told = self.selected
        self.post_message(JobSelected(self._told))

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - self.content_region.y + self.region.y
        if index < len(self._rows):
            self.move_to(index)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll_to_line(self._top + WHEEL)
        self.seen()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll_to_line(self._top - WHEEL)
        self.seen()
