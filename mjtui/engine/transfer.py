"""One file over HTTP into a part file: streamed, resumed where the server allows it, bounded and hashed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from aiolimiter import AsyncLimiter

from mjtui.errors import MjtuiError

PIECE = 1 << 20
KEPT_FREE = 64 << 20
"""Bytes that downloads leave free on the disk, so that the library can always be written."""

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class TransferError(MjtuiError):
    """A file that could not be fetched.

    `gone` says that its link no longer leads to it, `passing` that the file may well be there and something on the way
    to it, or on this machine, was not right.
    """

    code = "transfer"

    def __init__(
        self, message: str, *, gone: bool = False, passing: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.gone = gone
        self.passing = passing
        self.retry_after = retry_after


class Misfit(TransferError):
    """What has arrived is of no use for another try."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """A part file that holds everything the server announced."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a file may be, in bytes, and how fast all of them together may come."""

    max_bytes: int
    pace: AsyncLimiter | None = None


async def transfer(
    http: httpx.AsyncClient,
    url: str,
    part: Path,
    *,
    earlier: Path | None = None,
    validator: str | None,
    bounds: Bounds,
    started: Callable[[str | None], Awaitable[None]],
) -> Transferred:
    """Fetch `url` into `part`, going on from the part file `earlier` if `validator` (an ETag or a date) still holds.

    `started` is told the validator of what the server sends before the first byte is written. What `earlier` holds is
    copied and not moved, since a process that was only asleep may still write to it. The part file is synced to disk.
    Raises TransferError and OSError; what has arrived stays in the part file.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise TransferError(f"the service gave a link that is no web address: {url[:80]!r}", gone=True)
    await asyncio.to_thread(part.parent.mkdir, parents=True, exist_ok=True)
    check_room(part.parent, 0)
    have = earlier.stat().st_size if validator and earlier else 0
    headers = {"Accept-Encoding": "identity", "Accept": "image/*,video/*,*/*;q=0.1"}
    if have and validator:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    digest = hashlib.sha256()
    try:
        async with http.stream("GET", url, headers=headers) as response:
            complete = response.status_code == 416 and _is_complete(response, have)
            begin = have if complete else _begin(response, have)
            total = have if complete else _total(response, begin)
            if total is not None and total > bounds.max_bytes:
                raise TransferError(f"the file is {total:,} bytes; the limit is {bounds.max_bytes:,}")
            check_room(part.parent, (total or begin) - begin)
            if begin:
                assert earlier is not None
                await asyncio.to_thread(_take_over, earlier, part, have, digest.update)
            else:
                await started(_validator(response))
            size = have if complete else await _receive(response, part, begin, bounds, digest.update)
    except httpx.TooManyRedirects as error:
        raise TransferError("the link leads in circles", gone=True) from error
    except httpx.HTTPError as error:
        raise TransferError(f"the download broke off ({type(error).__name__})", passing=True) from error
    except httpx.InvalidURL as error:
        raise TransferError(f"the service gave a link that is no web address: {url[:80]!r}", gone=True) from error
    if total is not None and size != total:
        raise TransferError(f"{size:,} of {total:,} bytes arrived", passing=True)
    if size == 0:
        raise TransferError("the file is empty", gone=True)
    return Transferred(digest.hexdigest(), size)


def check_room(folder: Path, size: int) -> None:
    """Raise TransferError where a file of that many bytes would leave too little of the disk free."""
    free = shutil.disk_usage(folder).free
    if free - size < KEPT_FREE:
        raise TransferError(
            f"the disk of {folder} is full: {free >> 20} MiB are free and {KEPT_FREE >> 20} stay free", passing=True
        )


def digest_of(path: Path) -> Transferred:
    """The hash and size of a file on the disk."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return Transferred(digest.hexdigest(), path.stat().st_size)


def _begin(response: httpx.Response, have: int) -> int:
    """The offset at which the body begins; raises TransferError where there is no body to be had."""
    status = response.status_code
    if status == 206 and have:
        match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        if match and int(match[1]) == have:
            return have
        raise Misfit("the server sent another part of the file than was asked for")
    if status == 416:
        raise Misfit("the part that was saved does not fit the file; it is fetched again from its beginning")
    if status == 200:
        if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
            raise TransferError("the link leads to a web page instead of a picture", gone=True)
        return 0
    if status in (401, 403, 404, 410):
        raise TransferError(f"the link has expired (HTTP {status})", gone=True)
    after = response.headers.get("Retry-After", "")
    raise TransferError(
        f"the server answered HTTP {status}",
        passing=status in PASSING,
        retry_after=float(after) if after.isdigit() else None,
    )


def _is_complete(response: httpx.Response, have: int) -> bool:
    """True where there is nothing beyond the part because it is the whole file."""
    return have > 0 and response.headers.get("Content-Range", "").strip() == f"bytes */{have}"


def _total(response: httpx.Response, begin: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return begin + int(length) if length.isdigit() else None


def _validator(response: httpx.Response) -> str | None:
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return etag
    return response.headers.get("Last-Modified")


async def _receive(
    response: httpx.Response, part: Path, begin: int, bounds: Bounds, update: Callable[[bytes], None]
) -> int:
    """Append the body to the part file and hash it; the size of the part then."""
    size = begin
    looked = begin
    with part.open("ab" if begin else "wb") as file:
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > bounds.max_bytes:
                raise Misfit(f"the file is larger than the limit of {bounds.max_bytes:,} bytes")
            if size - looked > KEPT_FREE // 4:
                check_room(part.parent, 0)
                looked = size
            update(piece)
            file.write(piece)
            if bounds.pace is not None:
                await _slow_down(bounds.pace, len(piece))
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return size


async def _slow_down(pace: AsyncLimiter, size: int) -> None:
    """Wait until so many bytes may have come."""
    while size > 0:
        some = min(size, pace.max_rate)
        await pace.acquire(some)
        size -= int(some)


def _take_over(earlier: Path, part: Path, size: int, update: Callable[[bytes], None]) -> None:
    """Begin `part` with the first `size` bytes of an earlier part, and hash them."""
    fresh = part.with_name(f"{part.stem}~{part.suffix}")
    try:
        with earlier.open("rb") as source, fresh.open("wb") as target:
            while size and (piece := source.read(min(PIECE, size))):
                update(piece)
                target.write(piece)
                size -= len(piece)
        if size:
            raise Misfit("the part that was saved is shorter than it was")
        fresh.replace(part)
    finally:
        fresh.unlink(missing_ok=True)
    if earlier != part:
        earlier.unlink(missing_ok=True)
