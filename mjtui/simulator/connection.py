"""Cutting a connection, as networks do: no answer, or half of one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class ConnectionCut(Exception):
    """The connection is gone; raised only where the server has given no transport to cut."""


class Cut(Response):
    """No answer at all: the connection is cut, at once or after some seconds."""

    def __init__(self, after_seconds: float = 0.0) -> None:
        super().__init__()
        self._after = after_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._after:
            await wait_or_gone(receive, self._after)
        await cut(scope, receive)


class Pieces(Response):
    """A body in pieces whose end may be missing: `length` is what is announced, None for nothing.

    After the last piece the connection is cut where fewer bytes came than were announced.
    """

    def __init__(
        self, pieces: AsyncIterator[bytes], *, length: int | None, status: int = 200, headers: dict[str, str]
    ) -> None:
        super().__init__(status_code=status)
        self._pieces = pieces
        self._length = length
        del self.headers["content-length"]
        self.headers.update(headers)
        if length is not None:
            self.headers["content-length"] = str(length)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        sent = 0
        gone = asyncio.ensure_future(wait_or_gone(receive, None))
        try:
            async for piece in self._pieces:
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                sent += len(piece)
            if self._length is not None and sent < self._length:
                gone.cancel()
                await asyncio.sleep(0.02)
                await cut(scope, receive)
            else:
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()


async def whole(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    """Bytes in pieces."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def wait_or_gone(receive: Receive, seconds: float | None) -> None:
    """Wait, for ever if `seconds` is None, but no longer than the client does."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(gone(), seconds)
    except TimeoutError:
        return


async def cut(scope: Scope, receive: Receive) -> None:
    """Cut the connection that a request came on; raises ConnectionCut where the server knows no way."""
    transport: Any = scope.get("state", {}).get("transport")
    if transport is None:
        raise ConnectionCut
    transport.abort()
    await wait_or_gone(receive, 1.0)
