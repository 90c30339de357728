"""What a person keeps beside the jobs: tags, notes, the trash, drafts, uploads and the state of the screen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import aiosqlite

from mjtui.errors import UsageError
from mjtui.library.database import change, fetch
from mjtui.library.jobs import job
from mjtui.library.migrations import UNFINISHED
from mjtui.library.records import to_json

LONGEST_TAG = 64


async def tag(db: aiosqlite.Connection, job_id: int, add: Iterable[str], remove: Iterable[str]) -> None:
    await job(db, job_id)
    for name in map(_tag_name, add):
        await change(db, "INSERT INTO tags (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
        await change(
            db,
            "INSERT INTO job_tags (job, tag) SELECT ?, id FROM tags WHERE name = ? ON CONFLICT DO NOTHING",
            (job_id, name),
        )
    for name in map(_tag_name, remove):
        sql = "DELETE FROM job_tags WHERE job = ? AND tag = (SELECT id FROM tags WHERE name = ?)"
        await change(db, sql, (job_id, name))


def _tag_name(written: str) -> str:
    name = written.strip()
    if not name or len(name) > LONGEST_TAG or not name.isprintable() or any(mark in name for mark in ' ",'):
        raise UsageError(
            f"{written!r} is no tag.",
            meaning="Nothing was changed.",
            hint=f"A tag has 1 to {LONGEST_TAG} characters without spaces, commas and quotes, like client/acme.",
        )
    return name


async def note(db: aiosqlite.Connection, job_id: int, text: str) -> None:
    await job(db, job_id)
    await change(db, "UPDATE jobs SET note = ? WHERE id = ?", (text, job_id))


async def trash(db: aiosqlite.Connection, ids: Iterable[int], now: int) -> list[int]:
    """The ids that went to the trash; what is unfinished stays, so that it cannot cost money unseen."""
    condition = f"deleted_at IS NULL AND state NOT IN ({UNFINISHED})"
    return await _delete(db, ids, condition, now)


async def restore(db: aiosqlite.Connection, ids: Iterable[int]) -> list[int]:
    """The ids that came back."""
    return await _delete(db, ids, "deleted_at IS NOT NULL", None)


async def _delete(db: aiosqlite.Connection, ids: Iterable[int], condition: str, at: int | None) -> list[int]:
    where = f"id IN (SELECT value FROM json_each(?)) AND {condition}"
    wanted = to_json(list(ids))
    found = [int(row[0]) for row in await fetch(db, f"SELECT id FROM jobs WHERE {where}", (wanted,))]
    await change(db, f"UPDATE jobs SET deleted_at = ? WHERE {where}", (at, wanted))
    return found


async def draft(db: aiosqlite.Connection, name: str) -> dict[str, Any] | None:
    return await _stored(db, "SELECT body FROM drafts WHERE name = ?", name)


async def save_draft(db: aiosqlite.Connection, name: str, body: dict[str, Any], now: int) -> None:
    await change(
        db,
        "INSERT INTO drafts (name, body, saved_at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at",
        (name, to_json(body), now),
    )


async def drafts(db: aiosqlite.Connection) -> list[str]:
    return [row[0] for row in await fetch(db, "SELECT name FROM drafts ORDER BY name")]


async def value(db: aiosqlite.Connection, key: str) -> Any:
    return await _stored(db, "SELECT value FROM remembered WHERE key = ?", key)


async def set_value(db: aiosqlite.Connection, key: str, new: Any) -> None:
    sql = "INSERT INTO remembered (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
    await change(db, sql, (key, to_json(new)))


async def _stored(db: aiosqlite.Connection, sql: str, key: str) -> Any:
    rows = await fetch(db, sql, (key,))
    return json.loads(rows[0][0]) if rows else None


async def upload(db: aiosqlite.Connection, sha256: str) -> tuple[str, int] | None:
    rows = await fetch(db, "SELECT url, expires_at FROM uploads WHERE sha256 = ?", (sha256,))
    return (rows[0]["url"], rows[0]["expires_at"]) if rows else None


async def remember_upload(db: aiosqlite.Connection, sha256: str, url: str, expires_at: int) -> None:
    await change(
        db,
        "INSERT INTO uploads (sha256, url, expires_at) VALUES (?, ?, ?)"
        " ON CONFLICT (sha256) DO UPDATE SET url = excluded.url, expires_at = excluded.expires_at",
        (sha256, url, expires_at),
    )
