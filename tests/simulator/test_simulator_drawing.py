from __future__ import annotations

import io
import itertools

import pytest
from PIL import Image, ImageChops, ImageStat

from mjtui.simulator.drawing.palettes import choose
from mjtui.simulator.drawing.recipe import Recipe, draw, encode, size
from mjtui.simulator.drawing.scenes import FAMILIES, scenes

LIGHTHOUSE = Recipe(prompt="a paper lighthouse at dusk, soft fog", seed="demo", ratio=16 / 9)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures' pixels, 0 to 255, seen small."""
    small = [image.convert("RGB").resize((64, 36)) for image in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*small)).mean) / 3


def test_the_same_recipe_is_the_same_file() -> None:
    assert encode(LIGHTHOUSE, "jpeg") == encode(LIGHTHOUSE, "jpeg")


def test_the_four_pictures_of_a_task_differ_clearly() -> None:
    from dataclasses import replace

    four = [draw(replace(LIGHTHOUSE, index=index)) for index in range(4)]
    assert all(difference(*pair) > 12 for pair in itertools.combinations(four, 2))


def test_an_upscale_shows_the_same_and_a_variation_something_related() -> None:
    plain = draw(LIGHTHOUSE)
    large = draw(LIGHTHOUSE.upscaled())
    varied = draw(LIGHTHOUSE.varied("another"))
    other = draw(Recipe(prompt="neon city street", seed="demo", ratio=16 / 9))
    assert large.width == 2 * plain.width
    assert difference(plain, large) < 3
    assert 1 < difference(plain, varied) < difference(plain, other)


@pytest.mark.parametrize(
    "prompt", ["", "…", "東京の夜", "[bold]x[/]", "a" * 2000, "aurora over a cabin", *(words for words, _ in FAMILIES)]
)
def test_anything_can_be_drawn(prompt: str) -> None:
    ratio = 0.5
    for index in range(4):
        picture = Image.open(io.BytesIO(encode(Recipe(prompt=prompt, seed="x", ratio=ratio, index=index), "jpeg")))
        assert picture.size == size(Recipe(prompt=prompt, seed="x", ratio=ratio))
        assert max(ImageStat.Stat(picture).stddev) > 8


def test_words_choose_scene_and_colours() -> None:
    import random

    assert [scene.__name__ for scene in scenes("a lighthouse by the sea")] == ["sea", "swell", "islands", "lake"]
    assert choose("a night", 0, random.Random(1)).dark
    assert not choose("a snowy morning", 0, random.Random(1)).dark


def test_a_clip_has_one_jpeg_per_frame() -> None:
    content = encode(Recipe(prompt="sea", seed="demo", ratio=2 / 3), "mp4")
    assert content[4:8] == b"ftyp"
    sizes = content.index(b"stsz") + 8
    count = int.from_bytes(content[sizes + 4 : sizes + 8])
    lengths = [int.from_bytes(content[sizes + 8 + 4 * at : sizes + 12 + 4 * at]) for at in range(count)]
    at = content.index(b"mdat") + 4
    for length in lengths:
        frame = Image.open(io.BytesIO(content[at : at + length]))
        assert frame.height == 640
        at += length
    assert count == 60
