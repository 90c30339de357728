from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.widget import Widget

from mjtui.engine import Job, Picture, Trouble
from mjtui.errors import PictureError
from mjtui.media.pixels import Pixels
from mjtui.tui.messages import PictureSelected
from mjtui.tui.widgets.drawn import Drawn, draw
from mjtui.tui.widgets.preview import HALF_BLOCKS, Preview
from mjtui.tui.widgets.scene import EMPTY, Key, places

MakeJob = Callable[..., Job]
MakePictures = Callable[..., tuple[Picture, ...]]
Painted = Callable[[Widget], list[int]]
TextOf = Callable[[Widget], list[str]]

SIZE = (61, 21)


class Source:
    """Plain colours as pictures; notes what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, int]] = []
        self.broken: set[int] = set()
        self.hold: asyncio.Event | None = None

    async def __call__(self, picture: Picture, width: int, height: int) -> Pixels:
        self.asked.append((picture.id, width, height))
        if self.hold is not None:
            await self.hold.wait()
        if picture.id in self.broken:
            raise PictureError("The file is damaged.", hint="Save it again.")
        return Pixels(width, height, bytes([picture.id % 256, 90, 200]) * (width * height))


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def preview(source: Source, now: int) -> Preview:
    return Preview(source, now=lambda: now)


def colours(preview: Preview, x: int, y: int) -> int:
    """The red of a cell, or -1 where there is no picture."""
    strip = preview.render_line(y).crop(x, x + 1)
    style = next(iter(strip)).style
    colour = style and style.bgcolor and style.bgcolor.triplet
    return colour.red if colour and (colour.green, colour.blue) == (90, 200) else -1


async def test_four_pictures_are_shown_with_their_numbers(
    around: Any, preview: Preview, make_job: MakeJob, make_pictures: MakePictures, until: Any, text_of: TextOf
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures()))
        await until(pilot, lambda: colours(preview, 40, 15) == 14)
        assert [colours(preview, x, y) for x, y in ((5, 5), (40, 5), (5, 15), (40, 15))] == [11, 12, 13, 14]
        lines = text_of(preview)
        assert lines[0].startswith("[1]")
        assert " 2 " in lines[0]
        assert lines[11].startswith(" 3 ")
        assert str(preview.border_title) == "Preview · a paper lighthouse at dusk · 1 of 4"
        assert all(preview.render_line(y).cell_length == SIZE[0] for y in range(SIZE[1]))


async def test_choosing_a_picture_paints_two_lines_and_loads_nothing(
    around: Any,
    source: Source,
    preview: Preview,
    make_job: MakeJob,
    make_pictures: MakePictures,
    until: Any,
    painted: Painted,
) -> None:
    app = around(preview)
    async with app.run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures(2)))
        await until(pilot, lambda: colours(preview, 40, 15) == 24)
        lines = painted(preview)
        preview.action_select_picture(3)
        await pilot.pause()
        assert preview.selected_index == 3
        assert set(lines) == {0, 11}
        assert len(source.asked) == 4
        assert [said.index for said in app.said if isinstance(said, PictureSelected)] == [3]
        assert str(preview.border_title).endswith("3 of 4")


async def test_pictures_are_gone_through_in_a_circle(
    around: Any, preview: Preview, make_job: MakeJob, make_pictures: MakePictures
) -> None:
    async with around(preview).run_test(size=SIZE):
        preview.show(make_job(pictures=make_pictures()), 4)
        preview.action_next_picture()
        assert preview.selected_index == 1
        preview.action_previous_picture()
        assert preview.selected_index == 4
        preview.action_select_picture(7)
        assert preview.selected_index == 4
        assert preview.selected_picture is not None
        assert preview.selected_picture.index == 4


async def test_one_picture_can_fill_the_pane(
    around: Any,
    source: Source,
    preview: Preview,
    make_job: MakeJob,
    make_pictures: MakePictures,
    until: Any,
    text_of: TextOf,
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures()), 2)
        await until(pilot, lambda: colours(preview, 40, 15) == 14)
        preview.action_toggle_large()
        await until(pilot, lambda: colours(preview, 5, 15) == 12)
        assert source.asked[-1] == (12, SIZE[0], 2 * SIZE[1])
        assert text_of(preview)[0].startswith("[2]")
        asked = len(source.asked)
        preview.large = False
        await until(pilot, lambda: colours(preview, 40, 15) == 14)
        assert len(source.asked) == asked


async def test_the_same_pictures_are_not_painted_again(
    around: Any,
    preview: Preview,
    make_job: MakeJob,
    make_pictures: MakePictures,
    until: Any,
    painted: Painted,
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures()))
        await until(pilot, lambda: colours(preview, 40, 15) == 14)
        lines = painted(preview)
        preview.show(make_job(pictures=make_pictures(), note="a note", tags=("sky",)))
        await pilot.pause(0.1)
        assert lines == []


async def test_jobs_that_are_only_passed_by_load_nothing(
    around: Any, source: Source, preview: Preview, make_job: MakeJob, make_pictures: MakePictures, until: Any
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: preview.size.area)
        for job in range(1, 9):
            preview.show(make_job(job, pictures=make_pictures(job)))
        await until(pilot, lambda: len(source.asked) == 4)
        assert {picture // 10 for picture, _, _ in source.asked} == {8}


async def test_the_chosen_picture_is_loaded_first_and_the_rest_not_for_a_job_that_was_left(
    around: Any, source: Source, preview: Preview, make_job: MakeJob, make_pictures: MakePictures, until: Any
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        source.hold = asyncio.Event()
        preview.show(make_job(1, pictures=make_pictures(1)), 3)
        await until(pilot, lambda: source.asked)
        preview.show(make_job(2, pictures=make_pictures(2)))
        await until(pilot, lambda: len(source.asked) == 2)
        source.hold.set()
        await until(pilot, lambda: colours(preview, 40, 15) == 24)
        assert [picture for picture, _, _ in source.asked] == [13, 21, 22, 23, 24]


async def test_pictures_that_were_seen_are_shown_again_without_loading(
    around: Any, source: Source, preview: Preview, make_job: MakeJob, make_pictures: MakePictures, until: Any
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        for job in (1, 2, 1):
            preview.show(make_job(job, pictures=make_pictures(job)))
            await until(pilot, lambda job=job: colours(preview, 40, 15) == 10 * job + 4)
        assert len(source.asked) == 8


async def test_a_resize_draws_once_at_the_new_size(
    around: Any, source: Source, preview: Preview, make_job: MakeJob, make_pictures: MakePictures, until: Any
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures()))
        await until(pilot, lambda: len(source.asked) == 4)
        for width in range(62, 72):
            await pilot.resize_terminal(width, 31)
        await until(pilot, lambda: len(source.asked) >= 8 and colours(preview, 5, 20) == 13)
        assert source.asked[4:] == [(picture, 35, 30) for picture in (11, 12, 13, 14)]


async def test_a_damaged_picture_is_told_in_its_place(
    around: Any,
    source: Source,
    preview: Preview,
    make_job: MakeJob,
    make_pictures: MakePictures,
    until: Any,
    text_of: TextOf,
) -> None:
    source.broken = {12}
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures()))
        await until(pilot, lambda: colours(preview, 40, 15) == 14)
        assert "The file is damaged." in "\n".join(text_of(preview))
        assert colours(preview, 5, 5) == 11


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "unknown"}, "? unknown"),
        ({"state": "planned"}, "nothing was charged"),
        ({"state": "failed", "trouble": Trouble(code="x", message="[b]Refused[/b].", hint="Say less.")}, "[b]Refused"),
        ({"state": "running"}, "> running 1:00"),
    ],
)
async def test_a_job_without_pictures_is_told_in_words(
    around: Any, preview: Preview, make_job: MakeJob, until: Any, text_of: TextOf, values: dict[str, Any], said: str
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(**values))
        await until(pilot, lambda: said in "\n".join(text_of(preview)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "due"}, "saving …"),
        ({"state": "lost", "error": "The link is dead."}, "The link is dead."),
        ({"media_type": "video/mp4", "path": "/pictures/fog.mp4"}, "/pictures/fog.mp4"),
    ],
)
async def test_a_picture_that_cannot_be_seen_is_told_in_words(
    around: Any,
    source: Source,
    preview: Preview,
    make_job: MakeJob,
    make_pictures: MakePictures,
    until: Any,
    text_of: TextOf,
    values: dict[str, Any],
    said: str,
) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures(count=1, **values)))
        await until(pilot, lambda: said in "\n".join(text_of(preview)))
        assert source.asked == []


async def test_without_pictures_in_the_terminal_the_files_are_named(
    around: Any, source: Source, now: int, make_job: MakeJob, make_pictures: MakePictures, until: Any, text_of: TextOf
) -> None:
    preview = Preview(source, None, now=lambda: now)
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(pictures=make_pictures()))
        await until(pilot, lambda: "/pictures/1-4.png" in "\n".join(text_of(preview)))
        assert source.asked == []
        preview.driver = HALF_BLOCKS
        await until(pilot, lambda: colours(preview, 40, 15) == 14)


async def test_time_goes_on_only_while_the_job_runs(
    around: Any, source: Source, make_job: MakeJob, make_pictures: MakePictures, until: Any, text_of: TextOf
) -> None:
    times = iter(range(1_790_000_041_000, 1_790_001_000_000, 1_000))
    preview = Preview(source, now=lambda: next(times))
    async with around(preview).run_test(size=SIZE) as pilot:
        preview.show(make_job(state="running"))
        await until(pilot, lambda: "running 1:02" in "\n".join(text_of(preview)))
        preview.show(make_job(pictures=make_pictures()))
        await until(pilot, lambda: colours(preview, 40, 15) == 14)
        assert preview._clock is None


async def test_an_empty_preview_says_what_it_is_for(around: Any, preview: Preview, until: Any, text_of: TextOf) -> None:
    async with around(preview).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: EMPTY in "\n".join(text_of(preview)))
        preview.action_next_picture()
        preview.action_select_picture(1)
        assert preview.selected_picture is None


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
@pytest.mark.parametrize(("columns", "rows"), [(60, 20), (7, 3), (120, 50)])
def test_pictures_do_not_overlap_and_stay_in_the_pane(count: int, columns: int, rows: int) -> None:
    cells: set[tuple[int, int]] = set()
    for x, y, wide, high in places(count, columns, rows):
        box = {(x + dx, y + dy) for dx in range(wide) for dy in range(high)}
        assert not cells & box
        cells |= box
    assert all(0 <= x < columns and 0 <= y < rows for x, y in cells)


def test_only_so_many_bytes_of_pictures_are_kept() -> None:
    kept = Drawn(200_000)
    noise = Pixels(20, 20, bytes(range(240)) * 5)
    for picture in range(50):
        kept.keep(Key(picture, None, 20, 10), draw(HALF_BLOCKS, noise, 20, 10))
    assert 0 < kept.used <= 200_000
    assert kept.get(Key(49, None, 20, 10)) is not None
    assert kept.get(Key(0, None, 20, 10)) is None
