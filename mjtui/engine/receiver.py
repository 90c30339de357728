"""The receiver of callbacks: a small server on a local address behind the person's public URL.

| what comes | answer | what happens |
| --- | --- | --- |
| a signed word that a task has ended | 200 | the service is asked about that task at once |
| the same again, or a word that it still runs | 200 | nothing |
| no signature, a wrong one, or one outside the time window | 401 | a line in the log |
| more than 64 KiB, too slow, no JSON | 413, 408, 400 | a line in the log |

Nothing that a callback says is believed: it is only a reason to look. Looks go on as they would without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

from mjtui.api import callbacks
from mjtui.engine.events import Notice
from mjtui.errors import LibraryError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from uvicorn import Server

log = logging.getLogger(__name__)

LARGEST_BODY = 64 << 10
BODY_SECONDS = 10.0
CONNECTIONS = 32
PORT_AGAIN = 30.0
"""Seconds until a port that another has is tried again: the other may be an mjtui that ends."""

MOST_SEEN = 10_000


class Receiver:
    """Receives callbacks for as long as `run` runs.

    `told` is called with each task id that a valid callback says has ended. `window` is how many seconds its time may
    differ from ours, `now` gives milliseconds.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        key: str,
        window: float,
        told: Callable[[str], Awaitable[None]],
        tell: Callable[[Notice], None],
        now: Callable[[], int],
    ) -> None:
        self._host = host
        self._port = port
        self._key = key
        self._window = window
        self._told = told
        self._tell = tell
        self._now = now
        self._seen: dict[tuple[str, str], float] = {}
        self.address: asyncio.Future[tuple[str, int]] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve until cancelled; a port that cannot be had is told of once and tried again."""
        listener = await self._listener()
        server = _server(self._app())
        try:
            self.address.set_result(listener.getsockname()[:2])
            await server.serve(sockets=[listener])
        finally:
            _close(server)
            listener.close()

    async def _listener(self) -> socket.socket:
        failed = False
        while True:
            try:
                return _listen(self._host, self._port)
            except OSError as error:
                if not failed:
                    reason = error.strerror or str(error)
                    self._tell(
                        Notice(
                            "warning",
                            f"Callbacks cannot be received at {self._host}:{self._port} ({reason}). Another mjtui may "
                            "receive them; jobs are looked at as usual.",
                        )
                    )
                failed = True
            await asyncio.sleep(PORT_AGAIN)

    def _app(self) -> Starlette:
        from starlette.applications import Starlette
        from starlette.routing import Route

        return Starlette(routes=[Route("/{path:path}", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        from starlette.requests import ClientDisconnect
        from starlette.responses import Response

        try:
            async with asyncio.timeout(BODY_SECONDS):
                status = await self._take(await _body(request), request)
        except (TimeoutError, ClientDisconnect):
            status = 408
        except _TooLarge:
            status = 413
        if status != 200:
            log.warning("a callback was refused with status %s", status)
        return Response(status_code=status, headers={"Connection": "close"} if status in (408, 413) else None)

    async def _take(self, body: bytes, request: Request) -> int:
        """Check a callback, act on it where it is new, and give the status of the answer."""
        try:
            payload: Any = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        now = self._now() / 1000
        task_id = callbacks.verify(payload, request.headers, key=self._key, now=now, window=self._window)
        if task_id is None:
            return 401
        if callbacks.parse(payload).report is not None and self._is_new(task_id, request, now):
            log.info("a callback says that task %s has ended", task_id)
            try:
                await self._told(task_id)
            except LibraryError as error:
                log.warning("a callback for task %s waits for the next look: %s", task_id, error)
        return 200

    def _is_new(self, task_id: str, request: Request, now: float) -> bool:
        """True once for each task and signed time; a time outside the window is refused before it comes here."""
        word = (task_id, request.headers[callbacks.TIMESTAMP])
        if word in self._seen:
            return False
        if len(self._seen) >= MOST_SEEN:
            self._seen = {word: at for word, at in self._seen.items() if abs(now - at) <= 2 * self._window}
        self._seen[word] = now
        return True


class _TooLarge(Exception):
    """More than a callback ever holds."""


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLarge
    return body


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to an address of this machine; raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(CONNECTIONS)
    except OSError:
        listener.close()
        raise
    return listener


def _close(server: Server) -> None:
    """End at once: who called and got no answer calls again."""
    if server.started:
        for listening in server.servers:
            listening.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    for task in server.server_state.tasks:
        task.cancel()


def _server(app: Starlette) -> Server:
    """A server that leaves signals to its caller, writes no log of its own and sleeps until somebody calls."""
    import uvicorn

    class Quiet(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Generator[None]:
            yield

        async def main_loop(self) -> None:
            await asyncio.get_running_loop().create_future()

    return Quiet(
        uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
        )
    )
