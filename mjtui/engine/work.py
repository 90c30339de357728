"""The service, and the workers between it and the library: everything that needs an API key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from mjtui.api.dialects import Dialect
from mjtui.api.service import Service
from mjtui.config import Settings
from mjtui.engine.downloads import Downloads
from mjtui.engine.events import Notice
from mjtui.engine.ledger import LEASE_MS, Ledger
from mjtui.engine.poller import ASKED_FOR, Poller
from mjtui.engine.publisher import Publisher
from mjtui.engine.receiver import Receiver
from mjtui.engine.worker import Worker
from mjtui.errors import ServiceError
from mjtui.library.rows import Job
from mjtui.library.store import Library
from mjtui.paths import Paths

FRESH_MS = 5_000
"""A balance this young is good enough as the balance before a submit."""

POST_TIMEOUTS = 5
"""One POST takes at most two time-outs, each of its two forms, and its claim is held a little longer than that."""


class Work:
    """Sends, watches and saves, for as long as there is a key."""

    def __init__(
        self,
        *,
        key: str,
        dialect: Dialect,
        settings: Settings,
        paths: Paths,
        library: Library,
        publisher: Publisher,
        owner: str,
        now: Callable[[], int],
        limit: Callable[[], tuple[int, float] | None],
        changed: Callable[[], None],
        callback_key: str | None = None,
    ) -> None:
        service, callbacks = settings.service, settings.callbacks
        self.service = Service(
            key=key,
            dialect=dialect,
            api_url=service.api_url,
            upload_url=service.upload_url,
            callback_url=callbacks.public_url if callback_key else None,
            timeout=service.timeout,
        )
        self.credits: float | None = None
        self.online = True
        self._balance_at = 0
        self._library = library
        self._publisher = publisher
        self._now = now
        self._changed = changed
        self._errands: set[asyncio.Task[object]] = set()
        self.ledger = Ledger(
            library,
            self.service,
            publisher,
            owner=owner,
            now=now,
            limit=limit,
            balance=self.balance,
            accepted=self._accepted,
            lease_ms=max(LEASE_MS, int(service.timeout * POST_TIMEOUTS * 1000)),
        )
        self.poller = Poller(
            library,
            self.service,
            publisher,
            owner=owner,
            now=now,
            finished=self._finished,
            online=self._set_online,
        )
        self.downloads = Downloads(
            library,
            self.service,
            publisher,
            owner=owner,
            now=now,
            folder=settings.pictures.folder or paths.pictures,
            template=settings.pictures.template,
            parallel=settings.pictures.parallel,
            max_bytes=settings.pictures.max_mib << 20,
            bytes_per_second=(settings.pictures.max_kib_per_second or 0) << 10,
        )
        self._receiver: Receiver | None = None
        if callbacks.public_url and callback_key:
            self._receiver = Receiver(
                callbacks.host,
                callbacks.port,
                key=callback_key,
                window=callbacks.window_seconds,
                told=self._told,
                tell=publisher.notice,
                now=now,
            )
        self._submitting = Worker("submit", self.ledger.step, now)
        self._polling = Worker("poll", self.poller.step, now)
        self._saving = Worker("save", self.downloads.step, now)
        self.ledger.wake = self._submitting.wake
        self.ledger.first_look = self.poller.first_look
        self.poller.wake = self._polling.wake
        self.downloads.wake = self._saving.wake

    def start(self, *, watch: bool) -> None:
        """Begin to send; with `watch` also look after every running job and every picture that is due."""
        self._submitting.start()
        if watch:
            self._polling.start()
            self._saving.start()
            if self._receiver is not None:
                self.errand(self._receiver.run())

    def wake(self) -> None:
        """Something may be due: rows changed under another process, or the person asked."""
        self._polling.wake()
        self._saving.wake()

    async def hurry(self) -> None:
        """Let everything that waits for a time be due now: the clock was set back, and times lie far ahead."""
        now = self._now()
        await self._library.look_soon(None, at=now)
        await self._library.save_soon(at=now)
        await self.ledger.hurry()
        self.poller.hurry()
        self.wake()

    async def stop(self) -> None:
        """Wait for the answers to what was sent, then end everything else."""
        await self._submitting.stop()
        await self.ledger.drain()
        await self._polling.stop()
        await self.poller.close()
        await self._saving.stop()
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self.downloads.close()
        await self.service.aclose()

    async def look_once(self) -> None:
        """Look at every running job once, whenever its next look is due."""
        begun = self._now()
        await self._library.look_soon(None, at=begun)
        self.poller.hurry()
        while await self.poller.round(due=begun) and await self.poller.rested():
            pass

    async def look_at_likely(self) -> None:
        """Look at once at the running jobs that may be done by now: the person is back and waits for them."""
        running = [job for job in await self._library.tasks(finished=0) if job.state == "running"]
        await self._library.look_soon(await self.poller.likely(running), at=ASKED_FOR)
        self.resume()

    def resume(self) -> None:
        """Go on with what is due without waiting for any rest to end: the machine slept, or the person is back."""
        self.poller.hurry()
        self.wake()

    async def save_once(self) -> None:
        """Try once to save every picture that is due, whenever its next try is."""
        begun = self._now()
        await self._library.save_soon(at=begun)
        while await self.downloads.round(due=begun):
            pass

    async def balance(self) -> float | None:
        """The credits left, as evidence: None where the service does not say."""
        if self.credits is None or self._now() - self._balance_at > FRESH_MS:
            try:
                await self.refresh_credits()
            except ServiceError:
                return None
        return self.credits

    async def refresh_credits(self) -> float:
        """Ask the service for the credits left; raises ServiceError."""
        self.credits = await self.service.credits()
        self._balance_at = self._now()
        self._set_online(True)
        self._changed()
        return self.credits

    def _accepted(self) -> None:
        self._balance_at = 0
        self._polling.wake()
        self._changed()

    def _finished(self, job: Job) -> None:
        self._saving.wake()
        self.errand(self._after(job))
        if job.state == "succeeded":
            count = len(job.pictures)
            self._publisher.notice(Notice("info", f"#{job.id} is done: {count} picture{'s'[: count != 1]}", job.id))

    async def _told(self, task_id: str) -> None:
        """A callback names this task: the service is asked whether it is so."""
        job = await self._library.by_task(task_id)
        if job is not None and job.state == "running":
            await self.poller.told(job.id)

    async def _save_soon(self) -> None:
        """The network is back: what could not be fetched without it is tried now."""
        await self._library.save_soon(at=self._now())
        self._saving.wake()

    async def _after(self, job: Job) -> None:
        self._balance_at = 0
        after = await self.balance()
        if after is not None:
            await self._library.note_balance(job.id, after)
            self._publisher.jobs(job.id)

    def _set_online(self, online: bool) -> None:
        if online != self.online:
            self.online = online
            self._changed()
            if online:
                self.errand(self._save_soon())
                self.resume()

    def errand(self, errand: Coroutine[Any, Any, object]) -> None:
        """Run something small beside the work."""
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
