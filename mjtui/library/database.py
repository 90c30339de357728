"""One writer and one reader on one SQLite file: pragmas, transactions, and errors that a person can read."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from mjtui.errors import LibraryError
from mjtui.library.failures import explain
from mjtui.library.filesystem import on_network
from mjtui.library.migrations import migrate, number

OLDEST_SQLITE = (3, 34, 0)

LONG_PATIENCE_MS = 30_000
"""How long a copy or a check waits for a lock where there is no write-ahead log."""

Parameters = Sequence[Any] | Mapping[str, Any]


async def fetch(db: aiosqlite.Connection, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
    """All rows of a query, in one hop to the connection's thread."""
    try:
        return list(await db.execute_fetchall(sql, parameters))
    except UnicodeEncodeError:
        return list(await db.execute_fetchall(sql, _storable(parameters)))


async def run(db: aiosqlite.Connection, sql: str, parameters: Parameters = ()) -> aiosqlite.Cursor:
    """Run one INSERT, UPDATE or DELETE."""
    try:
        return await db.execute(sql, parameters)  # pyright: ignore[reportArgumentType]
    except UnicodeEncodeError:
        return await db.execute(sql, _storable(parameters))  # pyright: ignore[reportArgumentType]


async def change(db: aiosqlite.Connection, sql: str, parameters: Parameters = ()) -> int:
    """Run one INSERT, UPDATE or DELETE; the number of rows that it touched."""
    return (await run(db, sql, parameters)).rowcount


class Database:
    """The open file. Writes go one at a time through `write`, reads through `read` and never wait for a write."""

    def __init__(
        self, path: Path, reader: aiosqlite.Connection, writer: aiosqlite.Connection | None, schema_version: int
    ) -> None:
        self.path = path
        self.schema_version = schema_version
        self._reader = reader
        self._writer = writer
        self._turn = asyncio.Lock()
        self._data_version: int | None = None

    @classmethod
    async def open(cls, path: Path, *, read_only: bool, patience_ms: int) -> Database:
        """Open or create the file, bring its schema up to date, and make both connections ready."""
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise LibraryError(
                f"This Python has SQLite {sqlite3.sqlite_version}; mjtui needs 3.34 or newer.",
                hint="Run mjtui with a newer Python.",
            )
        if not read_only:
            _create(path)
        opened: list[aiosqlite.Connection] = []
        try:
            with readable_errors(path):
                writer: aiosqlite.Connection | None = None
                if not read_only:
                    writer = await _connect(path, "rw", patience_ms)
                    opened.append(writer)
                    await _prepare_writer(writer, path, patience_ms)
                    await migrate(writer, path)
                reader = await _connect(path, "ro" if read_only else "rw", patience_ms)
                opened.append(reader)
                await reader.execute("PRAGMA query_only = ON")
                version = await migrate(reader, path, read_only=True)
                database = cls(path, reader, writer, version)
                await database.changed_elsewhere()
                return database
        except BaseException:
            for connection in opened:
                await connection.close()
            raise

    async def close(self) -> None:
        """Close both connections; the last one of all processes folds the write-ahead log into the file."""
        async with self._turn:
            try:
                await self._reader.close()
            finally:
                if self._writer is not None:
                    await self._writer.close()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[aiosqlite.Connection]:
        """The connection for queries; each query sees everything that was committed before it."""
        with readable_errors(self.path):
            yield self._reader

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[aiosqlite.Connection]:
        """One transaction that holds the write lock: all of it is on the disk when this ends, or none of it.

        A cancelled task rolls back. The connection runs its calls in the order in which they were made, so the
        roll-back comes before the next transaction even where the task is cancelled while it waits for it.
        """
        if self._writer is None:
            raise LibraryError(f"The library {self.path} is opened for reading only.", meaning="Nothing was changed.")
        async with self._turn:
            with readable_errors(self.path):
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    await self._writer.commit()
                except BaseException:
                    await self._writer.rollback()
                    raise

    @asynccontextmanager
    async def aside(self) -> AsyncGenerator[aiosqlite.Connection]:
        """A connection of its own for long reading, so that nobody waits behind it; its errors are SQLite's."""
        connection = await _connect(self.path, "ro", LONG_PATIENCE_MS)
        try:
            yield connection
        finally:
            await connection.close()

    async def changed_elsewhere(self) -> bool:
        """True where another process has written since the last call."""
        with readable_errors(self.path):
            version = await number(self._writer or self._reader, "data_version")
        changed = self._data_version not in (None, version)
        self._data_version = version
        return changed


@contextmanager
def readable_errors(path: Path) -> Generator[None]:
    """Turn SQLite's errors about the file into LibraryError."""
    try:
        yield
    except sqlite3.Error as error:
        meant = explain(error, path)
        if meant is None:
            raise
        raise meant from error


async def _connect(path: Path, mode: str, patience_ms: int) -> aiosqlite.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    # Where a file cannot be opened aiosqlite leaves a thread that outlives the event loop: so this is tried before.
    sqlite3.connect(uri, uri=True).close()
    connection = await aiosqlite.connect(uri, uri=True, isolation_level=None, timeout=patience_ms / 1000)
    connection.row_factory = sqlite3.Row
    return connection


async def _prepare_writer(writer: aiosqlite.Connection, path: Path, patience_ms: int) -> None:
    """Set the pragmas of the writer; the time to wait for locks was set first, when it connected.

    FULL makes each commit reach the disk before it returns, because a request that may cost money follows it.
    macOS needs fullfsync for that. A write-ahead log cannot be shared over a network.
    """
    await _set_journal(writer, "TRUNCATE" if on_network(path) else "WAL", patience_ms)
    await writer.execute("PRAGMA synchronous = FULL")
    await writer.execute("PRAGMA fullfsync = ON")
    await writer.execute("PRAGMA foreign_keys = ON")


async def _set_journal(writer: aiosqlite.Connection, mode: str, patience_ms: int) -> None:
    """Change the journal, which does not wait for locks by itself when several processes make a library at once."""
    end = time.monotonic() + patience_ms / 1000
    while True:
        try:
            await writer.execute(f"PRAGMA journal_mode = {mode}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            await asyncio.sleep(0.01)
        else:
            return


def _create(path: Path) -> None:
    """Make an empty file that only its owner can read, where there is none yet."""
    if path.exists():
        return
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise LibraryError(
            f"The library {path} cannot be opened: {error.strerror}.",
            meaning="Nothing was changed.",
            hint="Check that the folder exists and can be written, or point MJTUI_HOME at another one.",
        ) from error


def _storable(parameters: Parameters) -> Parameters:
    """The same values with halves of surrogate pairs, which are no text, replaced by question marks."""

    def fix(value: Any) -> Any:
        return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value

    if isinstance(parameters, Mapping):
        return {name: fix(value) for name, value in parameters.items()}
    return [fix(value) for value in parameters]
