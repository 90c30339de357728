from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from mjtui.errors import LibraryError, NewerLibrary
from mjtui.library.failures import explain
from mjtui.library.filesystem import file_system, on_network
from mjtui.library.store import Library


async def test_a_new_library_is_private_and_commits_reach_the_disk(library, path):
    assert path.stat().st_mode & 0o777 == 0o600
    async with library._db.write() as db:
        pragmas = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "fullfsync"):
            [row] = await db.execute_fetchall(f"PRAGMA {name}")
            pragmas[name] = row[0]
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "fullfsync": 1}
    async with library._db.read() as db:
        with pytest.raises(sqlite3.OperationalError):
            await db.execute("DELETE FROM jobs")


async def test_a_library_opened_again_holds_what_was_committed(path, make, clock):
    first = await Library.open(path, now=clock)
    job = await first.plan_job(make())
    await first.close()
    assert not path.with_name("library.db-wal").exists()
    second = await Library.open(path, now=clock)
    assert await second.newest() == [job]
    assert second.schema_version == 1
    await second.close()


async def test_a_library_can_be_opened_for_reading_only(library, open_library, path, make):
    job = await library.plan_job(make())
    reader = await open_library(read_only=True)
    assert await reader.newest() == [job]
    assert not await reader.changed_elsewhere()
    with pytest.raises(LibraryError, match="reading only"):
        await reader.plan_job(make())


