"""The client and the simulator, which share no code: what was charged is never taken for refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mjtui.api import Service
from mjtui.errors import ServiceError
from mjtui.prompt.draft import Request
from mjtui.simulator.faults import ANSWERS, LOOKS
from mjtui.simulator.inprocess import Transport
from mjtui.simulator.world import World

KEY = "0123456789abcdef0123456789abcdef"
CODES = [400, 401, 402, 404, 408, 422, 429, 433, 451, 455, 500, 501, 505, 550]
VALUES = {"timeout": "=0.05", "slow": "=0.01", "huge": "=5"}
SAYS_NO = {"escape", "markup", "bidi", "403-1010", "402-as-500"}
"""Faults that are a plain no: a service that says it after it has charged lies, and nobody could tell."""

BEFORE = [*ANSWERS, *map(str, CODES), *(f"http-{code}" for code in CODES)]
AFTER = [f"{name}-after" for name in ANSWERS if name not in SAYS_NO] + ["500-after", "http-502-after", "http-504-after"]


def fault(place: str, name: str, times: str = "1") -> str:
    return f"{place}:{name}{VALUES.get(name.removesuffix('-after'), '')}:{times}"


@pytest.fixture
def world() -> World:
    return World(key=KEY, seconds=(0.0, 0.0), balance=1000.0)


@pytest.fixture
def simulated(connect: Callable[..., Service], world: World) -> Callable[..., Service]:
    def build(name: str = "kie") -> Service:
        return connect(name, transport=Transport(world), timeout=0.5)

    return build


@pytest.mark.parametrize("dialect", ["kie", "sketch"])
@pytest.mark.parametrize("name", BEFORE + AFTER)
async def test_what_was_charged_is_never_called_refused(
    simulated: Callable[..., Service], world: World, fox: Request, name: str, dialect: str
) -> None:
    world.faults.add(fault("submit", name))
    try:
        await simulated(dialect).submit(fox)
    except ServiceError as error:
        assert error.message.isprintable()
        if world.ledger:
            assert error.receipt == "unknown"
    else:
        assert len(world.ledger) == 1


@pytest.mark.parametrize("dialect", ["kie", "sketch"])
@pytest.mark.parametrize("name", [*ANSWERS, *LOOKS, *map(str, CODES)])
async def test_a_look_survives_every_fault(
    simulated: Callable[..., Service], world: World, fox: Request, name: str, dialect: str
) -> None:
    service = simulated(dialect)
    task_id = await service.submit(fox)
    world.faults.add(fault("look", name, "always"))
    try:
        report = await service.look(task_id)
    except ServiceError as error:
        assert error.message.isprintable()
    else:
        assert all(url.startswith("http") for url in report.urls if url)
    world.faults.clear()
    assert (await service.look(task_id)).state in ("running", "succeeded")


async def test_a_whole_job_in_both_dialects(simulated: Callable[..., Service], world: World, fox: Request) -> None:
    for name, count in (("kie", 4), ("sketch", 1)):
        service = simulated(name)
        before = await service.credits()
        task_id = await service.submit(fox)
        world.finish(task_id)
        report = await service.look(task_id)
        assert (report.state, len(report.urls)) == ("succeeded", count)
        assert report.completed_at is not None or name == "sketch"
        assert before - await service.credits() == world.ledger[-1].amount


async def test_every_kind_is_accepted(simulated: Callable[..., Service], world: World) -> None:
    service = simulated()
    one = ("https://img.test/1.png",)
    parents = {}
    for request in (
        Request(kind="txt2img", prompt="a fox", speed="turbo", chaos=5, stylize=100, weird=10, version="6.1"),
        Request(kind="img2img", prompt="a fox", speed="fast", images=one),
        Request(kind="style_reference", prompt="a fox", speed="relaxed", images=one * 2),
        Request(kind="omni_reference", prompt="a fox", images=one, omni_weight=400),
        Request(kind="video", prompt="it turns", images=one, motion="low", batch_size=2),
        Request(kind="video_hd", prompt="it turns", images=one, motion="high"),
    ):
        parents[request.kind] = await service.submit(request)
        world.finish(parents[request.kind])
    for index in range(1, 5):
        await service.submit(Request(kind="upscale", task_id=parents["txt2img"], index=index))
        await service.submit(Request(kind="vary", task_id=parents["txt2img"], index=index))
    await service.submit(Request(kind="extend", task_id=parents["video"], index=2, prompt="it goes on"))
    await service.submit(Request(kind="extend", task_id=parents["video"], index=1))


async def test_a_file_is_uploaded_and_used(simulated: Callable[..., Service], world: World) -> None:
    given = await simulated().upload_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 32, "fox.png")
    await simulated().submit(Request(kind="img2img", prompt="a fox", speed="fast", images=(given.url,)))
