"""Callbacks over a real socket: a signed word that a task has ended is a reason to ask the service, and no more."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

import httpx
import pytest

from mjtui.api.callbacks import SIGNATURE, TIMESTAMP, signature
from mjtui.api.dialects import dialect
from mjtui.api.service import Service
from mjtui.engine.engine import Engine
from mjtui.engine.events import Notice
from mjtui.engine.handle import Options
from mjtui.engine.receiver import LARGEST_BODY, Receiver
from mjtui.library.store import Library
from mjtui.paths import under
from mjtui.prompt.draft import Draft
from mjtui.simulator.callbacks import Courier

KEY = "whk_example_key"
TASK = "9f47c52047dda21bb3df0488736cce57"


class Listening:
    """A receiver at work, what it was told and what it said."""

    def __init__(self, clock, port: int = 0, told=None) -> None:
        self.heard: list[str] = []
        self.notices: list[str] = []
        self.clock = clock
        self.receiver = Receiver(
            "127.0.0.1",
            port,
            key=KEY,
            window=300,
            told=told or self.hear,
            tell=lambda notice: self.notices.append(notice.text),
            now=clock,
        )
        self.task = asyncio.create_task(self.receiver.run())

    async def hear(self, task_id: str) -> None:
        self.heard.append(task_id)

    async def url(self) -> str:
        host, port = await asyncio.wait_for(asyncio.shield(self.receiver.address), 5)
        return f"http://{host}:{port}/hooks/mjtui"

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def body(self, task_id: str = TASK, *, ended: bool = True) -> bytes:
        urls = ["https://example.test/1.jpeg"] if ended else []
        return json.dumps({"code": 200, "msg": "success", "data": {"taskId": task_id, "resultUrls": urls}}).encode()

    def headers(self, task_id: str = TASK, *, key: str = KEY, ago: int = 0) -> dict[str, str]:
        timestamp = str(self.clock() // 1000 - ago)
        return {TIMESTAMP: timestamp, SIGNATURE: signature(key, task_id, timestamp)}


@pytest.fixture
async def listening(bench):
    found = Listening(bench.clock)
    yield found
    await found.close()


@pytest.fixture
async def http():
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def test_a_signed_callback_is_answered_and_names_its_task_once(listening, http):
    for _ in range(3):
        answer = await http.post(await listening.url(), content=listening.body(), headers=listening.headers())
        assert answer.status_code == 200
    assert listening.heard == [TASK]


@pytest.mark.parametrize(
    "change",
    [{"headers": {}}, {"key": "another key"}, {"ago": 301}, {"ago": -301}, {"task_id": "another task"}],
    ids=["unsigned", "forged", "stale", "from the future", "signed for another task"],
)
async def test_what_is_not_signed_rightly_is_refused_and_logged(listening, http, caplog, change):
    headers = change["headers"] if "headers" in change else listening.headers(**change)
    answer = await http.post(await listening.url(), content=listening.body(), headers=headers)
    assert answer.status_code == 401
    assert listening.heard == []
    assert "401" in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 60_000, b"null", b"[]", b'{"data": {"taskId": 7}}', b'{"taskId": "\\u0000"}'],
)
async def test_what_is_no_callback_is_refused(listening, http, body):
    answer = await http.post(await listening.url(), content=body, headers=listening.headers())
    assert answer.status_code in (400, 401)
    assert listening.heard == []


async def test_a_body_without_end_is_cut_off(listening, http):
    async def endless():
        for _ in range(64):
            yield b" " * (LARGEST_BODY // 8)

    with contextlib.suppress(httpx.TransportError):
        answer = await http.post(await listening.url(), content=endless(), headers=listening.headers())
        assert answer.status_code == 413
    assert listening.heard == []
    assert (await http.post(await listening.url(), content=listening.body(), headers=listening.headers())).is_success


async def test_a_slow_body_is_not_waited_for(listening, monkeypatch):
    monkeypatch.setattr("mjtui.engine.receiver.BODY_SECONDS", 0.05)
    await listening.url()
    reader, writer = await asyncio.open_connection(*await listening.receiver.address)
    writer.write(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()


async def test_only_posts_are_taken(listening, http):
    assert (await http.get(await listening.url())).status_code == 405


async def test_a_word_that_a_task_still_runs_asks_nobody(listening, http):
    url = await listening.url()
    assert (await http.post(url, content=listening.body(ended=False), headers=listening.headers())).is_success
    assert listening.heard == []
    assert (await http.post(url, content=listening.body(), headers=listening.headers())).is_success
    assert listening.heard == [TASK]


async def test_a_port_in_use_is_told_once_and_taken_when_it_is_free(bench, monkeypatch):
    monkeypatch.setattr("mjtui.engine.receiver.PORT_AGAIN", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as other:
        second = Listening(bench.clock, other.getsockname()[1])
        await asyncio.sleep(0.05)
        assert not second.task.done()
    await second.url()
    await second.close()
    [notice] = second.notices
    assert "looked at as usual" in notice


class Called:
    """The engine's parts with a simulated service that calls back."""

    def __init__(self, bench) -> None:
        self.bench = bench
        bench.world.webhook_key = KEY
        self.listening = Listening(bench.clock, told=self.told)

    async def told(self, task_id: str) -> None:
        job = await self.bench.library.by_task(task_id)
        if job is not None and job.state == "running":
            await self.bench.poller.told(job.id)

    async def start(self) -> None:
        bench = self.bench
        self.url = await self.listening.url()
        self.courier = Courier(bench.world, base="http://service.test")
        self.service = Service(
            key=bench.world.key,
            dialect=dialect("kie"),
            api_url="http://service.test",
            upload_url="http://service.test",
            callback_url=self.url,
            transport=bench.transport,
            clock=lambda: bench.clock() / 1000,
        )
        bench.ledger._service = self.service

    async def looks(self) -> None:
        """Look at what is due now, as the worker does when it is woken."""
        await self.bench.poller.round(due=self.bench.clock())

    async def close(self) -> None:
        await self.service.aclose()
        await self.listening.close()


