"""A list of jobs of any length, newest first, of which only a window is held: what is far away is asked for again.

For every row that was ever reached the id is kept (8 bytes), for the latest `HELD` rows the job itself.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from operator import neg
from typing import Final, NamedTuple

from mjtui.engine import Job

HELD: Final = 1_000


class Gap(NamedTuple):
    """Rows that are lacking: those older than job `before`, or the newest where it is None."""

    before: int | None


class Pages:
    """Rows in descending order of id, put together from pages in whatever order they come."""

    def __init__(self, held: int = HELD) -> None:
        self.complete = False
        """True when the oldest row has been reached."""
        self._held = held
        self._ids: array[int] = array("q")
        self._jobs: OrderedDict[int, Job] = OrderedDict()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def held(self) -> int:
        """How many jobs are in memory."""
        return len(self._jobs)

    def job(self, index: int) -> Job | None:
        """The job of a row, or None where it has to be asked for again."""
        return self._jobs.get(self._ids[index])

    def find(self, job_id: int) -> int:
        """The row of a job, or the row that it would have."""
        return bisect_left(self._ids, -job_id, key=neg)

    def id(self, index: int) -> int:
        """The id of the job of a row."""
        return self._ids[index]

    def before(self, index: int) -> int | None:
        """What to ask for, to be given the rows from this one on."""
        return self._ids[index - 1] if index > 0 else None

    def gap(self, first: int, last: int) -> Gap | None:
        """What to ask for next, so that the rows from `first` to `last` can be shown; None where all are there."""
        for index in range(max(0, first), min(last + 1, len(self))):
            if self._ids[index] not in self._jobs:
                return Gap(self.before(index))
        if last >= len(self) and not self.complete:
            return Gap(self.before(len(self)))
        return None

    def merge(self, before: int | None, jobs: Sequence[Job]) -> None:
        """Take in the page that was asked for with `before`; what it does not have in its range is gone."""
        start = 0 if before is None else self.find(before - 1)
        if jobs:
            end = self.find(jobs[-1].id - 1)
        else:
            end = len(self)
            self.complete = True
        self._ids[start:end] = array("q", [job.id for job in jobs])
        for job in jobs:
            self._jobs[job.id] = job
            self._jobs.move_to_end(job.id)
        while len(self._jobs) > self._held:
            self._jobs.popitem(last=False)

    def forget(self, first: int, last: int) -> None:
        """Let go of every job but those of the rows from `first` to `last`; they are asked for again when needed."""
        near = self._ids[max(0, first) : last + 1]
        self._jobs = OrderedDict((job_id, self._jobs[job_id]) for job_id in near if job_id in self._jobs)
