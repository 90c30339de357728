"""Looking after the file: copies while it is in use, and what is wrong with it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite

from mjtui.errors import LibraryError
from mjtui.library.database import Database, fetch, readable_errors

_MISSING = {
    "succeeded jobs without a picture": (
        "SELECT count(*) FROM jobs j WHERE j.state = 'succeeded'"
        " AND NOT EXISTS (SELECT 1 FROM pictures p WHERE p.job = j.id)"
    ),
    "saved pictures without a file name or hash": (
        "SELECT count(*) FROM pictures WHERE state = 'saved' AND (path IS NULL OR sha256 IS NULL)"
    ),
    "running jobs without a task id": "SELECT count(*) FROM jobs WHERE state = 'running' AND task_id IS NULL",
}


async def backup(database: Database, target: Path) -> None:
    """Copy to a file beside `target`, then put it in its place."""
    part = target.with_name(target.name + ".part")
    try:
        await asyncio.to_thread(part.unlink, missing_ok=True)
        async with database.aside() as source, aiosqlite.connect(part) as copy:
            await source.backup(copy)
        await asyncio.to_thread(_put, part, target)
    except (OSError, sqlite3.Error) as error:
        await asyncio.to_thread(part.unlink, missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise LibraryError(
            f"The backup {target} could not be written: {reason}.", meaning="The library is as it was."
        ) from error


def _put(part: Path, target: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(target)


async def check(database: Database) -> list[str]:
    """SQLite's own checks, references between rows, and rows that lack what their state promises; a sentence each."""
    with readable_errors(database.path):
        async with database.aside() as db:
            return [problem async for problem in _problems(db)]


async def _problems(db: aiosqlite.Connection) -> AsyncIterator[str]:
    found = [str(row[0]) for row in await fetch(db, "PRAGMA integrity_check(20)")]
    if found != ["ok"]:
        for line in found:
            yield f"the file is damaged: {line}"
        return
    for row in await fetch(db, 'SELECT DISTINCT "table", parent FROM pragma_foreign_key_check'):
        yield f"rows of {row[0]} point at {row[1]} that are not there"
    for what, sql in _MISSING.items():
        if number := (await fetch(db, sql))[0][0]:
            yield f"{number} {what}"
