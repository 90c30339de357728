"""Every way in which a submit can end, a row each; docs/ledger.md shows the same table."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpcore
import httpx
import pytest

from mjtui.api.service import Service

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"

NOTHING = "nothing is charged"
ONCE = "charged once"
MAYBE = "may be charged once; nothing is sent again"
AGAIN = "nothing is charged; it goes again by itself"

Way = Callable[[AsyncExitStack, pytest.MonkeyPatch], Awaitable[tuple[httpx.AsyncBaseTransport, str]]]


@dataclass(frozen=True)
class Row:
    """One way to end: how it looks, the state of the job then, what it means for money, and how to make it happen.

    `fault` is the simulator's name for it, `way` a network for it. `after` says that it happens after the service has
    carried the request out, too.
    """

    end: str
    state: str
    money: str
    fault: str = ""
    way: Way | None = None
    after: bool = False


class Broken(httpcore.AsyncMockStream):
    """A connection that takes the head of a request and is gone before its body."""

    def __init__(self) -> None:
        super().__init__([])
        self.writes = 0

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        self.writes += 1
        if self.writes > 1:
            raise httpcore.WriteError("Connection reset by peer")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        raise httpcore.ReadError("Connection reset by peer")


class BrokenNetwork(httpcore.AsyncMockBackend):
    async def connect_tcp(self, *args, **kwargs) -> httpcore.AsyncNetworkStream:
        return Broken()


class Raising(httpx.AsyncBaseTransport):
    """A network in which every request ends like this."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.error


class ForPosts(httpx.AsyncBaseTransport):
    """One network for what makes a task, another for everything else."""

    def __init__(self, posts: httpx.AsyncBaseTransport, others: httpx.AsyncBaseTransport) -> None:
        self.posts, self.others = posts, others

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await (self.posts if request.method == "POST" else self.others).handle_async_request(request)

    async def aclose(self) -> None:
        await self.posts.aclose()


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


async def no_name(stack, patch):
    def lookup(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    patch.setattr(socket, "getaddrinfo", lookup)
    return httpx.AsyncHTTPTransport(), "http://service.test"


async def nobody_there(stack, patch):
    return httpx.AsyncHTTPTransport(), f"http://127.0.0.1:{closed_port()}"


async def no_tls(stack, patch):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"no\r\n")
        writer.close()

    listener = await stack.enter_async_context(await asyncio.start_server(serve, "127.0.0.1", 0))
    return httpx.AsyncHTTPTransport(), f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"


async def reset_before_the_body(stack, patch):
    transport = httpx.AsyncHTTPTransport()
    transport._pool = httpcore.AsyncConnectionPool(network_backend=BrokenNetwork([]))
    return transport, "http://service.test"


async def reset_after_the_body(stack, patch):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        await reader.readexactly(length)
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    listener = await stack.enter_async_context(await asyncio.start_server(serve, "127.0.0.1", 0))
    return httpx.AsyncHTTPTransport(), f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"


def raising(error: Exception) -> Way:
    async def way(stack, patch):
        return Raising(error), "http://service.test"

    return way


def answering(status: int, **answer) -> Way:
    async def way(stack, patch):
        return httpx.MockTransport(lambda request: httpx.Response(status, **answer)), "http://service.test"

    return way


def both(code: int, words: str, state: str = "rejected", money: str = NOTHING) -> list[Row]:
    return [
        Row(f"code {code} in a 200 answer: {words}", state, money, fault=f"{code}"),
        Row(f"HTTP {code}: {words}", state, money, fault=f"http-{code}"),
    ]


