"""Promise 1: you never pay twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image

from mjtui.errors import LibraryError


async def settled(*ledgers) -> None:
    """Wait for everything that these ledgers have begun."""
    tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith("submit #")]
    await asyncio.gather(*tasks)
    for ledger in ledgers:
        await ledger.drain()


async def test_an_accepted_job_runs_and_is_charged_once(bench):
    job = await bench.submit(await bench.plan())
    assert job.state == "running"
    assert job.task_id in bench.world.tasks
    assert bench.charges == 1
    assert job.balance_before == 1000


async def test_the_exact_body_is_committed_before_it_is_sent(bench):
    seen: list[tuple[str, dict[str, object]]] = []
    send = bench.service.send

    async def spy(call):
        row = (await bench.library.newest())[0]
        seen.append((row.state, row.request))
        assert row.request == call.body
        return await send(call)

    bench.service.send = spy
    await bench.submit(await bench.plan("a fox --ar 16:9 --s 250"))
    assert seen[0][0] == "submitting"
    assert seen[0][1]["stylization"] == 250
    assert seen[0][1]["aspectRatio"] == "16:9"


@pytest.mark.parametrize(
    "fault",
    ["drop", "drop-after", "html", "cut-json", "empty", "garbage", "not-json", "array", "null", "null-data", "no-data",
     "wrong-types", "deep", "500", "http-500", "http-502", "half"],
)  # fmt: skip
async def test_a_lost_answer_leaves_an_unknown_job_that_is_never_sent_again(bench, fault):
    bench.world.faults.add(f"submit:{fault}")
    job = await bench.submit(await bench.plan())
    assert job.state == "unknown"
    assert job.trouble is not None
    assert job.trouble.hint
    arrived = bench.arrived()
    bench.clock.pass_seconds(3600)
    await bench.ledger.step()
    await bench.ledger.drain()
    assert bench.arrived() == arrived == 1
    assert (await bench.library.job(job.id)).state == "unknown"


@pytest.mark.parametrize("fault", ["400", "401", "402", "402-as-500", "403-1010", "422", "455", "505", "http-422"])
async def test_a_refusal_ends_the_job_with_the_services_words_and_no_charge(bench, fault):
    bench.world.faults.add(f"submit:{fault}")
    job = await bench.submit(await bench.plan())
    assert job.state == "rejected"
    assert job.trouble is not None
    assert job.trouble.message
    assert bench.charges == 0


async def test_without_a_network_the_job_waits_and_goes_again(bench):
    bench.transport.offline = True
    job = await bench.submit(await bench.plan())
    assert job.state == "planned"
    assert job.not_before > bench.clock()
    assert job.submitted_at is None

    bench.transport.offline = False
    bench.ledger.release(job.id)
    await bench.ledger.step()
    assert (await bench.library.job(job.id)).state == "planned", "not before its time"
    bench.clock.pass_seconds(10)
    job = await bench.submit(job)
    assert job.state == "running"
    assert bench.charges == 1


async def test_a_rate_limit_is_waited_for_as_long_as_the_service_asks(bench):
    bench.world.faults.add("submit:429=30")
    job = await bench.submit(await bench.plan())
    assert job.state == "planned"
    assert job.not_before >= bench.clock() + 30_000


async def test_a_job_of_an_earlier_sitting_is_not_sent_by_itself(bench):
    job = await bench.plan()
    await bench.ledger.step()
    assert (await bench.library.job(job.id)).state == "planned"
    assert bench.arrived() == 0


async def test_what_may_not_be_spent_is_never_sent(bench):
    bench.limit = (0, 10)
    assert (await bench.submit(await bench.plan("one"))).state == "running"
    job = await bench.submit(await bench.plan("two"))
    assert job.state == "rejected"
    assert "8 of today's 10" in job.trouble.message
    assert bench.arrived() == 1


async def test_two_processes_cannot_both_spend_the_last_of_the_budget(bench):
    bench.limit = (0, 10)
    jobs = [await bench.plan("one"), await bench.plan("two")]
    ledgers = [bench.ledger, bench.new_ledger("there")]
    for ledger, job in zip(ledgers, jobs, strict=True):
        ledger.release(job.id)
    await asyncio.gather(*(ledger.step() for ledger in ledgers))
    await settled(*ledgers)
    assert sorted(job.state for job in await bench.library.jobs([job.id for job in jobs])) == ["rejected", "running"]
    assert bench.charges == 1


async def test_a_task_id_is_written_down_as_soon_as_the_disk_takes_it(bench, monkeypatch):
    move, refused = bench.library.move, [LibraryError("The disk is full."), LibraryError("The disk is full.")]

    async def full(job_id, **changes):
        if changes["what"] == "accepted" and refused:
            raise refused.pop()
        return await move(job_id, **changes)

    monkeypatch.setattr(bench.library, "move", full)
    monkeypatch.setattr("mjtui.engine.ledger.WRITE_AGAIN", 0)
    job = await bench.submit(await bench.plan())
    assert job.state == "running"
    assert any(job.task_id in text for text in bench.notices())


async def test_leaving_waits_for_the_answer_to_what_was_sent_and_for_nothing_else(bench):
    sent = await bench.plan("sent")
    waiting = await bench.plan("waiting for its turn")
    answer, posted, turns = asyncio.Event(), asyncio.Event(), asyncio.Event()
    send, turn = bench.service.send, bench.service.turn

    async def slowly(call):
        posted.set()
        await answer.wait()
        return await send(call)

    async def never() -> None:
        turns.set()
        await asyncio.Event().wait()

    bench.service.send = slowly
    bench.ledger.release(sent.id)
    await bench.ledger.step()
    await posted.wait()
    bench.service.turn = never
    bench.ledger.release(waiting.id)
    await bench.ledger.step()
    await turns.wait()
    leaving = asyncio.create_task(bench.ledger.drain())
    await asyncio.sleep(0)
    assert not leaving.done()
    answer.set()
    await leaving
    bench.service.turn = turn
    assert (await bench.library.job(sent.id)).state == "running"
    assert (await bench.library.job(waiting.id)).state == "planned"
    assert bench.arrived() == 1


async def test_being_stopped_in_the_middle_of_a_post_leaves_an_unknown_job(bench):
    began = asyncio.Event()

    async def hang(call):
        began.set()
        await asyncio.Event().wait()

    bench.service.send = hang
    job = await bench.plan()
    bench.ledger.release(job.id)
    await bench.ledger.step()
    await began.wait()
    task = next(task for task in asyncio.all_tasks() if task.get_name() == f"submit #{job.id}")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await bench.library.job(job.id)).state == "unknown"


async def test_a_process_that_died_before_the_answer_leaves_an_unknown_job(bench):
    job = await bench.plan()
    await bench.library.claim_planned("dead", lease_ms=1000)
    await bench.library.move(job.id, old=("planned",), new="submitting", what="submitting", owner="dead")
    assert await bench.library.sweep_submitting() == []
    bench.clock.pass_seconds(2)
    assert await bench.library.sweep_submitting() == [job.id]
    assert (await bench.library.job(job.id)).state == "unknown"


async def test_two_sittings_do_not_send_the_same_job_twice(bench):
    job = await bench.plan()
    ledgers = [bench.ledger, bench.new_ledger("there")]
    for ledger in ledgers:
        ledger.release(job.id)
    await asyncio.gather(*(ledger.step() for ledger in ledgers))
    await settled(*ledgers)
    assert bench.charges == 1


async def test_a_local_image_is_uploaded_first_and_its_link_is_sent(bench, tmp_path: Path):
    image = tmp_path / "fox.png"
    Image.new("RGB", (32, 32), "orange").save(image)
    job = await bench.submit(await bench.plan("the same fox", kind="img2img", images=(str(image),)))
    assert job.state == "running"
    assert job.request["fileUrls"][0].startswith("http")
    assert job.files == (str(image),)


async def test_an_upload_is_used_again_until_its_link_has_aged(bench, tmp_path: Path):
    image = tmp_path / "fox.png"
    Image.new("RGB", (32, 32), "orange").save(image)

    async def send(prompt: str) -> None:
        job = await bench.submit(await bench.plan(prompt, kind="img2img", images=(str(image),)))
        assert job.state == "running"

    await send("one")
    await send("two")
    assert len(bench.world.uploads) == 1
    bench.clock.pass_seconds(25 * 3600)
    await send("three")
    assert len(bench.world.uploads) == 2


async def test_an_image_that_is_gone_ends_the_job_before_anything_is_sent(bench, tmp_path: Path):
    image = tmp_path / "fox.png"
    Image.new("RGB", (32, 32), "orange").save(image)
    job = await bench.plan("the same fox", kind="img2img", images=(str(image),))
    image.unlink()
    job = await bench.submit(job)
    assert job.state == "rejected"
    assert "fox.png" in job.trouble.message
    assert bench.arrived() == 0


async def test_every_step_is_in_the_log(bench):
    job = await bench.submit(await bench.plan())
    assert [event.what for event in await bench.library.log(job.id)] == ["planned", "submitting", "accepted"]
