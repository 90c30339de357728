from __future__ import annotations

from datetime import datetime

import pytest

from mjtui.errors import NoSuchJob, UsageError


async def ids(library, query, **options):
    return [job.id for job in await library.search(query, **options)]


async def test_hits_come_newest_first_in_pages(library, make):
    jobs = [(await library.plan_job(make(prompt=f"fog number{number % 2}"))).id for number in range(9)]
    newest = jobs[::-1]
    assert await ids(library, "fog") == newest
    assert await ids(library, "fog", limit=4) == newest[:4]
    assert await ids(library, "fog", limit=4, before=newest[3]) == newest[4:8]
    assert await ids(library, "fog", limit=4, before=newest[7]) == newest[8:]
    assert await ids(library, "number1 fog") == newest[1::2]
    assert await library.count_hits("fog") == 9
    assert await library.count_hits("fog", cap=5) == 5
    assert await library.count_hits("") == 9
    assert [job.id for job in await library.newest(limit=4, before=newest[3])] == newest[4:8]


async def test_words_prefixes_phrases_and_exclusions(library, make):
    fog = (await library.plan_job(make(prompt="Lighthouse in soft FOG, café"))).id
    people = (await library.plan_job(make(prompt="people in the fog, lighthouse"))).id
    assert await ids(library, "lighthouse") == [people, fog]
    assert await ids(library, "li") == [people, fog]
    assert await ids(library, "li ") == []
    assert await ids(library, '"in soft fog"') == [fog]
    assert await ids(library, "fog -people") == [fog]
    assert await ids(library, "-people") == [fog]
    assert await ids(library, '-"soft fog" -cafe') == [people]
    assert await ids(library, "cafe") == [fog]
    assert await ids(library, "OR") == await ids(library, "NEAR") == []


async def test_scripts_without_spaces_and_emoji_are_found_inside_the_text(library, make):
    cjk = (await library.plan_job(make(prompt="雪景の灯台と狐"))).id
    emoji = (await library.plan_job(make(prompt="a 🦊 in snow"))).id
    assert await ids(library, "灯台") == [cjk]
    assert await ids(library, '"の灯台"') == [cjk]
    assert await ids(library, "🦊") == [emoji]
    assert await ids(library, "snow 🦊") == [emoji]
    assert await ids(library, "-灯台") == [emoji]


async def test_marks_alone_are_not_looked_for(library, make):
    job = (await library.plan_job(make(prompt="a fox --ar 16:9"))).id
    for text in ("-", "--", "fox -", "fox |", "16:9", "--ar"):
        assert await ids(library, text) == [job], text


async def test_notes_are_searched_and_follow_their_changes(library, make):
    job = await library.plan_job(make(prompt="a fox"))
    await library.note(job.id, "for the harbour series")
    assert await ids(library, "harbour fox") == [job.id]
    await library.note(job.id, "")
    assert await ids(library, "harbour") == []
    assert await ids(library, "fox") == [job.id]
    with pytest.raises(NoSuchJob):
        await library.note(99, "x")


async def test_filters(library, make, done, clock):
    finished = await done("task1", prompt="fog one")
    planned = await library.plan_job(
        make(prompt="fog two", kind="vary", version="6.1", aspect_ratio="1:1", speed=None, parent=finished.id)
    )
    await library.rate(finished.pictures[0].id, 4)
    await library.tag(finished.id, ["client/Acme"])
    for query in (
        "is:succeeded",
        "v:7",
        "ar:16:9",
        "speed:fast",
        "tag:client/acme",
        "rating>=4",
        "rating>3 fog",
        "rating=4",
        "-is:planned",
        "-parent:1",
        "type:txt2img one",
    ):
        assert await ids(library, query) == [finished.id], query
    for query in (
        "is:planned",
        "type:vary",
        "v:6.1",
        f"parent:#{finished.id}",
        "parent:task1",
        "-tag:client/acme",
        "-rating>=4",
    ):
        assert await ids(library, query) == [planned.id], query
    for query in ("rating>4", "tag:nobody", "has:video", "is:planned rating>=0"):
        assert await ids(library, query) == [], query
    with pytest.raises(NoSuchJob):
        await library.search("parent:9999")
    with pytest.raises(UsageError):
        await library.count_hits("is:nothing")


async def test_a_video_is_found_when_it_is_made(library, make, done):
    await library.plan_job(make(kind="video"))
    video = await done("task1", kind="extend")
    assert await ids(library, "has:video") == [video.id]


async def test_days_are_those_of_the_place_where_the_person_is(library, make, clock):
    clock.ms = int(datetime(2026, 9, 30, 23, 59).timestamp() * 1000)
    evening = (await library.plan_job(make())).id
    clock.ms = int(datetime(2026, 10, 1, 0, 0).timestamp() * 1000)
    night = (await library.plan_job(make())).id
    assert await ids(library, "before:2026-10-01") == [evening]
    assert await ids(library, "after:2026-10-01") == [night]
    assert await ids(library, "after:2026-09 before:2026-10") == [evening]


async def test_the_trash_is_in_no_list_and_comes_back(library, done, make):
    kept, gone = await done("task1"), await done("task2")
    planned = await library.plan_job(make())
    assert await library.trash([gone.id, planned.id, 99]) == [gone.id]
    assert await library.trash([gone.id]) == []
    assert [job.id for job in await library.newest()] == [planned.id, kept.id]
    assert await ids(library, "lighthouse") == [planned.id, kept.id]
    assert [job.id for job in await library.tasks()] == [planned.id, kept.id]
    assert (await library.job(gone.id)).deleted_at is not None
    assert await library.restore([gone.id, kept.id]) == [gone.id]
    assert await ids(library, "lighthouse") == [planned.id, gone.id, kept.id]


async def test_tags_are_put_on_and_taken_off(library, make):
    job = await library.plan_job(make())
    await library.tag(job.id, ["b", "A", "b"])
    await library.tag(job.id, ["c"], ["a", "nobody"])
    assert (await library.job(job.id)).tags == ("b", "c")
    for wrong in ("", "two words", "x" * 65, 'a"b', "a\x1b[0m", "a,b"):
        with pytest.raises(UsageError):
            await library.tag(job.id, [wrong, "d"])
    assert (await library.job(job.id)).tags == ("b", "c")
    with pytest.raises(NoSuchJob):
        await library.tag(99, ["x"])
