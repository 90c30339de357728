"""Lists and sums over all jobs; each is a walk down an index, whatever the size of the library."""

from __future__ import annotations

import aiosqlite

from mjtui.errors import OverBudget
from mjtui.library.database import fetch
from mjtui.library.jobs import LARGEST_ID
from mjtui.library.migrations import UNFINISHED, UNPAID
from mjtui.library.records import SELECT_JOBS, fetch_jobs
from mjtui.library.rows import Counts, Job

MOST_UNFINISHED = 500

NEWEST = f"{SELECT_JOBS} WHERE j.deleted_at IS NULL AND j.id < ? ORDER BY j.id DESC LIMIT ?"
UNFINISHED_JOBS = f"""
    {SELECT_JOBS} INDEXED BY jobs_unfinished
    WHERE j.state IN ({UNFINISHED}) AND j.deleted_at IS NULL
    ORDER BY j.id DESC LIMIT {MOST_UNFINISHED}
"""
FINISHED_JOBS = f"""
    {SELECT_JOBS} WHERE j.finished_at IS NOT NULL AND j.deleted_at IS NULL ORDER BY j.finished_at DESC LIMIT ?
"""
COUNTS = """
    SELECT
        (SELECT count(*) FROM jobs WHERE state = 'planned' AND deleted_at IS NULL) AS planned,
        (SELECT count(*) FROM jobs WHERE state = 'submitting' AND deleted_at IS NULL) AS submitting,
        (SELECT count(*) FROM jobs WHERE state = 'running' AND deleted_at IS NULL) AS running,
        (SELECT count(*) FROM jobs WHERE state = 'unknown' AND deleted_at IS NULL) AS unknown,
        (SELECT count(*) FROM pictures WHERE state = 'due') AS pictures_due,
        (SELECT count(*) FROM pictures p CROSS JOIN jobs j ON j.id = p.job
            WHERE p.state = 'due' AND j.expires_at < ?) AS expiring
"""
SPENT = f"SELECT coalesce(sum(cost), 0.0) FROM jobs WHERE state NOT IN ({UNPAID}) AND submitted_at >= ?"
PLANNED_COST = "SELECT coalesce(sum(cost), 0.0) FROM jobs WHERE state = 'planned'"
DURATIONS = """
    SELECT finished_at - submitted_at FROM jobs
    WHERE state = 'succeeded' AND kind = ? AND speed IS ? AND finished_at >= submitted_at
    ORDER BY finished_at DESC LIMIT ?
"""
SAME_REQUEST = f"""
    {SELECT_JOBS}
    WHERE j.digest = ? AND j.state NOT IN ('rejected', 'cancelled') AND j.deleted_at IS NULL AND j.created_at >= ?
    ORDER BY j.id DESC LIMIT 1
"""


async def newest(db: aiosqlite.Connection, before: int | None, limit: int) -> list[Job]:
    return await fetch_jobs(db, NEWEST, (LARGEST_ID if before is None else before, limit))


async def tasks(db: aiosqlite.Connection, finished: int) -> list[Job]:
    """All that is unfinished, newest first, then what finished last."""
    return await fetch_jobs(db, UNFINISHED_JOBS) + await fetch_jobs(db, FINISHED_JOBS, (finished,))


async def counts(db: aiosqlite.Connection, expiring_before: int) -> Counts:
    rows = await fetch(db, COUNTS, (expiring_before,))
    return Counts(**dict(rows[0]))


async def spent(db: aiosqlite.Connection, since: int) -> float:
    return (await fetch(db, SPENT, (since,)))[0][0]


async def committed(db: aiosqlite.Connection, since: int) -> float:
    return await spent(db, since) + (await fetch(db, PLANNED_COST))[0][0]


async def check_limit(db: aiosqlite.Connection, job_id: int, since: int, credits: float) -> None:
    """Raise OverBudget where this job would bring what was spent since then above so many credits."""
    [row] = await fetch(db, "SELECT coalesce(cost, 0.0) FROM jobs WHERE id = ?", (job_id,))
    before = await spent(db, since)
    if row[0] and before + row[0] > credits:
        raise OverBudget(
            f"It costs {row[0]:g} credits; {before:g} of today's {credits:g} are spent.",
            hint="Raise budget.per_day in the settings, or wait until tomorrow.",
        )


async def durations(db: aiosqlite.Connection, kind: str, speed: str | None, limit: int) -> list[int]:
    return [row[0] for row in await fetch(db, DURATIONS, (kind, speed, limit))]


async def same_request(db: aiosqlite.Connection, digest: str, since: int) -> Job | None:
    found = await fetch_jobs(db, SAME_REQUEST, (digest, since))
    return found[0] if found else None
