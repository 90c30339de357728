"""Batches in the library: all of one or nothing, stopped for everybody, and what jobs were seen to cost."""

from __future__ import annotations

import pytest

from mjtui.errors import UsageError
from mjtui.library import batches as sql
from mjtui.library import prices


async def test_a_batch_has_its_expression_its_jobs_and_their_tags(library, make):
    batch_id, ids = await library.plan_batch("a {b, c}", [(make(prompt="a b"), ("x",)), (make(prompt="a c"), ())])
    jobs = await library.jobs(ids)
    assert [(job.prompt, job.state, job.batch, job.tags) for job in jobs] == [
        ("a b", "planned", batch_id, ("x",)),
        ("a c", "planned", batch_id, ()),
    ]
    batch = await library.batch(batch_id)
    assert (batch.expression, batch.counts, batch.cost, batch.stopped_at) == ("a {b, c}", {"planned": 2}, 16.0, None)
    assert (batch.jobs, batch.waiting) == (2, 2)
    assert await library.batches() == [batch]
    with pytest.raises(UsageError, match="no batch 9"):
        await library.batch(9)


async def test_a_batch_with_one_bad_row_is_not_written_at_all(library, make):
    with pytest.raises(UsageError):
        await library.plan_batch("x", [(make(), ()), (make(), ("x" * 65,))])
    assert await library.batches() == []
    assert await library.newest() == []


async def test_a_stopped_batch_is_sent_by_nobody_until_it_goes_on(library, open_library, make, clock):
    batch_id, ids = await library.plan_batch("x", [(make(), ()), (make(), ())])
    other = await open_library()
    await other.stop_batch(batch_id)
    assert await library.claim_planned("here", lease_ms=9, ids=ids) is None
    assert await library.next_planned_at(ids) is None
    clock.pass_ms(50)
    await other.go_on_with_batch(batch_id)
    assert await library.next_planned_at(ids) == clock()
    assert (await library.claim_planned("here", lease_ms=9, ids=ids)).id == ids[0]
    with pytest.raises(UsageError):
        await library.stop_batch(9)


async def test_what_was_made_is_found_by_what_it_asked_for(library, make, running, done):
    made = await done("one", digest="d1")
    goes = await running("two", digest="d1")
    failed = await running("three", digest="d2")
    await library.move(failed.id, old=("running",), new="failed", what="failed")
    given_up = await library.plan_job(make(digest="d3"))
    await library.move(given_up.id, old=("planned",), new="cancelled", what="cancelled")
    trashed = await done("four", digest="d4")
    await library.trash([trashed.id])
    assert await library.already_made(["d1", "d2", "d3", "d4", "d5"]) == {"d1": [goes.id, made.id]}


async def alone(library, clock, running, task, *, before, after, **facts):
    """A job with nothing else around it, between two balances."""
    clock.pass_ms(1_000_000)
    job = await library.plan_job(new_with(facts))
    await library.claim_planned("s", lease_ms=9, ids=[job.id])
    await library.move(job.id, old=("planned",), new="submitting", what="s", owner="s", balance_before=before)
    await library.move(job.id, old=("submitting",), new="running", what="a", task_id=task)
    clock.pass_ms(60_000)
    urls = [f"https://p.example/{task}_{index}" for index in range(facts.get("clips", 4))]
    await library.succeed(job.id, urls=urls, finished_at=clock(), expires_at=None)
    await library.note_balance(job.id, after)
    return job


@pytest.fixture(autouse=True)
def _maker(make):
    new_with.make = make


def new_with(facts):
    return new_with.make(**{name: value for name, value in facts.items() if name != "clips"})


async def test_a_job_that_was_alone_is_measured(library, clock, running):
    for task, (before, after) in {"a": (100, 90), "b": (90, 80), "c": (80, 80)}.items():
        await alone(library, clock, running, task, before=before, after=after)
    assert await library.measured() == {("txt2img", "fast"): [0.0, 10.0, 10.0]}
    await alone(library, clock, running, "d", before=80, after=50, kind="video", speed=None, clips=2)
    assert (await library.measured())[("video", None)] == [15.0]


async def test_a_balance_that_grew_or_a_job_beside_it_teaches_nothing(library, clock, running):
    await alone(library, clock, running, "refund", before=50, after=60)
    assert await library.measured() == {}
    beside = await running("beside")
    await alone(library, clock, running, "crowded", before=100, after=90)
    assert await library.measured() == {}
    clock.pass_ms(1_000_000)
    await library.succeed(beside.id, urls=["u"], finished_at=clock(), expires_at=None)
    await alone(library, clock, running, "free", before=100, after=92)
    assert await library.measured() == {("txt2img", "fast"): [8.0]}


@pytest.mark.parametrize(
    ("statement", "values", "step"),
    [
        (sql.MADE, ('["d"]',), "INDEX jobs_digest (digest=?)"),
        (sql.WAITING, (1,), "INDEX jobs_batch (batch=? AND state=?)"),
        (f"{sql.NEWEST} ORDER BY b.id DESC LIMIT ?", (5,), "INDEX jobs_batch (batch=?)"),
        (prices.MEASURED, {"newest": 9, "asked": "[]"}, "INDEX jobs_measured (kind=? AND speed=?)"),
        (prices.MEASURE, {"job": 1, "after": 1, "around": 1}, "INDEX jobs_spent (submitted_at>?)"),
        (prices.MEASURE, {"job": 1, "after": 1, "around": 1}, "INDEX jobs_finished (finished_at>?)"),
    ],
)
async def test_questions_about_batches_and_prices_walk_an_index(library, statement, values, step):
    async with library._db.read() as db:
        rows = await db.execute_fetchall(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [row[3] for row in rows]
    assert any(step in taken for taken in steps), steps
    assert not any(taken.startswith("SCAN j") and "INDEX" not in taken for taken in steps), steps
