"""Results become files: fetched in the background, checked, and named so that a person can read the name."""

from __future__ import annotations

import asyncio
import glob
import logging
import os
import re
from collections.abc import Callable
from pathlib import Path

import httpx
from aiolimiter import AsyncLimiter

from mjtui import __version__
from mjtui.api.service import Service
from mjtui.engine.addresses import Reach
from mjtui.engine.backoff import backoff
from mjtui.engine.events import Notice
from mjtui.engine.publisher import Publisher
from mjtui.engine.transfer import Bounds, Misfit, TransferError, Transferred, digest_of, transfer
from mjtui.errors import LibraryError, PictureError, ServiceError
from mjtui.library.rows import Job, Picture
from mjtui.library.store import Library
from mjtui.media.check import Checked, check_file
from mjtui.media.names import picture_name
from mjtui.prompt.draft import VIDEO_KINDS

log = logging.getLogger(__name__)

LEASE_MS = 120_000
ATTEMPTS = 12
"""Tries before a picture is given up until the person asks again, where neither the network nor this machine is in the
way."""

LONGEST_WAIT = 1800.0
"""Seconds between two tries, at most; the person and the return of the network cut it short."""

EXTENSIONS = (".jpg", ".png", ".webp", ".gif", ".mp4")


class Downloads:
    """Saves the pictures that are due, a few at a time, and never under the API key."""

    def __init__(
        self,
        library: Library,
        service: Service,
        publisher: Publisher,
        *,
        owner: str,
        now: Callable[[], int],
        folder: Path,
        template: str,
        parallel: int,
        max_bytes: int,
        bytes_per_second: int = 0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._library = library
        self._service = service
        self._publisher = publisher
        self._owner = owner
        self._now = now
        self._folder = folder
        self._template = template
        self._parallel = parallel
        self._bounds = Bounds(max_bytes=max_bytes, pace=AsyncLimiter(bytes_per_second, 1) if bytes_per_second else None)
        self._mark = re.sub(r"\W", "", owner.rpartition(":")[2])
        self._told: set[str] = set()
        self._http = httpx.AsyncClient(
            transport=transport,
            headers={"User-Agent": f"mjtui/{__version__}"},
            follow_redirects=True,
            timeout=httpx.Timeout(30, connect=15),
            limits=httpx.Limits(max_connections=parallel),
            event_hooks={"request": [Reach(service.api_url)]},
        )
        self._running: dict[int, asyncio.Task[None]] = {}
        self.wake: Callable[[], None] = lambda: None

    async def step(self) -> int | None:
        """Begin as many downloads as there is room for; says when the next one is due."""
        free = self._parallel - len(self._running)
        if free <= 0:
            return None
        await self._begin(free, due=self._now())
        return None if len(self._running) >= self._parallel else await self._library.next_picture_at()

    async def round(self, *, due: int) -> int:
        """Save a few of the pictures that were due at that time and wait for them; returns how many there were."""
        tasks = await self._begin(self._parallel, due=due)
        await asyncio.gather(*tasks)
        return len(tasks)

    async def close(self) -> None:
        """Stop what is running, keeping what has arrived for the next time, and close the connections."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.aclose()

    async def _begin(self, limit: int, *, due: int) -> list[asyncio.Task[None]]:
        tasks: list[asyncio.Task[None]] = []
        for picture in await self._library.claim_pictures(self._owner, lease_ms=LEASE_MS, limit=limit, due=due):
            if picture.id in self._running:
                continue  # The machine slept for longer than the claim; what runs goes on under the new one.
            task = asyncio.create_task(self._save(picture), name=f"picture {picture.id}")
            self._running[picture.id] = task
            task.add_done_callback(lambda task, picture_id=picture.id: self._ended(picture_id, task))
            tasks.append(task)
        return tasks

    def _ended(self, picture_id: int, task: asyncio.Task[None]) -> None:
        del self._running[picture_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("saving picture %s failed", picture_id, exc_info=error)
        self.wake()

    async def _save(self, picture: Picture) -> None:
        job = await self._library.job(picture.job)
        keeping = asyncio.create_task(self._keep(picture))
        try:
            path = Path(picture.path or await self._name(job, picture))
            if not await self._found(picture, path):
                await self._fetch(picture, path)
            self._told.clear()
        except TransferError as error:
            await self._failed(job, picture, error)
        except PictureError as error:
            await self._failed(job, picture, TransferError(error.message, gone=True))
        except OSError as error:
            await self._failed(job, picture, TransferError(f"cannot be saved: {_reason(error)}", passing=True))
        finally:
            keeping.cancel()
        self._publisher.jobs(job.id)

    async def _keep(self, picture: Picture) -> None:
        """Hold the claim on a picture that takes longer than its lease."""
        while True:
            await asyncio.sleep(LEASE_MS / 3000)
            try:
                await self._keep_claim(picture)
            except LibraryError as error:
                log.warning("the claim on picture %s is not renewed: %s", picture.id, error)

    async def _keep_claim(self, picture: Picture) -> bool:
        return await self._library.keep_picture(picture.id, self._owner, LEASE_MS)

    async def _fetch(self, picture: Picture, path: Path) -> None:
        begun = self._now()
        part = path.with_name(f"{path.name}.{self._mark}.part")
        tried = picture.attempts > 0 or picture.etag is not None
        earlier = await asyncio.to_thread(_parts, path) if tried else []
        try:
            arrived = await transfer(
                self._http,
                picture.url or "",
                part,
                earlier=earlier[0] if earlier else None,
                validator=picture.etag,
                bounds=self._bounds,
                started=lambda validator: self._library.remember_validator(picture.id, validator),
            )
            checked = await asyncio.to_thread(check_file, part)
            if self._now() - begun > LEASE_MS // 2 and not await self._keep_claim(picture):
                _remove(part)
                return
            final = path.with_suffix(f".{checked.extension}")
            await asyncio.to_thread(_put, part, final)
        except (Misfit, PictureError):
            _remove(part, *earlier)
            raise
        except (TransferError, OSError, asyncio.CancelledError):
            if not await self._keep_claim(picture):
                _remove(part)
            raise
        await self._saved(picture, final, checked, arrived)
        _remove(*earlier)

    async def _found(self, picture: Picture, path: Path) -> bool:
        """True where the file is there already: saved by a process that died before it could say so."""
        for candidate in (path, *(path.with_suffix(extension) for extension in EXTENSIONS)):
            if not candidate.is_file():
                continue
            try:
                checked = await asyncio.to_thread(check_file, candidate)
            except PictureError:
                continue
            await self._saved(picture, candidate, checked, await asyncio.to_thread(digest_of, candidate))
            return True
        return False

    async def _saved(self, picture: Picture, path: Path, checked: Checked, file: Transferred) -> None:
        await self._library.picture_saved(
            picture.id,
            self._owner,
            path=str(path),
            sha256=file.sha256,
            media_type=checked.media_type,
            width=checked.width,
            height=checked.height,
            size=file.size,
        )

    async def _name(self, job: Job, picture: Picture) -> str:
        """The name that this picture keeps for ever, decided before its first byte is fetched."""
        name = picture_name(
            self._template,
            created_at=job.created_at,
            prompt=job.prompt,
            task_id=job.task_id or job.uid,
            index=picture.index,
            kind=job.kind,
            extension="mp4" if job.kind in VIDEO_KINDS else "jpg",
        )
        path = self._folder / name
        number = 2
        while path.exists():
            path = self._folder / f"{Path(name).stem}~{number}{Path(name).suffix}"
            number += 1
        return await self._library.name_picture(picture.id, str(path))

    async def _failed(self, job: Job, picture: Picture, error: TransferError) -> None:
        attempts = picture.attempts + 1
        url = await self._renewed(job, picture) if error.gone else None
        over = job.expires_at is not None and job.expires_at <= self._now()
        in_vain = attempts >= ATTEMPTS and (over or not error.passing)
        if url is None and (in_vain or (over and error.gone)):
            await self._library.picture_failed(picture.id, self._owner, error=error.message, next_try_at=None)
            self._publisher.notice(
                Notice("error", f"#{job.id}: picture {picture.index} could not be saved: {error.message}", job.id)
            )
            return
        wait = 0.0 if url else backoff(attempts, asked=error.retry_after, longest=LONGEST_WAIT)
        log.warning("picture %s of #%s: %s; again in %.0f s", picture.index, job.id, error.message, wait)
        if error.passing and error.message not in self._told:
            self._told.add(error.message)
            self._publisher.notice(Notice("warning", f"A picture is not saved yet: {error.message}.", job.id))
        await self._library.picture_failed(
            picture.id,
            self._owner,
            error=error.message,
            next_try_at=self._now() + int(wait * 1000),
            url=url,
        )

    async def _renewed(self, job: Job, picture: Picture) -> str | None:
        """A new link for an expired one: from the service's download-url, else from the task's record."""
        try:
            if picture.attempts == 0 and picture.url:
                return await self._service.download_url(picture.url)
            if job.task_id is not None:
                report = await self._service.look(job.task_id)
                url = report.urls[picture.index - 1] if picture.index <= len(report.urls) else ""
                if url and url != picture.url:
                    return url
        except ServiceError as error:
            log.info("no new link for picture %s of #%s: %s", picture.index, job.id, error.message)
        return None


def _put(part: Path, final: Path) -> None:
    """Give the finished part its name, so that after a power cut the name stands for the whole file or for nothing."""
    part.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _parts(path: Path) -> list[Path]:
    """What earlier tries at this picture have left, the largest first."""
    found = path.parent.glob(f"{glob.escape(path.name)}.*part")
    return sorted(found, key=lambda part: part.stat().st_size, reverse=True)


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
