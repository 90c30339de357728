"""Every saved picture is still the file that was saved: read once more, and fetched again where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mjtui.engine.transfer import digest_of
from mjtui.library.rows import Job, Picture
from mjtui.library.store import Library

PAGE = 200

Fault = Literal["missing", "changed", "unreadable"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A saved picture whose file is not what was saved; `kept` is where a changed file was put aside."""

    job: int
    index: int
    path: str
    fault: Fault
    kept: str | None = None


@dataclass(slots=True)
class Verified:
    """How many pictures were read, and which are to be fetched again or were left as they are."""

    checked: int = 0
    due: list[Finding] = field(default_factory=list[Finding])
    left: list[Finding] = field(default_factory=list[Finding])


async def verify(library: Library, *, now: int, seen: Callable[[Verified], None]) -> Verified:
    """Read every saved picture of what is not in the trash; what is not as it was is due again, under its name.

    A file that was changed is put aside first, since somebody may have worked on it, and it is left alone where the
    service has deleted the original. A file that cannot be read is left alone. `seen` hears of each picture.
    """
    result = Verified()
    async for job, picture in _saved(library):
        fault = await asyncio.to_thread(_compare, picture)
        result.checked += 1
        if fault is not None:
            await _settle(library, job, picture, fault, now, result)
        seen(result)
    return result


async def _saved(library: Library) -> AsyncIterator[tuple[Job, Picture]]:
    before: int | None = None
    while page := await library.newest(before=before, limit=PAGE):
        for job in page:
            for picture in job.pictures:
                if picture.state == "saved" and picture.path:
                    yield job, picture
        before = page[-1].id


async def _settle(library: Library, job: Job, picture: Picture, fault: Fault, now: int, result: Verified) -> None:
    path = picture.path or ""
    expired = job.expires_at is not None and job.expires_at <= now
    if fault == "unreadable" or (fault == "changed" and expired):
        result.left.append(Finding(job.id, picture.index, path, fault))
        return
    kept = await asyncio.to_thread(_put_aside, Path(path)) if fault == "changed" else None
    await library.picture_due(picture.id)
    result.due.append(Finding(job.id, picture.index, path, fault, kept and str(kept)))


def _compare(picture: Picture) -> Fault | None:
    path = Path(picture.path or "")
    try:
        if picture.size is not None and path.stat().st_size != picture.size:
            return "changed"
        return None if picture.sha256 in (None, digest_of(path).sha256) else "changed"
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "unreadable"


def _put_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}~changed{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)