@pytest.fixture
async def called(bench, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("mjtui.engine.ledger.FIRST_LOOK_MS", 600_000)
    found = Called(bench)
    await found.start()
    yield found
    await found.close()


async def finish(called, faults: str = ""):
    """A job that ends after 30 seconds, whose callback comes with these faults; the job as it is afterwards."""
    job = await called.bench.running()
    called.bench.world.faults.add(faults)
    called.bench.clock.pass_seconds(30)
    await called.courier.deliver_due()
    await called.looks()
    return await called.bench.library.job(job.id)


@pytest.mark.parametrize("fault", ["", "callback:duplicate", "callback:early"])
async def test_a_callback_makes_the_end_known_at_once_with_the_pictures_that_the_service_names(called, fault):
    job = await finish(called, fault)
    assert job.state == "succeeded"
    assert [picture.index for picture in job.pictures] == [1, 2, 3, 4]
    assert all(picture.url.startswith("http://service.test/") for picture in job.pictures)
    assert len([seen for seen in called.bench.world.seen if "record-info" in seen.path]) == 1


@pytest.mark.parametrize("fault", ["lost:4", "unsigned:4", "forged:4", "stale:4", "hostile:4"])
async def test_without_a_good_callback_polling_goes_on_beneath(called, fault):
    job = await finish(called, f"callback:{fault}")
    assert job.state == "running"
    assert not [seen for seen in called.bench.world.seen if "record-info" in seen.path]
    job = await called.bench.look(job, after=600)
    assert job.state == "succeeded"


async def test_where_the_service_does_not_know_yet_what_its_callback_said_it_is_asked_again_soon(called):
    called.bench.world.faults.add("look:running:2")
    job = await finish(called)
    assert job.state == "running"
    for _ in range(2):
        job = await called.bench.look(job, after=2)
    assert job.state == "succeeded"


async def test_neither_callback_address_nor_key_is_in_the_library(called):
    await finish(called)
    for path in called.bench.folder.parent.glob("library.db*"):
        content = path.read_bytes()
        assert KEY.encode() not in content
        assert called.url.encode() not in content
        assert b"callBackUrl" not in content


@pytest.fixture
async def engine(simulate, tmp_path, monkeypatch):
    """Starts an engine on a simulator that signs its callbacks; a first look would come after ten minutes."""
    monkeypatch.setattr("mjtui.engine.ledger.FIRST_LOOK_MS", 600_000)
    monkeypatch.setattr("mjtui.secret._keyring", lambda: None)
    simulator = simulate("--seconds", "0.2-0.3", "--webhook-key", KEY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    paths = under(tmp_path)
    paths.make()
    flags = {
        "service.api_url": simulator.url,
        "service.upload_url": simulator.url,
        "callbacks.public_url": f"http://127.0.0.1:{port}/",
        "callbacks.port": port,
    }
    notices: list[str] = []

    def tell(events) -> None:
        notices.extend(event.text for event in events if isinstance(event, Notice))

    options = Options(paths=paths, flags=flags, service=lambda: ({}, simulator.key))
    found = Engine(options, await Library.open(paths.library), tell)
    found.notices = notices
    yield found
    await found.close()


async def test_with_an_address_and_a_key_the_service_calls_and_the_job_is_done(engine, monkeypatch):
    monkeypatch.setenv("MJTUI_CALLBACK_KEY", KEY)
    await engine.begin()
    job = await engine.send(Draft(prompt="a paper lighthouse"))
    async with asyncio.timeout(8):
        [job] = await engine.wait([job.id], lambda row: row.state == "succeeded")
    assert job.looks <= 1


async def test_the_key_may_be_in_a_file_of_its_own(engine, monkeypatch):
    monkeypatch.delenv("MJTUI_CALLBACK_KEY", raising=False)
    engine._options.paths.callback_key.write_text(f"{KEY}\n")
    await engine.begin()
    assert engine._work.service._callback_url is not None


async def test_without_a_key_callbacks_are_off_and_that_is_said(engine, monkeypatch):
    monkeypatch.delenv("MJTUI_CALLBACK_KEY", raising=False)
    await engine.begin()
    assert engine._work.service._callback_url is None
    engine._publisher.flush()
    assert any("Callbacks are off" in text for text in engine.notices)
    await engine.focused()
