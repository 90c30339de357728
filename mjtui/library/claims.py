"""Work that several processes share: who may submit, look at or download what, until when, and what is due next.

A lease is a name and a time in the row. Whoever holds it works on the row; when the time has passed, anyone may take
it, so nothing is done twice and nothing is stuck when its holder dies.
"""

from __future__ import annotations

from collections.abc import Sequence

import aiosqlite

from mjtui.library.database import change, fetch
from mjtui.library.jobs import add_event
from mjtui.library.records import SELECT_PICTURES, jobs_by_id, picture_from, to_json, trouble_json
from mjtui.library.rows import Job, Picture, Trouble

_FREE = "(lease_until IS NULL OR lease_until <= :now)"
_NOT_STOPPED = "NOT EXISTS (SELECT 1 FROM batches b WHERE b.id = jobs.batch AND b.stopped_at IS NOT NULL)"

PLANNED = f"""
    SELECT id FROM jobs WHERE state = 'planned' AND not_before <= :now AND {_FREE} ORDER BY id LIMIT 1
"""
PLANNED_AMONG = f"""
    SELECT id FROM jobs
    WHERE state = 'planned' AND not_before <= :now AND {_FREE} AND id IN (SELECT value FROM json_each(:ids))
        AND {_NOT_STOPPED}
    ORDER BY id LIMIT 1
"""
LOOKS = f"""
    SELECT id FROM jobs WHERE state = 'running' AND next_look_at <= :due AND {_FREE} ORDER BY next_look_at LIMIT :limit
"""
PICTURES = f"""
    SELECT id FROM pictures WHERE state = 'due' AND next_try_at <= :due AND {_FREE} ORDER BY next_try_at LIMIT :limit
"""

NEXT_PLANNED = "SELECT min(max(not_before, coalesce(lease_until, 0))) FROM jobs WHERE state = 'planned'"
NEXT_PLANNED_AMONG = f"{NEXT_PLANNED} AND id IN (SELECT value FROM json_each(:ids)) AND {_NOT_STOPPED}"
# Rows without a lease come in the order of their times, so the first one is enough; those with one are few.
NEXT_LOOK = """
    SELECT min(due) FROM (
        SELECT * FROM (
            SELECT next_look_at AS due FROM jobs WHERE state = 'running' AND lease_until IS NULL
            ORDER BY next_look_at LIMIT 1
        )
        UNION ALL
        SELECT max(next_look_at, lease_until) FROM jobs INDEXED BY jobs_leased
        WHERE state = 'running' AND lease_owner IS NOT NULL
    )
"""
NEXT_PICTURE = """
    SELECT min(due) FROM (
        SELECT * FROM (
            SELECT next_try_at AS due FROM pictures WHERE state = 'due' AND lease_until IS NULL
            ORDER BY next_try_at LIMIT 1
        )
        UNION ALL
        SELECT max(next_try_at, lease_until) FROM pictures INDEXED BY pictures_leased
        WHERE state = 'due' AND lease_owner IS NOT NULL
    )
"""
LEFT_SUBMITTING = """
    SELECT id FROM jobs WHERE state = 'submitting' AND coalesce(lease_until, 0) <= :now
"""


async def claim_planned(
    db: aiosqlite.Connection, owner: str, now: int, lease_ms: int, ids: Sequence[int] | None
) -> Job | None:
    sql = PLANNED if ids is None else PLANNED_AMONG
    claimed = await _ids(db, sql, {"now": now, "ids": to_json(ids)})
    await _lease(db, "jobs", claimed, owner, now + lease_ms)
    jobs = await jobs_by_id(db, claimed)
    return jobs[0] if jobs else None


async def claim_looks(
    db: aiosqlite.Connection, owner: str, now: int, lease_ms: int, limit: int, due: int | None
) -> list[Job]:
    claimed = await _ids(db, LOOKS, {"now": now, "due": now if due is None else due, "limit": limit})
    await _lease(db, "jobs", claimed, owner, now + lease_ms)
    return await jobs_by_id(db, claimed)


