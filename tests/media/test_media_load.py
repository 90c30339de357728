from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from mjtui.errors import PictureError
from mjtui.media.decode import fitted
from mjtui.media.load import load
from mjtui.media.pixels import Pixels
from mjtui.media.thumbnails import prune

Save = Callable[..., Path]

RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def at(pixels: Pixels, x: float, y: float) -> tuple[int, int, int]:
    """The colour at a place given in parts of width and height."""
    start = 3 * (int(y * pixels.height) * pixels.width + int(x * pixels.width))
    red, green, blue = pixels.rgb[start : start + 3]
    return red, green, blue


def corners(pixels: Pixels) -> list[tuple[int, int, int]]:
    return [at(pixels, x, y) for y in (0.25, 0.75) for x in (0.25, 0.75)]


def like(found: list[tuple[int, int, int]], *expected: tuple[int, int, int], within: int = 24) -> bool:
    pairs = zip(found, expected, strict=True)
    return all(abs(a - b) <= within for one, other in pairs for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif"])
def test_all_four_kinds_come_out_fitted_and_in_their_colours(photo: Image.Image, saved: Save, name: str) -> None:
    pixels = load(saved(photo, name), width=40, height=40)
    assert (pixels.width, pixels.height) == (40, 27)
    assert like(corners(pixels), RED, GREEN, BLUE, YELLOW)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_comes_out_upright(photo: Image.Image, saved: Save, orientation: int) -> None:
    stored = {
        1: photo,
        2: photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: photo.transpose(Image.Transpose.ROTATE_180),
        4: photo.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: photo.transpose(Image.Transpose.TRANSPOSE),
        6: photo.transpose(Image.Transpose.ROTATE_90),
        7: photo.transpose(Image.Transpose.TRANSVERSE),
        8: photo.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = load(saved(stored, "turned.jpg", exif=exif, quality=95), width=60, height=60)
    assert (pixels.width, pixels.height) == (60, 40)
    assert like(corners(pixels), RED, GREEN, BLUE, YELLOW)


def test_a_broken_exif_block_does_not_hide_the_picture(photo: Image.Image, saved: Save) -> None:
    path = saved(photo, "odd.jpg", exif=b"Exif\0\0not a block at all")
    assert load(path, width=30, height=20).width == 30


def test_transparent_parts_show_the_background(saved: Save) -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 64, 32))
    pixels = load(saved(image, "a.png"), width=16, height=16, background=(10, 200, 10))
    assert like([at(pixels, 0.5, 0.2), at(pixels, 0.5, 0.9)], BLUE, (10, 200, 10), within=2)


def test_a_palette_with_a_transparent_colour_shows_the_background(saved: Save) -> None:
    image = Image.new("P", (32, 32), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 32, 16))
    pixels = load(saved(image, "p.png", transparency=0), width=8, height=8, background=(0, 99, 0))
    assert like([at(pixels, 0.5, 0.1), at(pixels, 0.5, 0.9)], (0, 99, 0), BLUE, within=2)


def test_cmyk_comes_out_as_rgb(photo: Image.Image, saved: Save) -> None:
    pixels = load(saved(photo.convert("CMYK"), "c.jpg", quality=95), width=30, height=20)
    assert like(corners(pixels), RED, GREEN, BLUE, YELLOW)


def test_sixteen_bits_keep_their_brightness(saved: Save) -> None:
    image = Image.new("I;16", (32, 32), 32768)
    pixels = load(saved(image, "deep.png"), width=4, height=4)
    assert like([at(pixels, 0.5, 0.5)], (127, 127, 127), within=1)


def test_black_and_white_and_grey_come_out_as_rgb(saved: Save) -> None:
    assert load(saved(Image.new("1", (8, 8), 1), "bw.png"), width=2, height=2).rgb == b"\xff" * 12
    assert load(saved(Image.new("LA", (8, 8), (80, 255)), "la.png"), width=2, height=2).rgb == b"\x50" * 12


def test_an_animation_shows_its_first_frame(saved: Save) -> None:
    first, second = Image.new("RGB", (16, 16), RED), Image.new("RGB", (16, 16), BLUE)
    for name in ("a.gif", "a.webp"):
        path = saved(first, name, save_all=True, append_images=[second], duration=100)
        assert like([at(load(path, width=4, height=4), 0.5, 0.5)], RED)


def test_a_colour_profile_is_taken_into_account(saved: Save) -> None:
    # Primaries swapped by hand: what the file calls red is green on the screen.
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * profile[131], 12)}
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    swapped = bytes(profile).replace("sRGB".encode("utf-16-be"), "xRGB".encode("utf-16-be")).replace(b"sRGB", b"xRGB")
    path = saved(Image.new("RGB", (16, 16), RED), "icc.png", icc_profile=swapped)
    assert like([at(load(path, width=4, height=4), 0.5, 0.5)], GREEN)


