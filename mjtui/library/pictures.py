"""The pictures of jobs: due when their job succeeds, then named, saved and checked, or lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiosqlite

from mjtui.errors import UsageError
from mjtui.library.database import change, fetch
from mjtui.library.jobs import add_event, job, move
from mjtui.library.records import SELECT_JOBS, SELECT_PICTURES, fetch_jobs, picture_from, to_json
from mjtui.library.rows import Job, Picture

REJECTED = -1
BEST = 5

EXPIRING = f"""
    {SELECT_JOBS}
    WHERE j.id IN (SELECT p.job FROM pictures p WHERE p.state = 'due') AND j.expires_at < ?
    ORDER BY j.expires_at
"""

RETRY = "UPDATE pictures SET state = 'due', next_try_at = :now, attempts = 0 WHERE state = '{state}'"


async def succeed(
    db: aiosqlite.Connection,
    job_id: int,
    now: int,
    *,
    urls: Sequence[str],
    finished_at: int,
    expires_at: int | None,
    detail: dict[str, Any] | None,
) -> Job | None:
    """The job and the rows of its pictures, together; None, and no change, where it is not running."""
    moved = await move(
        db,
        job_id,
        now,
        old=("running",),
        new="succeeded",
        what="succeeded",
        detail=detail,
        owner=None,
        columns={"finished_at": finished_at, "expires_at": expires_at},
    )
    if moved is None:
        return None
    for index, url in enumerate(urls, 1):
        await change(
            db,
            "INSERT INTO pictures (job, \"index\", state, url, next_try_at) VALUES (?, ?, 'due', ?, ?)"
            ' ON CONFLICT (job, "index") DO NOTHING',
            (job_id, index, url, now),
        )
    return await job(db, job_id)


async def pictures(db: aiosqlite.Connection, job_ids: Sequence[int]) -> list[Picture]:
    """The pictures of these jobs, by job and index."""
    sql = f'{SELECT_PICTURES} WHERE p.job IN (SELECT value FROM json_each(?)) ORDER BY p.job, p."index"'
    return [picture_from(row) for row in await fetch(db, sql, (to_json(list(job_ids)),))]


async def picture(db: aiosqlite.Connection, picture_id: int) -> Picture:
    rows = await fetch(db, f"{SELECT_PICTURES} WHERE p.id = ?", (picture_id,))
    if not rows:
        raise UsageError(f"There is no picture {picture_id} in the library.")
    return picture_from(rows[0])


async def name(db: aiosqlite.Connection, picture_id: int, path: str) -> str:
    await change(db, "UPDATE pictures SET path = ? WHERE id = ? AND path IS NULL", (path, picture_id))
    return (await picture(db, picture_id)).path or path


async def keep(db: aiosqlite.Connection, picture_id: int, owner: str, until: int) -> bool:
    sql = "UPDATE pictures SET lease_until = ? WHERE id = ? AND lease_owner = ? AND state = 'due'"
    return await change(db, sql, (until, picture_id, owner)) > 0


async def remember_validator(db: aiosqlite.Connection, picture_id: int, etag: str | None) -> None:
    await change(db, "UPDATE pictures SET etag = ? WHERE id = ?", (etag, picture_id))


async def saved(
    db: aiosqlite.Connection, picture_id: int, owner: str, now: int, facts: dict[str, str | int | None]
) -> bool:
    """False, and no change, where somebody else has the lease by now."""
    sets = ", ".join(f"{name} = ?" for name in facts)
    done = await change(
        db,
        f"UPDATE pictures SET {sets}, state = 'saved', saved_at = ?, error = NULL, etag = NULL,"
        " lease_owner = NULL, lease_until = NULL WHERE id = ? AND lease_owner = ? AND state = 'due'",
        (*facts.values(), now, picture_id, owner),
    )
    if done:
        kept = await picture(db, picture_id)
        await add_event(db, kept.job, now, "picture_saved", {"index": kept.index, "path": kept.path})
    return done > 0


async def failed(
    db: aiosqlite.Connection,
    picture_id: int,
    owner: str,
    now: int,
    *,
    error: str,
    next_try_at: int | None,
    etag: str | None,
    url: str | None,
) -> bool:
    """Tried in vain: due again at `next_try_at`, or lost where that is None; False where the lease is not ours."""
    done = await change(
        db,
        "UPDATE pictures SET state = ?, error = ?, next_try_at = coalesce(?, next_try_at), attempts = attempts + 1,"
        " etag = coalesce(?, etag), url = coalesce(?, url), lease_owner = NULL, lease_until = NULL"
        " WHERE id = ? AND lease_owner = ? AND state = 'due'",
        ("lost" if next_try_at is None else "due", error, next_try_at, etag, url, picture_id, owner),
    )
    if done:
        tried = await picture(db, picture_id)
        what = "picture_lost" if next_try_at is None else "picture_failed"
        await add_event(db, tried.job, now, what, {"index": tried.index, "error": error})
    return done > 0


async def due_again(db: aiosqlite.Connection, picture_id: int, now: int) -> None:
    """Its file is gone or was lost: to be saved once more, under the same name."""
    gone = await picture(db, picture_id)
    if gone.state != "due":
        await change(
            db,
            "UPDATE pictures SET state = 'due', next_try_at = ?, attempts = 0, etag = NULL, error = NULL,"
            " saved_at = NULL WHERE id = ?",
            (now, picture_id),
        )
        await add_event(db, gone.job, now, "picture_due", {"index": gone.index})


async def retry(db: aiosqlite.Connection, job_ids: Sequence[int] | None, now: int) -> int:
    """What is not saved is due now, and what was lost is due once more; how many pictures that are."""
    some = "" if job_ids is None else " AND job IN (SELECT value FROM json_each(:jobs))"
    values = {"now": now, "jobs": to_json(None if job_ids is None else list(job_ids))}
    waiting = await change(db, RETRY.format(state="due") + some, values)
    lost = await change(db, RETRY.format(state="lost") + some, values)
    return waiting + lost


async def expiring(db: aiosqlite.Connection, before: int) -> list[Job]:
    """Jobs with pictures that are not saved and that the service deletes before that time, soonest first."""
    return await fetch_jobs(db, EXPIRING, (before,))


async def rate(db: aiosqlite.Connection, picture_id: int, rating: int | None) -> None:
    """0 to 5, -1 for rejected, None for not rated."""
    if rating is not None and not REJECTED <= rating <= BEST:
        raise UsageError(f"A rating is 0 to {BEST}, or {REJECTED} for rejected; {rating} is not.")
    await picture(db, picture_id)
    await change(db, "UPDATE pictures SET rating = ? WHERE id = ?", (rating, picture_id))
