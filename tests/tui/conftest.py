"""The app on a real engine, a real library and a simulated service, driven by keys."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console
from textual import events
from textual.pilot import Pilot

from mjtui import keymap
from mjtui.engine import EngineEvent, Handle, Options
from mjtui.paths import Paths, under
from mjtui.tui import opening
from mjtui.tui.app import MjtuiApp
from mjtui.tui.face import Face
from mjtui.tui.messages import EngineEvents

LONG = 20
"""Seconds after which something that should have happened never will."""


@dataclass(frozen=True)
class Simulator:
    """A local service in a process of its own."""

    url: str
    key: str

    def fault(self, spec: str) -> None:
        httpx.post(f"{self.url}/_simulator/faults", json={"spec": spec}).raise_for_status()

    def heal(self) -> None:
        httpx.delete(f"{self.url}/_simulator/faults").raise_for_status()

    def charges(self) -> list[dict[str, Any]]:
        return httpx.get(f"{self.url}/_simulator/ledger").json()


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "mjtui.simulator", "--until-stdin-closes", "--seconds", "0-0.1"),
            *("--switches", "creates-per-window=1000", "--balance", "100000"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    facts = json.loads(process.stdout.readline())
    try:
        yield Simulator(facts["url"], facts["key"])
    finally:
        process.stdin.close()
        process.wait(timeout=LONG)
        process.stdout.close()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Iterator[Simulator]:
    """The local service, without faults."""
    yield running_simulator
    running_simulator.heal()


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return under(tmp_path / "home")


class Sitting:
    """An open app with the keys of a person."""

    def __init__(self, app: MjtuiApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot
        self.said: list[str] = []
        say = app.say

        def listen(text: str, severity: Any = "information") -> None:
            self.said.append(text)
            say(text, severity)

        app.say = listen

    @property
    def studio(self):
        return self.app.studio

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Press the key of every character."""
        await self.press(*(keymap.CHARACTERS.get(character, character) for character in text))

    async def write(self, text: str) -> None:
        """Paste a text where the focus is."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def until(self, what: Callable[[], object]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(LONG):
            while not what():
                await self.pilot.pause(0.01)
        await self.pilot.pause()

    async def planned(self) -> None:
        """Wait until the request of the draft is planned and priced."""
        compose = self.studio.compose_pane
        await self.until(lambda: compose.seen is not None and compose.seen.draft == compose.draft)

    async def pictures(self) -> None:
        """Wait until the job that is shown has its pictures."""

        async def done() -> None:
            while self.studio.job is None or not self.studio.job.pictures:
                await self.app.ask(lambda engine: engine.look())
                await asyncio.sleep(0.1)

        await asyncio.wait_for(done(), LONG)
        await self.pilot.pause()

    def text(self) -> str:
        """What is on the screen, without colours."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join(strip.text for strip in strips)


@pytest.fixture
def console() -> Console:
    """A terminal with all colours."""
    return Console(color_system="truecolor", force_terminal=True, width=120)


@pytest.fixture
def service(simulator: Simulator) -> Callable[[], tuple[dict[str, str], str]]:
    return lambda: ({"service.api_url": simulator.url, "service.upload_url": simulator.url}, simulator.key)


@pytest.fixture
def sitting(paths: Paths, service: Any) -> Callable[..., Any]:
    """Opens the app; each time is another sitting on the same library."""

    @asynccontextmanager
    async def open_app(
        size: tuple[int, int] = (120, 40), *, keys: dict[str, Any] | None = None, key: bool = True, **face: Any
    ) -> AsyncIterator[Sitting]:
        apps: list[MjtuiApp] = []

        def hear(events: tuple[EngineEvent, ...]) -> None:
            for app in apps:
                app.post_message(EngineEvents(events))

        handle = Handle(Options(paths=paths, service=service if key else None))
        handle.listen(hear)
        handle.start()
        try:
            first = await asyncio.wrap_future(handle.ask(opening.read))
            app = MjtuiApp(handle, first, Face(keys=keymap.keymap(keys), scratch=paths.state, **face))
            async with app.run_test(size=size) as pilot:
                apps.append(app)
                await pilot.pause()
                yield Sitting(app, pilot)
                apps.clear()
        finally:
            await asyncio.to_thread(handle.stop)

    return open_app
