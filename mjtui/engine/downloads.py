"""Results become files: fetched in the background, checked, and named so that a person can read the name."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import httpx

from mjtui import __version__
from mjtui.api.service import Service
from mjtui.engine.backoff import backoff
from mjtui.engine.events import Notice
from mjtui.engine.publisher import Publisher
from mjtui.engine.transfer import TransferError, Transferred, transfer
from mjtui.errors import PictureError, ServiceError
from mjtui.library.rows import Job, Picture
from mjtui.library.store import Library
from mjtui.media.check import Checked, check_file
from mjtui.media.names import picture_name
from mjtui.prompt.draft import VIDEO_KINDS

log = logging.getLogger(__name__)

LEASE_MS = 120_000
ATTEMPTS = 12
"""Tries before a picture whose link still seems to live is given up until the person asks again."""


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
        self._max_bytes = max_bytes
        self._http = httpx.AsyncClient(
            transport=transport,
            headers={"User-Agent": f"mjtui/{__version__}"},
            follow_redirects=True,
            timeout=httpx.Timeout(30, connect=15),
            limits=httpx.Limits(max_connections=parallel),
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
        except TransferError as error:
            await self._failed(job, picture, error)
        except PictureError as error:
            await self._failed(job, picture, TransferError(error.message, gone=True))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._publisher.notice(Notice("error", f"#{job.id}: a picture cannot be saved: {reason}", job.id))
            await self._failed(job, picture, TransferError(f"cannot be saved: {reason}"))
        finally:
            keeping.cancel()
        self._publisher.jobs(job.id)

    async def _keep(self, picture: Picture) -> None:
        """Hold the claim on a picture that takes longer than its lease."""
        while True:
            await asyncio.sleep(LEASE_MS / 3000)
            await self._library.keep_picture(picture.id, self._owner, LEASE_MS)

    async def _fetch(self, picture: Picture, path: Path) -> None:
        part = path.with_name(path.name + ".part")
        arrived = await transfer(
            self._http,
            picture.url or "",
            part,
            validator=picture.etag,
            max_bytes=self._max_bytes,
            started=lambda validator: self._library.remember_validator(picture.id, validator),
        )
        try:
            checked = await asyncio.to_thread(check_file, part)
        except PictureError:
            part.unlink(missing_ok=True)
            raise
        final = path.with_suffix(f".{checked.extension}")
        await asyncio.to_thread(_put, part, final)
        await self._saved(picture, final, checked, arrived)

    async def _found(self, picture: Picture, path: Path) -> bool:
        """True where the file is there already: saved by a process that died before it could say so."""
        for candidate in (path, *(path.with_suffix(extension) for extension in (".jpg", ".png", ".webp", ".mp4"))):
            if not candidate.is_file():
                continue
            try:
                checked = await asyncio.to_thread(check_file, candidate)
            except PictureError:
                continue
            await self._saved(picture, candidate, checked, await asyncio.to_thread(_digest, candidate))
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
        while path.exists() or path.with_name(path.name + ".part").exists():
            path = self._folder / f"{Path(name).stem}~{number}{Path(name).suffix}"
            number += 1
        return await self._library.name_picture(picture.id, str(path))

    async def _failed(self, job: Job, picture: Picture, error: TransferError) -> None:
        attempts = picture.attempts + 1
        url = await self._renewed(job, picture) if error.gone else None
        expired = error.gone and url is None and job.expires_at is not None and job.expires_at <= self._now()
        if expired or attempts >= ATTEMPTS:
            await self._library.picture_failed(picture.id, self._owner, error=error.message, next_try_at=None)
            self._publisher.notice(
                Notice("error", f"#{job.id}: picture {picture.index} could not be saved: {error.message}", job.id)
            )
            return
        wait = 0.0 if url else backoff(attempts, asked=error.retry_after)
        log.warning("picture %s of #%s: %s; again in %.0f s", picture.index, job.id, error.message, wait)
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
                if len(report.urls) >= picture.index and report.urls[picture.index - 1] != picture.url:
                    return report.urls[picture.index - 1]
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


def _digest(path: Path) -> Transferred:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return Transferred(digest.hexdigest(), path.stat().st_size)
