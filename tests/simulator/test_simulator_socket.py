from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mjtui.simulator.serving import serve
from mjtui.simulator.world import World

KEY = {"Authorization": "Bearer simulator"}


@contextlib.asynccontextmanager
async def served(world: World) -> AsyncIterator[str]:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    task = asyncio.create_task(serve(world, ready=ready.set_result, stop=stop))
    try:
        yield await ready
    finally:
        stop.set()
        await task


async def _ask(url: str, request: str) -> bytes:
    """What comes back on a raw socket until the other side closes it."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.replace("\n", "\r\n").encode())
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_drop_after_really_closes_the_connection_and_charges(drawing: dict[str, Any]) -> None:
    world = World(faults="submit:drop-after")
    body = json.dumps(drawing)
    head = f"POST /api/v1/mj/generate HTTP/1.1\nHost: x\nAuthorization: Bearer simulator\nContent-Length: {len(body)}"
    async with served(world) as url:
        assert await _ask(url, f"{head}\n\n{body}") == b""
    assert len(world.ledger) == 1


async def test_half_a_file_is_cut_in_the_middle(drawing: dict[str, Any]) -> None:
    world = World(seconds=(0, 0), faults="file:half")
    async with served(world) as url:
        async with httpx.AsyncClient(base_url=url, headers=KEY) as client:
            task_id = (await client.post("/api/v1/mj/generate", json=drawing)).json()["data"]["taskId"]
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                await client.get(f"/m/{task_id}_0_0.jpeg")
            whole = await client.get(f"/m/{task_id}_0_0.jpeg")
        world.faults.add("file:half")
        part = await _ask(url, f"GET /m/{task_id}_0_0.jpeg HTTP/1.1\nHost: x\n\n")
    body = part.split(b"\r\n\r\n", 1)[1]
    assert 0 < len(body) < len(whole.content)
    assert whole.content.startswith(body)


async def test_links_lead_to_the_address_the_client_came_to(drawing: dict[str, Any]) -> None:
    async with served(World(seconds=(0, 0))) as url, httpx.AsyncClient(base_url=url, headers=KEY) as client:
        task_id = (await client.post("/api/v1/mj/generate", json=drawing)).json()["data"]["taskId"]
        data = (await client.get("/api/v1/mj/record-info", params={"taskId": task_id})).json()["data"]
        assert data["resultInfoJson"]["resultUrls"][0]["resultUrl"] == f"{url}/m/{task_id}_0_0.jpeg"


async def test_a_restart_takes_the_same_port_if_it_is_free(tmp_path: Path) -> None:
    async with served(World(state=tmp_path)) as first:
        pass
    async with served(World(state=tmp_path)) as second:
        assert second == first
        async with served(World(state=tmp_path)) as third:
            assert third != first


async def test_callbacks_are_sent_while_it_serves(drawing: dict[str, Any]) -> None:
    arrived: asyncio.Queue[bytes] = asyncio.Queue()

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await arrived.put(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    receiver = await asyncio.start_server(receive, "127.0.0.1", 0)
    hook = f"http://127.0.0.1:{receiver.sockets[0].getsockname()[1]}/hook"
    async with served(World(seconds=(0.05, 0.05))) as url, httpx.AsyncClient(base_url=url, headers=KEY) as client:
        answer = await client.post("/api/v1/mj/generate", json=drawing | {"callBackUrl": hook})
        body = json.loads(await asyncio.wait_for(arrived.get(), 5))
    receiver.close()
    await receiver.wait_closed()
    assert body["data"]["taskId"] == answer.json()["data"]["taskId"]
    assert body["data"]["resultUrls"][0].startswith(url)


async def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await serve(World(), port=taken.getsockname()[1], ready=print)


@pytest.fixture
def process() -> Iterator[Any]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "mjtui.simulator", *arguments]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


def test_the_process_says_where_it_is_and_ends_cleanly_on_sigterm(process: Any, tmp_path: Path) -> None:
    simulator = process("--seconds", "0-1", "--state", str(tmp_path), "--key", "k", "--faults", "credits:429:1")
    line = json.loads(simulator.stdout.readline())
    assert line == {"url": line["url"], "upload_url": line["url"], "key": "k"}
    answers = [httpx.get(line["url"] + "/api/v1/chat/credit", headers={"Authorization": "Bearer k"}) for _ in range(2)]
    assert [answer.json()["code"] for answer in answers] == [429, 200]
    simulator.send_signal(signal.SIGTERM)
    assert simulator.wait(10) == 0
    assert simulator.stderr.read() == ""


async def test_it_stops_soon_though_a_request_hangs(drawing: dict[str, Any]) -> None:
    async with served(World(faults="any:timeout")) as url, httpx.AsyncClient(base_url=url, headers=KEY) as client:
        hanging = asyncio.create_task(client.get("/api/v1/chat/credit", timeout=30))
        await client.get("/_simulator/state")
    with pytest.raises(httpx.HTTPError):
        await asyncio.wait_for(hanging, 5)


def test_the_faults_can_be_listed(process: Any) -> None:
    output, _ = process("--list-faults").communicate(timeout=10)
    assert "submit:drop " in output
    assert "file:bomb " in output


def test_the_process_ends_when_its_stdin_closes(process: Any) -> None:
    simulator = process("--until-stdin-closes")
    simulator.stdout.readline()
    simulator.stdin.close()
    assert simulator.wait(10) == 0
    simulator.stdin = None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--faults", "submit:drp"), "did you mean"),
        (("--switches", "x"), "no switch"),
        (("--seconds", "9-1"), "A-B"),
    ],
)
def test_a_wrong_argument_is_told(process: Any, arguments: tuple[str, ...], said: str) -> None:
    simulator = process(*arguments)
    assert simulator.wait(10) == 2
    assert said in simulator.stderr.read()


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, mjtui.simulator.__main__ as m; m.parser().format_help(); print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"starlette", "uvicorn", "PIL", "httpx"}.isdisjoint(output)
