"""The submit ledger: an intent is written down, sent once, and what came of it is written down.

    answer of the one POST                    the job becomes
    ----------------------------------------  -------------------------------------------------
    a task id                                 running
    certainly not received                    planned; goes again after a rest, in this sitting
    refused before anything was accepted      rejected, with the service's words
    anything else                             unknown; only the person decides what happens next

A job is sent by the sitting in which the person sent it. One that is found planned at the next start waits for the
person to release it, so that nothing spends by itself after a crash.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from mjtui.api.service import Service
from mjtui.api.values import Call
from mjtui.engine.backoff import backoff
from mjtui.engine.events import Notice
from mjtui.engine.publisher import Publisher
from mjtui.errors import InvalidRequest, LibraryError, MjtuiError, OverBudget, PictureError, ServiceError
from mjtui.library.rows import Job, Trouble
from mjtui.library.store import Library
from mjtui.media.check import check_reference

log = logging.getLogger(__name__)

LEASE_MS = 150_000
"""Longer than the one POST can take at the usual time-out, with the second form of an upscale."""

IN_FLIGHT = 4
"""Submits at the same time: one slow answer must not hold up the rest."""

FIRST_LOOK_MS = 4_000
"""When to look first where nothing is known of such jobs."""

WRITE_ATTEMPTS = 60
WRITE_AGAIN = 2.0
"""Seconds between two tries to write down what came of a job."""


class Ledger:
    """Sends the planned jobs of this sitting, each once.

    `limit` gives the budget: a time, and the credits that may be spent from then on, or None.
    """

    def __init__(
        self,
        library: Library,
        service: Service,
        publisher: Publisher,
        *,
        owner: str,
        now: Callable[[], int],
        limit: Callable[[], tuple[int, float] | None],
        balance: Callable[[], Coroutine[Any, Any, float | None]],
        accepted: Callable[[], None],
        lease_ms: int = LEASE_MS,
    ) -> None:
        self._library = library
        self._service = service
        self._publisher = publisher
        self._owner = owner
        self._now = now
        self._limit = limit
        self._balance = balance
        self._accepted = accepted
        self._lease_ms = lease_ms
        self._waiting: dict[int, int] = {}
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._sent: set[int] = set()
        self.wake: Callable[[], None] = lambda: None
        self.first_look: Callable[[Job], Awaitable[float | None]] = _not_known

    def release(self, job_id: int) -> None:
        """Send this planned job when its turn comes."""
        self._waiting.setdefault(job_id, 0)
        self.wake()

    def holds(self, job_id: int) -> bool:
        """True while this sitting will send the job, or is sending it."""
        return job_id in self._waiting or job_id in self._in_flight

    async def step(self) -> int | None:
        """Begin as many submits as there is room for."""
        if not self._waiting:
            return None
        while len(self._in_flight) < IN_FLIGHT:
            job = await self._library.claim_planned(self._owner, lease_ms=self._lease_ms, ids=list(self._waiting))
            if job is None:
                return await self._library.next_planned_at(list(self._waiting))
            attempt = self._waiting.pop(job.id, 0)
            task = asyncio.create_task(self._submit(job, attempt), name=f"submit #{job.id}")
            self._in_flight[job.id] = task
            task.add_done_callback(lambda task, job_id=job.id: self._landed(job_id, task))
        return None

    async def hurry(self) -> None:
        """Let the waiting jobs be due now."""
        for job_id in list(self._waiting):
            await self._library.move(job_id, old=("planned",), new="planned", what="due_now", not_before=self._now())
        self.wake()

    def forget(self, job_id: int) -> None:
        """This job was taken back before it was sent."""
        self._waiting.pop(job_id, None)

    async def drain(self) -> None:
        """Wait for the answers to what was sent; what was not sent yet stays planned."""
        self._waiting.clear()
        for job_id, task in self._in_flight.items():
            if job_id not in self._sent:
                task.cancel()
        await asyncio.gather(*self._in_flight.values(), return_exceptions=True)

    def _landed(self, job_id: int, task: asyncio.Task[None]) -> None:
        del self._in_flight[job_id]
        self._sent.discard(job_id)
        if not task.cancelled() and (error := task.exception()):
            log.error("submit of #%s failed", job_id, exc_info=error)
            self._publisher.notice(Notice("error", f"#{job_id} was not sent: {error}", job_id))
        self._publisher.jobs(job_id)
        self.wake()

    async def _submit(self, job: Job, attempt: int) -> None:
        try:
            call = Call("POST", job.endpoint, job.request).with_files(await self._links(job.files))
            first_look = await self.first_look(job)
        except (PictureError, InvalidRequest, ServiceError) as error:
            await self._not_sent(job, attempt, error)
            return
        except LibraryError as error:
            self._wait(job, attempt, error)
            return
        before = await self._balance()
        await self._service.turn()
        self._sent.add(job.id)
        try:
            begun = await self._library.move(
                job.id,
                old=("planned",),
                new="submitting",
                what="submitting",
                detail={"endpoint": call.path, "request": call.body, "balance": before},
                owner=self._owner,
                limit=self._limit(),
                lease_ms=self._lease_ms,
                request=call.body,
                submitted_at=self._now(),
                balance_before=before,
            )
        except OverBudget as error:
            await self._reject(job, "stopped", _trouble(error))
            return
        except LibraryError as error:
            self._wait(job, attempt, error)
            return
        if begun is None:
            return
        self._publisher.jobs(job.id)
        try:
            task_id = await self._service.send(call)
        except InvalidRequest as error:
            await self._reject(job, "not_sent", _trouble(error))
        except ServiceError as error:
            await self._answered_badly(begun, attempt, error)
        except BaseException as error:
            await asyncio.shield(
                self._unknown(job, f"interrupted while waiting for the answer ({type(error).__name__})")
            )
            raise
        else:
            await self._arrived(job, task_id, FIRST_LOOK_MS if first_look is None else int(first_look * 1000))

    async def _arrived(self, job: Job, task_id: str, first_look_ms: int) -> None:
        """Write down what was paid for, also where another process has taken the silence for an answer meanwhile."""
        log.info("#%s was accepted as task %s", job.id, task_id)
        running = await self._write(
            job,
            f"was accepted as task {task_id}",
            old=("submitting", "unknown", "failed"),
            new="running",
            what="accepted",
            detail={"task_id": task_id},
            task_id=task_id,
            next_look_at=self._now() + first_look_ms,
        )
        if running is None:
            await self._library.note_event(job.id, "accepted_late", {"task_id": task_id})
            text = f"#{job.id} was accepted as task {task_id}, after it was decided to send it again."
            self._publisher.notice(Notice("error", text, job.id))
        self._accepted()

    async def _answered_badly(self, job: Job, attempt: int, error: ServiceError) -> None:
        detail = {"error": error.code, "service_code": error.service_code, "message": error.message}
        if error.receipt == "unknown":
            await self._unknown(job, error.message, detail)
        elif error.receipt == "refused":
            await self._reject(job, "refused", _trouble(error))
        else:
            wait = backoff(attempt, asked=error.retry_after)
            back = await self._write(
                job,
                "was not received",
                old=("submitting",),
                new="planned",
                what="not_received",
                detail=detail | {"again_in": round(wait, 1)},
                owner=self._owner,
                not_before=self._now() + int(wait * 1000),
                submitted_at=None,
                trouble=_trouble(error),
            )
            if back is not None:
                self._waiting[job.id] = attempt + 1

    async def _write(self, job: Job, outcome: str, **move: Any) -> Job | None:
        """Write down what came of a job; a disk that is full is told of and tried again for as long as may be.

        None where the job is no longer in one of the `old` states. Raises LibraryError in the end.
        """
        for attempt in range(WRITE_ATTEMPTS):
            try:
                return await self._library.move(job.id, **move)
            except LibraryError as error:
                if attempt == WRITE_ATTEMPTS - 1:
                    raise
                if not attempt:
                    text = f"#{job.id} {outcome}, and that cannot be written down: {error.sentences()}"
                    self._publisher.notice(Notice("error", text, job.id))
                await asyncio.sleep(WRITE_AGAIN)
        return None

    def _wait(self, job: Job, attempt: int, error: LibraryError) -> None:
        """The intent cannot be written down, so it is not sent; its turn comes again when the claim on it ends."""
        self._publisher.notice(Notice("error", f"#{job.id} waits: {error.message} Nothing was sent.", job.id))
        self._waiting[job.id] = attempt

    async def _not_sent(self, job: Job, attempt: int, error: MjtuiError) -> None:
        """A reference image could not be sent ahead: the request itself never began."""
        if isinstance(error, ServiceError) and error.retryable:
            wait = backoff(attempt, asked=error.retry_after)
            await self._library.move(
                job.id,
                old=("planned",),
                new="planned",
                what="upload_failed",
                detail={"message": error.message, "again_in": round(wait, 1)},
                owner=self._owner,
                not_before=self._now() + int(wait * 1000),
                trouble=_trouble(error),
            )
            self._waiting[job.id] = attempt + 1
        else:
            await self._reject(job, "not_sent", _trouble(error))

    async def _reject(self, job: Job, what: str, trouble: Trouble) -> None:
        moved = await self._write(
            job,
            f"was not made ({trouble.message})",
            old=("planned", "submitting"),
            new="rejected",
            what=what,
            detail={"code": trouble.code, "message": trouble.message},
            owner=self._owner,
            trouble=trouble,
            finished_at=self._now(),
        )
        if moved is not None:
            self._publisher.notice(Notice("error", f"#{job.id} was not made: {trouble.message}", job.id))

    async def _unknown(self, job: Job, message: str, detail: dict[str, Any] | None = None) -> None:
        trouble = Trouble(
            code="unknown",
            message=message,
            hint="It may have been charged. Decide: it arrived (task id), send again, or give up.",
        )
        after = await self._balance()
        await self._write(
            job,
            f"has no answer ({message})",
            old=("submitting",),
            new="unknown",
            what="unknown",
            detail=(detail or {"message": message}) | {"balance": after},
            owner=self._owner,
            trouble=trouble,
            balance_after=after,
        )
        self._publisher.notice(Notice("error", f"#{job.id}: nobody knows whether it arrived. {message}", job.id))

    async def _links(self, files: tuple[str, ...]) -> dict[str, str]:
        """A link for each local file: the remembered one while it is fresh, else a new upload."""
        links: dict[str, str] = {}
        for name in files:
            if name.startswith(("http://", "https://")):
                continue
            path = Path(name).expanduser()
            sha256 = await asyncio.to_thread(_checked_digest, path)
            known = await self._library.upload(sha256)
            if known is not None and known[1] > self._now() + self._lease_ms:
                links[name] = known[0]
                continue
            uploaded = await self._service.upload(path)
            await self._library.remember_upload(sha256, uploaded.url, uploaded.expires_at)
            links[name] = uploaded.url
        return links


async def _not_known(job: Job) -> None:
    """Nothing is known of when to look at a job first."""


def _checked_digest(path: Path) -> str:
    check_reference(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _trouble(error: MjtuiError) -> Trouble:
    return Trouble(code=error.code, message=error.message, hint=error.hint)
