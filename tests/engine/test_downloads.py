"""Promise 2: you never lose a picture."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mjtui.engine import downloads


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_four_pictures_are_saved_checked_and_named(bench):
    job = await bench.save(await bench.done("a paper lighthouse at dusk --ar 16:9"))
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert len(files(bench.folder)) == 4
    for picture in job.pictures:
        path = Path(picture.path)
        assert path.suffix == ".jpg"
        assert "paper-lighthouse" in path.name
        assert hashlib.sha256(path.read_bytes()).hexdigest() == picture.sha256
        assert picture.size == path.stat().st_size
        assert picture.width > picture.height


async def test_the_api_key_never_goes_to_a_pictures_host(bench):
    await bench.save(await bench.done())
    fetched = [seen for seen in bench.world.seen if seen.path.endswith(".jpeg")]
    assert len(fetched) == 4
    assert not any(seen.authorized for seen in fetched)


@pytest.mark.parametrize("fault", ["half", "drop", "500", "503", "wrong-length"])
async def test_a_broken_download_is_tried_again_and_leaves_no_half_picture(bench, fault):
    job = await bench.done()
    bench.world.faults.add(f"file:{fault}:4")
    job = await bench.save(job)
    assert all(name.endswith(".part") for name in files(bench.folder)) if bench.folder.exists() else True
    assert {picture.state for picture in job.pictures} == {"due"}
    bench.clock.pass_seconds(300)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert not any(name.endswith(".part") for name in files(bench.folder))


@pytest.mark.parametrize("fault", ["html", "403", "404", "410"])
async def test_an_expired_link_is_renewed(bench, fault):
    job = await bench.done()
    bench.world.faults.add(f"file:{fault}:4")
    job = await bench.save(job)
    bench.clock.pass_seconds(60)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}


async def test_a_cut_download_goes_on_where_it_was_cut(bench):
    job = await bench.done()
    bench.world.faults.add("file:half:1")
    bench.downloads = bench.new_downloads("here", parallel=1)
    await bench.save(job)
    picture = next(picture for picture in (await bench.library.job(job.id)).pictures if picture.state == "due")
    [part] = bench.folder.glob("*.part")
    assert part.name.startswith(Path(picture.path).name)
    assert part.stat().st_size > 0
    assert picture.etag
    kept = part.read_bytes()
    bench.clock.pass_seconds(60)
    job = await bench.save(job)
    saved = Path(job.pictures[picture.index - 1].path).read_bytes()
    assert saved.startswith(kept)
    assert {picture.state for picture in job.pictures} == {"saved"}


async def test_a_file_that_was_saved_but_not_noted_is_found_again(bench):
    job = await bench.save(await bench.done())
    for picture in job.pictures:
        await bench.library.picture_due(picture.id)
    before = len(bench.world.seen)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert len(bench.world.seen) == before
    assert len(files(bench.folder)) == 4


async def test_links_that_are_no_pictures_on_the_web_touch_nothing_outside(bench):
    bench.world.faults.add("task:hostile-urls")
    job = await bench.save(await bench.done())
    assert not any(picture.state == "saved" and "passwd" in (picture.url or "") for picture in job.pictures)
    if bench.folder.exists():
        assert all(Path(picture.path).parent == bench.folder for picture in job.pictures if picture.path)


async def test_what_cannot_be_had_any_more_is_called_lost_in_words(bench):
    job = await bench.done()
    bench.world.faults.add("file:404:always;link:422:always")
    bench.clock.pass_seconds(20 * 86_400)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"lost"}
    assert any("could not be saved" in text for text in bench.notices())


async def test_a_full_disk_is_told_and_waited_for(bench, monkeypatch):
    job = await bench.done()

    async def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(downloads, "transfer", full)
        job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"due"}
    assert any("No space left" in text for text in bench.notices())
    bench.clock.pass_seconds(300)
    assert {picture.state for picture in (await bench.save(job)).pictures} == {"saved"}


async def test_a_file_beyond_the_limit_is_not_saved(bench):
    job = await bench.done()
    bench.downloads = bench.new_downloads("here", max_bytes=1000)
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"due"}
    assert "limit" in job.pictures[0].error


async def test_what_another_process_began_is_gone_on_with_and_what_it_still_writes_spoils_nothing(bench):
    job = await bench.done()
    bench.world.faults.add("file:half:4")
    await bench.save(job)
    parts = sorted(bench.folder.glob("*.part"))
    sleepers = [part.open("ab") for part in parts]
    bench.clock.pass_seconds(300)
    bench.downloads = bench.new_downloads("there:1:abcdef")
    ranges = []
    stream = bench.downloads._http.stream

    def spy(method, url, headers):
        ranges.append(headers.get("Range"))
        return stream(method, url, headers=headers)

    bench.downloads._http.stream = spy
    job = await bench.save(job)
    for sleeper in sleepers:
        sleeper.write(b"what the other still had to write")
        sleeper.close()
    assert all(ranges)
    assert {picture.state for picture in job.pictures} == {"saved"}
    for picture in job.pictures:
        assert hashlib.sha256(Path(picture.path).read_bytes()).hexdigest() == picture.sha256
    assert len(files(bench.folder)) == 4
