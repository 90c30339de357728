"""Jobs one by one: planned, found, moved from state to state, and the log of each."""

from __future__ import annotations

import json
import secrets
from typing import Any

import aiosqlite

from mjtui.errors import NoSuchJob, UsageError
from mjtui.library.database import change, fetch, run
from mjtui.library.records import SELECT_JOBS, fetch_jobs, jobs_by_id, to_json, trouble_json
from mjtui.library.rows import UNFINISHED, Event, Job, NewJob, State
from mjtui.library.states import allowed

MOVABLE = frozenset({
    "task_id",
    "submitted_at",
    "finished_at",
    "expires_at",
    "not_before",
    "next_look_at",
    "request",
    "trouble",
    "balance_before",
    "balance_after",
    "cost",
})  # fmt: skip
"""The columns that may be set while a job goes from one state to another."""

LARGEST_ID = 2**63 - 1


def new_uid() -> str:
    """A name for a job that no other library gives to another."""
    return secrets.token_hex(12)


async def plan(db: aiosqlite.Connection, new: NewJob, now: int) -> Job:
    return await job(db, await write_down(db, new, now))


async def write_down(db: aiosqlite.Connection, new: NewJob, now: int) -> int:
    """The id of a new job in state planned. Raises NoSuchJob where its parent is not there."""
    if new.parent is not None:
        await job(db, new.parent)
    values: dict[str, Any] = {
        "uid": new_uid(),
        "state": "planned",
        "kind": new.kind,
        "speed": new.speed,
        "version": new.version,
        "aspect_ratio": new.aspect_ratio,
        "stylize": new.stylize,
        "cost": new.cost,
        "created_at": now,
        "not_before": now,
        "parent": new.parent,
        "parent_index": new.parent_index,
        "batch": new.batch,
        "service": new.service,
        "endpoint": new.endpoint,
        "digest": new.digest,
        "prompt": new.prompt,
        "files": to_json(new.files),
        "request": to_json(new.request),
        "draft": to_json(new.draft),
    }
    job_id = await insert(db, "jobs", values)
    await add_event(db, job_id, now, "planned", {})
    return job_id


async def insert(db: aiosqlite.Connection, table: str, values: dict[str, Any]) -> int:
    """Insert one row and return its id; column names come from the code, never from outside."""
    columns = ", ".join(f'"{name}"' for name in values)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})"
    cursor = await run(db, sql, list(values.values()))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


async def job(db: aiosqlite.Connection, job_id: int) -> Job:
    """Raises NoSuchJob."""
    found = await jobs_by_id(db, [job_id]) if 0 < job_id <= LARGEST_ID else []
    if not found:
        raise NoSuchJob(f"There is no job #{job_id} in the library.", hint="`mjtui tasks` lists the newest ones.")
    return found[0]


async def find(db: aiosqlite.Connection, word: str) -> Job:
    """The job that a person means: "8123", "#8123", "last", a task id, or at least four characters of its beginning.

    Raises NoSuchJob, or UsageError where several tasks begin like that.
    """
    word = word.strip()
    if word == "last":
        newest = await fetch_jobs(db, f"{SELECT_JOBS} WHERE j.deleted_at IS NULL ORDER BY j.id DESC LIMIT 1")
        if not newest:
            raise NoSuchJob("There is no job in the library yet.")
        return newest[0]
    number = word.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) <= 18:
        found = await jobs_by_id(db, [int(number)])
        if found:
            return found[0]
    tasks = await _tasks_beginning(db, word) if len(word) >= 4 else []
    if not tasks:
        raise NoSuchJob(
            f'There is no job "{word}" in the library.',
            hint="Name a job by its number, by its task id (or four characters of its beginning), or `last`.",
        )
    if len(tasks) > 1:
        names = " and ".join(f"#{task.id} ({task.task_id})" for task in tasks)
        raise UsageError(f'More than one task begins with "{word}": {names}.', hint="Give more of it.")
    return tasks[0]


async def by_task(db: aiosqlite.Connection, task_id: str) -> Job | None:
    found = await fetch_jobs(db, f"{SELECT_JOBS} WHERE j.task_id = ? LIMIT 1", (task_id,))
    return found[0] if found else None


async def _tasks_beginning(db: aiosqlite.Connection, word: str) -> list[Job]:
    exact = await fetch_jobs(db, f"{SELECT_JOBS} WHERE j.task_id = ? LIMIT 2", (word,))
    if exact:
        return exact
    sql = f"{SELECT_JOBS} WHERE j.task_id >= ? AND j.task_id < ? LIMIT 2"
    return await fetch_jobs(db, sql, (word, word + "\U0010ffff"))


async def move(
    db: aiosqlite.Connection,
    job_id: int,
    now: int,
    *,
    old: tuple[State, ...],
    new: State,
    what: str,
    detail: dict[str, Any] | None,
    owner: str | None,
    columns: dict[str, Any],
    lease_ms: int | None = None,
) -> Job | None:
    """Compare and swap: the job goes to `new` if it is in one of `old` now, with the line in its log.

    What belongs to a state comes and goes with it: the lease ends unless the job is being submitted, trouble is that
    of the new state, and times that are not given are now (`submitted_at`, `finished_at`, the next look).
    """
    for state in old:
        if not allowed(state, new):
            raise ValueError(f"a job cannot go from {state} to {new}")
    if unknown := columns.keys() - MOVABLE:
        raise ValueError(f"not to be set by a move: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {"state": new} | _times_of(new, now) | {"trouble": None} | columns
    values["trouble"] = trouble_json(values["trouble"])
    if "request" in values:
        values["request"] = to_json(values["request"])
    if new != "submitting":
        values |= {"lease_owner": None, "lease_until": None}
    elif lease_ms is not None:
        values["lease_until"] = now + lease_ms
    sets = ", ".join(f"{name} = ?" for name in values)
    sql = f"UPDATE jobs SET {sets} WHERE id = ? AND state IN ({', '.join('?' * len(old))})"
    parameters = [*values.values(), job_id, *old]
    if owner is not None:
        sql += " AND lease_owner = ?"
        parameters.append(owner)
    if not await change(db, sql, parameters):
        return None
    await add_event(db, job_id, now, what, detail or {})
    return await job(db, job_id)


def _times_of(new: State, now: int) -> dict[str, int | None]:
    if new == "planned":
        return {"submitted_at": None, "next_look_at": None}
    if new == "submitting":
        return {"submitted_at": now}
    if new == "running":
        return {"next_look_at": now, "finished_at": None}
    return {"next_look_at": None} if new in UNFINISHED else {"next_look_at": None, "finished_at": now}


async def add_event(db: aiosqlite.Connection, job_id: int, at: int, what: str, detail: dict[str, Any]) -> None:
    sql = "INSERT INTO events (job, at, what, detail) VALUES (?, ?, ?, ?)"
    await change(db, sql, (job_id, at, what, to_json(detail)))


async def log(db: aiosqlite.Connection, job_id: int) -> list[Event]:
    """What happened to a job, oldest first."""
    rows = await fetch(db, "SELECT id, job, at, what, detail FROM events WHERE job = ? ORDER BY id", (job_id,))
    return [
        Event(id=row["id"], job=row["job"], at=row["at"], what=row["what"], detail=json.loads(row["detail"]))
        for row in rows
    ]
