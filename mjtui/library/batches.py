"""Batches: jobs that were planned together, from one expression."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import aiosqlite

from mjtui.errors import UsageError
from mjtui.library.database import change, fetch
from mjtui.library.jobs import insert, write_down
from mjtui.library.keeping import tag
from mjtui.library.records import to_json
from mjtui.library.rows import Batch, NewJob

NEWEST = """
    SELECT b.id, b.expression, b.created_at, b.stopped_at,
        (SELECT json_group_object(state, n) FROM (
            SELECT state, count(*) AS n FROM jobs WHERE batch = b.id GROUP BY state
        )) AS counts,
        (SELECT coalesce(sum(cost), 0.0) FROM jobs WHERE batch = b.id) AS cost
    FROM batches b
"""
WAITING = "SELECT id FROM jobs WHERE batch = ? AND state = 'planned' ORDER BY id"
JOBS = "SELECT id FROM jobs WHERE batch = ? ORDER BY id"
MADE = """
    SELECT digest, id FROM jobs
    WHERE digest IN (SELECT value FROM json_each(?)) AND state NOT IN ('rejected', 'cancelled') AND deleted_at IS NULL
        AND state NOT IN ('failed', 'lost')
    ORDER BY id DESC
"""


async def plan(
    db: aiosqlite.Connection, expression: str, new: Sequence[tuple[NewJob, tuple[str, ...]]], now: int
) -> tuple[int, list[int]]:
    """Write down a batch with its jobs and their tags; its id and theirs."""
    batch_id = await insert(db, "batches", {"expression": expression, "created_at": now})
    ids: list[int] = []
    for job, tags in new:
        ids.append(await write_down(db, replace(job, batch=batch_id), now))
        if tags:
            await tag(db, ids[-1], tags, ())
    return batch_id, ids


async def newest(db: aiosqlite.Connection, limit: int) -> list[Batch]:
    return await _batches(db, f"{NEWEST} ORDER BY b.id DESC LIMIT ?", (limit,))


async def batch(db: aiosqlite.Connection, batch_id: int) -> Batch:
    """Raises UsageError where there is none with that id."""
    found = await _batches(db, f"{NEWEST} WHERE b.id = ?", (batch_id,))
    if not found:
        raise UsageError(f"There is no batch {batch_id}.", hint="`mjtui batches list` lists them.")
    return found[0]


async def stop(db: aiosqlite.Connection, batch_id: int, now: int) -> None:
    """Raises UsageError."""
    await batch(db, batch_id)
    await change(db, "UPDATE batches SET stopped_at = ? WHERE id = ?", (now, batch_id))


async def go_on(db: aiosqlite.Connection, batch_id: int, now: int) -> None:
    """What is planned is due now, and what kept it from being sent is forgotten. Raises UsageError."""
    await batch(db, batch_id)
    await change(db, "UPDATE batches SET stopped_at = NULL WHERE id = ?", (batch_id,))
    sql = "UPDATE jobs SET not_before = ?, trouble = NULL WHERE batch = ? AND state = 'planned'"
    await change(db, sql, (now, batch_id))


async def job_ids(db: aiosqlite.Connection, batch_id: int, *, waiting: bool) -> list[int]:
    return [int(row[0]) for row in await fetch(db, WAITING if waiting else JOBS, (batch_id,))]


async def already_made(db: aiosqlite.Connection, digests: Iterable[str]) -> dict[str, list[int]]:
    """Jobs that were made or are under way, by what they asked for, newest first."""
    made: dict[str, list[int]] = {}
    for row in await fetch(db, MADE, (to_json(list(digests)),)):
        made.setdefault(row["digest"], []).append(row["id"])
    return made


async def _batches(db: aiosqlite.Connection, sql: str, parameters: tuple[int, ...]) -> list[Batch]:
    return [Batch(**{**dict(row), "counts": json.loads(row["counts"])}) for row in await fetch(db, sql, parameters)]
