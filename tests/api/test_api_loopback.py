"""Real connections that end badly: what the client concludes from a socket, and not from a scripted exception."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from mjtui.api import Service
from mjtui.errors import Unclear, Unreachable
from mjtui.prompt.draft import Request

Answerer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def server(answer: Answerer) -> AsyncIterator[str]:
    """A server on this machine that gives every connection to `answer`, and its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await answer(reader, writer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"127.0.0.1:{port}"


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Nothing is read and nothing is said."""


async def request_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return head + await reader.readexactly(length)


@pytest.fixture
def reach(connect: Callable[..., Service]) -> Callable[..., Service]:
    def build(address: str, scheme: str = "http", **options: Any) -> Service:
        return connect(api_url=f"{scheme}://{address}", transport=None, **options)

    return build


async def test_nobody_listens(reach: Callable[..., Service], fox: Request) -> None:
    async with server(hang_up) as address:
        pass
    with pytest.raises(Unreachable) as caught:
        await reach(address).submit(fox)
    assert caught.value.receipt == "not_received"


async def test_a_handshake_that_fails_sends_nothing(reach: Callable[..., Service], fox: Request) -> None:
    heard: list[bytes] = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with server(plain) as address:
        with pytest.raises(Unreachable):
            await reach(address, "https").submit(fox)
    assert b"POST" not in b"".join(heard)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"SSH-2.0-OpenSSH_9.9\r\n",
    ],
    ids=["nothing", "a cut body", "a cut chunk", "no gzip", "no HTTP"],
)
async def test_a_request_that_was_heard_is_unknown_and_not_sent_again(
    reach: Callable[..., Service], fox: Request, answer: bytes
) -> None:
    heard: list[bytes] = []

    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await request_of(reader))
        writer.write(answer)
        await writer.drain()

    async with server(broken) as address:
        with pytest.raises(Unclear) as caught:
            await reach(address).submit(fox)
    assert caught.value.receipt == "unknown"
    assert len(heard) == 1


async def test_a_silent_service_is_unknown(reach: Callable[..., Service], fox: Request) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        await reader.read()

    async with server(silent) as address:
        with pytest.raises(Unclear, match="did not answer in time"):
            await reach(address, timeout=0.05).submit(fox)


async def test_eight_connections_are_the_most(reach: Callable[..., Service], fox: Request) -> None:
    open_now = most = 0
    full = asyncio.Event()

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        if open_now == 8:
            full.set()
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                await request_of(reader)
                await full.wait()
                body = b'{"code":200,"data":{"taskId":"t1"}}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        open_now -= 1

    async with server(counted) as address:
        service = reach(address)
        assert await asyncio.gather(*(service.submit(fox) for _ in range(20))) == ["t1"] * 20
        assert most == 8
        await service.aclose()


async def test_a_proxy_for_the_web_is_not_used_on_this_machine(
    reach: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def credits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{"code":200,"data":7}')
        await writer.drain()

    async with server(credits) as address:
        assert await reach(address).credits() == 7.0
