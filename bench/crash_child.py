"""The two processes of a crash: one that is killed (or put to sleep) at a point, and one that finds what it left.

A point is a call of the engine that writes, sends or waits, by name; it is reached before the call and after it. The
calls are wrapped from outside, so that the program itself knows nothing of this.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite
import httpx

from mjtui.api import service
from mjtui.api.service import Service
from mjtui.engine import Options, downloads, ledger, poller, transfer, work
from mjtui.engine.engine import Engine, unfinished
from mjtui.library.store import Library
from mjtui.paths import under
from mjtui.prompt.draft import Draft

WRITES = (
    "plan_job", "claim_planned", "claim_looks", "looked", "look_soon", "succeed", "claim_pictures", "name_picture",
    "remember_validator", "picture_saved", "remember_upload", "note_balance", "release", "sweep_submitting", "close",
)  # fmt: skip
CALLS = ("turn", "send", "look", "credits", "upload")

FIRST_LOOK_MS = 60
LEASE_MS = 300
PATIENCE = 40.0
"""Seconds in which the second process has to finish everything."""


@dataclass(frozen=True, slots=True)
class Kill:
    """When to die: the `nth` time that a point is reached, after so many steps of the event loop, or of seconds.

    With `sleep` the process is stopped there instead, and its claims last for `LEASE_MS`.
    """

    point: str = ""
    nth: int = 1
    step: int = 0
    seconds: float = 0.0
    sleep: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it happens, and what is asked for; a planned job that is found is sent on `resend`."""

    home: str
    url: str
    key: str
    prompt: str
    image: str


class Points:
    """Counts the points that are reached, and ends the process at the chosen one."""

    def __init__(self, kill: Kill | None) -> None:
        self.kill = kill
        self.reached: dict[str, int] = {}
        self.steps = 0

    def reach(self, point: str) -> None:
        self.reached[point] = self.reached.get(point, 0) + 1
        if self.kill and self.kill.point == point and self.kill.nth == self.reached[point]:
            os.kill(os.getpid(), signal.SIGSTOP if self.kill.sleep else signal.SIGKILL)

    def step(self) -> None:
        self.steps += 1
        if self.kill and self.kill.step == self.steps:
            die()

    def install(self) -> None:
        """Wrap every call that is a point."""
        for name in WRITES:
            self._wrap(Library, name, lambda name=name, **_: name)
        self._wrap(Library, "move", lambda what, **_: f"move to {what}")
        self._wrap(aiosqlite.Connection, "commit", lambda **_: "commit")
        for name in CALLS:
            self._wrap(Service, name, lambda name=name, **_: name)
        self._wrap(httpx.AsyncClient, "send", lambda **_: "http exchange")
        self._wrap(service, "_body", lambda **_: "answer read")
        self._wrap(downloads, "transfer", lambda **_: "transfer")
        self._wrap(transfer, "_receive", lambda **_: "receive")
        self._wrap_sync(downloads, "check_file", "check file")
        self._wrap_sync(downloads, "_put", "put in place")
        self._wrap_sync(Path, "replace", "rename")
        self._wrap_sync(os, "fsync", "fsync")
        self._wrap_pieces()
        self._count_steps()

    def _wrap(self, owner: Any, name: str, label: Callable[..., str]) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            point = label(**({"what": kwargs["what"]} if "what" in kwargs else {}))
            self.reach(f"before {point}")
            result = await original(*args, **kwargs)
            self.reach(f"after {point}")
            return result

        setattr(owner, name, wrapped)

    def _wrap_sync(self, owner: Any, name: str, point: str) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            self.reach(f"before {point}")
            result = original(*args, **kwargs)
            self.reach(f"after {point}")
            return result

        setattr(owner, name, wrapped)

    def _wrap_pieces(self) -> None:
        original = httpx.Response.aiter_raw

        async def wrapped(response: httpx.Response, chunk_size: int | None = None) -> AsyncIterator[bytes]:
            async for piece in original(response, chunk_size):
                yield piece
                self.reach("after a piece")

        httpx.Response.aiter_raw = wrapped

    def _count_steps(self) -> None:
        original = asyncio.Handle._run

        def counted(handle: asyncio.Handle) -> None:
            self.step()
            original(handle)

        asyncio.Handle._run = counted


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def first(scene: Scene, kill: Kill | None, seen: str) -> None:
    """The process that sends a job and is killed; where it is not, it writes which points it reached to `seen`."""
    ledger.FIRST_LOOK_MS = FIRST_LOOK_MS
    if kill and kill.sleep:
        downloads.LEASE_MS = poller.LEASE_MS = work.LEASE_MS = LEASE_MS
        work.POST_TIMEOUTS = 0
    points = Points(kill)
    points.install()
    if kill and kill.seconds:
        threading.Timer(kill.seconds, die).start()
    asyncio.run(_first(scene))
    if not (kill and kill.seconds):
        Path(seen).write_text(json.dumps({"reached": points.reached, "steps": points.steps}))


def second(scene: Scene, report: str, patience: float = PATIENCE) -> None:
    """The process that is started after the crash; it finishes what it finds and writes down what came of it."""
    ledger.FIRST_LOOK_MS = FIRST_LOOK_MS
    found = asyncio.run(_second(scene, patience))
    Path(report).write_text(json.dumps(found))


async def _open(scene: Scene) -> Engine:
    flags = {"service.api_url": scene.url, "service.upload_url": scene.url}
    options = Options(paths=under(Path(scene.home)), flags=flags, service=lambda: ({}, scene.key))
    engine = await Engine.open(options, lambda events: None)
    await engine.begin()
    return engine


async def _first(scene: Scene) -> None:
    engine = await _open(scene)
    await engine.send(Draft(prompt=scene.prompt, kind="img2img", images=(scene.image,)))
    (Path(scene.home) / "acknowledged").touch()
    await _finish(engine)
    await engine.close()


async def _second(scene: Scene, patience: float) -> dict[str, Any]:
    engine = await _open(scene)
    for job in await engine.history():
        if job.state == "planned":
            await engine.release(job.id)
    stuck = False
    try:
        async with asyncio.timeout(patience):
            await _finish(engine)
    except TimeoutError:
        stuck = True
    jobs = [await _facts(engine, job.id) for job in await engine.history()]
    leases = await engine.library.owners()
    await engine.close()
    return {"stuck": stuck or any(owner != engine._owner for owner in leases), "jobs": jobs}


async def _finish(engine: Engine) -> None:
    while True:
        jobs = await engine.history()
        if not any(unfinished(job) or any(picture.state == "due" for picture in job.pictures) for job in jobs):
            return
        await engine.look()
        await engine.save()
        await asyncio.sleep(0.1)


async def _facts(engine: Engine, job_id: int) -> dict[str, Any]:
    job = await engine.job(job_id)
    log = [event.what for event in await engine.log(job_id)]
    pictures = [
        {"state": picture.state, "path": picture.path, "sha256": picture.sha256, "size": picture.size}
        for picture in job.pictures
    ]
    return {"state": job.state, "task_id": job.task_id, "log": log, "pictures": pictures}
