"""Full disks, locked libraries, folders that are none: nothing is paid twice or lost, and it goes on by itself."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from mjtui.engine import downloads
from mjtui.engine import transfer as transfers
from mjtui.errors import LibraryError
from mjtui.library.database import Database
from mjtui.library.store import Library

WRITES = 16
"""Transactions in the life of a job with four pictures, about."""


async def live(bench, job, *, rounds: int = 60):
    """Do what the workers do, a minute at a time, until nothing is left to be done."""
    bench.ledger.release(job.id)
    for _ in range(rounds):
        for step in (
            bench.ledger.step,
            bench.library.sweep_submitting,
            lambda: bench.poller.round(due=bench.clock()),
            lambda: bench.downloads.round(due=bench.clock()),
        ):
            try:
                await step()
            except LibraryError:
                continue
            tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("submit #")]
            await asyncio.gather(*tasks, return_exceptions=True)
        row = await bench.library.job(job.id)
        if row.state in ("unknown", "rejected") or (row.pictures and all(p.state == "saved" for p in row.pictures)):
            return row
        bench.clock.pass_seconds(60)
    return await bench.library.job(job.id)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("mjtui.engine.ledger.WRITE_AGAIN", 0)


def saved_whole(bench, job) -> bool:
    files = list(bench.folder.iterdir())
    return len(files) == 4 and all(transfers.digest_of(Path(p.path)).sha256 == p.sha256 for p in job.pictures)


@pytest.mark.parametrize("nth", range(1, WRITES))
async def test_a_library_that_cannot_be_written_at_any_one_moment_loses_nothing(bench, monkeypatch, quick, nth):
    job = await bench.plan()
    write, count = Database.write, 0

    @asynccontextmanager
    async def full(database: Database) -> AsyncIterator[object]:
        nonlocal count
        async with write(database) as connection:
            yield connection
            count += 1
            if count == nth:
                raise LibraryError("The disk is full.")

    monkeypatch.setattr(Database, "write", full)
    job = await live(bench, job)
    assert count >= nth
    assert bench.charges == 1
    assert job.state == "succeeded"
    assert saved_whole(bench, job)
    assert await bench.library.owners() == []


async def test_a_disk_that_stays_full_for_a_while_stops_sending_and_then_goes_on(bench, quick):
    job = await bench.plan("a paper lighthouse at dusk, " * 60)
    writer = bench.library._db._writer
    [[pages]] = await writer.execute_fetchall("PRAGMA page_count")
    await writer.execute(f"PRAGMA max_page_count = {pages}")
    for size in (2000, 200, 10):
        with pytest.raises(LibraryError, match="full"):
            for number in range(500):
                await bench.library.set_value(f"{size} {number}", "x" * size)
    with suppress(LibraryError):
        await bench.submit(job)
    assert bench.arrived() == 0, "what cannot be written down is not sent"
    await writer.execute("PRAGMA max_page_count = 1000000")
    bench.clock.pass_seconds(600)
    job = await live(bench, job)
    assert job.state == "succeeded"
    assert bench.charges == 1


async def test_a_library_locked_by_another_program_delays_and_loses_nothing(bench, quick):
    job = await bench.plan()
    patient = bench.library
    bench.library = await Library.open(patient.path, now=bench.clock, patience_ms=20)
    bench.__post_init__()
    other = sqlite3.connect(patient.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bench.ledger.release(job.id)
    with pytest.raises(LibraryError, match="locked"):
        await bench.ledger.step()
    assert bench.arrived() == 0
    other.execute("ROLLBACK")
    assert (await bench.submit(job)).state == "running"
    other.execute("BEGIN IMMEDIATE")
    bench.clock.pass_seconds(60)
    with pytest.raises(LibraryError, match="locked"):
        await bench.poller.round(due=bench.clock())
    other.execute("ROLLBACK")
    other.close()
    job = await live(bench, job)
    assert job.state == "succeeded"
    assert saved_whole(bench, job)
    assert bench.charges == 1
    await bench.downloads.close()
    await bench.library.close()
    bench.library = patient
    bench.__post_init__()


@pytest.mark.parametrize("call", ["mkdir", "open", "write", "sync", "rename", "sync folder"])
async def test_a_picture_that_cannot_be_written_is_due_until_it_can(bench, monkeypatch, call):
    job = await bench.done()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    class Full:
        def __init__(self, file) -> None:
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *error) -> None:
            self.file.close()

        write = full

    opening = Path.open

    def opened(path, mode="r", **options):
        file = opening(path, mode, **options)
        return Full(file) if path.suffix == ".part" and mode == "wb" else file

    with monkeypatch.context() as patch:
        if call in ("mkdir", "open"):
            patch.setattr(Path, call, full)
        elif call == "write":
            patch.setattr(Path, "open", opened)
        elif call == "sync":
            patch.setattr(os, "fsync", full)
        elif call == "rename":
            patch.setattr(Path, "replace", full)
        else:
            patch.setattr(downloads.os, "open", full)
        job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"due"}
    assert any("No space left" in text for text in bench.notices())
    bench.clock.pass_seconds(600)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert saved_whole(bench, job)


async def test_a_picture_folder_that_is_a_file_is_told_once_and_waited_for(bench):
    bench.folder.write_text("not a folder")
    job = await bench.save(await bench.done())
    assert {picture.state for picture in job.pictures} == {"due"}
    assert len([text for text in bench.notices() if "cannot be saved" in text]) == 1
    bench.folder.unlink()
    bench.clock.pass_seconds(3600)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}


async def test_downloads_leave_room_on_the_disk_and_wait_for_more(bench, monkeypatch):
    job = await bench.done()
    with monkeypatch.context() as patch:
        patch.setattr(transfers, "KEPT_FREE", 1 << 60)
        for _ in range(20):
            job = await bench.save(job)
            bench.clock.pass_seconds(3600)
    assert {picture.state for picture in job.pictures} == {"due"}, "a full disk is no reason to give up"
    assert not any(seen.path.startswith("/m/") for seen in bench.world.seen)
    assert any("stay free" in text for text in bench.notices())
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}
