from __future__ import annotations

import pytest

from mjtui.library import claims, lists, pictures, query, search


async def test_tasks_are_what_is_unfinished_and_then_what_finished_last(library, make, done, running):
    first, second = await done("task1"), await done("task2")
    waiting, runs = await library.plan_job(make()), await running("task3")
    assert [job.id for job in await library.tasks()] == [runs.id, waiting.id, second.id, first.id]
    assert [job.id for job in await library.tasks(finished=1)] == [runs.id, waiting.id, second.id]


async def test_spent_counts_what_may_have_been_charged(library, make, running, clock):
    await library.plan_job(make(cost=1))
    await running("task1", cost=10)
    rejected = await library.plan_job(make(cost=100))
    await library.claim_planned("a", lease_ms=9, ids=[rejected.id])
    await library.move(rejected.id, old=("planned",), new="submitting", what="s", owner="a")
    assert await library.spent(0) == 110
    await library.move(rejected.id, old=("submitting",), new="rejected", what="refused")
    assert await library.spent(0) == 10
    assert await library.spent(clock() + 1) == 0
    assert await library.committed(0) == 11
    assert await library.committed(clock() + 1) == 1
    await running("task2", cost=None)
    assert await library.spent(0) == 10


async def test_durations_are_of_the_same_kind_and_speed_newest_first(library, running, clock):
    for seconds, speed in ((60, "fast"), (90, "fast"), (300, None)):
        job = await running(f"task{seconds}", speed=speed)
        clock.pass_ms(seconds * 1000)
        await library.succeed(job.id, urls=["u"], finished_at=clock(), expires_at=None)
    assert await library.durations("txt2img", "fast") == [90_000, 60_000]
    assert await library.durations("txt2img", "fast", limit=1) == [90_000]
    assert await library.durations("txt2img", None) == [300_000]
    assert await library.durations("vary", "fast") == []


async def test_a_time_before_the_job_was_sent_teaches_nothing(library, running):
    job = await running()
    await library.succeed(job.id, urls=["u"], finished_at=5, expires_at=None)
    assert await library.durations("txt2img", "fast") == []


async def test_the_same_request_is_found_for_a_while(library, make, clock):
    assert await library.same_request("d1", since=0) is None
    first = await library.plan_job(make())
    clock.pass_ms(10)
    second = await library.plan_job(make())
    assert (await library.same_request("d1", since=first.created_at)).id == second.id
    await library.move(second.id, old=("planned",), new="cancelled", what="cancelled")
    assert (await library.same_request("d1", since=first.created_at)).id == first.id
    assert await library.same_request("d1", since=first.created_at + 1) is None
    assert await library.same_request("d2", since=0) is None


async def test_drafts_uploads_and_the_screen_are_remembered(library, open_library):
    assert await library.draft("compose") is None
    await library.save_draft("compose", {"prompt": "fo"})
    await library.save_draft("compose", {"prompt": "fog 🦊"})
    await library.save_draft("other", {})
    await library.set_value("pane", {"focus": "compose", "widths": [1, 2.5, None]})
    await library.set_value("pane", ["history"])
    await library.remember_upload("ab", "https://x.example/1", 5)
    await library.remember_upload("ab", "https://x.example/2", 6)
    other = await open_library()
    assert await other.draft("compose") == {"prompt": "fog 🦊"}
    assert await other.drafts() == ["compose", "other"]
    assert await other.value("pane") == ["history"]
    assert await other.value("nothing") is None
    assert await other.upload("ab") == ("https://x.example/2", 6)
    assert await other.upload("cd") is None


async def test_a_write_of_another_process_is_noticed_and_our_own_is_not(library, open_library, make):
    other = await open_library()
    assert not await library.changed_elsewhere()
    await library.plan_job(make())
    assert not await library.changed_elsewhere()
    await other.plan_job(make())
    assert await library.changed_elsewhere()
    assert not await library.changed_elsewhere()
    assert await other.changed_elsewhere()


