"""One poller for all running jobs: at once when somebody asks, one careful look after trouble, no more than agreed."""

from __future__ import annotations

import asyncio

import pytest

from mjtui.engine.clock import WallClock
from mjtui.engine.poller import ASKED_FOR, AT_ONCE


def looks(bench) -> int:
    return len([seen for seen in bench.world.seen if "record-info" in seen.path])


async def step(bench) -> int | None:
    due = await bench.poller.step()
    await landed()
    return due


async def landed() -> None:
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("look #")))


async def running(bench, count: int):
    jobs = [await bench.running(f"fox {number}") for number in range(count)]
    bench.world.seen.clear()
    return jobs


async def test_only_a_few_looks_are_in_flight(bench):
    jobs = await running(bench, AT_ONCE + 3)
    bench.clock.pass_seconds(5)
    await bench.poller.step()
    await bench.poller.step()
    await landed()
    assert looks(bench) == AT_ONCE
    await step(bench)
    assert looks(bench) == len(jobs)


async def test_a_slow_answer_does_not_hold_up_the_other_jobs(bench):
    await running(bench, 3)
    bench.world.faults.add("look:slow=30:1")
    bench.clock.pass_seconds(60)
    await bench.poller.step()
    ended = asyncio.as_completed([task for task in asyncio.all_tasks() if task.get_name().startswith("look #")])
    for _ in range(2):
        await next(ended)
    assert (await bench.library.counts(expiring_before=0)).running == 1
    await bench.poller.close()


async def test_what_was_asked_for_is_looked_at_before_what_is_long_due(bench):
    jobs = await running(bench, AT_ONCE + 2)
    bench.clock.pass_seconds(60)
    await bench.library.look_soon([jobs[-1].id], at=ASKED_FOR)
    await step(bench)
    assert (await bench.library.job(jobs[-1].id)).state == "succeeded"
    assert (await bench.library.job(jobs[-2].id)).state == "running"


async def test_after_trouble_one_look_goes_ahead_and_the_rest_follow_at_once(bench):
    await running(bench, 4)
    bench.transport.offline = True
    bench.clock.pass_seconds(60)
    due = await step(bench)
    assert looks(bench) == 0
    due = await bench.poller.step()
    assert due - bench.clock() <= 20_000
    bench.clock.at = due
    await step(bench)
    bench.transport.offline = False
    bench.clock.at = await bench.poller.step()
    await step(bench)
    assert looks(bench) == 1
    await step(bench)
    assert looks(bench) == 4


async def test_the_service_is_not_asked_before_the_time_that_it_named(bench):
    jobs = await running(bench, 3)
    bench.clock.pass_seconds(60)
    bench.world.faults.add("look:429=90:3")
    await step(bench)
    asked = looks(bench)
    bench.clock.pass_seconds(89)
    await step(bench)
    assert looks(bench) == asked
    bench.clock.pass_seconds(2)
    await step(bench)
    await step(bench)
    assert {(await bench.library.job(job.id)).state for job in jobs} == {"succeeded"}


async def test_the_end_of_a_job_is_taken_from_the_service_but_told_by_our_clock(bench):
    bench.world.advance(3600)
    job = await bench.look(await bench.running(), after=60)
    assert job.state == "succeeded"
    assert 9_000 <= job.finished_at - job.submitted_at <= 21_000


async def test_once_it_has_learned_the_first_look_waits_until_a_job_may_be_done(bench):
    bench.ledger.first_look = bench.poller.first_look
    for number in range(12):
        await bench.done(f"fox {number}")
    bench.clock.pass_seconds(61)
    job = await bench.running("the last fox")
    assert job.next_look_at - bench.clock() >= 8_000
    assert await bench.poller.likely([job]) == []
    bench.clock.pass_seconds(30)
    assert await bench.poller.likely([job]) == [job.id]


@pytest.mark.parametrize("seconds", [600, 3600])
def test_a_sleep_is_noticed_once(seconds):
    now = [0]
    clock = WallClock(lambda: now[0])
    now[0] += 1000
    assert not clock.slept()
    now[0] += seconds * 1000
    assert clock.slept()
    now[0] += 1000
    assert not clock.slept()
