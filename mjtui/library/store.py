"""The library as the engine uses it: every method is one read, or one transaction that is on the disk when it returns.

Times are milliseconds UTC; `owner` names a process, and a lease is the time for which work in a row is its own. What
the first screen does not need is imported by the methods that do: it would be a twentieth of the start.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mjtui.library import batches, claims, jobs, keeping, lists, pictures, prices
from mjtui.library.database import Database
from mjtui.library.rows import Batch, Counts, Event, Job, NewJob, Picture, State


def now_ms() -> int:
    """The time of the clock on the wall."""
    return time.time_ns() // 1_000_000


class Library:
    """Everything that is remembered. Open it with `Library.open`, close it with `close`.

    Errors about the file (locked, full, read-only, damaged, newer) are LibraryError.
    """

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._db = database
        self._now = now

    @classmethod
    async def open(
        cls, path: Path, *, now: Callable[[], int] = now_ms, read_only: bool = False, patience_ms: int = 5000
    ) -> Library:
        """Open the library, made or brought up to date where needed; `patience_ms` is the wait for others' locks."""
        return cls(await Database.open(path, read_only=read_only, patience_ms=patience_ms), now)

    async def close(self) -> None:
        await self._db.close()

    @property
    def path(self) -> Path:
        return self._db.path

    @property
    def schema_version(self) -> int:
        return self._db.schema_version

    async def changed_elsewhere(self) -> bool:
        """True where another process has written since the last call."""
        return await self._db.changed_elsewhere()

    async def plan_job(self, new: NewJob) -> Job:
        """Write down an intent, in state planned. Raises NoSuchJob where its parent is not in the library."""
        async with self._db.write() as db:
            return await jobs.plan(db, new, self._now())

    async def plan_batch(self, expression: str, new: Sequence[tuple[NewJob, tuple[str, ...]]]) -> tuple[int, list[int]]:
        """Write down a batch with all its jobs and their tags, or nothing; its id and theirs. Raises UsageError."""
        async with self._db.write() as db:
            return await batches.plan(db, expression, new, self._now())

    async def batch(self, batch_id: int) -> Batch:
        """Raises UsageError."""
        async with self._db.read() as db:
            return await batches.batch(db, batch_id)

    async def batches(self, limit: int = 50) -> list[Batch]:
        """The newest batches."""
        async with self._db.read() as db:
            return await batches.newest(db, limit)

    async def batch_jobs(self, batch_id: int, *, waiting: bool = False) -> list[int]:
        """The ids of a batch's jobs, or of those that are not sent yet."""
        async with self._db.read() as db:
            return await batches.job_ids(db, batch_id, waiting=waiting)

    async def stop_batch(self, batch_id: int) -> None:
        """Let nobody send what is planned of a batch. Raises UsageError."""
        async with self._db.write() as db:
            await batches.stop(db, batch_id, self._now())

    async def go_on_with_batch(self, batch_id: int) -> None:
        """Let what is planned of a batch be sent, now. Raises UsageError."""
        async with self._db.write() as db:
            await batches.go_on(db, batch_id, self._now())

    async def already_made(self, digests: Iterable[str]) -> dict[str, list[int]]:
        """Jobs that asked for these and were made or are under way, newest first."""
        async with self._db.read() as db:
            return await batches.already_made(db, digests)

    async def measured(self) -> dict[tuple[str, str | None], list[float]]:
        """What the newest jobs that were alone have cost, by kind and speed, newest first; of videos, each clip."""
        async with self._db.read() as db:
            return await prices.measured(db)

    async def job(self, job_id: int) -> Job:
        """Raises NoSuchJob."""
        async with self._db.read() as db:
            return await jobs.job(db, job_id)

    async def jobs(self, ids: Iterable[int]) -> list[Job]:
        """The jobs with these ids, in this order; ids that are not there are left out."""
        async with self._db.read() as db:
            return await jobs.jobs_by_id(db, ids)

    async def find(self, word: str) -> Job:
        """The job that a person means: "8123", "#8123", "last", a task id, or four characters of its beginning.

        Raises NoSuchJob, or UsageError where several tasks begin like that.
        """
        async with self._db.read() as db:
            return await jobs.find(db, word)

    async def by_task(self, task_id: str) -> Job | None:
        """The job with exactly this task id."""
        async with self._db.read() as db:
            return await jobs.by_task(db, task_id)

    async def newest(self, *, before: int | None = None, limit: int = 50) -> list[Job]:
        """A page of what is not in the trash, newest first, of ids smaller than `before`."""
        async with self._db.read() as db:
            return await lists.newest(db, before, limit)

    async def search(self, query: str, *, before: int | None = None, limit: int = 50) -> list[Job]:
        """A page of hits, newest first. Raises UsageError with a sentence where a filter is wrong."""
        from mjtui.library import query as language
        from mjtui.library import search

        async with self._db.read() as db:
            return await search.search(db, language.parse_query(query), before, limit)

    async def count_hits(self, query: str, cap: int = 1000) -> int:
        """How many hits there are, counted up to `cap`."""
        from mjtui.library import query as language
        from mjtui.library import search

        async with self._db.read() as db:
            return await search.count_hits(db, language.parse_query(query), cap)

    async def tasks(self, *, finished: int = 50) -> list[Job]:
        """What is unfinished, newest first (at most 500), then what finished last."""
        async with self._db.read() as db:
            return await lists.tasks(db, finished)

    async def counts(self, *, expiring_before: int) -> Counts:
        """How many jobs are where; `expiring` counts pictures not saved that the service deletes before that time."""
        async with self._db.read() as db:
            return await lists.counts(db, expiring_before)

    async def move(
        self,
        job_id: int,
        *,
        old: tuple[State, ...],
        new: State,
        what: str,
        detail: dict[str, Any] | None = None,
        owner: str | None = None,
        limit: tuple[int, float] | None = None,
        lease_ms: int | None = None,
        **columns: Any,
    ) -> Job | None:
        """Compare and swap the state of a job, with the line `what` in its log.

        None where the job is not in one of `old`, or its lease is not `owner`'s where that is given. The lease ends
        unless `new` is submitting, where it is held for `lease_ms` from now on. Columns that may be set are
        `jobs.MOVABLE`; `submitted_at`, `finished_at` and `next_look_at` are set to now where the new state begins with
        them, and trouble is cleared, unless given.
        `limit` is a time and the credits that may be spent from then on: raises OverBudget where the job's cost goes
        beyond, whichever process spent the rest.
        """
        async with self._db.write() as db:
            if limit is not None:
                await lists.check_limit(db, job_id, *limit)
            return await jobs.move(
                db,
                job_id,
                self._now(),
                old=old,
                new=new,
                what=what,
                detail=detail,
                owner=owner,
                columns=columns,
                lease_ms=lease_ms,
            )

    async def claim_planned(self, owner: str, *, lease_ms: int, ids: Sequence[int] | None = None) -> Job | None:
        """Take the oldest planned job whose time has come, of these ids where they are given."""
        async with self._db.write() as db:
            return await claims.claim_planned(db, owner, self._now(), lease_ms, ids)

    async def claim_looks(self, owner: str, *, lease_ms: int, limit: int, due: int | None = None) -> list[Job]:
        """Take running jobs whose look was due at that time (now, unless given), soonest first."""
        async with self._db.write() as db:
            return await claims.claim_looks(db, owner, self._now(), lease_ms, limit, due)

    async def claim_pictures(self, owner: str, *, lease_ms: int, limit: int, due: int | None = None) -> list[Picture]:
        """Take pictures that were due to be saved at that time (now, unless given), soonest first."""
        async with self._db.write() as db:
            return await claims.claim_pictures(db, owner, self._now(), lease_ms, limit, due)

    async def look_soon(self, ids: Sequence[int] | None, *, at: int) -> None:
        """Let the next look at these running jobs (None: at all) be due at that time at the latest."""
        async with self._db.write() as db:
            await claims.look_soon(db, ids, at)

    async def save_soon(self, *, at: int) -> None:
        """Let the next try at every picture that is due be at that time at the latest."""
        async with self._db.write() as db:
            await claims.save_soon(db, at)

    async def retry_pictures(self, job_ids: Sequence[int] | None) -> int:
        """Let every picture of these jobs (None: of all) that is not saved be due now; how many there are."""
        async with self._db.write() as db:
            return await pictures.retry(db, job_ids, self._now())

    async def note_balance(self, job_id: int, after: float) -> None:
        """Keep the credits that were left after a job, and what it cost where it was alone."""
        async with self._db.write() as db:
            await prices.note_balance(db, job_id, after)

    async def next_planned_at(self, ids: Sequence[int] | None = None) -> int | None:
        """When the next planned job (of these ids) can be claimed, the end of others' leases counted."""
        async with self._db.read() as db:
            return await claims.next_planned_at(db, ids)

    async def next_look_at(self) -> int | None:
        """When the next running job can be claimed, the end of others' leases counted."""
        async with self._db.read() as db:
            return await claims.next_look_at(db)

    async def next_picture_at(self) -> int | None:
        """When the next picture can be claimed, the end of others' leases counted."""
        async with self._db.read() as db:
            return await claims.next_picture_at(db)

    async def looked(self, job_id: int, owner: str, *, next_look_at: int) -> None:
        """Give a running job back until its next look."""
        async with self._db.write() as db:
            await claims.looked(db, job_id, owner, next_look_at)

    async def sweep_submitting(self) -> list[int]:
        """Jobs whose sender died before the answer become unknown; their ids."""
        async with self._db.write() as db:
            return await claims.sweep_submitting(db, self._now())

    async def owners(self) -> list[str]:
        """Who has claimed something."""
        async with self._db.read() as db:
            return await claims.owners(db)

    async def release(self, owner: str) -> None:
        """Give back all that `owner` has claimed."""
        async with self._db.write() as db:
            await claims.release(db, owner)

    async def succeed(
        self,
        job_id: int,
        *,
        urls: Sequence[str],
        finished_at: int,
        expires_at: int | None,
        detail: dict[str, Any] | None = None,
    ) -> Job | None:
        """A running job succeeded, and its pictures are due, together; None, and no change, where it is not running."""
        async with self._db.write() as db:
            return await pictures.succeed(
                db, job_id, self._now(), urls=urls, finished_at=finished_at, expires_at=expires_at, detail=detail
            )

    async def name_picture(self, picture_id: int, path: str) -> str:
        """Give a picture its path where it has none yet; the path that it has then."""
        async with self._db.write() as db:
            return await pictures.name(db, picture_id, path)

    async def remember_validator(self, picture_id: int, etag: str | None) -> None:
        """Keep what the server calls this version of the file, for resuming its download."""
        async with self._db.write() as db:
            await pictures.remember_validator(db, picture_id, etag)

    async def keep_picture(self, picture_id: int, owner: str, lease_ms: int) -> bool:
        """Hold the lease for longer; False where it is another's by now."""
        async with self._db.write() as db:
            return await pictures.keep(db, picture_id, owner, self._now() + lease_ms)

    async def picture_saved(
        self,
        picture_id: int,
        owner: str,
        *,
        path: str,
        sha256: str,
        media_type: str,
        width: int | None,
        height: int | None,
        size: int,
    ) -> bool:
        """The file is on the disk and checked; `size` is in bytes. False where the lease is another's by now."""
        facts = {
            "path": path,
            "sha256": sha256,
            "media_type": media_type,
            "width": width,
            "height": height,
            "size": size,
        }
        async with self._db.write() as db:
            return await pictures.saved(db, picture_id, owner, self._now(), facts)

    async def picture_failed(
        self,
        picture_id: int,
        owner: str,
        *,
        error: str,
        next_try_at: int | None,
        etag: str | None = None,
        url: str | None = None,
    ) -> bool:
        """Tried in vain: due again at `next_try_at`, lost where that is None. False where the lease is another's."""
        async with self._db.write() as db:
            return await pictures.failed(
                db, picture_id, owner, self._now(), error=error, next_try_at=next_try_at, etag=etag, url=url
            )

    async def picture_due(self, picture_id: int) -> None:
        """The file of a picture is gone: save it once more, under the same name."""
        async with self._db.write() as db:
            await pictures.due_again(db, picture_id, self._now())

    async def pictures(self, job_ids: Sequence[int]) -> list[Picture]:
        """The pictures of these jobs, by job and index."""
        async with self._db.read() as db:
            return await pictures.pictures(db, job_ids)

    async def expiring(self, before: int) -> list[Job]:
        """Jobs with pictures not saved that the service deletes before that time, soonest first."""
        async with self._db.read() as db:
            return await pictures.expiring(db, before)

    async def durations(self, kind: str, speed: str | None, limit: int = 200) -> list[int]:
        """How long jobs took from sent to done, in milliseconds, newest first."""
        async with self._db.read() as db:
            return await lists.durations(db, kind, speed, limit)

    async def same_request(self, digest: str, *, since: int) -> Job | None:
        """The newest job that asked for the same since then, and was not cancelled, rejected or trashed."""
        async with self._db.read() as db:
            return await lists.same_request(db, digest, since)

    async def spent(self, since: int) -> float:
        """Credits of all that was sent since then, whatever came of it, but for what was rejected."""
        async with self._db.read() as db:
            return await lists.spent(db, since)

    async def committed(self, since: int) -> float:
        """Credits spent since then, and those of all that is planned."""
        async with self._db.read() as db:
            return await lists.committed(db, since)

    async def log(self, job_id: int) -> list[Event]:
        """What happened to a job, oldest first."""
        async with self._db.read() as db:
            return await jobs.log(db, job_id)

    async def note_event(self, job_id: int, what: str, detail: dict[str, Any] | None = None) -> None:
        """Add a line to the log of a job. Raises NoSuchJob."""
        async with self._db.write() as db:
            await jobs.job(db, job_id)
            await jobs.add_event(db, job_id, self._now(), what, detail or {})

    async def upload(self, sha256: str) -> tuple[str, int] | None:
        """Where the service keeps a file with this hash, and until when."""
        async with self._db.read() as db:
            return await keeping.upload(db, sha256)

    async def remember_upload(self, sha256: str, url: str, expires_at: int) -> None:
        async with self._db.write() as db:
            await keeping.remember_upload(db, sha256, url, expires_at)

    async def draft(self, name: str) -> dict[str, Any] | None:
        async with self._db.read() as db:
            return await keeping.draft(db, name)

    async def save_draft(self, name: str, body: dict[str, Any]) -> None:
        async with self._db.write() as db:
            await keeping.save_draft(db, name, body, self._now())

    async def drafts(self) -> list[str]:
        """The names of all drafts."""
        async with self._db.read() as db:
            return await keeping.drafts(db)

    async def value(self, key: str) -> Any:
        """What the screen remembered under this key; None where there is nothing."""
        async with self._db.read() as db:
            return await keeping.value(db, key)

    async def set_value(self, key: str, value: Any) -> None:
        """Remember a JSON value for the screen."""
        async with self._db.write() as db:
            await keeping.set_value(db, key, value)

    async def rate(self, picture_id: int, rating: int | None) -> None:
        """0 to 5, -1 for rejected, None for not rated. Raises UsageError."""
        async with self._db.write() as db:
            await pictures.rate(db, picture_id, rating)

    async def tag(self, job_id: int, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Put tags on a job and take others off. Raises UsageError where one is no tag."""
        async with self._db.write() as db:
            await keeping.tag(db, job_id, add, remove)

    async def note(self, job_id: int, text: str) -> None:
        """Set the note of a job."""
        async with self._db.write() as db:
            await keeping.note(db, job_id, text)

    async def trash(self, ids: Iterable[int]) -> list[int]:
        """Put jobs in the trash; the ids that went. What is unfinished stays, so that it cannot cost money unseen."""
        async with self._db.write() as db:
            return await keeping.trash(db, ids, self._now())

    async def restore(self, ids: Iterable[int]) -> list[int]:
        """Take jobs out of the trash; the ids that came back."""
        async with self._db.write() as db:
            return await keeping.restore(db, ids)

    async def export(self, query: str | None = None) -> AsyncIterator[dict[str, Any]]:
        """All jobs that the query finds, oldest first, each as a JSON object that `import_jobs` reads back."""
        from mjtui.library import transfer

        async for record in transfer.export(self._db, query):
            yield record

    async def import_jobs(self, records: Iterable[Mapping[str, Any]]) -> int:
        """Add jobs that were exported; how many were new. Raises UsageError where a record cannot be read."""
        from mjtui.library import transfer

        return await transfer.import_jobs(self._db, records, self._now)

    async def backup(self, target: Path) -> None:
        """Write a copy to `target` while the library is in use; what was there is replaced when the copy is whole."""
        from mjtui.library import upkeep

        await upkeep.backup(self._db, target)

    async def check(self) -> list[str]:
        """What is wrong with the library, a sentence each; reads all of it."""
        from mjtui.library import upkeep

        return await upkeep.check(self._db)
