"""What a face can read, and what it can leave to be remembered: everything that needs no service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjtui.engine.draft_rows import draft_from_json, draft_to_json
from mjtui.errors import PictureError
from mjtui.library.rows import Event, Job, Picture
from mjtui.library.store import Library
from mjtui.prompt.draft import Draft

if TYPE_CHECKING:
    from mjtui.media.pixels import Pixels

EXPIRING_MS = 3 * 86_400_000
"""What goes within this time is worth a warning."""


class Reading:
    """The part of the engine that works from the first moment on."""

    def __init__(self, library: Library, thumbnails: Path, now: Callable[[], int]) -> None:
        self.library = library
        self._thumbnails = thumbnails
        self._now = now

    async def job(self, job_id: int) -> Job:
        return await self.library.job(job_id)

    async def jobs(self, job_ids: Collection[int]) -> list[Job]:
        return await self.library.jobs(list(job_ids))

    async def find(self, word: str) -> Job:
        """The job that a person means by `8123`, `#8123`, `last`, or the beginning of a task id."""
        return await self.library.find(word)

    async def history(self, query: str = "", *, before: int | None = None, limit: int = 50) -> list[Job]:
        """A page of jobs that match, newest first, older than job `before`."""
        if query.strip():
            return await self.library.search(query, before=before, limit=limit)
        return await self.library.newest(before=before, limit=limit)

    async def tasks(self) -> list[Job]:
        """Every unfinished job, and the latest finished ones."""
        return await self.library.tasks()

    async def log(self, job_id: int) -> list[Event]:
        return await self.library.log(job_id)

    async def expiring(self) -> list[Job]:
        """Jobs with pictures that are not saved and go within three days."""
        return await self.library.expiring(self._now() + EXPIRING_MS)

    async def expected(self, job: Job) -> float:
        """Seconds that such a job usually takes."""
        from mjtui.engine.estimate import expected

        return expected(job.kind, job.speed, await self.library.durations(job.kind, job.speed))

    async def pixels(self, picture: Picture, *, width: int, height: int) -> Pixels:
        """A saved picture scaled to fit into a box of pixels; raises PictureError."""
        from mjtui.media.load import load

        if picture.path is None or picture.state != "saved":
            raise PictureError(f"Picture {picture.index} of #{picture.job} is not saved yet.")
        return await asyncio.to_thread(
            load, Path(picture.path), width=width, height=height, thumbnails=self._thumbnails
        )

    async def draft(self, name: str = "main") -> Draft | None:
        """A draft as it was last kept."""
        data = await self.library.draft(name)
        return draft_from_json(data) if data is not None else None

    async def keep_draft(self, draft: Draft, name: str = "main") -> None:
        await self.library.save_draft(name, draft_to_json(draft))

    async def remembered(self, key: str) -> Any:
        return await self.library.value(key)

    async def remember(self, key: str, value: Any) -> None:
        await self.library.set_value(key, value)
