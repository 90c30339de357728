from __future__ import annotations

import errno
import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mjtui.errors import LibraryError, UsageError
from mjtui.library.incoming import read_record
from mjtui.library.jobjson import from_iso, iso, job_json
from mjtui.library.rows import Trouble

SAVED = {"sha256": "ab", "media_type": "image/jpeg", "width": 1456, "height": 816, "size": 1000}


@pytest.fixture
async def filled(library, make, done, running, clock):
    """A library with a family of three, a failure, and everything that a person adds."""
    first = await done("task1", prompt="雪景の灯台 🦊", stylize=250, files=("a.png",), draft={"prompt": "x"})
    for picture in await library.claim_pictures("a", lease_ms=1000, limit=4):
        await library.name_picture(picture.id, f"fog-{picture.index}.jpg")
        await library.picture_saved(picture.id, "a", path=f"fog-{picture.index}.jpg", **SAVED)
    await library.rate(first.pictures[1].id, 5)
    await library.tag(first.id, ["keeper", "client/acme"])
    await library.note(first.id, "for the harbour")
    second = await done("task2", kind="vary", parent=first.id, parent_index=2)
    await running("task3", kind="upscale", parent=second.id, parent_index=1)
    failed = await running("task4", cost=None, speed=None)
    trouble = Trouble(code="430", message="refused", hint="change a word")
    await library.move(failed.id, old=("running",), new="failed", what="failed", detail={"n": 1}, trouble=trouble)
    return library


async def exported(library, query=None):
    return [json.loads(json.dumps(record)) async for record in library.export(query)]


async def test_what_is_exported_comes_back_the_same_in_an_empty_library(filled, open_library, tmp_path):
    records = await exported(filled)
    assert [record["id"] for record in records] == [1, 2, 3, 4]
    other = await open_library(tmp_path / "other.db")
    assert await other.import_jobs(records) == 4
    assert await other.newest() == await filled.newest()
    assert await exported(other) == records
    assert [event.what for event in await other.log(1)] == [event.what for event in await filled.log(1)]
    assert [job.id for job in await other.search("灯台 rating>=5 tag:keeper harbour")] == [1]
    assert await other.import_jobs(records) == 0
    assert len(await other.newest()) == 4


async def test_in_a_library_with_jobs_they_get_new_ids_and_keep_their_family(filled, open_library, make, tmp_path):
    other = await open_library(tmp_path / "other.db")
    for _ in range(3):
        await other.plan_job(make())
    assert await other.import_jobs(await exported(filled)) == 4
    first, second, third, _ = sorted((await other.newest(limit=4)), key=lambda job: job.id)
    assert (first.id, first.parent) == (4, None)
    assert (second.parent, third.parent) == (first.id, second.id)


async def test_children_that_come_later_find_the_parent_that_is_there(filled, open_library, tmp_path):
    other = await open_library(tmp_path / "other.db")
    await other.import_jobs(await exported(filled, "type:txt2img is:succeeded"))
    await other.import_jobs(await exported(filled, "type:vary"))
    [child] = await other.search("type:vary")
    assert child.parent == 1


async def test_a_query_exports_its_hits_oldest_first(filled):
    assert [record["id"] for record in await exported(filled, "is:succeeded")] == [1, 2]
    with pytest.raises(UsageError):
        await exported(filled, "is:nothing")


async def test_more_than_a_page_is_exported_and_imported(library, open_library, make, tmp_path):
    for _ in range(401):
        await library.plan_job(make())
    records = await exported(library)
    assert [record["id"] for record in records] == list(range(1, 402))
    other = await open_library(tmp_path / "other.db")
    assert await other.import_jobs(iter(records)) == 401


async def test_nothing_that_could_cost_money_arrives_by_import(library, open_library, make, tmp_path):
    planned, sending = await library.plan_job(make()), await library.plan_job(make())
    await library.claim_planned("a", lease_ms=1000, ids=[sending.id])
    await library.move(sending.id, old=("planned",), new="submitting", what="submitting", owner="a")
    other = await open_library(tmp_path / "other.db")
    await other.import_jobs(await exported(library))
    assert [job.state for job in await other.jobs([planned.id, sending.id])] == ["cancelled", "unknown"]
    assert (await other.log(planned.id))[-1].detail == {"was": "planned"}
    assert await other.claim_planned("b", lease_ms=1000) is None


async def test_the_printed_shape_alone_can_be_imported(filled, open_library, tmp_path):
    records = [job_json(job) for job in await filled.newest()]
    other = await open_library(tmp_path / "other.db")
    assert await other.import_jobs(records) == 4
    assert await other.import_jobs(records) == 0
    assert (await other.find("task1")).prompt == "雪景の灯台 🦊"


