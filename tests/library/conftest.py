"""A library in a folder of its own, with a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mjtui.library.rows import Job, NewJob
from mjtui.library.store import Library


class Clock:
    def __init__(self) -> None:
        self.ms = 1_790_000_000_000

    def __call__(self) -> int:
        return self.ms

    def pass_ms(self, ms: int) -> None:
        self.ms += ms


def new_job(**changes: Any) -> NewJob:
    values: dict[str, Any] = {
        "service": "kie",
        "kind": "txt2img",
        "prompt": "a paper lighthouse at dusk, soft fog",
        "request": {"taskType": "mj_txt2img", "prompt": "a paper lighthouse at dusk, soft fog"},
        "endpoint": "/api/v1/mj/generate",
        "digest": "d1",
        "cost": 8.0,
        "speed": "fast",
        "version": "7",
        "aspect_ratio": "16:9",
    }
    return NewJob(**(values | changes))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make() -> Callable[..., NewJob]:
    return new_job


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
async def open_library(path: Path, clock: Clock) -> AsyncIterator[Callable[..., Awaitable[Library]]]:
    """Opens libraries (by default this test's one, as another process would) and closes them at the end."""
    opened: list[Library] = []

    async def open_one(where: Path = path, **options: Any) -> Library:
        opened.append(await Library.open(where, now=clock, **options))
        return opened[-1]

    yield open_one
    for library in opened:
        await library.close()


@pytest.fixture
async def library(open_library: Callable[..., Awaitable[Library]]) -> Library:
    return await open_library()


@pytest.fixture
def running(library: Library) -> Callable[..., Awaitable[Job]]:
    """Makes a job that the service has accepted."""

    async def run(task_id: str = "2584aaaa", **changes: Any) -> Job:
        job = await library.plan_job(new_job(**changes))
        await library.claim_planned("sender", lease_ms=1000, ids=[job.id])
        await library.move(job.id, old=("planned",), new="submitting", what="submitting", owner="sender")
        moved = await library.move(job.id, old=("submitting",), new="running", what="accepted", task_id=task_id)
        assert moved is not None
        return moved

    return run


@pytest.fixture
def done(library: Library, clock: Clock, running: Callable[..., Awaitable[Job]]) -> Callable[..., Awaitable[Job]]:
    """Makes a job with four pictures that are due."""

    async def finish(task_id: str = "2584aaaa", **changes: Any) -> Job:
        job = await running(task_id, **changes)
        urls = [f"https://pictures.example/{task_id}_{index}.jpeg" for index in range(4)]
        clock.pass_ms(60_000)
        finished = await library.succeed(job.id, urls=urls, finished_at=clock(), expires_at=clock() + 1_000_000)
        assert finished is not None
        return finished

    return finish