ROWS = [
    Row("its name is not found (DNS)", "planned", AGAIN, way=no_name),
    Row("connection refused", "planned", AGAIN, way=nobody_there),
    Row("no connection in time", "planned", AGAIN, way=raising(httpx.ConnectTimeout("timed out"))),
    Row("no TLS", "planned", AGAIN, way=no_tls),
    Row("the proxy does not let it through", "planned", AGAIN, way=raising(httpx.ProxyError("403 Forbidden"))),
    Row("no free connection here", "planned", AGAIN, way=raising(httpx.PoolTimeout("timed out"))),
    Row("reset before the body left", "planned", AGAIN, way=reset_before_the_body),
    *both(429, "too many requests", "planned", AGAIN),
    *both(400, "a wrong request"),
    *both(401, "a wrong key"),
    *both(402, "too few credits"),
    Row("code 500 in a 200 answer that speaks of too few credits", "rejected", NOTHING, fault="402-as-500"),
    *both(403, "not allowed"),
    Row("HTTP 403 from the guard in front (error code 1010)", "rejected", NOTHING, fault="403-1010"),
    *both(404, "switched off"),
    *both(405, "a wrong method"),
    *both(413, "too large"),
    *both(422, "a parameter is refused"),
    *both(433, "the key's own limit is reached"),
    *both(451, "an image cannot be fetched"),
    *both(455, "maintenance"),
    *both(501, "it could not be made"),
    *both(505, "switched off"),
    Row("HTTP 307 or 308: moved", "rejected", NOTHING, way=answering(307, headers={"Location": "http://else.test/"})),
    Row("code 200 with a task id", "running", ONCE),
    Row("an answer that comes late, but comes", "running", ONCE, fault="slow=0.05"),
    Row("no answer in time", "unknown", MAYBE, way=raising(httpx.ReadTimeout("timed out"))),
    Row("the writing takes too long", "unknown", MAYBE, way=raising(httpx.WriteTimeout("timed out"))),
    Row("reset after the body was sent", "unknown", MAYBE, way=reset_after_the_body),
    Row("the connection ends without an answer", "unknown", MAYBE, fault="drop", after=True),
    Row("half of the answer", "unknown", MAYBE, fault="half", after=True),
    Row("no HTTP", "unknown", MAYBE, way=raising(httpx.RemoteProtocolError("illegal status line"))),
    *both(408, "time-out at the service", "unknown", MAYBE),
    *both(500, "error at the service", "unknown", MAYBE),
    *both(502, "bad gateway", "unknown", MAYBE),
    *both(503, "unavailable", "unknown", MAYBE),
    *both(504, "gateway time-out", "unknown", MAYBE),
    Row("a web page", "unknown", MAYBE, fault="html", after=True),
    Row("cut JSON", "unknown", MAYBE, fault="cut-json", after=True),
    Row("an empty answer", "unknown", MAYBE, fault="empty", after=True),
    Row("bytes that are no text", "unknown", MAYBE, fault="garbage", after=True),
    Row("text that is no JSON", "unknown", MAYBE, fault="not-json", after=True),
    Row("JSON that is no object", "unknown", MAYBE, fault="array", after=True),
    Row("the JSON text null", "unknown", MAYBE, fault="null", after=True),
    Row("JSON too deep to read", "unknown", MAYBE, fault="deep", after=True),
    Row("an answer of more than 4 MiB", "unknown", MAYBE, fault="huge", after=True),
    Row("code 200 with no task id", "unknown", MAYBE, fault="null-data", after=True),
    Row("code 200 without data", "unknown", MAYBE, fault="no-data", after=True),
    Row("code 200 with a task id that is no text", "unknown", MAYBE, fault="wrong-types", after=True),
    Row("an answer that contradicts itself", "unknown", MAYBE, way=answering(500, json={"code": 200})),
]  # fmt: skip


@asynccontextmanager
async def on_this_network(bench, row: Row, patch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The bench with a service behind the network of this row."""
    if row.way is None:
        yield
        return
    usual = bench.service
    async with AsyncExitStack() as stack:
        transport, url = await row.way(stack, patch)
        transport = ForPosts(transport, bench.transport)
        bench.service = Service(
            key=bench.world.key, dialect=usual.dialect, api_url=url, upload_url=url, transport=transport, timeout=5
        )
        bench.ledger = bench.new_ledger("here")
        yield
        await bench.service.aclose()
    bench.service = usual
    bench.ledger._service = usual


CASES = [(row, row.fault) for row in ROWS] + [(row, f"{row.fault}-after") for row in ROWS if row.after]


@pytest.mark.parametrize(("row", "fault"), CASES, ids=[f"{row.end} {fault}".strip() for row, fault in CASES])
async def test_every_way_a_submit_can_end_is_what_the_page_says(bench, monkeypatch, row, fault):
    if fault:
        bench.world.faults.add(f"submit:{fault}")
    async with on_this_network(bench, row, monkeypatch):
        job = await bench.submit(await bench.plan())
    monkeypatch.undo()
    assert job.state == row.state
    carried_out = row.state == "running" or fault.endswith("-after")
    assert bench.charges == carried_out

    before = bench.arrived()
    bench.clock.pass_seconds(7200)
    await bench.ledger.step()
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("submit #")))
    later = await bench.library.job(job.id)
    if row.money == AGAIN:
        assert later.state == "running"
        assert bench.charges == 1
    else:
        assert later.state == job.state
        assert bench.arrived() == before
        assert bench.charges == carried_out
    if row.state == "unknown":
        assert job.balance_before == 1000
        assert job.trouble.hint.startswith("It may have been charged.")
    elif row.state == "rejected":
        assert job.trouble.message


def test_the_page_shows_this_very_table():
    endings = tuple(f"{money} |" for money in (NOTHING, ONCE, MAYBE, AGAIN))
    lines = [f"| {row.end} | `{row.state}` | {row.money} |" for row in ROWS]
    shown = [line for line in PAGE.read_text().splitlines() if line.endswith(endings)]
    assert shown == lines
