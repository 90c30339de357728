"""One scheduler for all running jobs: the due times are a column, so that several processes share the work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mjtui.api.service import Service
from mjtui.api.values import Report
from mjtui.engine.backoff import backoff
from mjtui.engine.estimate import Plan, expected, next_look, plan
from mjtui.engine.events import Notice
from mjtui.engine.publisher import Publisher
from mjtui.errors import RateLimited, ServiceError, SwitchedOff, TaskNotFound, Unreachable, WrongKey
from mjtui.library.rows import Job, Trouble
from mjtui.library.store import Library
from mjtui.prompt.draft import Kind, Speed

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

PROBE_SECONDS = 15.0
"""The longest rest without a network: trying costs nothing then."""

PLAN_MS = 60_000
PLAN_AGAIN_MS = 2_000
"""How long a plan is good: other processes finish jobs too; and at least, whatever is learned meanwhile."""

TOLD_LOOKS = 3
TOLD_MS = 1_500
"""Looks, and the time between them, for a job that a callback calls done and the service still calls running."""

ASKED_FOR = 0
"""The due time of a look that somebody asked for: before every other."""

RETENTION_MS = 14 * 86_400_000
"""The service's pages say 14 or 15 days; the shorter is believed."""


@dataclass(slots=True)
class _Kept:
    """A plan, the seconds that such jobs usually take, and when (in ms) this was learned and is to be learned again."""

    made: int
    until: int
    looks: Plan
    usual: float


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
        self._rests = 0
        self._trouble: ServiceError | None = None
        self._resting_until = 0
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._plans: dict[tuple[Kind, Speed | None], _Kept] = {}
        self._seen_running: dict[int, int] = {}
        self._told: dict[int, int] = {}
        self.wake: Callable[[], None] = lambda: None

    async def step(self) -> int | None:
        """Begin as many looks as there is room for; says when the next one is due.

        After trouble one look goes ahead; the others follow once it is answered.
        """
        now = self._now()
        if now < self._resting_until:
            return self._resting_until
        room = (1 if self._trouble else AT_ONCE) - len(self._in_flight)
        if room <= 0:
            return None
        jobs = await self._begin(room, due=now)
        return None if len(jobs) >= room else await self._library.next_look_at()

    async def round(self, *, due: int) -> int:
        """Look at a few of the jobs that were due at that time and wait for the answers; returns how many."""
        tasks = await self._begin(AT_ONCE, due=due)
        await asyncio.gather(*tasks)
        return len(tasks)

    async def rested(self) -> bool:
        """Wait as long as the service asked for; False where it cannot be asked at all for now."""
        if isinstance(self._trouble, Unreachable | WrongKey | SwitchedOff):
            return False
        await asyncio.sleep(max(0.0, (self._resting_until - self._now()) / 1000))
        return True

    async def close(self) -> None:
        """Give up the looks that have no answer yet; they cost nothing."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def hurry(self) -> None:
        """Forget any rest: the person asked, or the network is back."""
        self._resting_until = 0

    async def told(self, job_id: int) -> None:
        """Somebody says that this job is done: look at it now, and soon again where the service does not say so yet."""
        self._told[job_id] = TOLD_LOOKS
        await self._library.look_soon([job_id], at=ASKED_FOR)
        self.wake()

    async def first_look(self, job: Job) -> float | None:
        """Seconds from sending such a job to its first look; None where too little is known."""
        found = (await self._plan(job)).looks
        return found[0] if found else None

    async def likely(self, jobs: Iterable[Job]) -> list[int]:
        """The ids of those jobs that may be done by now."""
        found: list[int] = []
        for job in jobs:
            first = await self.first_look(job)
            if first is None or self._elapsed(job) >= first:
                found.append(job.id)
        return found

    async def _begin(self, limit: int, *, due: int) -> list[asyncio.Task[None]]:
        tasks: list[asyncio.Task[None]] = []
        for job in await self._library.claim_looks(self._owner, lease_ms=LEASE_MS, limit=limit, due=due):
            if job.id in self._in_flight:
                continue  # The machine slept for longer than the claim; the answer may still come.
            task = asyncio.create_task(self._look(job), name=f"look #{job.id}")
            self._in_flight[job.id] = task
            task.add_done_callback(lambda task, job_id=job.id: self._landed(job_id, task))
            tasks.append(task)
        return tasks

    def _landed(self, job_id: int, task: asyncio.Task[None]) -> None:
        del self._in_flight[job_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("the look at #%s failed", job_id, exc_info=error)
        self.wake()

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

    async def _settle(self, job: Job, report: Report) -> None:
        finished_at = self._finished_at(job, report)
        imageless = report.state == "succeeded" and not report.urls and self._now() - finished_at < GRACE_MS
        if report.state == "running" or imageless:
            await self._still_running(job)
        elif report.state == "succeeded" and report.urls:
            done = await self._library.succeed(
                job.id,
                urls=list(report.urls),
                finished_at=finished_at,
                expires_at=finished_at + RETENTION_MS,
                detail={"pictures": len(report.urls), "looks": job.looks + 1},
            )
            if done is not None:
                self._ended(done)
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
                self._ended(failed)

    async def _still_running(self, job: Job) -> None:
        now = self._now()
        kept = await self._plan(job)
        wait = int(1000 * next_look(self._elapsed(job), kept.looks, kept.usual, job.looks))
        self._seen_running[job.id] = now
        if left := self._told.pop(job.id, 0):
            wait = min(wait, TOLD_MS)
            if left > 1:
                self._told[job.id] = left - 1
        await self._library.looked(job.id, self._owner, next_look_at=now + wait)

    def _ended(self, job: Job) -> None:
        self._seen_running.pop(job.id, None)
        self._told.pop(job.id, None)
        if (kept := self._plans.get((job.kind, job.speed))) is not None:
            kept.until = min(kept.until, kept.made + PLAN_AGAIN_MS)
        self._publisher.jobs(job.id)
        self._finished(job)

    async def _plan(self, job: Job) -> _Kept:
        """When to look at such jobs; learned again when one of them has ended, and from time to time."""
        now = self._now()
        kept = self._plans.get((job.kind, job.speed))
        if kept is None or not kept.made <= now < kept.until:
            past = await self._library.durations(job.kind, job.speed)
            kept = _Kept(now, now + PLAN_MS, plan(past), expected(job.kind, job.speed, past))
            self._plans[job.kind, job.speed] = kept
        return kept

    def _elapsed(self, job: Job) -> float:
        return (self._now() - (job.submitted_at or job.created_at)) / 1000

    def _finished_at(self, job: Job, report: Report) -> int:
        """When a job ended, by this machine's clock and not the service's; never before it was seen running."""
        now = self._now()
        ended = report.completed_at or now
        if report.completed_at and report.created_at and job.submitted_at:
            ended = job.submitted_at + max(0, report.completed_at - report.created_at)
        return min(now, max(ended, self._seen_running.get(job.id, 0)))

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
            self._ended(lost)

    async def _later(self, job: Job, error: ServiceError) -> None:
        self._failures += 1
        log.warning("look at #%s: %s", job.id, error.sentences())
        about_all = isinstance(error, EVERYWHERE)
        if about_all or self._failures >= IN_A_ROW:
            self._rest(error)
        # What the next job would meet too is no reason to put this one off: it is due as soon as the rest is over.
        wait = 1 if about_all else int(1000 * backoff(min(self._failures - 1, 5), asked=error.retry_after))
        await self._library.looked(job.id, self._owner, next_look_at=self._now() + wait)

    def _rest(self, error: ServiceError) -> None:
        now = self._now()
        if self._trouble is None:
            self._publisher.notice(Notice("warning", f"Cannot look at running jobs: {error.sentences()}"))
        self._trouble = error
        if now >= self._resting_until or error.retry_after:
            wait = backoff(min(self._rests, 5), asked=error.retry_after)
            if isinstance(error, Unreachable):
                wait = min(wait, PROBE_SECONDS)
            elif isinstance(error, WrongKey):
                wait = max(wait, 60.0)
            self._rests += 1
            self._resting_until = max(self._resting_until, now + int(wait * 1000))

    def _answered(self) -> None:
        self._failures = self._rests = 0
        if self._trouble is not None:
            self._trouble = None
            self._resting_until = 0
            self.wake()
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
