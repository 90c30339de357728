from __future__ import annotations

import asyncio


async def test_the_oldest_planned_job_is_claimed_once(library, open_library, make):
    other = await open_library()
    jobs = [await library.plan_job(make()) for _ in range(6)]
    claims = [place.claim_planned(owner, lease_ms=1000) for place, owner in ((library, "a"), (other, "b")) * 4]
    claimed = [job.id for job in await asyncio.gather(*claims) if job is not None]
    assert sorted(claimed) == [job.id for job in jobs]


async def test_a_planned_job_waits_for_its_time(library, make, clock):
    job = await library.plan_job(make())
    await library.claim_planned("a", lease_ms=1000)
    await library.move(job.id, old=("planned",), new="planned", what="later", owner="a", not_before=clock() + 500)
    assert await library.claim_planned("a", lease_ms=1000) is None
    assert await library.next_planned_at() == clock() + 500
    clock.pass_ms(500)
    assert (await library.claim_planned("a", lease_ms=1000)).id == job.id


async def test_only_the_jobs_asked_for_are_claimed(library, make, clock):
    first, second = await library.plan_job(make()), await library.plan_job(make())
    assert await library.claim_planned("a", lease_ms=1000, ids=[]) is None
    assert await library.next_planned_at([]) is None
    assert (await library.claim_planned("a", lease_ms=1000, ids=[second.id])).id == second.id
    assert await library.claim_planned("a", lease_ms=1000, ids=[second.id]) is None
    assert await library.next_planned_at([second.id]) == clock() + 1000
    assert await library.next_planned_at() == clock()
    assert (await library.claim_planned("a", lease_ms=1000)).id == first.id


async def test_a_lease_that_has_passed_can_be_taken_and_its_old_holder_cannot_send(library, make, clock):
    job = await library.plan_job(make())
    await library.claim_planned("dead", lease_ms=1000)
    assert await library.claim_planned("b", lease_ms=1000) is None
    assert await library.next_planned_at() == clock() + 1000
    clock.pass_ms(1000)
    assert (await library.claim_planned("b", lease_ms=1000)).id == job.id
    assert await library.move(job.id, old=("planned",), new="submitting", what="s", owner="dead") is None
    assert await library.move(job.id, old=("planned",), new="submitting", what="s", owner="b") is not None


async def test_looks_are_claimed_soonest_first_and_by_one_process(library, open_library, running, clock):
    other = await open_library()
    jobs = [await running(f"task{number}") for number in range(6)]
    for number, job in enumerate(jobs):
        await library.claim_looks("a", lease_ms=1000, limit=9)
        await library.looked(job.id, "a", next_look_at=clock() + 100 - number)
    await library.release("a")
    assert await library.claim_looks("a", lease_ms=1000, limit=9) == []
    assert await library.next_look_at() == clock() + 95
    clock.pass_ms(100)
    first, second = await asyncio.gather(
        library.claim_looks("a", lease_ms=1000, limit=4), other.claim_looks("b", lease_ms=1000, limit=4)
    )
    assert len(first) + len(second) == 6
    assert [job.id for job in first + second] == [job.id for job in reversed(jobs)] or {
        job.id for job in first + second
    } == {job.id for job in jobs}
    assert await library.next_look_at() == clock() + 1000


async def test_a_look_gives_the_job_back_and_counts(library, running, clock):
    job = await running()
    assert [claimed.id for claimed in await library.claim_looks("a", lease_ms=1000, limit=5)] == [job.id]
    await library.looked(job.id, "b", next_look_at=clock() + 1)
    assert (await library.job(job.id)).looks == 0
    await library.looked(job.id, "a", next_look_at=clock() + 70)
    seen = await library.job(job.id)
    assert (seen.looks, seen.next_look_at) == (1, clock() + 70)
    assert await library.next_look_at() == clock() + 70


async def test_a_running_job_is_looked_at_at_once_unless_told_otherwise(library, running, clock):
    job = await running()
    assert job.next_look_at == clock()
    assert await library.next_look_at() == clock()


async def test_nothing_due_is_said_as_none(library):
    assert await library.next_look_at() is None
    assert await library.next_planned_at() is None
    assert await library.next_picture_at() is None
    assert await library.claim_planned("a", lease_ms=1) is None
    assert await library.claim_looks("a", lease_ms=1, limit=1) == []
    assert await library.claim_pictures("a", lease_ms=1, limit=1) == []


async def test_a_sender_that_died_leaves_unknown_and_never_a_second_send(library, open_library, make, clock):
    job = await library.plan_job(make())
    await library.claim_planned("dead", lease_ms=1000)
    await library.move(job.id, old=("planned",), new="submitting", what="submitting", owner="dead")
    other = await open_library()
    assert await other.sweep_submitting() == []
    clock.pass_ms(1000)
    assert await other.sweep_submitting() == [job.id]
    assert await library.sweep_submitting() == []
    left = await library.job(job.id)
    assert (left.state, left.trouble.code) == ("unknown", "left_unanswered")
    assert left.submitted_at is not None
    assert [event.what for event in await library.log(job.id)][-1] == "left_unanswered"
    assert await library.claim_planned("b", lease_ms=1000) is None
    assert await library.spent(0) == 8.0


async def test_a_clean_exit_gives_all_claims_back(library, make, done, running):
    await done()
    await running("task2")
    await library.plan_job(make())
    assert await library.claim_planned("a", lease_ms=10_000) is not None
    assert len(await library.claim_looks("a", lease_ms=10_000, limit=9)) == 1
    assert len(await library.claim_pictures("a", lease_ms=10_000, limit=9)) == 4
    assert len(await library.claim_pictures("b", lease_ms=10_000, limit=9)) == 0
    await library.release("a")
    assert await library.claim_planned("b", lease_ms=10_000) is not None
    assert len(await library.claim_looks("b", lease_ms=10_000, limit=9)) == 1
    assert len(await library.claim_pictures("b", lease_ms=10_000, limit=9)) == 4


async def test_a_refresh_brings_looks_forward_and_never_puts_one_off(library, running, clock):
    first, second = await running("task1"), await running("task2")
    for job in await library.claim_looks("a", lease_ms=1000, limit=9):
        await library.looked(job.id, "a", next_look_at=clock() + 500)
    await library.look_soon([first.id], at=clock() + 10)
    assert [job.next_look_at for job in await library.jobs([first.id, second.id])] == [clock() + 10, clock() + 500]
    await library.look_soon(None, at=clock() + 100)
    assert [job.next_look_at for job in await library.jobs([first.id, second.id])] == [clock() + 10, clock() + 100]


async def test_what_was_due_at_another_time_can_be_asked_for(library, running, done, clock):
    await done("task1")
    await running("task2")
    assert await library.claim_looks("a", lease_ms=1000, limit=9, due=clock() - 1) == []
    assert await library.claim_pictures("a", lease_ms=1000, limit=9, due=clock() - 1) == []
    assert len(await library.claim_looks("a", lease_ms=1000, limit=9, due=clock() + 1)) == 1


async def test_owners_are_those_who_have_claimed_something(library, running, done):
    assert await library.owners() == []
    await done("task1")
    await running("task2")
    await library.claim_looks("looker", lease_ms=1000, limit=9)
    await library.claim_pictures("loader", lease_ms=1000, limit=9)
    assert sorted(await library.owners()) == ["loader", "looker"]


async def test_the_balance_is_kept_where_it_is_learned_later(library, running):
    job = await running()
    await library.note_balance(job.id, 120.5)
    assert (await library.job(job.id)).balance_after == 120.5
