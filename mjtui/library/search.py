"""A query turned into SQL: words by the full-text index, newest first, with the filters in the walk.

The index gives its hits in the order of ids, so a page ends as soon as it is full and nothing is sorted or counted.
What has no words for the index, emoji and scripts without spaces, is looked for in the text itself, job by job;
marks like "--" alone are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import aiosqlite

from mjtui.library.database import fetch
from mjtui.library.jobs import LARGEST_ID, find
from mjtui.library.query import Filter, Query, Term, Value
from mjtui.library.records import JOB_VALUES, fetch_jobs
from mjtui.library.rows import Job

_INDEXED = re.compile(r"[^\W_]")
_SCRIPTS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u303f\u3040-\u30ff\u3100-\u312f\u31f0-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """FROM and WHERE of a query with its values, and the column that its pages are ordered by."""

    source: str
    conditions: tuple[str, ...]
    values: tuple[Any, ...]
    order: str

    def jobs(self) -> str:
        """SQL for a page of jobs; takes the values, the id to come before, and the number wanted."""
        return f"SELECT {JOB_VALUES} {self._page()}"

    def jobs_after(self) -> str:
        """SQL for a page in the other direction; takes the values, the id to come after, and the number wanted."""
        return f"SELECT {JOB_VALUES} {self._page('>', 'ASC')}"

    def hits(self) -> str:
        """SQL for a count of hits up to a cap; takes the same as `jobs`."""
        return f"SELECT count(*) FROM (SELECT 1 {self._page()})"

    def _page(self, beyond: str = "<", direction: str = "DESC") -> str:
        where = " AND ".join((*self.conditions, f"{self.order} {beyond} ?", "j.deleted_at IS NULL"))
        return f"FROM {self.source} WHERE {where} ORDER BY {self.order} {direction} LIMIT ?"


def compile_query(query: Query) -> Compiled:
    """SQL for a query; every value from outside is a parameter, never a part of the text."""
    words = [term for term in query.terms if _in_index(term.text)]
    others = [term for term in query.terms if not _in_index(term.text) and not term.text.isascii()]
    wanted = " AND ".join(_phrase(term) for term in words if not term.excluded)
    unwanted = " OR ".join(_phrase(term) for term in words if term.excluded)
    conditions: list[str] = []
    values: list[Any] = []
    if wanted:
        conditions.append("words MATCH ?")
        values.append(f"({wanted}) NOT ({unwanted})" if unwanted else wanted)
    elif unwanted:
        conditions.append("j.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(unwanted)
    for term in others:
        conditions.append(_unless(term.excluded, "instr(j.prompt, ?) > 0 OR instr(j.note, ?) > 0"))
        values += [term.text, term.text]
    for item in query.filters:
        sql, value = _CONDITIONS[item.field](item)
        conditions.append(_unless(item.excluded, sql))
        values += value
    if wanted:
        return Compiled(
            "words CROSS JOIN jobs j ON j.id = words.rowid", tuple(conditions), tuple(values), "words.rowid"
        )
    return Compiled("jobs j", tuple(conditions), tuple(values), "j.id")


async def search(db: aiosqlite.Connection, query: Query, before: int | None, limit: int) -> list[Job]:
    """A page of hits, newest first. Raises UsageError where parent: names no job."""
    compiled = compile_query(await _resolved(db, query))
    page = (LARGEST_ID if before is None else before, limit)
    return await fetch_jobs(db, compiled.jobs(), (*compiled.values, *page))


async def every_hit(db: aiosqlite.Connection, query: Query, after: int, limit: int) -> list[Job]:
    """A page of hits, oldest first, of ids greater than `after`."""
    compiled = compile_query(await _resolved(db, query))
    return await fetch_jobs(db, compiled.jobs_after(), (*compiled.values, after, limit))


async def count_hits(db: aiosqlite.Connection, query: Query, cap: int) -> int:
    """How many hits there are, counted up to `cap`."""
    compiled = compile_query(await _resolved(db, query))
    return (await fetch(db, compiled.hits(), (*compiled.values, LARGEST_ID, cap)))[0][0]


async def _resolved(db: aiosqlite.Connection, query: Query) -> Query:
    """The query with the id of the job that parent: names."""
    filters = [
        replace(item, value=(await find(db, str(item.value))).id) if item.field == "parent" else item
        for item in query.filters
    ]
    return replace(query, filters=tuple(filters))


def _in_index(text: str) -> bool:
    return _INDEXED.search(text) is not None and _SCRIPTS_WITHOUT_SPACES.search(text) is None


def _phrase(term: Term) -> str:
    """A phrase of FTS5: in quotes every text is one, and a star after it leaves its last word open."""
    quoted = '"' + term.text.replace('"', '""').replace("\0", " ") + '"'
    return quoted + "*" if term.typing else quoted


def _unless(excluded: bool, condition: str) -> str:
    return f"({condition}) IS NOT TRUE" if excluded else f"({condition})"


def _column(name: str) -> Callable[[Filter], tuple[str, list[Any]]]:
    return lambda item: (f"j.{name} {item.operator} ?", [item.value])


def _tag(item: Filter) -> tuple[str, list[Any]]:
    sql = "EXISTS (SELECT 1 FROM job_tags jt WHERE jt.job = j.id AND jt.tag = (SELECT id FROM tags WHERE name = ?))"
    return sql, [item.value]


def _before(item: Filter) -> tuple[str, list[Any]]:
    return "j.created_at < ?", [_start_of(item.value)]


def _after(item: Filter) -> tuple[str, list[Any]]:
    return "j.created_at >= ?", [_start_of(item.value)]


def _video(item: Filter) -> tuple[str, list[Any]]:
    return "j.state = 'succeeded' AND j.kind IN ('video', 'video_hd', 'extend')", []


def _start_of(day: Value) -> int:
    """The first moment of a day where the person is, in milliseconds UTC."""
    assert isinstance(day, date)
    return int(datetime.combine(day, time()).timestamp() * 1000)


_CONDITIONS: dict[str, Callable[[Filter], tuple[str, list[Any]]]] = {
    "is": _column("state"),
    "type": _column("kind"),
    "v": _column("version"),
    "ar": _column("aspect_ratio"),
    "speed": _column("speed"),
    "tag": _tag,
    "rating": _column("rating"),
    "parent": _column("parent"),
    "before": _before,
    "after": _after,
    "has": _video,
}
