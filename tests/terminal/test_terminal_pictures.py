from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.media.pixels import Pixels
from mjtui.terminal.ascii import Ascii
from mjtui.terminal.card import card
from mjtui.terminal.halfblocks import UPPER, HalfBlocks, nearest
from mjtui.terminal.pictures import Driver, Frame, Grid, Rgb, fit, grid


def noise(width: int, height: int) -> Pixels:
    return Pixels(width, height, Random(1).randbytes(3 * width * height))


def shown(frame: Frame) -> list[list[Rgb | None]]:
    """The pixels that a terminal would show, two rows to a line of cells."""
    rows: list[list[Rgb | None]] = []
    for line in frame.lines:
        upper: list[Rgb | None] = []
        lower: list[Rgb | None] = []
        for run in line:
            upper += [run.foreground if run.text[0] == UPPER else run.background] * len(run.text)
            lower += [run.background] * len(run.text)
        rows += [upper, lower]
    return rows


def text(frame: Frame) -> list[str]:
    return ["".join(run.text for run in line) for line in frame.lines]


def psnr(pixels: Pixels, rows: list[list[Rgb | None]]) -> float:
    values = [value for row in rows for colour in row if colour is not None for value in colour]
    error = sum((a - b) ** 2 for a, b in zip(pixels.rgb, values, strict=True)) / len(values)
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def test_true_colour_half_blocks_show_every_pixel_as_it_is() -> None:
    pixels = noise(40, 40)
    assert psnr(pixels, shown(HalfBlocks().encode(pixels, 40, 20))) == math.inf


def test_256_colours_come_near() -> None:
    ramp = bytes(value for y in range(40) for x in range(40) for value in (x * 6, y * 6, (x + y) * 3))
    pixels = Pixels(40, 40, ramp)
    assert psnr(pixels, shown(HalfBlocks(256).encode(pixels, 40, 20))) > 22


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (95, 135, 175), (128, 128, 128), (238, 238, 238)])
def test_colours_of_the_palette_stay_themselves(colour: Rgb) -> None:
    assert nearest(colour) == colour


def test_the_last_half_of_an_odd_height_is_left_to_the_terminal() -> None:
    frame = HalfBlocks().encode(Pixels(1, 3, b"abcdefghi"), 1, 2)
    assert shown(frame) == [[(97, 98, 99)], [(100, 101, 102)], [(103, 104, 105)], [None]]


def test_a_smaller_picture_lies_in_the_middle_with_nothing_around_it() -> None:
    frame = HalfBlocks().encode(Pixels(2, 2, b"\x07" * 12), 6, 3)
    rows = shown(frame)
    assert rows[2] == rows[3] == [None, None, (7, 7, 7), (7, 7, 7), None, None]
    assert rows[0] == rows[1] == rows[4] == rows[5] == [None] * 6


def test_cells_of_the_same_colours_are_one_run() -> None:
    frame = HalfBlocks().encode(Pixels(8, 4, b"\x01\x02\x03" * 16 + b"\x04\x05\x06" * 16), 8, 2)
    assert [len(line) for line in frame.lines] == [1, 1]


def test_a_picture_takes_no_more_bytes_than_its_bar() -> None:
    frame = HalfBlocks().encode(noise(40, 40), 40, 20)
    colours = len("\x1b[38;2;255;255;255;48;2;255;255;255m")
    assert sum(colours + len(run.text.encode()) for line in frame.lines for run in line) <= 45_000


def test_letters_tell_bright_from_dark() -> None:
    frame = Ascii().encode(Pixels(3, 1, bytes(3) + b"\x80" * 3 + b"\xff" * 3), 3, 1)
    assert text(frame) == [" +@"]
    assert all(run.foreground is run.background is None for line in frame.lines for run in line)


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20), st.integers(1, 20))
def test_every_frame_fills_its_box(width: int, height: int, columns: int, rows: int) -> None:
    for driver in (HalfBlocks(), HalfBlocks(256), Ascii()):
        frame = driver.encode(noise(width, height), columns, rows)
        assert [len(line) for line in text(frame)] == [columns] * rows
        assert all(run.text for line in frame.lines for run in line)


def test_a_card_says_in_words_what_cannot_be_shown() -> None:
    frame = card(["a video", "灯塔 \x1b[31m1280×720", "cut off"], 10, 2)
    assert text(frame) == ["a video   ", "灯塔 1280…"]
    assert text(card([], 3, 2)) == ["   ", "   "]


@pytest.mark.parametrize(
    ("driver", "expected"), [(HalfBlocks(), Grid(40, 40, 1.0)), (Ascii(), Grid(40, 20, 2.0))], ids=["half", "ascii"]
)
def test_a_driver_is_given_as_many_pixels_as_it_can_show(driver: Driver, expected: Grid) -> None:
    assert grid(driver, 40, 20) == expected


@pytest.mark.parametrize(
    ("size", "box", "cells"),
    [
        ((1024, 1024), (40, 20), (40, 20)),
        ((1456, 816), (40, 20), (40, 11)),
        ((816, 1456), (40, 20), (22, 20)),
        ((10_000, 10), (40, 20), (40, 1)),
        ((10, 10_000), (40, 20), (1, 20)),
    ],
)
def test_a_picture_keeps_its_shape_in_a_box(
    size: tuple[int, int], box: tuple[int, int], cells: tuple[int, int]
) -> None:
    assert fit(*size, *box) == cells


def test_wide_cells_make_a_picture_narrower() -> None:
    assert fit(1000, 1000, 40, 20, cell=(10, 10)) == (20, 20)
