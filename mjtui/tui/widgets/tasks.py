"""The Tasks pane: what needs the person, what runs, what waits, and what was done last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar, Final, Literal, get_args

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

Group = Literal["need you", "running", "waiting", "failed", "done"]

GROUPS: Final[Mapping[State, Group]] = {
    "unknown": "need you",
    "submitting": "running",
    "running": "running",
    "planned": "waiting",
    "failed": "failed",
    "rejected": "failed",
    "lost": "failed",
    "succeeded": "done",
    "cancelled": "done",
}

FILTERS: Final[tuple[Group | None, ...]] = (None, *get_args(Group))
"""What the pane can be narrowed to, in the order in which one key goes through them; None shows all."""

SIGN_WIDTH: Final = 11
SPEED_WIDTH: Final = 8
TIME_WIDTH: Final = 15
BAR_WIDTH: Final = 10
WITH_SPEED: Final = 56
WITH_BAR: Final = 76
"""Widths in cells; the last two are those of the pane from which on there is room for it."""


NONE_OF: Final[Mapping[Group, str]] = {
    "need you": "Nothing needs you.",
    "running": "Nothing runs.",
    "waiting": "Nothing waits.",
    "failed": "Nothing has failed.",
    "done": "Nothing is done.",
}


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

    DEFAULT_CLASSES: ClassVar[str] = "pane"

    def __init__(
        self,
        *,
        now: Callable[[], int] = now_ms,
        label: Callable[[str], str] = str,
        left: Collection[int] = (),
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(TaskRows(()), empty=EMPTY, id=id, classes=classes)
        self._now = now
        self._label = label
        self._left = set(left)
        self._all: Sequence[Job] = ()
        self._expected: Mapping[int, float] = {}
        self._clock: Timer | None = None
        self.only: Group | None = None

    @property
    def ticking(self) -> bool:
        """True while the times on the screen go on."""
        return self._clock is not None

    def show(self, jobs: Sequence[Job], expected: Mapping[int, float]) -> None:
        """Show these jobs; `expected` has the seconds that each running one usually takes, by id."""
        for job_id in expected.keys() | self._expected.keys():
            if expected.get(job_id) != self._expected.get(job_id):
                self.forget_drawn(job_id)
        self._expected = expected
        self._all = jobs
        self._fill()

    def next_filter(self) -> None:
        """Narrow the pane to the next group that has jobs; after the last one all are shown again."""
        there = self._counts()
        after = FILTERS[FILTERS.index(self.only) + 1 :]
        self.only = next((group for group in after if group is not None and there[group]), None)
        self.empty = (
            EMPTY if self.only is None else f"{NONE_OF[self.only]}\n{self._label('tasks-filter')} shows the others."
        )
        self._fill()

    def released(self, job_id: int) -> None:
        """A job that an earlier sitting left unsent is sent after all."""
        self._left.discard(job_id)
        self.forget_drawn(job_id)

    def _counts(self) -> Counter[Group]:
        return Counter(GROUPS[job.state] for job in self._all)

    def _fill(self) -> None:
        shown, selected = self.shown(), self.selected
        rows = TaskRows([job for job in self._all if self.only in (None, GROUPS[job.state])])
        self._rows = rows
        self.rows_changed(shown, selected)
        if (words := title(self._counts(), self.only)) != self.border_title:
            self.border_title = words
        if rows.moving() and self._clock is None:
            self._clock = self.set_interval(1.0, self._tick)
        elif not rows.moving() and self._clock is not None:
            self._clock.stop()
            self._clock = None

    def draw(self, job: Job, width: int) -> list[Piece]:
        left = self._label("job-release") if job.id in self._left else None
        return task_row(job, width, self._now(), self._expected.get(job.id), left=left)

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


def title(counts: Mapping[Group, int], only: Group | None) -> str:
    """The title of the pane: how many jobs are where, or what it is narrowed to and how much of all that is."""
    if only is not None:
        return f"2 Tasks · only {worded(only, counts[only])} · {sum(counts.values())} in all"
    # How many are done says nothing: only the latest of them are in the pane.
    facts = [worded(group, counts[group]) for group in get_args(Group) if counts[group] and group != "done"]
    return " · ".join(["2 Tasks", *facts])


def worded(group: Group, count: int) -> str:
    """How many jobs are in a group: 1 needs you, 3 running."""
    return f"{count} {'needs you' if group == 'need you' and count == 1 else group}"


def task_row(job: Job, width: int, now: int, expected: float | None, *, left: str | None = None) -> list[Piece]:
    """A row of the pane in `width` cells; `now` in ms, `expected` in seconds.

    `left` is the key that sends a job which an earlier sitting left unsent.
    """
    sign = SIGNS[job.state]
    start, end = time_cells(width)
    sign_width = max(SIGN_WIDTH, len(sign.word) + 4)
    most = (width - sign_width) * 3 // 5
    unsent = left is not None and job.state == "planned"
    words = left_unsent(left or "", most - 2) if unsent else outcome(job, now, expected)
    pieces = [column(f" {sign.glyph} {sign.word}", sign_width, sign.tone)]
    if job.state in MOVING:
        pieces.append(column(job.speed or "", start - SIGN_WIDTH, "muted"))
        pieces.append(column(words, TIME_WIDTH))
        if width >= WITH_BAR:
            pieces += bar(elapsed(job, now), expected)
    elif job.state in ("failed", "rejected", "lost") or unsent:
        # Why it failed is worth more than what it was: the preview has the whole prompt.
        pieces += [column(words, max(end - sign_width, min(cell_width(words) + 2, most)) - 2), Piece("  ")]
    else:
        pieces.append(column(words, end - sign_width, "muted"))
    return filled(pieces, subject(job), width, [Piece(" ")])


def left_unsent(key: str, room: int) -> str:
    """Why a job of an earlier sitting waits and what sends it, in `room` cells where that can be."""
    way = f"{key} sends it"
    said = f"not sent when mjtui was closed: {way}"
    return said if cell_width(said) <= room else f"left unsent: {way}"


def bar(elapsed: float, expected: float | None) -> list[Piece]:
    """How far a job probably is, while that can be told: not any more when it takes longer than such jobs do."""
    if not expected or elapsed > expected:
        return [Piece(" " * (BAR_WIDTH + 2))]
    done = int(BAR_WIDTH * elapsed / expected)
    return [Piece("━" * done, "running"), Piece("─" * (BAR_WIDTH - done), "muted"), Piece("  ", "muted")]