async def claim_pictures(
    db: aiosqlite.Connection, owner: str, now: int, lease_ms: int, limit: int, due: int | None
) -> list[Picture]:
    claimed = await _ids(db, PICTURES, {"now": now, "due": now if due is None else due, "limit": limit})
    await _lease(db, "pictures", claimed, owner, now + lease_ms)
    rows = await fetch(db, f"{SELECT_PICTURES} WHERE p.id IN (SELECT value FROM json_each(?))", (to_json(claimed),))
    pictures = {row["id"]: picture_from(row) for row in rows}
    return [pictures[picture_id] for picture_id in claimed]


async def next_planned_at(db: aiosqlite.Connection, ids: Sequence[int] | None) -> int | None:
    if ids is None:
        return await _moment(db, NEXT_PLANNED)
    rows = await fetch(db, NEXT_PLANNED_AMONG, {"ids": to_json(ids)})
    return rows[0][0]


async def next_look_at(db: aiosqlite.Connection) -> int | None:
    return await _moment(db, NEXT_LOOK)


async def next_picture_at(db: aiosqlite.Connection) -> int | None:
    return await _moment(db, NEXT_PICTURE)


async def looked(db: aiosqlite.Connection, job_id: int, owner: str, next_look_at: int) -> None:
    await change(
        db,
        "UPDATE jobs SET next_look_at = ?, looks = looks + 1, lease_owner = NULL, lease_until = NULL"
        " WHERE id = ? AND state = 'running' AND lease_owner = ?",
        (next_look_at, job_id, owner),
    )


async def look_soon(db: aiosqlite.Connection, ids: Sequence[int] | None, at: int) -> None:
    sql = "UPDATE jobs SET next_look_at = ? WHERE state = 'running' AND next_look_at > ?"
    if ids is None:
        await change(db, sql, (at, at))
    else:
        await change(db, f"{sql} AND id IN (SELECT value FROM json_each(?))", (at, at, to_json(ids)))


async def save_soon(db: aiosqlite.Connection, at: int) -> None:
    await change(db, "UPDATE pictures SET next_try_at = ? WHERE state = 'due' AND next_try_at > ?", (at, at))


async def sweep_submitting(db: aiosqlite.Connection, now: int) -> list[int]:
    left = await _ids(db, LEFT_SUBMITTING, {"now": now})
    trouble = Trouble(
        code="left_unanswered",
        message="mjtui ended before the service answered.",
        hint="It may have been charged. Decide: it arrived (task id), send again, or give up.",
    )
    for job_id in left:
        await change(
            db,
            "UPDATE jobs SET state = 'unknown', trouble = ?, lease_owner = NULL, lease_until = NULL WHERE id = ?",
            (trouble_json(trouble), job_id),
        )
        await add_event(db, job_id, now, "left_unanswered", {})
    return left


async def owners(db: aiosqlite.Connection) -> list[str]:
    sql = """
        SELECT lease_owner FROM jobs WHERE lease_owner IS NOT NULL
        UNION SELECT lease_owner FROM pictures WHERE lease_owner IS NOT NULL
    """
    return [str(row[0]) for row in await fetch(db, sql)]


async def release(db: aiosqlite.Connection, owner: str) -> None:
    for table in ("jobs", "pictures"):
        await change(db, f"UPDATE {table} SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ?", (owner,))


async def _ids(db: aiosqlite.Connection, sql: str, parameters: dict[str, object]) -> list[int]:
    return [int(row[0]) for row in await fetch(db, sql, parameters)]


async def _lease(db: aiosqlite.Connection, table: str, ids: list[int], owner: str, until: int) -> None:
    if ids:
        sql = f"UPDATE {table} SET lease_owner = ?, lease_until = ? WHERE id IN (SELECT value FROM json_each(?))"
        await change(db, sql, (owner, until, to_json(ids)))


async def _moment(db: aiosqlite.Connection, sql: str) -> int | None:
    rows = await fetch(db, sql)
    return rows[0][0]
