"""Rows of SQLite turned into the values of `rows.py`: the columns to ask for, and how to read them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

import aiosqlite

from mjtui.library.database import Parameters, fetch
from mjtui.library.rows import Job, Picture, Trouble

PICTURE_COLUMNS = tuple(field.name for field in fields(Picture))
JOB_COLUMNS = tuple(field.name for field in fields(Job) if field.name not in ("tags", "pictures"))

_JSON_COLUMNS = ("request", "draft", "files", "trouble")

SELECT_PICTURES = "SELECT " + ", ".join(f'p."{name}"' for name in PICTURE_COLUMNS) + " FROM pictures p"

JOB_VALUES = f"""
    {", ".join(f"j.{name}" for name in JOB_COLUMNS)},
    (SELECT json_group_array(t.name) FROM job_tags jt JOIN tags t ON t.id = jt.tag WHERE jt.job = j.id) AS tags,
    (SELECT json_group_array(json_array({", ".join(f'p."{name}"' for name in PICTURE_COLUMNS)}))
        FROM pictures p WHERE p.job = j.id) AS pictures
"""
"""A job with its tags and pictures, to stand between SELECT and FROM jobs j: one query for a whole page, and a job
can never be seen without pictures that were committed with it."""

SELECT_JOBS = f"SELECT {JOB_VALUES} FROM jobs j"


def to_json(value: Any) -> str:
    """JSON as it is stored: compact, text as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def trouble_json(trouble: Trouble | None) -> str | None:
    return None if trouble is None else to_json(asdict(trouble))


def job_from(row: sqlite3.Row) -> Job:
    """One row of JOB_VALUES as a job."""
    values: dict[str, Any] = {name: row[name] for name in JOB_COLUMNS}
    for name in _JSON_COLUMNS:
        values[name] = None if values[name] is None else json.loads(values[name])
    values["files"] = tuple(values["files"])
    values["trouble"] = Trouble(**values["trouble"]) if values["trouble"] else None
    pictures = [Picture(**dict(zip(PICTURE_COLUMNS, found, strict=True))) for found in json.loads(row["pictures"])]
    return Job(
        **values,
        tags=tuple(sorted(json.loads(row["tags"]), key=str.casefold)),
        pictures=tuple(sorted(pictures, key=lambda picture: picture.index)),
    )


def picture_from(row: sqlite3.Row) -> Picture:
    """One row of SELECT_PICTURES as a picture."""
    return Picture(**{name: row[name] for name in PICTURE_COLUMNS})


async def fetch_jobs(db: aiosqlite.Connection, sql: str, parameters: Parameters = ()) -> list[Job]:
    return [job_from(row) for row in await fetch(db, sql, parameters)]


async def jobs_by_id(db: aiosqlite.Connection, ids: Iterable[int]) -> list[Job]:
    """The jobs with these ids, in this order; ids that are not there are left out."""
    wanted = list(ids)
    sql = f"{SELECT_JOBS} WHERE j.id IN (SELECT value FROM json_each(?))"
    found = {job.id: job for job in await fetch_jobs(db, sql, (to_json(wanted),))}
    return [found[job_id] for job_id in wanted if job_id in found]
