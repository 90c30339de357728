from __future__ import annotations

import asyncio

import pytest

from mjtui.errors import NoSuchJob, UsageError
from mjtui.library.rows import UNFINISHED, Trouble
from mjtui.library.states import NEXT


async def test_a_planned_job_comes_back_as_it_was_written(library, make, clock):
    parent = await library.plan_job(make())
    new = make(
        prompt='雪景の灯台 🦊 [bold]x[/] "quoted" ' + "\u202e",
        request={"a": [1, {"b": None}], "火": 1.5},
        files=("~/a b.png", "https://x.example/y.png"),
        draft={"prompt": "x", "images": ["1"]},
        stylize=250,
        parent=parent.id,
        parent_index=3,
    )
    job = await library.plan_job(new)
    assert job.state == "planned"
    assert (job.created_at, job.not_before) == (clock(), clock())
    assert job.pictures == job.tags == ()
    for name in new.__slots__:
        assert getattr(job, name) == getattr(new, name), name
    assert await library.job(job.id) == job
    assert job.id > parent.id
    assert job.uid != parent.uid
    assert [event.what for event in await library.log(job.id)] == ["planned"]


async def test_halves_of_surrogate_pairs_do_not_stop_a_job(library, make):
    job = await library.plan_job(make(prompt="fox \ud83e snow", request={"prompt": "\ud83e"}))
    assert job.prompt == "fox ? snow"
    assert await library.search("fox") == [job]


async def test_a_parent_that_is_not_there_is_a_usage_error_and_leaves_nothing(library, make):
    with pytest.raises(NoSuchJob):
        await library.plan_job(make(parent=99))
    assert await library.newest() == []


async def test_ids_grow_and_are_never_used_again(library, make):
    ids = [(await library.plan_job(make())).id for _ in range(5)]
    assert ids == sorted(set(ids))


async def test_jobs_come_in_the_order_asked_for_and_missing_ones_are_left_out(library, make):
    first, second = await library.plan_job(make()), await library.plan_job(make())
    assert await library.jobs([second.id, 77, first.id]) == [second, first]
    with pytest.raises(NoSuchJob):
        await library.job(77)
    for absurd in (0, -1, 2**63, 10**30):
        with pytest.raises(NoSuchJob):
            await library.job(absurd)


async def test_move_is_compare_and_swap_with_its_log_line(library, running, clock):
    job = await running()
    trouble = Trouble(code="430", message="refused: \x1b]52;c;x\x07", hint="change a word")
    clock.pass_ms(5)
    failed = await library.move(
        job.id, old=("running",), new="failed", what="failed", detail={"code": "430"}, trouble=trouble
    )
    assert failed is not None
    assert (failed.state, failed.trouble, failed.finished_at, failed.next_look_at) == ("failed", trouble, clock(), None)
    assert await library.move(job.id, old=("running",), new="failed", what="again") is None
    events = await library.log(job.id)
    assert [(event.what, event.at) for event in events][-1] == ("failed", clock())
    assert events[-1].detail == {"code": "430"}


async def test_a_failed_job_that_runs_again_forgets_why_it_failed(library, running):
    job = await running()
    await library.move(
        job.id, old=("running",), new="failed", what="failed", trouble=Trouble(code="x", message="y"), finished_at=5
    )
    again = await library.move(job.id, old=("failed", "lost"), new="running", what="found")
    assert again is not None
    assert again.trouble is again.finished_at is None
    assert again.next_look_at is not None


async def test_a_job_put_back_in_the_line_was_not_submitted(library, make, clock):
    job = await library.plan_job(make())
    await library.claim_planned("me", lease_ms=1000)
    sent = await library.move(job.id, old=("planned",), new="submitting", what="s", owner="me", request={"new": 1})
    assert sent is not None
    assert (sent.submitted_at, sent.request) == (clock(), {"new": 1})
    back = await library.move(
        job.id, old=("submitting",), new="planned", what="not_received", owner="me", not_before=clock() + 9
    )
    assert back is not None
    assert (back.submitted_at, back.not_before) == (None, clock() + 9)
    assert await library.spent(0) == 0


async def test_no_job_skips_a_state(library, make):
    job = await library.plan_job(make())
    for old, allowed in NEXT.items():
        for new in NEXT:
            if new not in allowed:
                with pytest.raises(ValueError, match="cannot go"):
                    await library.move(job.id, old=(old,), new=new, what="x")
    with pytest.raises(ValueError, match="not to be set"):
        await library.move(job.id, old=("planned",), new="cancelled", what="x", uid="y")
    assert (await library.job(job.id)).state == "planned"


async def test_one_of_many_racing_moves_wins(library, open_library, make):
    other = await open_library()
    job = await library.plan_job(make())
    moves = [place.move(job.id, old=("planned",), new="cancelled", what="cancelled") for place in (library, other) * 10]
    results = await asyncio.gather(*moves)
    assert sum(result is not None for result in results) == 1
    assert [event.what for event in await library.log(job.id)] == ["planned", "cancelled"]


async def test_find_knows_a_job_by_what_people_write(library, running):
    first = await running("2584abcd")
    second = await running("2584ffff")
    for word in (str(first.id), f"#{first.id}", "2584abcd", "2584a", " 2584abcd "):
        assert (await library.find(word)).id == first.id
    assert (await library.find("last")).id == second.id
    with pytest.raises(UsageError, match="More than one"):
        await library.find("2584")
    for word in ("258", "zzzz", "", "#", "9" * 40, "2584%", "'; DROP TABLE jobs", "\ud800\ud800\ud800\ud800"):
        with pytest.raises(NoSuchJob):
            await library.find(word)


async def test_last_is_said_not_to_be_there_in_an_empty_library(library):
    with pytest.raises(NoSuchJob, match="no job"):
        await library.find("last")


async def test_a_line_can_be_added_to_the_log_of_a_job_that_is_there(library, make):
    job = await library.plan_job(make())
    await library.note_event(job.id, "edited", {"by": "person"})
    assert [event.what for event in await library.log(job.id)] == ["planned", "edited"]
    with pytest.raises(NoSuchJob):
        await library.note_event(99, "edited")


async def test_every_unfinished_state_is_in_the_tasks_and_the_counts(library, make, running, clock):
    await running()
    for _ in range(2):
        await library.plan_job(make())
    sending = await library.claim_planned("me", lease_ms=1000)
    assert sending is not None
    await library.move(sending.id, old=("planned",), new="submitting", what="s", owner="me")
    lost = await library.plan_job(make())
    await library.claim_planned("me", lease_ms=0, ids=[lost.id])
    await library.move(lost.id, old=("planned",), new="submitting", what="s", owner="me")
    await library.sweep_submitting()
    counts = await library.counts(expiring_before=clock())
    assert (counts.planned, counts.submitting, counts.running, counts.unknown) == (1, 1, 1, 1)
    assert {job.state for job in await library.tasks()} == set(UNFINISHED)
