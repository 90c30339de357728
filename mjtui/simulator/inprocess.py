"""The simulator without a socket: a transport for httpx that streams, times out and breaks as a network does."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.types import Message

from mjtui.simulator.app import create
from mjtui.simulator.world import World

NO_ANSWER = "Server disconnected without sending a response."
HALF_ANSWER = "peer closed connection without sending complete message body"
AHEAD = 4


class Transport(httpx.AsyncBaseTransport):
    """Answers from a world. `offline` set to True makes every request fail as if there were no network."""

    def __init__(self, world: World) -> None:
        self._app = create(world)
        self.offline = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.offline:
            raise httpx.ConnectError("All connection attempts failed", request=request)
        if not isinstance(request.stream, httpx.AsyncByteStream):
            raise TypeError("a synchronous body in an asynchronous request")
        body = b"".join([part async for part in request.stream])
        exchange = _Exchange(request, body, self._app)
        try:
            start = await exchange.next()
        except BaseException:
            await exchange.aclose()
            raise
        return httpx.Response(start["status"], headers=start["headers"], stream=exchange)


class _Exchange(httpx.AsyncByteStream):
    """One request and its answer: what the application sees as its connection, and httpx as a stream."""

    def __init__(self, request: httpx.Request, body: bytes, app: Any) -> None:
        self._request = request
        self._body: bytes | None = body
        self._messages: deque[Message] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._gone = asyncio.Event()
        self._over = False
        self._started = False
        self._timeout: float | None = request.extensions.get("timeout", {}).get("read")
        self._task = asyncio.create_task(app(self._scope(), self._receive, self._send))
        self._task.add_done_callback(lambda _: self.abort())

    def abort(self) -> None:
        """Cut the connection; the application calls this as it would a socket's."""
        self._over = True
        self._gone.set()
        self._news.set()

    async def next(self) -> Message:
        """The application's next message; raises what httpx raises for a connection that was cut or is too slow."""
        try:
            async with asyncio.timeout(self._timeout):
                while not self._messages and not self._over:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise httpx.ReadTimeout("", request=self._request) from None
        if not self._messages:
            if self._task.done():
                self._task.result()
            raise httpx.RemoteProtocolError(HALF_ANSWER if self._started else NO_ANSWER, request=self._request)
        self._started = True
        self._room.set()
        return self._messages.popleft()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        is_head = self._request.method == "HEAD"
        while True:
            message = await self.next()
            if message.get("body") and not is_head:
                yield message["body"]
            if not message.get("more_body"):
                return

    async def aclose(self) -> None:
        self._gone.set()
        self._task.cancel()
        await asyncio.wait([self._task])

    def _scope(self) -> dict[str, Any]:
        url = self._request.url
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self._request.method,
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "server": (url.host, url.port),
            "client": ("127.0.0.1", 40000),
            "state": {"transport": self},
        }

    async def _send(self, message: Message) -> None:
        while len(self._messages) >= AHEAD:
            self._room.clear()
            await self._room.wait()
        self._messages.append(message)
        self._news.set()

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}