RECORD = {"id": 1, "kind": "vary", "state": "succeeded", "prompt": "fog", "images": [{"index": 1, "state": "due"}]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "song"}, '"kind" is not one of'),
        ({"state": None}, '"state" is missing'),
        ({"prompt": 5}, '"prompt" is not a text'),
        ({"created_at": "soon"}, '"created_at" is not a time'),
        ({"tags": "fog"}, '"tags" is not a list'),
        ({"tags": [1]}, '"tags" is not a list of texts'),
        ({"cost": True}, '"cost" is not a number'),
        ({"id": 10**30}, '"id" is too large'),
        ({"record": {"speed": "warp"}}, '"speed" is not one of'),
        ({"images": [{"index": 0, "state": "due"}]}, '"index" is not from 1 to 4'),
        ({"images": RECORD["images"] * 2}, '"images" has two with the same index'),
        ({"images": [{"index": 1, "state": "due", "rating": 9}]}, '"rating" is not from -1 to 5'),
        ({"images": [5]}, "images 1 is not a JSON object"),
        ({"images": [{"index": 1, "state": "gone"}]}, 'images 1: "state" is not one of'),
    ],
)
async def test_a_record_that_cannot_be_read_is_named(library, change, says):
    with pytest.raises(UsageError, match=f"record 2.*{says}"):
        await library.import_jobs([RECORD, RECORD | change])
    assert await library.newest() == []


async def test_an_absurd_id_does_not_use_up_the_ids(library, make):
    await library.import_jobs([RECORD | {"id": 2**53}])
    assert (await library.plan_job(make())).id < 10


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.dictionaries(st.sampled_from([*RECORD, "record", "error", "tags", "cost", "created_at"]), JSON))
def test_any_json_is_a_record_or_a_usage_error(changes):
    try:
        read_record(RECORD | changes, 1)
    except UsageError as error:
        assert error.message.startswith("record 1")


def test_a_job_in_json_has_the_shape_that_is_promised(filled_job):
    printed = job_json(filled_job)
    assert " ".join(printed) == (
        "id task_id kind state prompt request parent cost created_at finished_at expires_at rating tags note error"
        " images"
    )
    assert " ".join(printed["images"][0]) == "index state path url sha256 width height rating"
    assert printed["created_at"] == "2026-09-21T14:13:20.000Z"
    assert printed["error"] is None
    assert printed["rating"] == 5
    troubled = replace(filled_job, trouble=Trouble(code="c", message="m", hint="h"))
    assert job_json(troubled)["error"] == {"code": "c", "message": "m", "hint": "h"}


@pytest.fixture
async def filled_job(filled):
    return await filled.job(1)


@given(ms=st.integers(min_value=0, max_value=4_000_000_000_000))
def test_times_come_back_to_the_millisecond(ms):
    assert from_iso(iso(ms)) == ms


def test_times_are_iso_8601_utc():
    assert iso(1_790_000_000_250) == "2026-09-21T14:13:20.250Z"
    assert iso(None) is None
    assert from_iso("2026-09-21T16:13:20+02:00") == from_iso("2026-09-21T14:13:20") == 1_790_000_000_000


async def test_a_backup_taken_while_the_library_is_in_use_is_whole(filled, open_library, make, tmp_path):
    target = tmp_path / "backup.db"
    target.write_text("the last backup")
    async with filled._db.write() as db:
        await db.execute("UPDATE jobs SET note = 'not committed'")
        await filled.backup(target)
        await db.execute("UPDATE jobs SET note = ''")
    await filled.plan_job(make())
    copy = await open_library(target)
    assert [job.id for job in await copy.newest()] == [4, 3, 2, 1]
    assert (await copy.job(1)).note == "for the harbour"
    assert await copy.check() == []
    assert target.stat().st_mode & 0o777 == 0o600
    assert not target.with_name("backup.db.part").exists()


async def test_a_backup_that_cannot_be_written_is_said(filled, tmp_path):
    with pytest.raises(LibraryError, match=r"The backup .* could not be written"):
        await filled.backup(tmp_path / "none" / "backup.db")
    assert await filled.check() == []


async def test_a_backup_of_a_full_disk_leaves_no_half(filled, tmp_path, monkeypatch):
    def full(part, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mjtui.library.upkeep._put", full)
    with pytest.raises(LibraryError, match="No space left"):
        await filled.backup(tmp_path / "backup.db")
    assert list(tmp_path.glob("backup*")) == []


async def test_the_check_says_what_is_missing(filled, path):
    assert await filled.check() == []
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE pictures SET path = NULL WHERE id = 1")
        db.execute("UPDATE jobs SET parent = 77 WHERE id = 2")
        db.execute("UPDATE jobs SET task_id = NULL WHERE id = 3")
        db.execute("DELETE FROM pictures WHERE job = 2")
        db.commit()
    problems = await filled.check()
    assert len(problems) == 4
    assert any("jobs point at jobs" in problem for problem in problems)
    assert any("without a file name" in problem for problem in problems)
