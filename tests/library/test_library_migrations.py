from __future__ import annotations

import sqlite3
from contextlib import closing

import aiosqlite
import pytest

from mjtui.errors import LibraryError
from mjtui.library import migrations
from mjtui.library.migrations import MIGRATIONS, migrate
from mjtui.library.store import Library

ADDED = (
    "ALTER TABLE jobs ADD COLUMN mood TEXT",
    "UPDATE jobs SET mood = 'calm'",
)
BROKEN = ("ALTER TABLE jobs ADD COLUMN mood TEXT", "SELECT nonsense")


@pytest.fixture
async def old(path, make, clock):
    """A library of schema 1 with one job."""
    library = await Library.open(path, now=clock)
    await library.plan_job(make())
    await library.close()
    return path


async def test_an_older_library_is_copied_and_brought_up_to_date(old, clock, monkeypatch):
    async with aiosqlite.connect(old, isolation_level=None) as db:
        assert await migrate(db, old, migrations=(*MIGRATIONS, ADDED)) == 2
        assert list(await db.execute_fetchall("SELECT mood FROM jobs")) == [("calm",)]
        assert await migrate(db, old, migrations=(*MIGRATIONS, ADDED)) == 2
    copy = old.with_name("library.db.before-v2")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ADDED))
    library = await Library.open(copy, now=clock)
    assert [job.id for job in await library.newest()] == [1]
    assert library.schema_version == 1
    await library.close()


async def test_a_migration_that_fails_leaves_the_library_as_it_was(old):
    async with aiosqlite.connect(old, isolation_level=None) as db:
        with pytest.raises(sqlite3.OperationalError):
            await migrate(db, old, migrations=(*MIGRATIONS, BROKEN))
        assert await migrate(db, old) == 1
        columns = [row[1] for row in await db.execute_fetchall("PRAGMA table_info(jobs)")]
    assert "mood" not in columns


async def test_an_old_library_is_not_changed_by_reading(old):
    async with aiosqlite.connect(old, isolation_level=None) as db:
        with pytest.raises(LibraryError, match="older mjtui"):
            await migrate(db, old, read_only=True, migrations=(*MIGRATIONS, ADDED))
        assert await migrate(db, old) == 1
    assert not old.with_name("library.db.before-v2").exists()


async def test_a_new_library_needs_no_copy(path, tmp_path):
    async with aiosqlite.connect(path, isolation_level=None) as db:
        assert await migrate(db, path, migrations=(*MIGRATIONS, ADDED)) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["library.db"]


async def test_every_reference_between_tables_has_an_index(path, library):
    """Else removing one row would read a whole table."""
    with closing(sqlite3.connect(path)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for reference in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
                plan = db.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {reference[3]} = 1").fetchall()
                assert "SEARCH" in plan[0][3], (table, reference[3])