async def test_reading_a_library_that_is_not_there_makes_none(tmp_path):
    with pytest.raises(LibraryError, match="cannot be opened"):
        await Library.open(tmp_path / "no.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(LibraryError, match="No such file or directory") as caught:
        await Library.open(tmp_path / "none" / "library.db")
    assert "folder" in caught.value.hint


async def test_a_read_only_folder_is_said():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            with pytest.raises(LibraryError, match="Permission denied"):
                await Library.open(Path(folder) / "library.db")
        finally:
            if root:
                os.seteuid(0)


async def test_a_library_that_cannot_be_written_can_still_be_read(path, make, open_library, clock):
    writer = await Library.open(path, now=clock)
    job = await writer.plan_job(make())
    await writer.close()
    path.chmod(0o444)
    reader = await open_library(read_only=True)
    assert await reader.newest() == [job]


def test_every_kind_of_read_only_is_said(path):
    for name in ("SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_DBMOVED"):
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorname = name
        meant = explain(error, path)
        assert meant is not None
        assert "read-only" in meant.message


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
async def test_a_file_that_is_no_library_is_refused_and_kept(path, content):
    path.write_bytes(content)
    with pytest.raises(LibraryError) as caught:
        await Library.open(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused_and_kept(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
        db.commit()
    with pytest.raises(LibraryError, match="another program"):
        await Library.open(path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


async def test_a_newer_library_is_refused_and_kept(path, make, clock):
    library = await Library.open(path, now=clock)
    await library.plan_job(make())
    await library.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    for read_only in (False, True):
        with pytest.raises(NewerLibrary, match="schema 99") as caught:
            await Library.open(path, read_only=read_only)
        assert "newer mjtui" in caught.value.hint
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM jobs").fetchone() == (1,)


async def test_a_damaged_page_is_said_and_found_by_the_check(path, make, clock, open_library):
    library = await Library.open(path, now=clock)
    for number in range(200):
        await library.plan_job(make(prompt=f"fog {number} " + "x" * 500))
    await library.close()
    with closing(sqlite3.connect(path)) as db:
        [(root,)] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'jobs'").fetchall()
    content = bytearray(path.read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xee" * 4096
    path.write_bytes(content)
    damaged = await open_library()
    with pytest.raises(LibraryError, match="damaged") as caught:
        await damaged.job(1)
    assert "backup" in caught.value.hint
    assert any("damaged" in problem for problem in await damaged.check())


async def test_a_locked_library_is_said_after_the_wait_and_works_again_after(path, make, open_library):
    library = await open_library(patience_ms=10)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="locked by another program") as caught:
            await library.plan_job(make())
        assert caught.value.meaning == "Nothing was changed."
        assert await library.newest() == []
        other.execute("ROLLBACK")
    assert (await library.plan_job(make())).state == "planned"


async def test_a_writer_waits_for_another_process_that_is_quick(path, library, make):
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        plan = asyncio.create_task(library.plan_job(make()))
        assert await library.newest() == []
        other.execute("ROLLBACK")
        assert (await plan).state == "planned"


async def test_a_full_disk_loses_nothing_that_was_acknowledged(library, make, running):
    job = await running()
    async with library._db.write() as db:
        [row] = await db.execute_fetchall("PRAGMA page_count")
        pages = row[0]
    await library._db._writer.execute(f"PRAGMA max_page_count = {pages}")
    last = job.id
    with pytest.raises(LibraryError, match="disk is full"):
        while last < 5000:
            last = (await library.plan_job(make(prompt="fog " * 300))).id
    assert [found.id for found in await library.newest(limit=5000)] == list(range(last, 0, -1))
    assert await library.check() == []
    await library._db._writer.execute("PRAGMA max_page_count = 1000000")
    assert (await library.plan_job(make())).state == "planned"


async def test_a_cancelled_write_leaves_nothing_behind_and_the_next_one_goes_on(library, make):
    for steps in range(12):
        before = await library.newest(limit=100)
        task = asyncio.create_task(library.plan_job(make()))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        after = await library.newest(limit=100)
        assert len(after) - len(before) in (0, 1)
        for job in after:
            assert [event.what for event in await library.log(job.id)] == ["planned"]
    assert (await library.plan_job(make())).state == "planned"
    assert await library.check() == []


async def test_an_error_in_a_transaction_rolls_it_back(library, make):
    job = await library.plan_job(make())
    with pytest.raises(RuntimeError, match="half way"):
        async with library._db.write() as db:
            await db.execute("UPDATE jobs SET state = 'cancelled'")
            raise RuntimeError("half way")
    assert await library.job(job.id) == job


KILLED = """
import asyncio, sys
from pathlib import Path
from mjtui.library.rows import NewJob
from mjtui.library.store import Library

async def main():
    library = await Library.open(Path(sys.argv[1]))
    job = await library.plan_job(NewJob(
        service="kie", kind="txt2img", prompt="fog", request={}, endpoint="/", digest="d"))
    async with library._db.write() as db:
        await db.execute("UPDATE jobs SET state = 'cancelled', prompt = 'half'")
        await db.execute("DELETE FROM events")
        print(job.id, flush=True)
        sys.stdin.read()

asyncio.run(main())
"""


async def python(program: str, path: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(path), stdin=pipe, stdout=pipe, stderr=pipe
    )


async def test_a_process_killed_inside_a_transaction_leaves_what_was_committed(path, open_library):
    process = await python(KILLED, path)
    job_id = int(await process.stdout.readline())
    process.kill()
    await process.communicate()
    library = await open_library()
    assert (await library.job(job_id)).state == "planned"
    assert [job.id for job in await library.search("fog")] == [job_id]
    assert [event.what for event in await library.log(job_id)] == ["planned"]
    assert await library.check() == []
    assert await library.move(job_id, old=("planned",), new="cancelled", what="cancelled") is not None


OPENED = """
import asyncio, sys
from pathlib import Path
from mjtui.library.rows import NewJob
from mjtui.library.store import Library

async def main():
    print("ready", flush=True)
    sys.stdin.readline()
    library = await Library.open(Path(sys.argv[1]))
    for number in range(5):
        await library.plan_job(NewJob(
            service="kie", kind="txt2img", prompt="fog", request={}, endpoint="/", digest="d"))
    await library.close()

asyncio.run(main())
"""


async def test_processes_that_start_at_once_make_one_library(path, open_library):
    processes = [await python(OPENED, path) for _ in range(4)]
    for process in processes:
        await process.stdout.readline()
    for process in processes:
        process.stdin.write(b"go\n")
    for process in processes:
        _, errors = await process.communicate()
        assert (process.returncode, errors) == (0, b"")
    library = await open_library()
    assert len(await library.newest()) == 20
    assert await library.check() == []


async def test_libraries_opened_at_once_in_one_process_agree(path, open_library, make):
    libraries = await asyncio.gather(*(open_library() for _ in range(6)))
    for library in libraries:
        await library.plan_job(make())
    assert len(await libraries[0].newest()) == 6


async def test_no_write_ahead_log_on_a_network_drive(path, open_library, make, monkeypatch):
    monkeypatch.setattr("mjtui.library.database.on_network", lambda path: True)
    library, other = await open_library(), await open_library()
    await asyncio.gather(*(place.plan_job(make()) for place in (library, other) * 10))
    assert len(await other.newest()) == 20
    assert not path.with_name("library.db-wal").exists()


MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:27 / /home rw shared:2 - nfs4 server:/home rw
31 30 0:28 / /home/me/my\\040disk rw - ext4 /dev/sdb1 rw
32 22 0:29 / /homework rw - tmpfs tmpfs rw
nonsense
"""


def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount():
    assert file_system(Path("/"), MOUNTS) == "ext4"
    assert file_system(Path("/home/me"), MOUNTS) == "nfs4"
    assert file_system(Path("/home"), MOUNTS) == "nfs4"
    assert file_system(Path("/home/me/my disk/x"), MOUNTS) == "ext4"
    assert file_system(Path("/homework"), MOUNTS) == "tmpfs"
    assert file_system(Path("/x"), "") is None


def test_where_nothing_is_known_of_mounts_the_drive_counts_as_local(tmp_path, monkeypatch):
    monkeypatch.setattr("mjtui.library.filesystem._MOUNTS", tmp_path / "none")
    assert on_network(tmp_path / "library.db") is False


def test_a_mistake_of_ours_is_not_explained_away(path):
    with closing(sqlite3.connect(":memory:")) as db, pytest.raises(sqlite3.OperationalError) as caught:
        db.execute("SELEC 1")
    assert explain(caught.value, path) is None
    assert explain(sqlite3.ProgrammingError("x"), path) is None


async def test_an_old_sqlite_is_said(path, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 0))
    with pytest.raises(LibraryError, match=r"needs 3\.34"):
        await Library.open(path)
