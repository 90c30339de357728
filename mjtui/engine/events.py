"""What the engine tells its faces; everything told is already committed to the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mjtui.library.rows import Counts


@dataclass(frozen=True, slots=True)
class JobsChanged:
    """These jobs (or their pictures) have new rows; an empty set means that any of them may have."""

    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Status:
    """The line of numbers at the top: credits left, spent today, the budget of a day, and how many jobs are where."""

    counts: Counts
    credits: float | None
    spent_today: float
    budget: float | None
    online: bool
    service: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person; `job` is the job that it is about."""

    level: Literal["info", "warning", "error"]
    text: str
    job: int | None = None


EngineEvent = JobsChanged | Status | Notice
