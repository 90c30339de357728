"""Jobs out of the library and into it: each as one JSON object with all that is known of it.

A record is the job as `jobjson` gives it, and under "record" what only a library needs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from itertools import islice
from typing import Any

import aiosqlite

from mjtui.library.database import Database, fetch
from mjtui.library.incoming import PICTURE_PLAIN, PLAIN, Incoming, read_record
from mjtui.library.jobjson import iso, job_json
from mjtui.library.jobs import add_event, insert, log
from mjtui.library.keeping import tag
from mjtui.library.query import parse_query
from mjtui.library.rows import Job
from mjtui.library.search import every_hit

AT_A_TIME = 200
"""Jobs per page of an export and per transaction of an import."""

HIGHEST_KEPT_ID = 10**12


async def export(database: Database, query: str | None) -> AsyncIterator[dict[str, Any]]:
    """Oldest first, so that a parent comes before what was made from it; what is in the trash is left out."""
    parsed = parse_query(query or "")
    last = 0
    while True:
        async with database.read() as db:
            page = await every_hit(db, parsed, after=last, limit=AT_A_TIME)
            records = [await _record(db, job) for job in page]
        for record in records:
            yield record
        if len(page) < AT_A_TIME:
            return
        last = page[-1].id


async def _record(db: aiosqlite.Connection, job: Job) -> dict[str, Any]:
    parents = await fetch(db, "SELECT uid FROM jobs WHERE id = ?", (job.parent,))
    record = job_json(job)
    for picture, shown in zip(job.pictures, record["images"], strict=True):
        shown["record"] = {name: getattr(picture, name) for name in PICTURE_PLAIN} | {
            "next_try_at": iso(picture.next_try_at),
            "saved_at": iso(picture.saved_at),
        }
    return record | {
        "record": {name: getattr(job, name) for name in PLAIN}
        | {
            "uid": job.uid,
            "speed": job.speed,
            "parent_uid": parents[0]["uid"] if parents else None,
            "files": list(job.files),
            "draft": job.draft,
            "submitted_at": iso(job.submitted_at),
            "not_before": iso(job.not_before),
            "next_look_at": iso(job.next_look_at),
            "log": [
                {"at": iso(event.at), "what": event.what, "detail": event.detail} for event in await log(db, job.id)
            ],
        }
    }


async def import_jobs(database: Database, records: Iterable[Mapping[str, Any]], now: Callable[[], int]) -> int:
    """Add what is not there yet, a transaction for each couple of hundred jobs; how many were new.

    A job is known by its uid, or where it has none by its task id. Ids are kept where they are free in a library that
    was empty; else jobs get new ones, and their children follow them.
    """
    async with database.read() as db:
        keep_ids = not await fetch(db, "SELECT 1 FROM jobs LIMIT 1")
    ids: dict[int, int] = {}
    added = 0
    numbered = enumerate(records, 1)
    while chunk := [read_record(record, number) for number, record in islice(numbered, AT_A_TIME)]:
        async with database.write() as db:
            for incoming in chunk:
                known = await _known(db, incoming)
                job_id = known or await _add(db, incoming, ids, keep_ids, now())
                if incoming.id is not None:
                    ids[incoming.id] = job_id
                added += known is None
    return added


async def _known(db: aiosqlite.Connection, incoming: Incoming) -> int | None:
    if incoming.uid is not None:
        rows = await fetch(db, "SELECT id FROM jobs WHERE uid = ?", (incoming.uid,))
    else:
        task = (incoming.row["task_id"], incoming.row["service"])
        rows = await fetch(db, "SELECT id FROM jobs WHERE task_id = ? AND service = ?", task)
    return rows[0][0] if rows else None


async def _add(db: aiosqlite.Connection, incoming: Incoming, ids: Mapping[int, int], keep_ids: bool, now: int) -> int:
    row = dict(incoming.row)
    parents = await fetch(db, "SELECT id FROM jobs WHERE uid = ?", (incoming.parent_uid,))
    row["parent"] = parents[0][0] if parents else ids.get(incoming.parent or 0)
    if keep_ids and incoming.id is not None and 0 < incoming.id <= HIGHEST_KEPT_ID:
        taken = await fetch(db, "SELECT 1 FROM jobs WHERE id = ?", (incoming.id,))
        row |= {} if taken else {"id": incoming.id}
    job_id = await insert(db, "jobs", row)
    for picture in incoming.pictures:
        await insert(db, "pictures", picture | {"job": job_id})
    for at, what, detail in incoming.events:
        await add_event(db, job_id, at, what, detail)
    if incoming.was is not None:
        await add_event(db, job_id, now, "imported", {"was": incoming.was})
    await tag(db, job_id, incoming.tags, ())
    return job_id
