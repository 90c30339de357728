"""A service with a scripted other end, and a record of everything that was sent to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import stamina
from aiolimiter import AsyncLimiter

from mjtui.api import Service, dialect
from mjtui.api.limits import Limits
from mjtui.prompt.draft import Request

KEY = "0123456789abcdef0123456789abcdef"
NOW = 1_767_225_600.0


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Repeated looks wait for nothing."""
    with stamina.set_testing(True, attempts=3):
        yield


class Wire:
    """Answers with what was scripted, the last of it again and again; an exception is raised in place of an answer."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []
        self.script: list[httpx.Response | Exception] = []
        self.route: Callable[[httpx.Request], httpx.Response] | None = None

    def says(self, *answers: httpx.Response | Exception) -> None:
        self.script = list(answers)

    def body(self, number: int = -1) -> dict[str, Any]:
        return json.loads(self.sent[number].content)

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.sent]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.sent.append(request)
        if self.route is not None:
            return self.route(request)
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def connect(wire: Wire) -> AsyncIterator[Callable[..., Service]]:
    """Builds services on the wire, and closes them."""
    made: list[Service] = []

    def build(name: str = "kie", **options: Any) -> Service:
        options = {"key": KEY, "transport": httpx.MockTransport(wire), "clock": lambda: NOW} | options
        fast = Limits(creates=AsyncLimiter(1000, 1), looks=AsyncLimiter(1000, 1))
        made.append(Service(dialect=dialect(name), limits=fast, **options))
        return made[-1]

    yield build
    for service in made:
        await service.aclose()


@pytest.fixture
def service(connect: Callable[..., Service]) -> Service:
    return connect()


@pytest.fixture
def fox() -> Request:
    return Request(kind="txt2img", prompt="a red fox", speed="fast", aspect_ratio="3:2", version="7")


@pytest.fixture
def envelope() -> Callable[..., httpx.Response]:
    """An answer in the service's own form."""

    def build(data: Any = None, *, code: Any = 200, msg: str = "success", status: int = 200) -> httpx.Response:
        return httpx.Response(status, json={"code": code, "msg": msg, "data": data})

    return build