def test_a_broken_colour_profile_does_not_hide_the_picture(photo: Image.Image, saved: Save) -> None:
    path = saved(photo, "icc.png", icc_profile=bytes(16) + b"RGB " + bytes(200))
    assert like(corners(load(path, width=30, height=20)), RED, GREEN, BLUE, YELLOW)


def test_tall_target_pixels_keep_the_shape_on_the_screen(saved: Save) -> None:
    pixels = load(saved(Image.new("RGB", (100, 100)), "square.png"), width=40, height=40, pixel_ratio=2.0)
    assert (pixels.width, pixels.height) == (40, 20)


@given(
    st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)),
    st.integers(1, 600),
    st.integers(1, 600),
    st.floats(0.3, 3.0),
)
def test_a_fitted_picture_touches_its_box_and_never_leaves_it(
    size: tuple[int, int], width: int, height: int, ratio: float
) -> None:
    wide, high = fitted(size, width, height, ratio)
    assert 1 <= wide <= width
    assert 1 <= high <= height
    assert wide == width or high == height


def test_a_second_look_comes_from_the_thumbnail(photo: Image.Image, saved: Save, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    path = saved(photo.resize((1800, 1200)), "big.jpg")
    first = load(path, width=40, height=40, thumbnails=cache)
    (thumbnail,) = cache.iterdir()
    with Image.open(thumbnail) as kept:
        assert kept.size == (512, 341)
    status = path.stat()
    path.write_bytes(bytes(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = load(path, width=40, height=40, thumbnails=cache)
    assert (second.width, second.height) == (first.width, first.height) == (40, 27)
    assert like(corners(second), RED, GREEN, BLUE, YELLOW)


def test_a_changed_file_gets_a_new_thumbnail(saved: Save, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    path = saved(Image.new("RGB", (900, 900), RED), "a.png")
    load(path, width=8, height=8, thumbnails=cache)
    saved(Image.new("RGB", (901, 901), BLUE), "a.png")
    assert like([at(load(path, width=8, height=8, thumbnails=cache), 0.5, 0.5)], BLUE)


def test_a_damaged_thumbnail_is_made_again(saved: Save, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    path = saved(Image.new("RGB", (900, 900), RED), "a.png")
    load(path, width=8, height=8, thumbnails=cache)
    (thumbnail,) = cache.iterdir()
    thumbnail.write_bytes(thumbnail.read_bytes()[:40])
    assert like([at(load(path, width=8, height=8, thumbnails=cache), 0.5, 0.5)], RED)
    assert thumbnail.stat().st_size > 40


def test_a_cache_that_cannot_be_written_does_not_hide_the_picture(saved: Save, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = saved(Image.new("RGB", (900, 900), RED), "a.png")
    assert load(path, width=8, height=8, thumbnails=tmp_path / "file" / "cache").width == 8


def test_small_pictures_and_large_views_leave_no_thumbnail(photo: Image.Image, saved: Save, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load(saved(photo, "small.png"), width=40, height=40, thumbnails=cache)
    load(saved(photo.resize((900, 600)), "large.png"), width=700, height=700, thumbnails=cache)
    assert not cache.exists()


def test_pruning_removes_what_was_used_longest_ago(tmp_path: Path) -> None:
    for age, name in enumerate(["new.webp", "middle.webp", "old.webp"]):
        path = tmp_path / name
        path.write_bytes(bytes(100))
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "left.tmp").write_bytes(bytes(7))
    os.utime(tmp_path / "left.tmp", (1_000_000, 1_000_000))
    assert prune(tmp_path, max_bytes=200) == 107
    assert {path.name for path in tmp_path.iterdir()} == {"new.webp", "middle.webp"}


def test_pruning_a_cache_that_was_never_used_frees_nothing(tmp_path: Path) -> None:
    assert prune(tmp_path / "never") == 0


def test_a_video_is_described_in_the_place_of_its_pixels(film: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(film)
    with pytest.raises(PictureError, match=r"a\.mp4 is a video, 832×464, 5\.2 s"):
        load(path, width=8, height=8)


def test_pixels_refuse_bytes_that_do_not_fill_them() -> None:
    with pytest.raises(ValueError, match="2×2"):
        Pixels(2, 2, bytes(11))


@given(data=st.data())
def test_any_damage_is_an_ordinary_error_or_a_picture(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = io.BytesIO()
    name = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
    Image.frombytes("RGB", (24, 24), Random(1).randbytes(24 * 24 * 3)).save(file, name)
    content = bytearray(file.getvalue())
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(12, len(content) - 1), st.integers(0, 255)), max_size=8)
    ):
        content[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content[: data.draw(st.integers(12, len(content)))])
    try:
        assert load(path, width=4, height=4).rgb
    except PictureError as error:
        assert error.message
