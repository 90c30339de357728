from __future__ import annotations

import asyncio

import pytest

from mjtui.errors import UsageError

SAVED = {"sha256": "ab", "media_type": "image/jpeg", "width": 1456, "height": 816, "size": 1000}


async def test_success_and_its_pictures_come_together_and_only_once(library, running, clock):
    job = await running()
    done = await library.succeed(job.id, urls=["u1", "u2"], finished_at=clock() + 5, expires_at=clock() + 9)
    assert done is not None
    assert (done.state, done.finished_at, done.expires_at) == ("succeeded", clock() + 5, clock() + 9)
    assert [(picture.index, picture.url, picture.state) for picture in done.pictures] == [
        (1, "u1", "due"),
        (2, "u2", "due"),
    ]
    assert await library.succeed(job.id, urls=["u3"], finished_at=1, expires_at=2) is None
    assert await library.job(job.id) == done


async def test_racing_successes_make_four_pictures_not_eight(library, open_library, running):
    other = await open_library()
    job = await running()
    urls = ["a", "b", "c", "d"]
    results = await asyncio.gather(
        *(place.succeed(job.id, urls=urls, finished_at=1, expires_at=2) for place in (library, other) * 3)
    )
    assert sum(result is not None for result in results) == 1
    assert len(await library.pictures([job.id])) == 4


async def test_a_picture_is_claimed_named_kept_and_saved(library, done, clock):
    job = await done()
    claimed = await library.claim_pictures("a", lease_ms=1000, limit=2)
    assert [picture.index for picture in claimed] == [1, 2]
    picture = claimed[0]
    assert await library.name_picture(picture.id, "2026/fog-1.jpg") == "2026/fog-1.jpg"
    assert await library.name_picture(picture.id, "another.jpg") == "2026/fog-1.jpg"
    assert await library.keep_picture(picture.id, "a", 5000)
    assert not await library.keep_picture(picture.id, "b", 5000)
    clock.pass_ms(1000)
    others = await library.claim_pictures("b", lease_ms=10_000, limit=9)
    assert sorted(picture.index for picture in others) == [2, 3, 4]
    assert await library.next_picture_at() == clock() + 4000
    assert await library.picture_saved(picture.id, "a", path="2026/fog-1.png", **SAVED)
    kept = (await library.job(job.id)).pictures[0]
    assert (kept.state, kept.path, kept.sha256, kept.saved_at) == ("saved", "2026/fog-1.png", "ab", clock())
    assert not await library.picture_saved(picture.id, "a", path="x", **SAVED)
    assert [event.what for event in await library.log(job.id)][-1] == "picture_saved"


async def test_a_download_that_lost_its_lease_changes_nothing(library, done, clock):
    await done()
    [picture] = await library.claim_pictures("slow", lease_ms=1000, limit=1)
    clock.pass_ms(1000)
    again = await library.claim_pictures("quick", lease_ms=1000, limit=4)
    assert picture.id in [claimed.id for claimed in again]
    assert not await library.picture_saved(picture.id, "slow", path="x", **SAVED)
    assert not await library.picture_failed(picture.id, "slow", error="e", next_try_at=None)
    assert await library.picture_saved(picture.id, "quick", path="x", **SAVED)


async def test_a_failed_download_is_tried_later_where_it_stopped(library, done, clock):
    job = await done()
    [picture] = await library.claim_pictures("a", lease_ms=1000, limit=1)
    await library.remember_validator(picture.id, '"v1"')
    assert await library.picture_failed(
        picture.id, "a", error="cut", next_try_at=clock() + 70, url="https://new.example/1"
    )
    tried = (await library.pictures([job.id]))[0]
    assert (tried.state, tried.attempts, tried.error, tried.etag) == ("due", 1, "cut", '"v1"')
    assert tried.url == "https://new.example/1"
    await library.claim_pictures("a", lease_ms=60_000, limit=9)
    assert await library.next_picture_at() == clock() + 70


async def test_a_lost_picture_is_lost_until_it_is_wanted_again(library, done, clock):
    job = await done()
    [picture] = await library.claim_pictures("a", lease_ms=1000, limit=1)
    await library.name_picture(picture.id, "fog-1.jpg")
    await library.picture_failed(picture.id, "a", error="gone", next_try_at=None)
    assert (await library.job(job.id)).pictures[0].state == "lost"
    assert (await library.counts(expiring_before=0)).pictures_due == 3
    await library.picture_due(picture.id)
    again = (await library.job(job.id)).pictures[0]
    assert (again.state, again.attempts, again.path, again.next_try_at) == ("due", 0, "fog-1.jpg", clock())


async def test_what_expires_is_what_nobody_has_saved(library, done, clock):
    first, second = await done("task1"), await done("task2")
    soon = first.expires_at + 1
    assert [job.id for job in await library.expiring(soon)] == [first.id]
    assert (await library.counts(expiring_before=soon)).expiring == 4
    for picture in await library.claim_pictures("a", lease_ms=1000, limit=4):
        await library.picture_saved(picture.id, "a", path=str(picture.id), **SAVED)
    assert await library.expiring(soon) == []
    assert [job.id for job in await library.expiring(second.expires_at + 1)] == [second.id]


async def test_the_rating_of_a_job_is_the_best_of_its_pictures(library, done):
    job = await done()
    one, two = job.pictures[:2]
    await library.rate(one.id, -1)
    assert (await library.job(job.id)).rating == -1
    await library.rate(two.id, 4)
    assert (await library.job(job.id)).rating == 4
    await library.rate(two.id, None)
    assert (await library.job(job.id)).rating == -1
    await library.rate(one.id, None)
    assert (await library.job(job.id)).rating is None
    for wrong in (6, -2):
        with pytest.raises(UsageError):
            await library.rate(one.id, wrong)
    with pytest.raises(UsageError):
        await library.rate(999, 3)


async def test_every_picture_that_is_not_saved_can_be_tried_now(library, done, clock):
    first, second = await done("task1"), await done("task2")
    saved, failed, lost, _ = await library.claim_pictures("a", lease_ms=1000, limit=4)
    await library.picture_saved(saved.id, "a", path="x", **SAVED)
    await library.picture_failed(failed.id, "a", error="cut", next_try_at=clock() + 9000)
    await library.picture_failed(lost.id, "a", error="gone", next_try_at=None)
    await library.release("a")
    assert await library.retry_pictures([first.id]) == 3
    assert len(await library.claim_pictures("b", lease_ms=1000, limit=9)) == 7
    assert await library.retry_pictures(None) == 3 + len(second.pictures)
