"""The engine: one library, one service, and the work between them; the faces ask it and nothing else."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mjtui import secret, settings_file
from mjtui.engine import guard
from mjtui.engine.clock import WallClock
from mjtui.engine.deciding import Deciding
from mjtui.engine.events import EngineEvent, Notice, Status
from mjtui.engine.guard import midnight
from mjtui.engine.handle import Options
from mjtui.engine.owner import is_dead, own_name
from mjtui.engine.publisher import Publisher
from mjtui.engine.reading import EXPIRING_MS
from mjtui.errors import InvalidRequest, LibraryError, MjtuiError, NoKey, SettingsError, UsageError
from mjtui.library.rows import UNFINISHED, Job
from mjtui.library.store import Library
from mjtui.prompt import parse
from mjtui.prompt.draft import KIND_NAMES, VIDEO_KINDS, Draft, Kind

if TYPE_CHECKING:
    from mjtui.api.dialects import Dialect
    from mjtui.config import Loaded, Settings
    from mjtui.engine.intent import Preview
    from mjtui.engine.verify import Verified
    from mjtui.engine.work import Work
    from mjtui.settings_file import Problem

log = logging.getLogger(__name__)

WATCH_INTERVAL = 1.0
"""Seconds between two looks for what other processes wrote."""

FRESH_LINK_MS = 3_600_000

FOCUS_MS = 5_000
"""Changing between windows many times asks the service once."""


def now_ms() -> int:
    """The time, in ms since 1970."""
    return time.time_ns() // 1_000_000


class Engine(Deciding):
    """Everything that a face can ask for; all of it runs in the engine's own event loop."""

    def __init__(
        self,
        options: Options,
        library: Library,
        tell: Callable[[tuple[EngineEvent, ...]], None],
        now: Callable[[], int] = now_ms,
    ) -> None:
        super().__init__(library, options.paths.thumbnails, now)
        self._options = options
        self._publisher = Publisher(tell)
        self._owner = own_name()
        self._begun = asyncio.Event()
        self._failure: Exception | None = None
        self._loaded: Loaded | None = None
        self._dialect: Dialect | None = None
        self._work: Work | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._planning = asyncio.Lock()
        self._focused_at = 0

    @classmethod
    async def open(cls, options: Options, tell: Callable[[tuple[EngineEvent, ...]], None]) -> Engine:
        """Open the library; raises LibraryError. Reading works from here on, sending from `begin` on."""
        options.paths.make()
        library = await Library.open(options.paths.library, now=now_ms)
        return cls(options, library, tell)

    async def begin(self) -> None:
        """Load the settings and what speaks to the service, sweep up after a crash, and start the work.

        Where that fails the library can be read as before, and every other question is answered with the reason.
        """
        try:
            await self._begin()
        except Exception as error:
            log.exception("the work cannot begin")
            self._failure = error
            self._publisher.notice(Notice("error", error.sentences() if isinstance(error, MjtuiError) else str(error)))
            self._begun.set()

    async def _begin(self) -> None:
        from mjtui import config
        from mjtui.api.dialects import dialect

        flags, key = dict(self._options.flags), None
        if self._options.service is not None:
            more, key = await asyncio.to_thread(self._options.service)
            flags |= more
        self._loaded = config.load(settings_file.read(self._options.paths.settings), flags=flags)
        service = self.settings.service
        options = {"vary_index_base": service.vary_index_base} if service.dialect == "kie" else {}
        self._dialect = dialect(service.dialect, **options)
        key = key or self._find_key()
        if key:
            self._start_work(key)
        self._begun.set()
        try:
            await self._sweep()
        except LibraryError:
            log.exception("what a dead process left is not swept up; it is tried again")
        if self._options.watch:
            self._watcher = asyncio.create_task(self._watch(), name="watch")
        await self._tell_status()

    async def close(self) -> None:
        """End the work, give back every claim and close the library."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        if self._work is not None:
            await self._work.stop()
        self._publisher.flush()
        try:
            await self.library.release(self._owner)
        except LibraryError:
            log.exception("claims are not given back; they run out by themselves")
        await self.library.close()

    # Settings and key

    @property
    def settings(self) -> Settings:
        """The checked settings; there are none before `begin`."""
        if self._loaded is None:
            raise RuntimeError("the engine has not begun")
        return self._loaded.settings

    async def loaded(self) -> Loaded:
        """The settings with where they came from and what is wrong with them."""
        await self._ready()
        assert self._loaded is not None
        return self._loaded

    async def settings_path(self) -> Path:
        """The settings file; where there is none it is written first, with every setting commented out.

        Raises SettingsError where it cannot be written.
        """
        from mjtui.config import write_template

        path = self._options.paths.settings
        if not path.exists():
            try:
                write_template(path)
            except OSError as error:
                raise SettingsError(f"{path} cannot be written ({error.strerror}).") from error
        return path

    async def settings_problems(self) -> list[Problem]:
        """What is wrong with the settings as they are written now; those in force are the ones of the start."""
        from mjtui import config

        return config.load(settings_file.read(self._options.paths.settings), flags=self._options.flags).problems

    async def has_key(self) -> bool:
        await self._ready()
        return self._work is not None

    async def enter_key(self, key: str) -> str:
        """Try a key against the service, keep it, begin to work with it, and say where it is kept.

        Raises WrongKey or another ServiceError where the service does not take it, SettingsError where it is no key.
        """
        await self._ready()
        from mjtui.api.service import Service

        service = self.settings.service
        trial = Service(key=key.strip(), dialect=self._speaks, api_url=service.api_url, upload_url=service.upload_url)
        try:
            await trial.credits()
        finally:
            await trial.aclose()
        where = secret.keep(key, self._options.paths.key)
        if self._work is not None:
            await self._work.stop()
        self._start_work(key.strip())
        await self._tell_status()
        return where

    async def credits(self) -> float:
        """The credits left at the service."""
        return await (await self._working()).refresh_credits()

    # Asking for pictures

    async def preview(self, draft: Draft) -> Preview:
        """What sending this draft would do, with its price and everything to be said about it; sends nothing."""
        await self._ready()
        from mjtui.engine import intent

        parent = await self._parent(draft)
        if parent is not None:
            intent.check_parent(draft, parent)
        opened, findings = await self._opened(draft)
        seen = intent.preview(
            opened,
            parent,
            dialect=self._speaks,
            defaults=self.settings.prompt_defaults(),
            prices=await self._prices(),
        )
        if opened.prompt != draft.prompt:
            seen = intent.told_of(seen, draft.prompt)
        return intent.with_findings(seen, findings) if findings else seen

    async def send(self, draft: Draft, *, again: bool = False) -> Job:
        """Write the job down and send it in its turn; `again` sends what was sent a moment ago once more.

        Raises InvalidRequest for a draft with an error in it, SameRequest, OverBudget, NoKey and LibraryError. What is
        returned is planned: its answer comes as an event, or from `wait`.
        """
        work = await self._working()
        from mjtui.engine import intent

        seen = await self.preview(draft)
        new = intent.new_job(seen, self._speaks.name)
        for name in new.files:
            if not name.startswith(("http://", "https://")) and not Path(name).expanduser().is_file():
                raise InvalidRequest(f"There is no file {name}.", hint="Give the path of an image, or its URL.")
        budget = self.settings.budget
        async with self._planning:
            if not again:
                await guard.check_same(self.library, new.digest, seconds=budget.same_request_seconds, now=self._now())
            await guard.check_budget(self.library, new.cost or 0, budget.per_day)
            job = await self.library.plan_job(new)
        work.ledger.release(job.id)
        self._publisher.jobs(job.id)
        return job

    async def follow_up(self, job_id: int, index: int, kind: Kind, *, prompt: str = "") -> Draft:
        """The draft that goes on from one picture of a job: upscale, vary, extend, or an image as reference.

        Without a `prompt` it takes the words of the job's own; flags are left behind where another kind may not know
        them.
        """
        job = await self.library.job(job_id)
        draft = Draft(kind=kind, prompt=prompt, parent=job.id, index=index)
        if kind in ("upscale", "vary", "extend"):
            return dataclasses.replace(draft, prompt=prompt if kind == "extend" else job.prompt)
        picture = next((picture for picture in job.pictures if picture.index == index), None)
        if picture is None:
            raise UsageError(f"Job #{job.id} has no picture {index}.", hint=f"It has {len(job.pictures)}.")
        if job.kind in VIDEO_KINDS:
            raise UsageError(f"Job #{job.id} is a video: {KIND_NAMES[kind]} needs a picture.")
        fresh = job.expires_at is not None and job.expires_at - self._now() > FRESH_LINK_MS
        image = picture.url if fresh and picture.url else picture.path
        if image is None:
            raise UsageError(f"Picture {index} of job #{job.id} was not saved and its link has expired.")
        return dataclasses.replace(draft, images=(image,), prompt=prompt or parse(job.prompt).body.text.strip())

    # Watching and saving

    async def look(self, job_ids: Iterable[int] | None = None) -> None:
        """Look at these running jobs (or all) as soon as may be."""
        work = await self._working()
        await self.library.look_soon(None if job_ids is None else list(job_ids), at=0)
        work.resume()

    async def focused(self) -> None:
        """The person looks at the screen again: look at what may be done by now, at most every few seconds."""
        await self._ready()
        if self._work is not None and not 0 <= self._now() - self._focused_at < FOCUS_MS:
            self._focused_at = self._now()
            await self._work.look_at_likely()

    async def sync(self) -> None:
        """Look at every running job once and try once to save every picture that is due."""
        work = await self._working()
        await work.look_once()
        await work.save_once()

    async def save(self, job_ids: Iterable[int] | None = None) -> int:
        """Try again to save the pictures of these jobs (or all) that are not; returns how many there are."""
        work = await self._working()
        count = await self.library.retry_pictures(None if job_ids is None else list(job_ids))
        work.wake()
        if not self._options.watch:
            await work.save_once()
        return count

    async def verify(self, seen: Callable[[Verified], None]) -> Verified:
        """Compare every saved picture with what was saved; what is missing or changed is due again. Needs no key."""
        from mjtui.engine.verify import verify

        result = await verify(self.library, now=self._now(), seen=seen)
        self._publisher.jobs(*(finding.job for finding in result.due))
        return result

    async def wait(self, job_ids: Collection[int], done: Callable[[Job], bool]) -> list[Job]:
        """Wait until `done` holds for each of these jobs, and return them as they then are."""
        changes = self._publisher.changes()
        try:
            while True:
                changes.clear()
                jobs = await self.library.jobs(list(job_ids))
                if all(done(job) for job in jobs):
                    return jobs
                await changes.wait()
        finally:
            self._publisher.ignore(changes)

    async def status(self) -> Status:
        """The line of numbers."""
        now = self._now()
        work = self._work
        return Status(
            counts=await self.library.counts(expiring_before=now + EXPIRING_MS),
            credits=work.credits if work else None,
            spent_today=await self.library.spent(midnight()),
            budget=self._loaded.settings.budget.per_day if self._loaded else None,
            online=work.online if work else True,
            service=self._dialect.name if self._dialect else "",
        )

    # Inside

    def _callback_key(self) -> str | None:
        if self.settings.callbacks.public_url is None:
            return None
        found = secret.find(self._options.paths.callback_key, "callbacks", variable=secret.CALLBACK_VARIABLE)
        if found is None:
            self._publisher.notice(
                Notice(
                    "warning",
                    "Callbacks are off: there is no key to check them with. Make one at kie.ai/settings and keep it "
                    f"in {secret.CALLBACK_VARIABLE} or in {self._options.paths.callback_key}. Jobs are still watched.",
                )
            )
        return found.value if found else None

    def _find_key(self) -> str | None:
        found = secret.find(self._options.paths.key)
        return found.value if found else None

    async def _ready(self) -> None:
        """Wait until the work has begun; raises what kept it from beginning."""
        await self._begun.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def _speaks(self) -> Dialect:
        assert self._dialect is not None
        return self._dialect

    def _start_work(self, key: str) -> None:
        from mjtui.engine.work import Work

        self._work = Work(
            key=key,
            dialect=self._speaks,
            settings=self.settings,
            paths=self._options.paths,
            library=self.library,
            publisher=self._publisher,
            owner=self._owner,
            now=self._now,
            limit=self._limit,
            changed=self._status_changed,
            callback_key=self._callback_key(),
        )
        self._work.start(watch=self._options.watch)
        if self._options.watch:
            self._work.errand(self._first_balance(self._work))

    async def _first_balance(self, work: Work) -> None:
        await work.balance()

    async def _working(self) -> Work:
        await self._ready()
        if self._work is None:
            raise NoKey("There is no API key.")
        return self._work

    async def _parent(self, draft: Draft) -> Job | None:
        return await self.library.job(draft.parent) if draft.parent is not None else None

    def _limit(self) -> tuple[int, float] | None:
        """The budget as the library checks it at the last moment before a POST: since when, and how many credits."""
        budget = self.settings.budget.per_day
        return None if budget is None else (midnight(), budget)

    async def _sweep(self) -> None:
        """Jobs that a dead process left without an answer become unknown, never a second POST."""
        for owner in await self.library.owners():
            if is_dead(owner):
                await self.library.release(owner)
        swept = await self.library.sweep_submitting()
        if swept:
            self._publisher.jobs(*swept)

    async def _watch(self) -> None:
        """Notice what other processes write to the library."""
        beat = 0
        clock = WallClock(self._now)
        while True:
            await asyncio.sleep(WATCH_INTERVAL)
            beat += 1
            try:
                if clock.set_back() and self._work is not None:
                    await self._work.hurry()
                if clock.slept() and self._work is not None:
                    self._work.resume()
                if beat % 10 == 0:
                    await self._sweep()
                if await self.library.changed_elsewhere():
                    self._publisher.jobs()
                    self._status_changed()
                    if self._work is not None:
                        self._work.wake()
            except LibraryError:
                log.exception("what other processes write is not seen; it is looked for again")

    def _status_changed(self) -> None:
        if self._work is not None:
            self._work.errand(self._tell_status())

    async def _tell_status(self) -> None:
        self._publisher.event(await self.status())


def unfinished(job: Job) -> bool:
    """True while something may still happen to a job without the person."""
    return job.state in UNFINISHED and job.state != "unknown"
