"""`verify`: what is on the disk is what was saved, or it is fetched again."""

from __future__ import annotations

from pathlib import Path

from mjtui.engine.verify import verify


async def check(bench):
    return await verify(bench.library, now=bench.clock(), seen=lambda result: None)


async def test_pictures_that_are_as_they_were_are_left_alone(bench):
    await bench.save(await bench.done())
    result = await check(bench)
    assert (result.checked, result.due, result.left) == (4, [], [])


async def test_a_missing_picture_is_fetched_again_under_its_name(bench):
    job = await bench.save(await bench.done())
    gone = Path(job.pictures[1].path)
    gone.unlink()
    result = await check(bench)
    assert [(found.index, found.fault, found.kept) for found in result.due] == [(2, "missing", None)]
    job = await bench.save(job)
    assert Path(job.pictures[1].path) == gone
    assert gone.is_file()
    assert (await check(bench)).due == []


async def test_a_changed_picture_is_put_aside_and_fetched_again(bench):
    job = await bench.save(await bench.done())
    path = Path(job.pictures[0].path)
    original = path.read_bytes()
    edited = bytearray(original)
    edited[len(edited) // 2] ^= 1
    path.write_bytes(edited)
    result = await check(bench)
    [found] = result.due
    assert found.fault == "changed"
    assert Path(found.kept).read_bytes() == edited
    job = await bench.save(job)
    assert path.read_bytes() == original
    assert job.pictures[0].state == "saved"


async def test_a_changed_picture_whose_original_is_gone_is_left_as_it_is(bench):
    job = await bench.save(await bench.done())
    path = Path(job.pictures[0].path)
    path.write_bytes(path.read_bytes()[:-10])
    bench.clock.pass_seconds(20 * 86_400)
    result = await check(bench)
    assert [found.fault for found in result.left] == ["changed"]
    assert path.is_file()
    assert (await bench.library.job(job.id)).pictures[0].state == "saved"


async def test_a_missing_picture_that_nobody_has_any_more_is_called_lost(bench):
    job = await bench.save(await bench.done())
    Path(job.pictures[0].path).unlink()
    bench.clock.pass_seconds(20 * 86_400)
    await check(bench)
    job = await bench.save(job)
    assert job.pictures[0].state == "lost"
    assert job.pictures[0].error
