"""One scheduler for all running jobs: the due times are a column, so that several processes share the work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from mjtui.api.service import Service
from mjtui.api.values import Report
from mjtui.engine.backoff import backoff
from mjtui.engine.estimate import next_look
from mjtui.engine.events import Notice
from mjtui.engine.publisher import Publisher
from mjtui.errors import RateLimited, ServiceError, SwitchedOff, TaskNotFound, Unreachable, WrongKey
from mjtui.library.rows import Job, Trouble
from mjtui.library.store import Library

log = logging.getLogger(__name__)

LEASE_MS = 60_000
AT_ONCE = 6
"""Looks in flight; more would slow the client's connection pool, not speed the service."""

GRACE_MS = 120_000
"""How long a fresh job may be unknown to the service, and a finished one without pictures, before that means
something."""

EVERYWHERE = (Unreachable, RateLimited, WrongKey, SwitchedOff)
"""Trouble that the next job would meet too; anything else may be about one job alone."""

IN_A_ROW = 3
"""Looks that fail one after the other before it is the service and not the job."""

RETENTION_MS = 14 * 86_400_000
"""The service's pages say 14 or 15 days; the shorter is believed."""


class Poller:
    """Looks at running jobs when they are due and writes down what it sees."""

    def __init__(
        self,
        library: Library,
        service: Service,
        publisher: Publisher,
        *,
        owner: str,
        now: Callable[[], int],
        finished: Callable[[Job], None],
        online: Callable[[bool], None],
    ) -> None:
        self._library = library
        self._service = service
        self._publisher = publisher
        self._owner = owner
        self._now = now
        self._finished = finished
        self._online = online
        self._failures = 0
        self._resting = False
        self._resting_until = 0

    async def step(self) -> int | None:
        """Look at what is due, a few at a time; says when the next look is due."""
        if self._now() < self._resting_until:
            return self._resting_until
        await self.round(due=self._now())
        if self._now() < self._resting_until:
            return self._resting_until
        return await self._library.next_look_at()

    async def round(self, *, due: int) -> int:
        """Look at a few of the jobs that were due at that time; returns how many there were."""
        jobs = await self._library.claim_looks(self._owner, lease_ms=LEASE_MS, limit=AT_ONCE, due=due)
        await asyncio.gather(*(self._look(job) for job in jobs))
        return len(jobs)

    def hurry(self) -> None:
        """Forget any rest: the person asked, or the network is back."""
        self._resting_until = 0

    async def _look(self, job: Job) -> None:
        """Ask the service for one claimed job and commit its answer."""
        assert job.task_id is not None
        try:
            report = await self._service.look(job.task_id)
        except TaskNotFound as error:
            self._answered()
            await self._not_found(job, error)
        except ServiceError as error:
            self._online(not isinstance(error, Unreachable))
            await self._later(job, error)
        else:
            self._answered()
            await self._settle(job, report)
        self._publisher.jobs(job.id)

    async def _settle(self, job: Job, report: Report) -> None:
        finished_at = report.completed_at or self._now()
        imageless = report.state == "succeeded" and not report.urls and self._now() - finished_at < GRACE_MS
        if report.state == "running" or imageless:
            past = await self._library.durations(job.kind, job.speed)
            wait = next_look((self._now() - (job.submitted_at or job.created_at)) / 1000, past)
            await self._library.looked(job.id, self._owner, next_look_at=self._now() + int(wait * 1000))
        elif report.state == "succeeded" and report.urls:
            done = await self._library.succeed(
                job.id,
                urls=list(report.urls),
                finished_at=finished_at,
                expires_at=finished_at + RETENTION_MS,
                detail={"pictures": len(report.urls), "looks": job.looks + 1},
            )
            if done is not None:
                self._finished(done)
        else:
            message = report.error_message or (
                "the service says that it failed, and not why"
                if report.state == "failed"
                else "the service says that it is done, and gives no picture"
            )
            trouble = Trouble(code=report.error_code or "failed", message=message, hint=_advice(message))
            failed = await self._library.move(
                job.id,
                old=("running",),
                new="failed",
                what="failed",
                detail={"code": trouble.code, "message": message},
                trouble=trouble,
                finished_at=finished_at,
            )
            if failed is not None:
                self._publisher.notice(Notice("error", f"#{job.id} failed: {message}", job.id))
                self._finished(failed)

    async def _not_found(self, job: Job, error: TaskNotFound) -> None:
        age = self._now() - (job.submitted_at or job.created_at)
        if age < GRACE_MS:
            await self._library.looked(job.id, self._owner, next_look_at=self._now() + max(3_000, age // 4))
            return
        trouble = Trouble(
            code="lost",
            message=f"the service no longer knows task {job.task_id} ({error.message})",
            hint="It may have been charged. Look once more later, or make it again.",
        )
        lost = await self._library.move(
            job.id,
            old=("running",),
            new="lost",
            what="lost",
            detail={"message": error.message},
            trouble=trouble,
            finished_at=self._now(),
        )
        if lost is not None:
            self._publisher.notice(Notice("error", f"#{job.id} is lost: {trouble.message}", job.id))
            self._finished(lost)

    async def _later(self, job: Job, error: ServiceError) -> None:
        wait = backoff(min(self._failures, 5), asked=error.retry_after)
        if isinstance(error, WrongKey):
            wait = max(wait, 60.0)
        self._failures += 1
        log.warning("look at #%s: %s", job.id, error.sentences())
        again = self._now() + int(wait * 1000)
        if isinstance(error, EVERYWHERE) or self._failures >= IN_A_ROW:
            self._rest(again, error)
        await self._library.looked(job.id, self._owner, next_look_at=again)

    def _rest(self, until: int, error: ServiceError) -> None:
        if not self._resting:
            self._resting = True
            self._publisher.notice(Notice("warning", f"Cannot look at running jobs: {error.sentences()}"))
        self._resting_until = max(self._resting_until, until)

    def _answered(self) -> None:
        self._failures = 0
        self._resting = False
        self._online(True)


def _advice(message: str) -> str:
    """What to do about a failure, from the words that Midjourney uses for it."""
    words = message.lower()
    for known, advice in (
        (
            "banned prompt",
            "A word filter refused the prompt; change the word. The service says that failures are refunded.",
        ),
        ("output filter", "The finished picture was filtered; another wording may pass."),
        ("invalid parameter", "A flag does not fit this version; change it and send again."),
        ("invalid link", "A reference image could not be fetched; give it again."),
        ("queue full", "The service was busy; send it again later."),
    ):
        if known in words:
            return advice
    return "Change the prompt or send it again; the service says that failed jobs are refunded."