PAGE = (1, 1)
HOT = {
    "newest": (lists.NEWEST, PAGE, "INDEX jobs_live (id<?)"),
    "unfinished": (lists.UNFINISHED_JOBS, (), "INDEX jobs_unfinished"),
    "finished": (lists.FINISHED_JOBS, (1,), "INDEX jobs_finished"),
    "spent": (lists.SPENT, (1,), "COVERING INDEX jobs_spent (submitted_at>?)"),
    "committed": (lists.PLANNED_COST, (), "COVERING INDEX jobs_planned"),
    "durations": (lists.DURATIONS, ("vary", None, 1), "INDEX jobs_durations (kind=? AND speed=?)"),
    "same_request": (lists.SAME_REQUEST, ("d", 1), "INDEX jobs_digest (digest=?)"),
    "counts": (lists.COUNTS, (1,), "COVERING INDEX jobs_state (state=? AND deleted_at=?)"),
    "counts of pictures": (lists.COUNTS, (1,), "COVERING INDEX pictures_due"),
    "claim_planned": (claims.PLANNED, {"now": 1}, "COVERING INDEX jobs_planned"),
    "claim_planned of some": (claims.PLANNED_AMONG, {"now": 1, "ids": "[1]"}, "INTEGER PRIMARY KEY (rowid=?)"),
    "claim_looks": (claims.LOOKS, {"now": 1, "due": 1, "limit": 1}, "COVERING INDEX jobs_looks (next_look_at<?)"),
    "claim_pictures": (
        claims.PICTURES,
        {"now": 1, "due": 1, "limit": 1},
        "COVERING INDEX pictures_due (next_try_at<?)",
    ),
    "next_planned_at": (claims.NEXT_PLANNED, (), "COVERING INDEX jobs_planned"),
    "next_look_at": (claims.NEXT_LOOK, (), "COVERING INDEX jobs_looks"),
    "next_picture_at": (claims.NEXT_PICTURE, (), "COVERING INDEX pictures_due"),
    "sweep_submitting": (claims.LEFT_SUBMITTING, {"now": 1}, "COVERING INDEX jobs_submitting"),
    "retry_pictures due": (pictures.RETRY.format(state="due"), {"now": 1}, "INDEX pictures_due"),
    "retry_pictures lost": (pictures.RETRY.format(state="lost"), {"now": 1}, "INDEX pictures_lost"),
    "expiring": (pictures.EXPIRING, (1,), "INDEX pictures_due"),
}
SEARCHES = {
    "fog": "words VIRTUAL TABLE INDEX",
    'fo is:failed rating>=4 "a b" -c': "words VIRTUAL TABLE INDEX",
    "fog tag:x after:2026": "words VIRTUAL TABLE INDEX",
    "is:failed": "INDEX jobs_state (state=? AND deleted_at=? AND rowid<?)",
    "parent:1": "INDEX jobs_parent (parent=? AND rowid<?)",
    "v:7 ar:16:9 rating>=4 tag:x": "INDEX jobs_live (id<?)",
    "": "INDEX jobs_live (id<?)",
}


@pytest.mark.parametrize("name", HOT)
async def test_hot_queries_walk_an_index(library, name):
    sql, values, index = HOT[name]
    plan = await explain(library, sql, values)
    assert index in plan
    if name != "expiring":
        assert "TEMP B-TREE" not in plan
    assert "SCAN jobs\n" not in plan
    assert "SCAN pictures\n" not in plan


@pytest.mark.parametrize("text", SEARCHES)
async def test_searches_never_sort_their_hits(library, text):
    compiled = search.compile_query(query.parse_query(text))
    for sql in (compiled.jobs(), compiled.hits()):
        plan = await explain(library, sql, (*compiled.values, *PAGE))
        assert SEARCHES[text] in plan
        assert "TEMP B-TREE" not in plan


async def explain(library, sql, values) -> str:
    async with library._db.read() as db:
        rows = await db.execute_fetchall(f"EXPLAIN QUERY PLAN {sql}", values)
    return "".join(f"{row[3]}\n" for row in rows)
