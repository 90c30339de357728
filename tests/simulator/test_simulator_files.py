from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from mjtui.simulator.pictures import recipe_of
from mjtui.simulator.settings import switched


@pytest.fixture
async def url(make: Any) -> str:
    return f"/m/{await make(aspectRatio='3:2')}_0_0.jpeg"


async def test_a_result_is_a_picture_of_a_megapixel_in_the_right_shape(client: Any, url: str) -> None:
    answer = await client.get(url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert int(answer.headers["content-length"]) == len(answer.content)
    picture = Image.open(io.BytesIO(answer.content))
    assert abs(picture.width / picture.height - 1.5) < 0.03
    assert 0.9e6 < picture.width * picture.height < 1.15e6


async def test_an_upscale_is_twice_as_wide(client: Any, make: Any, url: str) -> None:
    parent = url.split("/")[2].split("_")[0]
    upscaled = await make("generateUpscale", taskId=parent, imageIndex=0)
    small = Image.open(io.BytesIO((await client.get(url)).content))
    large = Image.open(io.BytesIO((await client.get(f"/m/{upscaled}_0_0.jpeg")).content))
    assert large.size == (2 * small.width, 2 * small.height)


async def test_a_file_needs_no_key_and_the_log_tells_who_sent_one(client: Any, world: Any, url: str) -> None:
    world.seen.clear()
    assert (await client.get(url, headers={"Authorization": ""})).status_code == 200
    del client.headers["Authorization"]
    assert (await client.get(url)).status_code == 200
    assert [seen.authorized for seen in world.seen] == [True, False]


async def test_head_tells_the_length_and_sends_nothing(client: Any, url: str) -> None:
    whole, head = await client.get(url), await client.head(url)
    assert head.content == b""
    for name in ("content-length", "etag", "last-modified", "accept-ranges"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    ("asked", "part", "shown"),
    [
        ("bytes=0-99", slice(0, 100), "0-99"),
        ("bytes=1000-", slice(1000, None), "1000-{last}"),
        ("bytes=-50", slice(-50, None), "{tail}-{last}"),
        ("bytes=10-99999999", slice(10, None), "10-{last}"),
    ],
)
async def test_a_range_gives_that_part(client: Any, url: str, asked: str, part: slice, shown: str) -> None:
    whole = (await client.get(url)).content
    answer = await client.get(url, headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == whole[part]
    size = len(whole)
    span = shown.format(last=size - 1, tail=size - 50)
    assert answer.headers["content-range"] == f"bytes {span}/{size}"


async def test_a_range_behind_the_end_cannot_be_had(client: Any, url: str) -> None:
    size = len((await client.get(url)).content)
    answer = await client.get(url, headers={"Range": f"bytes={size}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize(("validator", "status"), [("etag", 206), ("last-modified", 206), (None, 200)])
async def test_if_range_gives_the_whole_file_when_it_changed(
    client: Any, url: str, validator: str | None, status: int
) -> None:
    whole = await client.get(url)
    value = whole.headers[validator] if validator else '"other"'
    answer = await client.get(url, headers={"Range": "bytes=5-", "If-Range": value})
    assert answer.status_code == status


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5"])
async def test_a_range_that_makes_no_sense_or_is_several_gives_the_whole(client: Any, url: str, asked: str) -> None:
    assert (await client.get(url, headers={"Range": asked})).status_code == 200


async def test_a_running_task_has_no_files_yet(client: Any, submit: Any) -> None:
    task_id = (await submit())["data"]["taskId"]
    assert (await client.get(f"/m/{task_id}_0_0.jpeg")).status_code == 404


@pytest.mark.parametrize(
    ("how", "status", "text"), [("404", 404, "Not"), ("410", 410, "Gone"), ("html", 200, "<html>")]
)
async def test_files_are_gone_after_fifteen_days(
    client: Any, url: str, clock: Any, world: Any, how: str, status: int, text: str
) -> None:
    world.switches = switched(world.switches, f"expired={how}")
    clock.pass_seconds(15 * 86400 - 1)
    assert (await client.get(url)).headers["content-type"] == "image/jpeg"
    clock.pass_seconds(2)
    answer = await client.get(url)
    assert answer.status_code == status
    assert text in answer.text


async def test_a_video_is_an_mp4_file_that_says_how_long_it_is(client: Any, make: Any) -> None:
    task_id = await make(taskType="mj_video", speed=..., fileUrls=["http://a.test/f.png"], videoBatchSize=2)
    answer = await client.get(f"/m/{task_id}_0_1.mp4")
    assert answer.headers["content-type"] == "video/mp4"
    content = answer.content
    boxes: list[bytes] = []
    at = 0
    while at < len(content):
        boxes.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4])
    assert boxes == [b"ftyp", b"mdat", b"moov"]
    assert at == len(content)
    first = content.index(b"mdat") + 4
    assert content[first : first + 2] == b"\xff\xd8"
    assert int.from_bytes(content[content.index(b"stco") + 12 :][:4]) == first


@pytest.mark.parametrize("path", ["/m/x", "/m/%2e%2e_0_0.jpeg", "/kieai/%2e%2e/x", "/kieai//etc/passwd", "/t/1-2/m/x"])
async def test_a_path_that_names_no_file_is_not_found(client: Any, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_the_same_seed_in_the_prompt_draws_the_same_picture(client: Any, make: Any) -> None:
    one, two, other = [await make(prompt=f"a fox --seed {seed}") for seed in (7, 7, 8)]
    files = [(await client.get(f"/m/{task_id}_0_0.jpeg")).content for task_id in (one, two, other)]
    assert files[0] == files[1] != files[2]


async def test_the_aspect_ratio_may_stand_in_the_prompt(client: Any, make: Any) -> None:
    content = (await client.get(f"/m/{await make(prompt='a fox --ar 1:2')}_0_0.jpeg")).content
    picture = Image.open(io.BytesIO(content))
    assert abs(picture.height / picture.width - 2) < 0.05


async def test_a_video_starts_from_the_picture_that_it_was_given(make: Any, world: Any, url: str) -> None:
    parent = url.split("/")[2].split("_")[0]
    link = f"http://simulator.test/m/{parent}_0_3.jpeg"
    video = await make(taskType="mj_video", speed=..., fileUrls=[link])
    assert recipe_of(world, world.tasks[video], 0) == recipe_of(world, world.tasks[parent], 3)
