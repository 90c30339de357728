from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from mjtui.simulator.inprocess import Transport
from mjtui.simulator.world import World

START = 1_767_225_600_123
DRAWING = {"taskType": "mj_txt2img", "prompt": "a paper lighthouse at dusk", "speed": "fast"}


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> int:
        return self.at

    def pass_seconds(self, seconds: float) -> None:
        self.at += round(1000 * seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(now=clock, seconds=(10, 10))


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(world) as client:
        yield client


def client_of(world: World) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=Transport(world), base_url="http://simulator.test", headers={"Authorization": "Bearer simulator"}
    )


@pytest.fixture
def connect() -> Callable[[World], httpx.AsyncClient]:
    return client_of


@pytest.fixture
def drawing() -> dict[str, Any]:
    return dict(DRAWING)


@pytest.fixture
def submit(client: httpx.AsyncClient) -> Callable[..., Awaitable[dict[str, Any]]]:
    async def post(path: str = "generate", **fields: Any) -> dict[str, Any]:
        body = DRAWING | fields if path == "generate" else fields
        body = {name: value for name, value in body.items() if value is not ...}
        return (await client.post(f"/api/v1/mj/{path}", json=body)).json()

    return post


@pytest.fixture
def look(client: httpx.AsyncClient) -> Callable[[str], Awaitable[dict[str, Any]]]:
    async def get(task_id: str) -> dict[str, Any]:
        return (await client.get("/api/v1/mj/record-info", params={"taskId": task_id})).json()

    return get


@pytest.fixture
def make(submit: Any, world: World) -> Callable[..., Awaitable[str]]:
    """Makes a task, finishes it, and gives its id."""

    async def finished(path: str = "generate", **fields: Any) -> str:
        answer = await submit(path, **fields)
        assert answer["code"] == 200, answer
        task_id = answer["data"]["taskId"]
        world.finish(task_id)
        return task_id

    return finished
