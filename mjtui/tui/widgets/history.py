"""The History pane: a query line, and every job that it finds, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, Protocol

from textual.app import ComposeResult
from textual.geometry import Size
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker

from mjtui.engine import Job
from mjtui.errors import MjtuiError
from mjtui.tui.focus import focus
from mjtui.tui.widgets.cells import Piece, column, filled
from mjtui.tui.widgets.job_list import JobList
from mjtui.tui.widgets.pages import HELD, Gap, Pages
from mjtui.tui.wording import SIGNS, age, cost, now_ms, safety, subject

NOTHING_YET: Final = "Nothing here yet.\nWrite a prompt above and press alt+enter: what you make is kept here."
NOTHING_FOUND: Final = "No job is found with these words.\nFewer of them find more."
LOADING: Final = "…"

SETTLED: Final = 0.04
"""Seconds without a key after which a query is asked."""

AHEAD: Final = 3
"""Screens of rows that are loaded before they are reached."""

MOST_NEW: Final = 20
"""Pages of new jobs that are put on top of the list; where there are more it begins anew."""

WITH_COST: Final = 46
WITH_SAFETY: Final = 54
"""Widths of the pane from which on there is room for these columns."""


Answer = tuple[int | None, list[Job]]
"""A page, and the `before` that it was asked for with."""


class Page(Protocol):
    """Gives the jobs that match a query and are older than job `before`, newest first; raises MjtuiError."""

    async def __call__(self, query: str, before: int | None) -> list[Job]: ...


class QueryLine(Input):
    """A line of text that never makes the screen lay itself out again."""

    virtual_size = reactive(Size(0, 0), layout=False)


class HistoryList(JobList):
    """The rows of the pane; `seen` is called when others of them are on the screen."""

    def __init__(self, *, now: Callable[[], int], seen: Callable[[], None]) -> None:
        super().__init__(Pages(), empty=LOADING)
        self._now = now
        self._on_seen = seen

    def draw(self, job: Job, width: int) -> list[Piece]:
        return history_row(job, width, self._now())

    def seen(self) -> None:
        self._on_seen()


class History(Widget):
    """All jobs, or those that the query line finds; results come while one types.

    `page` reads the library. Answers to a query that is not in the line any more are dropped.
    """

    DEFAULT_CLASSES: ClassVar[str] = "pane"

    def __init__(
        self,
        page: Page,
        *,
        now: Callable[[], int] = now_ms,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._page = page
        self._pages = Pages()
        self._query = ""
        self._asked: str | None = None
        self._searched = False
        self._stale = False
        self._settling: Timer | None = None
        self._loader: Worker[None] | None = None
        self._wanted: int | None = None
        self.line = QueryLine(placeholder="Search: words, is:failed, rating>=4 …", select_on_focus=False)
        self.line.cursor_blink = False
        self.problem = Static("", markup=False)
        self.problem.display = False
        self.list = HistoryList(now=now, seen=self._seen)

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.problem
        yield self.list

    def on_mount(self) -> None:
        self._ask()

    @property
    def selected(self) -> Job | None:
        """The job under the cursor."""
        return self.list.selected

    @property
    def query_text(self) -> str:
        """The query that the rows belong to."""
        return self._query

    def refresh_rows(self) -> None:
        """Jobs have changed or come: read again what is on the screen, without moving it."""
        self._stale = True
        self._load()

    def select_when_read(self, job_id: int) -> None:
        """Put the cursor on this job as soon as the first page is there, where it is in it."""
        if self._searched:
            self.list.select(job_id)
        else:
            self._wanted = job_id

    def action_search(self) -> None:
        """Go to the query line."""
        focus(self.line)

    def action_clear_search(self) -> None:
        """Show all jobs again."""
        self.line.value = ""

    def action_back_to_list(self) -> None:
        """Leave the query line as it is and go to the rows."""
        focus(self.list)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._ask)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        focus(self.list)

    def _ask(self) -> None:
        self._asked = self.line.value
        # Whatever is being read belongs to the query of before: it ends, and its answer with it.
        if self._loader is not None:
            self._loader.cancel()
            self._loader = None
        self._load()

    def _seen(self) -> None:
        if self._gap() is not None:
            self._load()

    def _gap(self) -> Gap | None:
        if not self._searched:
            return None
        # No more than can be held, or one end of the window would push out the other for ever.
        top, height = self.list.top, min(self.list.size.height, HELD // (2 * AHEAD))
        return self._pages.gap(top - height, top + AHEAD * height)

    def _load(self) -> None:
        if self._loader is None or self._loader.is_finished:
            self._loader = self.run_worker(self._work(), group="rows")

    async def _work(self) -> None:
        """Read what is lacking, one thing after the other, until nothing is."""
        try:
            while True:
                if (query := self._asked) is not None:
                    self._asked = None
                    await self._search(query)
                elif self._stale:
                    self._stale = False
                    await self._reread()
                elif (gap := self._gap()) is not None:
                    jobs = await self._page(self._query, gap.before)
                    self._take([(gap.before, jobs)])
                else:
                    return
        except MjtuiError as error:
            self.problem.update(error.sentences())
            self.problem.display = True

    async def _search(self, query: str) -> None:
        pages = Pages()
        pages.merge(None, await self._page(query, None))
        self.problem.display = False
        self._query, self._pages = query, pages
        self._searched, self._stale = True, False
        self.list.empty = NOTHING_FOUND if query.strip() else NOTHING_YET
        self.list.show_rows(pages)
        if self._wanted is not None:
            self.list.select(self._wanted)
            self._wanted = None

    async def _reread(self) -> None:
        """Read the newest rows and those on the screen again; the others when they come near it."""
        if not len(self._pages):
            await self._search(self._query)
            return
        top, bottom = self.list.top, min(self.list.top + self.list.size.height, len(self._pages)) - 1
        answers = await self._read(None, until=self._pages.id(bottom if top == 0 else 0))
        if answers is None:
            await self._search(self._query)
            return
        if top > 0:
            answers += await self._read(self._pages.before(top), until=self._pages.id(bottom)) or []
        self._take(answers)
        self._pages.forget(self.list.top, self.list.top + self.list.size.height - 1)

    async def _read(self, before: int | None, *, until: int) -> list[Answer] | None:
        """Pages from one job down to another; None where there are too many in between."""
        answers: list[Answer] = []
        for _ in range(MOST_NEW):
            jobs = await self._page(self._query, before)
            answers.append((before, jobs))
            if not jobs or jobs[-1].id <= until:
                return answers
            before = jobs[-1].id
        return None

    def _take(self, answers: Sequence[Answer]) -> None:
        shown, selected = self.list.shown(), self.list.selected
        for before, jobs in answers:
            self._pages.merge(before, jobs)
        self.list.rows_changed(shown, selected)


def history_row(job: Job, width: int, now: int) -> list[Piece]:
    """A row of the pane in `width` cells; `now` in ms."""
    sign = SIGNS[job.state]
    # Most jobs are done: only those that are not stand out, and a screen of rows takes a third of the bytes less.
    tone = "muted" if job.state == "succeeded" else sign.tone
    stars = "" if job.rating is None else "-" if job.rating < 0 else f"{job.rating}*"
    head = [
        column(age(job.created_at, now), 7, "muted", right=True),
        Piece(f" {sign.glyph} ", tone),
        column(stars, 3, tone),
    ]
    tail: list[Piece] = []
    if width >= WITH_COST:
        tail.append(column(cost(job), 8, "muted", right=True))
    if width >= WITH_SAFETY:
        words, tone = safety(job, now)
        tail.append(column(words, 8, tone, right=True))
    return filled(head, subject(job), width, [*tail, Piece(" ", "muted")])
