"""A running job is watched until the service has said what became of it."""

from __future__ import annotations

import asyncio

import pytest


async def test_a_job_runs_and_succeeds_with_four_pictures_due(bench):
    job = await bench.running()
    job = await bench.look(job, after=5)
    assert job.state == "running"
    assert job.next_look_at > bench.clock()
    job = await bench.look(job, after=60)
    assert job.state == "succeeded"
    assert [picture.index for picture in job.pictures] == [1, 2, 3, 4]
    assert {picture.state for picture in job.pictures} == {"due"}
    assert job.expires_at > bench.clock() + 13 * 86_400_000


@pytest.mark.parametrize("fault", ["fail", "fail2", "refused", "filtered", "escape", "markup"])
async def test_a_failure_is_told_in_words_with_advice(bench, fault):
    bench.world.faults.add(f"task:{fault}")
    job = await bench.look(await bench.running(), after=60)
    assert job.state == "failed"
    assert job.trouble.message
    assert "\x1b" not in job.trouble.message
    assert job.trouble.hint


@pytest.mark.parametrize(
    "fault",
    ["drop", "html", "cut-json", "empty", "garbage", "array", "null", "wrong-types", "deep", "500", "429=5",
     "no-data", "huge", "http-502"],
)  # fmt: skip
async def test_an_answer_that_says_nothing_changes_nothing_but_the_next_look(bench, fault):
    job = await bench.running()
    bench.world.faults.add(f"look:{fault}:always")
    job = await bench.look(job, after=60)
    assert job.state == "running"
    bench.world.faults.clear()
    bench.poller.hurry()
    assert (await bench.look(job, after=120)).state == "succeeded"


@pytest.mark.parametrize("fault", ["documented", "string-numbers", "json-results", "string-urls", "iso-times"])
async def test_every_documented_shape_of_an_answer_is_understood(bench, fault):
    job = await bench.running()
    bench.world.faults.add(f"look:{fault}:always")
    job = await bench.look(job, after=60)
    assert job.state == "succeeded"
    assert len(job.pictures) == 4
    assert abs(job.finished_at - bench.clock()) < 60_000


@pytest.mark.parametrize("answer", ["422", "404", "null"])
async def test_a_fresh_task_has_time_to_become_known(bench, answer):
    job = await bench.running()
    bench.world.faults.add(f"look:unknown={answer}")
    job = await bench.look(job, after=5)
    assert job.state == "running"
    assert (await bench.look(job, after=60)).state == "succeeded"


async def test_a_task_that_stays_unknown_is_lost_and_says_so(bench):
    bench.world.faults.add("task:forgotten")
    job = await bench.look(await bench.running(), after=5)
    assert job.state == "running"
    job = await bench.look(job, after=300)
    assert job.state == "lost"
    assert job.trouble.message
    assert any("lost" in text for text in bench.notices())


async def test_done_without_a_picture_is_a_failure_that_says_so(bench):
    bench.world.faults.add("task:no-urls")
    job = await bench.look(await bench.running(), after=60)
    assert job.state == "running", "its pictures may be a moment late"
    job = await bench.look(job, after=300)
    assert job.state == "failed"
    assert "no picture" in job.trouble.message


async def test_without_a_network_looks_rest_and_one_notice_is_given(bench):
    jobs = [await bench.running(f"fox {number}") for number in range(3)]
    bench.transport.offline = True
    for _ in range(5):
        bench.clock.pass_seconds(1)
        await bench.poller.step()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("look #")))
    assert len([text for text in bench.notices() if "Cannot look" in text]) == 1
    bench.transport.offline = False
    bench.poller.hurry()
    for job in jobs:
        await bench.look(job, after=90)
    assert {(await bench.library.job(job.id)).state for job in jobs} == {"succeeded"}


async def test_two_processes_do_not_look_at_the_same_job_at_once(bench):
    job = await bench.running()
    bench.clock.pass_seconds(60)
    taken = await bench.library.claim_looks("there", lease_ms=60_000, limit=10, due=bench.clock())
    assert [other.id for other in taken] == [job.id]
    assert await bench.poller.round(due=bench.clock()) == 0
    bench.clock.pass_seconds(61)
    assert await bench.poller.round(due=bench.clock()) == 1
    assert (await bench.library.job(job.id)).state == "succeeded"
