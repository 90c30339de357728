"""One file over HTTP into a part file: streamed, resumed where the server allows it, bounded and hashed."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from mjtui.errors import MjtuiError

PIECE = 256 * 1024


class TransferError(MjtuiError):
    """A file that could not be fetched; `gone` says that its link no longer leads to it."""

    code = "transfer"

    def __init__(self, message: str, *, gone: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.gone = gone
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Transferred:
    """A part file that holds everything the server announced."""

    sha256: str
    size: int


async def transfer(
    http: httpx.AsyncClient,
    url: str,
    part: Path,
    *,
    validator: str | None,
    max_bytes: int,
    started: Callable[[str | None], Awaitable[None]],
) -> Transferred:
    """Fetch `url` into `part`, going on where it ends if `validator` (an ETag or a date) still holds.

    `started` is told the validator of what the server sends before the first byte is written. The part file is synced
    to disk. Raises TransferError; what has arrived stays in the part file.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise TransferError(f"the service gave a link that is no web address: {url[:80]!r}", gone=True)
    have = part.stat().st_size if validator and part.exists() else 0
    headers = {"Accept-Encoding": "identity", "Accept": "image/*,video/*,*/*;q=0.1"}
    if have and validator:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    try:
        async with http.stream("GET", url, headers=headers) as response:
            if response.status_code == 416:
                return await _complete(response, part, have)
            begin = _begin(response, have)
            total = _total(response, begin)
            if total is not None and total > max_bytes:
                raise TransferError(f"the file is {total:,} bytes; the limit is {max_bytes:,}")
            await asyncio.to_thread(part.parent.mkdir, parents=True, exist_ok=True)
            result = await _receive(response, part, begin, max_bytes, lambda: started(_validator(response)))
    except httpx.HTTPError as error:
        raise TransferError(f"the download broke off ({type(error).__name__})") from error
    except httpx.InvalidURL as error:
        raise TransferError(f"the service gave a link that is no web address: {url[:80]!r}", gone=True) from error
    if total is not None and result.size != total:
        raise TransferError(f"{result.size:,} of {total:,} bytes arrived")
    if result.size == 0:
        raise TransferError("the file is empty", gone=True)
    return result


def _begin(response: httpx.Response, have: int) -> int:
    """The offset at which the body begins; raises TransferError where there is no body to be had."""
    status = response.status_code
    if status == 206 and have:
        match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
        if match and int(match[1]) == have:
            return have
        raise TransferError("the server sent another part of the file than was asked for")
    if status == 200:
        if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "text/html":
            raise TransferError("the link leads to a web page instead of a picture", gone=True)
        return 0
    if status in (401, 403, 404, 410):
        raise TransferError(f"the link has expired (HTTP {status})", gone=True)
    after = response.headers.get("Retry-After", "")
    raise TransferError(f"the server answered HTTP {status}", retry_after=float(after) if after.isdigit() else None)


def _total(response: httpx.Response, begin: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return begin + int(length) if length.isdigit() else None


def _validator(response: httpx.Response) -> str | None:
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return etag
    return response.headers.get("Last-Modified")


async def _receive(
    response: httpx.Response, part: Path, begin: int, max_bytes: int, started: Callable[[], Awaitable[None]]
) -> Transferred:
    digest = hashlib.sha256()
    if begin:
        await asyncio.to_thread(_feed, digest.update, part)
    else:
        await started()
    size = begin
    with part.open("ab" if begin else "wb") as file:
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > max_bytes:
                raise TransferError(f"the file is larger than the limit of {max_bytes:,} bytes")
            digest.update(piece)
            file.write(piece)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return Transferred(digest.hexdigest(), size)


async def _complete(response: httpx.Response, part: Path, have: int) -> Transferred:
    """There is nothing beyond the part: it is the whole file, or not of this file at all and of no use."""
    if have and response.headers.get("Content-Range", "").strip() == f"bytes */{have}":
        digest = hashlib.sha256()
        await asyncio.to_thread(_feed, digest.update, part)
        return Transferred(digest.hexdigest(), have)
    part.unlink(missing_ok=True)
    raise TransferError("the part that was saved does not fit the file; it is fetched again from its beginning")


def _feed(update: Callable[[bytes], None], path: Path) -> None:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            update(piece)
