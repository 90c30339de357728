"""An engine's parts on a simulated service, with a clock that only moves when a test moves it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from mjtui.api.dialects import dialect
from mjtui.api.service import Service
from mjtui.config import Settings
from mjtui.engine import intent
from mjtui.engine.downloads import Downloads
from mjtui.engine.events import EngineEvent, Notice
from mjtui.engine.ledger import Ledger
from mjtui.engine.poller import Poller
from mjtui.engine.publisher import Publisher
from mjtui.errors import ServiceError
from mjtui.library.rows import Job
from mjtui.library.store import Library
from mjtui.prompt.draft import Draft
from mjtui.simulator.inprocess import Transport
from mjtui.simulator.world import World

NOON = 1_795_262_400_000


class Clock:
    """Milliseconds since 1970, moved by hand."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def pass_seconds(self, seconds: float) -> None:
        self.at += int(seconds * 1000)


@dataclass
class Bench:
    """The parts on the table: a library, a simulated service and the workers, driven step by step."""

    library: Library
    world: World
    transport: Transport
    service: Service
    clock: Clock
    folder: Path
    settings: Settings
    events: list[EngineEvent] = field(default_factory=list[EngineEvent])
    limit: tuple[int, float] | None = None

    def __post_init__(self) -> None:
        self.publisher = Publisher(self.events.extend)
        self.ledger = self.new_ledger("here")
        self.poller = self.new_poller("here")
        self.downloads = self.new_downloads("here")

    def new_ledger(self, owner: str) -> Ledger:
        return Ledger(
            self.library,
            self.service,
            self.publisher,
            owner=owner,
            now=self.clock,
            limit=lambda: self.limit,
            balance=self._balance,
            accepted=lambda: None,
        )

    def new_poller(self, owner: str) -> Poller:
        return Poller(
            self.library,
            self.service,
            self.publisher,
            owner=owner,
            now=self.clock,
            finished=lambda job: None,
            online=lambda online: None,
        )

    def new_downloads(self, owner: str, **changes: Any) -> Downloads:
        options: dict[str, Any] = {
            "folder": self.folder,
            "template": self.settings.pictures.template,
            "parallel": 4,
            "max_bytes": 50 << 20,
            "transport": self.transport,
        }
        return Downloads(self.library, self.service, self.publisher, owner=owner, now=self.clock, **(options | changes))

    async def plan(self, prompt: str = "a paper lighthouse at dusk", **choices: Any) -> Job:
        """Write an intent down, as `Engine.send` does."""
        draft = Draft(prompt=prompt, **choices)
        parent = await self.library.job(draft.parent) if draft.parent else None
        seen = intent.preview(
            draft,
            parent,
            dialect=self.service.dialect,
            defaults=self.settings.prompt_defaults(),
            prices=self.settings.prices,
        )
        return await self.library.plan_job(intent.new_job(seen, "kie"))

    async def submit(self, job: Job) -> Job:
        """Send a planned job and wait for what comes of it."""
        self.ledger.release(job.id)
        await self.ledger.step()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("submit #")))
        return await self.library.job(job.id)

    async def running(self, prompt: str = "a paper lighthouse at dusk", **choices: Any) -> Job:
        job = await self.submit(await self.plan(prompt, **choices))
        assert job.state == "running"
        return job

    async def look(self, job: Job, *, after: float) -> Job:
        """Let time pass and look at what is due."""
        self.clock.pass_seconds(after)
        await self.poller.round(due=self.clock())
        return await self.library.job(job.id)

    async def done(self, prompt: str = "a paper lighthouse at dusk", **choices: Any) -> Job:
        job = await self.look(await self.running(prompt, **choices), after=60)
        assert job.state == "succeeded"
        return job

    async def save(self, job: Job) -> Job:
        """Try once to save every picture that is due."""
        while await self.downloads.round(due=self.clock()):
            self.clock.pass_seconds(0.001)
        return await self.library.job(job.id)

    def notices(self) -> list[str]:
        self.publisher.flush()
        return [event.text for event in self.events if isinstance(event, Notice)]

    @property
    def charges(self) -> int:
        """How many times the service charged for a request."""
        return len([charge for charge in self.world.ledger if charge.amount >= 0])

    def arrived(self) -> int:
        """How many requests that make a task reached the service."""
        return len([seen for seen in self.world.seen if seen.method == "POST" and "/mj/" in seen.path])

    async def _balance(self) -> float | None:
        try:
            return await self.service.credits()
        except ServiceError:
            return None


@pytest.fixture(autouse=True)
def one_try() -> Iterator[None]:
    """The client's own second tries wait in real time; here the workers' tries are what is tested."""
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    clock = Clock()
    world = World(now=clock, seconds=(10, 20), seed="tests")
    transport = Transport(world)
    assert world.key is not None
    service = Service(
        key=world.key,
        dialect=dialect("kie"),
        api_url="http://service.test",
        upload_url="http://service.test",
        transport=transport,
        clock=lambda: clock() / 1000,
    )
    library = await Library.open(tmp_path / "library.db", now=clock)
    table = Bench(library, world, transport, service, clock, tmp_path / "pictures", Settings())
    yield table
    await table.downloads.close()
    await service.aclose()
    await library.close()


class Simulator:
    """A simulator in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes", "--balance", "100000", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        facts = json.loads(self.process.stdout.readline())
        self.url, self.key = facts["url"], facts["key"]

    def faults(self, spec: str) -> None:
        httpx.post(f"{self.url}/_simulator/faults", json={"spec": spec}).raise_for_status()

    def ledger(self) -> list[dict[str, Any]]:
        return httpx.get(f"{self.url}/_simulator/ledger").json()

    def requests(self) -> list[dict[str, Any]]:
        return httpx.get(f"{self.url}/_simulator/requests").json()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Starts simulators with these arguments; all are stopped at the end."""
    started: list[Simulator] = []

    def start(*arguments: str) -> Simulator:
        started.append(Simulator(*arguments))
        return started[-1]

    yield start
    for simulator in started:
        simulator.close()
