"""The schema, as numbered migrations: each runs in one transaction with its number.

Ids grow with time, so every list is a walk down an index and no list is ever sorted. Times are milliseconds UTC.
An index says which query it serves; where it holds a column of its own WHERE, that is to answer without the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import aiosqlite

from mjtui.errors import LibraryError, NewerLibrary

APPLICATION_ID = 0x6D6A7475
"""Marks the file as an mjtui library in SQLite's header ("mjtu")."""

Migration = tuple[str, ...]

UNFINISHED = "'planned', 'submitting', 'running', 'unknown'"
UNPAID = "'planned', 'rejected', 'cancelled'"

V1: Migration = (
    """
    CREATE TABLE batches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        expression TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        stopped_at INTEGER
    )
    """,
    # Small columns first: filters read the head of a row and leave its long texts alone.
    """
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        deleted_at INTEGER,
        kind TEXT NOT NULL,
        speed TEXT,
        version TEXT,
        aspect_ratio TEXT,
        stylize INTEGER,
        rating INTEGER,
        cost REAL,
        balance_before REAL,
        balance_after REAL,
        measured REAL,
        created_at INTEGER NOT NULL,
        submitted_at INTEGER,
        finished_at INTEGER,
        expires_at INTEGER,
        not_before INTEGER NOT NULL,
        next_look_at INTEGER,
        looks INTEGER NOT NULL DEFAULT 0,
        lease_owner TEXT,
        lease_until INTEGER,
        parent INTEGER REFERENCES jobs (id) ON DELETE SET NULL,
        parent_index INTEGER,
        batch INTEGER REFERENCES batches (id) ON DELETE SET NULL,
        service TEXT NOT NULL,
        endpoint TEXT NOT NULL,
        task_id TEXT,
        digest TEXT NOT NULL,
        prompt TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        trouble TEXT,
        files TEXT NOT NULL,
        request TEXT NOT NULL,
        draft TEXT NOT NULL
    )
    """,
    # newest: pages of the history stay quick when the newest jobs are in the trash
    "CREATE INDEX jobs_live ON jobs (id) WHERE deleted_at IS NULL",
    # search is:STATE, counts
    "CREATE INDEX jobs_state ON jobs (state, deleted_at) WHERE deleted_at IS NULL",
    # tasks: all that is unfinished, newest first
    f"CREATE INDEX jobs_unfinished ON jobs (id) WHERE state IN ({UNFINISHED}) AND deleted_at IS NULL",
    # tasks: what finished last
    "CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL AND deleted_at IS NULL",
    # claim_planned, next_planned_at, committed
    "CREATE INDEX jobs_planned ON jobs (id, not_before, lease_until, cost, state) WHERE state = 'planned'",
    # claim_looks, next_look_at
    "CREATE INDEX jobs_looks ON jobs (next_look_at, lease_until, state) WHERE state = 'running'",
    # sweep_submitting
    "CREATE INDEX jobs_submitting ON jobs (lease_until, state) WHERE state = 'submitting'",
    # release, and the leased part of next_look_at and next_planned_at
    "CREATE INDEX jobs_leased ON jobs (lease_owner) WHERE lease_owner IS NOT NULL",
    # find by task id or its beginning
    "CREATE INDEX jobs_task ON jobs (task_id) WHERE task_id IS NOT NULL",
    # same_request
    "CREATE INDEX jobs_digest ON jobs (digest) WHERE state NOT IN ('rejected', 'cancelled') AND deleted_at IS NULL",
    # spent
    f"CREATE INDEX jobs_spent ON jobs (submitted_at, state, cost) WHERE state NOT IN ({UNPAID})",
    # durations
    "CREATE INDEX jobs_durations ON jobs (kind, speed, finished_at) WHERE state = 'succeeded'",
    # search parent:JOB, and the check of the foreign key when a job is purged
    "CREATE INDEX jobs_parent ON jobs (parent) WHERE parent IS NOT NULL",
    # batches with their counts, and the check of the foreign key when a batch is removed
    "CREATE INDEX jobs_batch ON jobs (batch, state) WHERE batch IS NOT NULL",
    # prices
    "CREATE INDEX jobs_measured ON jobs (kind, speed, id) WHERE measured IS NOT NULL",
    """
    CREATE TABLE pictures (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        "index" INTEGER NOT NULL,
        state TEXT NOT NULL,
        rating INTEGER,
        width INTEGER,
        height INTEGER,
        size INTEGER,
        media_type TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER NOT NULL,
        saved_at INTEGER,
        lease_owner TEXT,
        lease_until INTEGER,
        sha256 TEXT,
        path TEXT,
        url TEXT,
        etag TEXT,
        error TEXT,
        UNIQUE (job, "index")
    )
    """,
    # claim_pictures, next_picture_at, counts, expiring
    "CREATE INDEX pictures_due ON pictures (next_try_at, lease_until, job, state) WHERE state = 'due'",
    # retry_pictures
    "CREATE INDEX pictures_lost ON pictures (job) WHERE state = 'lost'",
    # release, and the leased part of next_picture_at
    "CREATE INDEX pictures_leased ON pictures (lease_owner) WHERE lease_owner IS NOT NULL",
    # A job's rating is the best of its pictures.
    """
    CREATE TRIGGER pictures_rated AFTER UPDATE OF rating ON pictures BEGIN
        UPDATE jobs SET rating = (SELECT max(rating) FROM pictures WHERE job = new.job) WHERE id = new.job;
    END
    """,
    """
    CREATE TRIGGER pictures_added AFTER INSERT ON pictures WHEN new.rating IS NOT NULL BEGIN
        UPDATE jobs SET rating = (SELECT max(rating) FROM pictures WHERE job = new.job) WHERE id = new.job;
    END
    """,
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        detail TEXT NOT NULL
    )
    """,
    # log
    "CREATE INDEX events_job ON events (job)",
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE)",
    """
    CREATE TABLE job_tags (
        job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        tag INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
        PRIMARY KEY (job, tag)
    ) WITHOUT ROWID
    """,
    # search tag:NAME
    "CREATE INDEX job_tags_tag ON job_tags (tag, job)",
    "CREATE TABLE uploads (sha256 TEXT PRIMARY KEY, url TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE drafts (name TEXT PRIMARY KEY, body TEXT NOT NULL, saved_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # Words of prompts and notes. Nothing is ranked, so sizes of columns are not kept. The first letters of a word that
    # is being typed are indexed up to five: beyond that all words with that beginning are merged for each search, and
    # where a million jobs have one of them that takes 40 ms.
    """
    CREATE VIRTUAL TABLE words USING fts5 (
        prompt, note, content='jobs', content_rowid='id', columnsize=0, prefix='1 2 3 4 5',
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER jobs_inserted AFTER INSERT ON jobs BEGIN
        INSERT INTO words (rowid, prompt, note) VALUES (new.id, new.prompt, new.note);
    END
    """,
    """
    CREATE TRIGGER jobs_removed AFTER DELETE ON jobs BEGIN
        INSERT INTO words (words, rowid, prompt, note) VALUES ('delete', old.id, old.prompt, old.note);
    END
    """,
    """
    CREATE TRIGGER jobs_reworded AFTER UPDATE OF prompt, note ON jobs BEGIN
        INSERT INTO words (words, rowid, prompt, note) VALUES ('delete', old.id, old.prompt, old.note);
        INSERT INTO words (rowid, prompt, note) VALUES (new.id, new.prompt, new.note);
    END
    """,
)

MIGRATIONS: tuple[Migration, ...] = (V1,)


async def number(db: aiosqlite.Connection, pragma: str) -> int:
    """The value of a pragma that is a whole number."""
    rows = list(await db.execute_fetchall(f"PRAGMA {pragma}"))
    return int(rows[0][0])


async def migrate(
    db: aiosqlite.Connection, path: Path, *, read_only: bool = False, migrations: Sequence[Migration] = MIGRATIONS
) -> int:
    """Bring the file to the newest schema and return its number.

    A library that holds something is copied to `NAME.before-vN` first. Raises NewerLibrary where a newer mjtui has
    written it, LibraryError where the file is another program's or is opened for reading only and too old.
    """
    await db.execute("BEGIN")
    try:
        version = await _version(db, path, len(migrations))
    finally:
        await db.rollback()
    if version == len(migrations):
        return version
    if read_only:
        raise LibraryError(
            f"The library {path} was made by an older mjtui and is opened for reading only.",
            hint="Start `mjtui` once, so that it can be brought up to date.",
        )
    if version:
        await _copy(db, path.with_name(f"{path.name}.before-v{len(migrations)}"))
    while version < len(migrations):
        try:
            await db.execute("BEGIN IMMEDIATE")
            version = await _version(db, path, len(migrations))
            if version < len(migrations):
                for statement in migrations[version]:
                    await db.execute(statement)
                version += 1
                await db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                await db.execute(f"PRAGMA user_version = {version}")
            await db.commit()
        except BaseException:
            await db.rollback()
            raise
    return version


async def _version(db: aiosqlite.Connection, path: Path, newest: int) -> int:
    """The number in the file, checked. To be called in a transaction, or another process may write in between."""
    version = await number(db, "user_version")
    if await number(db, "application_id") != APPLICATION_ID and (
        version or list(await db.execute_fetchall("SELECT 1 FROM sqlite_master LIMIT 1"))
    ):
        raise LibraryError(
            f"{path} is a database of another program, not an mjtui library.",
            meaning="Nothing was changed.",
            hint="Point MJTUI_HOME at another folder, or move that file away.",
        )
    if version > newest:
        raise NewerLibrary(
            f"The library {path} was written by a newer mjtui (schema {version}; this one knows {newest}).",
            meaning="Nothing was changed.",
        )
    return version


async def _copy(db: aiosqlite.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    async with aiosqlite.connect(target) as copy:
        await db.backup(copy)
