"""The Tasks pane: what needs the person, what runs, what waits, and what was done last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from textual.timer import Timer

from mjtui.engine import Job, State
from mjtui.terminal.text import cell_width
from mjtui.tui.widgets.cells import Piece, column, filled
from mjtui.tui.widgets.job_list import JobList
from mjtui.tui.wording import SIGNS, elapsed, now_ms, outcome, subject

EMPTY: Final = "Nothing runs.\nWrite a prompt and send it: it is shown here until it is done."

ORDER: Final[Mapping[State, int]] = {"unknown": 0, "submitting": 1, "running": 1, "planned": 2}
"""Needs you, running, waiting; everything else is done."""

MOVING: Final[tuple[State, ...]] = ("submitting", "running")

SIGN_WIDTH: Final = 11
SPEED_WIDTH: Final = 8
TIME_WIDTH: Final = 15
BAR_WIDTH: Final = 10
WITH_SPEED: Final = 56
WITH_BAR: Final = 76
"""Widths in cells; the last two are those of the pane from which on there is room for it."""


class TaskRows:
    """The jobs of the pane, in the order in which they are shown."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = sorted(jobs, key=lambda job: ORDER.get(job.state, 3))
        self._index = {job.id: index for index, job in enumerate(self._jobs)}

    def __len__(self) -> int:
        return len(self._jobs)

    def job(self, index: int) -> Job | None:
        return self._jobs[index]

    def find(self, job_id: int) -> int:
        return self._index.get(job_id, len(self._jobs))

    def moving(self) -> bool:
        """True while there is a job whose time goes on."""
        return any(job.state in MOVING for job in self._jobs)


class Tasks(JobList):
    """Every job that is not done, and the latest that are.

    While something runs the times of the rows on the screen are painted anew once a second, and nothing else.
    """

    def __init__(self, *, now: Callable[[], int] = now_ms, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(TaskRows(()), empty=EMPTY, id=id, classes=classes)
        self._now = now
        self._expected: Mapping[int, float] = {}
        self._clock: Timer | None = None

    @property
    def ticking(self) -> bool:
        """True while the times on the screen go on."""
        return self._clock is not None

    def show(self, jobs: Sequence[Job], expected: Mapping[int, float]) -> None:
        """Show these jobs; `expected` has the seconds that each running one usually takes, by id."""
        shown, selected = self.shown(), self.selected
        for job_id in expected.keys() | self._expected.keys():
            if expected.get(job_id) != self._expected.get(job_id):
                self.forget_drawn(job_id)
        self._expected = expected
        rows = TaskRows(jobs)
        self._rows = rows
        self.rows_changed(shown, selected)
        if rows.moving() and self._clock is None:
            self._clock = self.set_interval(1.0, self._tick)
        elif not rows.moving() and self._clock is not None:
            self._clock.stop()
            self._clock = None

    def draw(self, job: Job, width: int) -> list[Piece]:
        return task_row(job, width, self._now(), self._expected.get(job.id))

    def _tick(self) -> None:
        lines: list[int] = []
        for y, job in enumerate(self.shown()):
            if job is not None and job.state in MOVING:
                self.forget_drawn(job.id)
                lines.append(y)
        self.repaint_lines(lines, *time_cells(self.size.width))


def time_cells(width: int) -> tuple[int, int]:
    """The cells of a row of `width` cells in which time goes on."""
    start = SIGN_WIDTH + (SPEED_WIDTH if width >= WITH_SPEED else 0)
    return start, start + TIME_WIDTH + (BAR_WIDTH + 2 if width >= WITH_BAR else 0)


def task_row(job: Job, width: int, now: int, expected: float | None) -> list[Piece]:
    """A row of the pane in `width` cells; `now` in ms, `expected` in seconds."""
    sign = SIGNS[job.state]
    start, end = time_cells(width)
    sign_width = max(SIGN_WIDTH, len(sign.word) + 4)
    words = outcome(job, now, expected)
    pieces = [column(f" {sign.glyph} {sign.word}", sign_width, sign.tone)]
    if job.state in MOVING:
        pieces.append(column(job.speed or "", start - SIGN_WIDTH, "muted"))
        pieces.append(column(words, TIME_WIDTH))
        if width >= WITH_BAR:
            pieces += bar(elapsed(job, now), expected)
    elif job.state in ("failed", "rejected", "lost"):
        # Why it failed is worth more than what it was: the preview has the whole prompt.
        room = max(end - sign_width, min(cell_width(words) + 2, (width - sign_width) * 3 // 5))
        pieces += [column(words, room - 2), Piece("  ")]
    else:
        pieces.append(column(words, end - sign_width, "muted"))
    return filled(pieces, subject(job), width, [Piece(" ")])


def bar(elapsed: float, expected: float | None) -> list[Piece]:
    """How far a job probably is, while that can be told: not any more when it takes longer than such jobs do."""
    if not expected or elapsed > expected:
        return [Piece(" " * (BAR_WIDTH + 2))]
    done = int(BAR_WIDTH * elapsed / expected)
    return [Piece("━" * done, "running"), Piece("─" * (BAR_WIDTH - done), "muted"), Piece("  ", "muted")]
