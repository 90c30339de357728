"""No network for a while, a clock that jumps, a machine that sleeps: everything goes on, and nothing is given up."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from mjtui.engine import Options
from mjtui.engine.clock import WallClock
from mjtui.engine.engine import Engine, now_ms, unfinished
from mjtui.library.store import Library
from mjtui.paths import under
from mjtui.prompt.draft import Draft

HOUR = 3_600_000


class Wall:
    """The clock on the wall, which somebody sets."""

    def __init__(self) -> None:
        self.off = 0

    def __call__(self) -> int:
        return now_ms() + self.off


async def test_a_minute_without_network_costs_nothing_but_the_minute(bench):
    job = await bench.plan()
    bench.transport.offline = True
    job = await bench.submit(job)
    assert job.state == "planned"
    bench.clock.pass_seconds(60)
    bench.transport.offline = False
    job = await bench.submit(job)
    bench.transport.offline = True
    job = await bench.look(job, after=60)
    assert job.state == "running"
    bench.transport.offline = False
    bench.poller.hurry()
    job = await bench.look(job, after=120)
    assert job.state == "succeeded"
    bench.transport.offline = True
    job = await bench.save(job)
    bench.clock.pass_seconds(60)
    bench.transport.offline = False
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert bench.charges == 1


async def test_pictures_are_not_given_up_for_want_of_a_network(bench):
    job = await bench.done()
    bench.transport.offline = True
    for _ in range(40):
        job = await bench.save(job)
        bench.clock.pass_seconds(7200)
    assert {picture.state for picture in job.pictures} == {"due"}
    bench.transport.offline = False
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}


async def test_a_clock_that_is_set_forward_in_the_middle_of_everything_doubles_nothing(bench):
    job = await bench.plan()
    answer, posted = asyncio.Event(), asyncio.Event()
    send = bench.service.send

    async def slowly(call):
        posted.set()
        await answer.wait()
        return await send(call)

    bench.service.send = slowly
    bench.ledger.release(job.id)
    await bench.ledger.step()
    await posted.wait()
    bench.clock.pass_seconds(3600)
    assert await bench.library.sweep_submitting() == [job.id], "another process takes the sender for dead"
    other = bench.new_ledger("there")
    await other.step()
    answer.set()
    await bench.ledger.drain()
    job = await bench.library.job(job.id)
    assert job.state == "running", "the answer came after all"
    assert bench.charges == 1


async def test_an_answer_that_comes_after_the_person_decided_is_still_written_down(bench):
    job = await bench.plan()
    answer, posted = asyncio.Event(), asyncio.Event()
    send = bench.service.send

    async def slowly(call):
        posted.set()
        await answer.wait()
        return await send(call)

    bench.service.send = slowly
    bench.ledger.release(job.id)
    await bench.ledger.step()
    await posted.wait()
    bench.clock.pass_seconds(3600)
    await bench.library.sweep_submitting()
    await bench.library.move(job.id, old=("unknown",), new="planned", what="send_again", not_before=0)
    answer.set()
    await bench.ledger.drain()
    [task] = bench.world.tasks
    assert any(task in text for text in bench.notices())
    assert {event.what: event.detail for event in await bench.library.log(job.id)}["accepted_late"] == {"task_id": task}


async def test_waiting_for_the_upload_does_not_shorten_the_claim_on_the_post(bench):
    job = await bench.plan()
    turn, send = bench.service.turn, bench.service.send

    async def long_wait() -> None:
        bench.clock.pass_seconds(140)
        await turn()

    async def while_another_sweeps(call):
        bench.clock.pass_seconds(100)
        assert await bench.library.sweep_submitting() == []
        return await send(call)

    bench.service.turn, bench.service.send = long_wait, while_another_sweeps
    assert (await bench.submit(job)).state == "running"


def test_setting_the_clock_back_is_noticed_once_and_setting_it_forward_is_not():
    wall = Wall()
    clock = WallClock(wall)
    assert not clock.set_back()
    wall.off = HOUR
    assert not clock.set_back()
    wall.off = 0
    assert clock.set_back()
    assert not clock.set_back()


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_a_clock_that_jumps_an_hour_does_not_stop_the_work(simulate, tmp_path, monkeypatch, jump):
    monkeypatch.setattr("mjtui.engine.engine.WATCH_INTERVAL", 0.05)
    simulator = simulate("--seconds", "0.5-0.6")
    wall = Wall()
    paths = under(tmp_path)
    paths.make()
    flags = {"service.api_url": simulator.url, "service.upload_url": simulator.url}
    options = Options(paths=paths, flags=flags, service=lambda: ({}, simulator.key))
    engine = Engine(options, await Library.open(paths.library, now=wall), lambda events: None, now=wall)
    await engine.begin()
    job = await engine.send(Draft(prompt="a paper lighthouse"))
    await engine.wait([job.id], lambda row: row.state == "running")
    wall.off = jump
    began = time.monotonic()

    def done(row) -> bool:
        return not unfinished(row) and all(picture.state == "saved" for picture in row.pictures)

    async with asyncio.timeout(30):
        [job] = await engine.wait([job.id], done)
    await engine.close()
    assert job.state == "succeeded"
    assert time.monotonic() - began < 20
    assert len(simulator.ledger()) == 1


async def test_a_download_that_outlives_its_claim_while_the_machine_sleeps_is_begun_once(bench):
    job = await bench.done()
    bench.world.faults.add("file:slow=0.2:4")
    await bench.downloads.step()
    bench.clock.pass_seconds(8 * 3600)
    await bench.downloads.step()
    assert len(bench.downloads._running) == 4
    await asyncio.gather(*bench.downloads._running.values())
    job = await bench.library.job(job.id)
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert len([seen for seen in bench.world.seen if seen.path.startswith("/m/")]) == 4
    assert all(Path(picture.path).is_file() for picture in job.pictures)
