from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mjtui.errors import PictureError
from mjtui.media.check import Checked, check_file, check_reference

Save = Callable[..., Path]


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "media_type", "extension"),
    [
        ("a.jpg", "image/jpeg", "jpg"),
        ("a.png", "image/png", "png"),
        ("a.webp", "image/webp", "webp"),
        ("a.gif", "image/gif", "gif"),
    ],
)
def test_a_whole_picture_is_told_with_its_size(
    photo: Image.Image, saved: Save, name: str, media_type: str, extension: str
) -> None:
    path = saved(photo, name)
    found = check_file(path.rename(path.with_name("picture.part")))
    assert (found.media_type, found.extension, found.width, found.height) == (media_type, extension, 120, 80)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_picture_that_was_cut_short_is_refused(saved: Save, name: str, part: float) -> None:
    path = saved(Image.effect_noise((300, 300), 80).convert("RGB"), name)
    content = path.read_bytes()
    with pytest.raises(PictureError, match="cut short or damaged"):
        check_file(written(path, content[: int(len(content) * part)]))


def test_a_progressive_jpeg_that_was_cut_short_is_refused(saved: Save) -> None:
    path = saved(Image.effect_noise((300, 300), 80).convert("RGB"), "a.jpg", progressive=True)
    content = path.read_bytes()
    assert check_file(path).width == 300
    with pytest.raises(PictureError, match="cut short or damaged"):
        check_file(written(path, content[: int(len(content) * 0.9)]))


def test_a_few_bytes_that_claim_a_huge_picture_are_refused_undecoded(tmp_path: Path) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    bomb += struct.pack(">I4sI", 0, b"IDAT", zlib.crc32(b"IDAT"))
    with pytest.raises(PictureError, match="too large to decode safely: 60000×60000"):
        check_file(written(tmp_path / "bomb.png", bomb))


def test_a_web_page_named_like_a_picture_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"gone\.jpg is a web page"):
        check_file(written(tmp_path / "gone.jpg", b"<!DOCTYPE html><h1>404</h1>"))


@pytest.mark.parametrize(("content", "words"), [(b"", "is empty"), (b"%PDF-1.7", "no picture that mjtui knows")])
def test_other_files_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        check_file(written(tmp_path / "a.jpg", content))


def test_a_whole_film_is_told_with_its_size(film: bytes, tmp_path: Path) -> None:
    assert check_file(written(tmp_path / "a.part", film)) == Checked("video/mp4", "mp4", 832, 464)


def test_a_film_is_refused_wherever_it_was_cut(film: bytes, tmp_path: Path) -> None:
    for end in range(12, len(film)):
        with pytest.raises(PictureError, match="cut short or damaged"):
            check_file(written(tmp_path / "a.mp4", film[:end]))


@given(tail=st.binary(max_size=80))
def test_any_bytes_after_the_start_of_a_film_are_an_ordinary_error(
    tail: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mp4"
    with pytest.raises(PictureError):
        check_file(written(path, b"\0\0\0\x10ftypisom\0\0\0\0" + tail))


def test_a_picture_can_be_a_reference(photo: Image.Image, saved: Save) -> None:
    assert check_reference(saved(photo, "a.png")).width == 120


def test_each_file_that_cannot_be_a_reference_gets_its_sentence(film: bytes, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(100_000_001)
    os.mkfifo(tmp_path / "pipe")
    expected = {
        tmp_path / "missing.png": "There is no file",
        tmp_path / "a.txt" / "b.png": "There is no file",
        tmp_path: "is a folder",
        tmp_path / "pipe": "is not an ordinary file",
        large: "too large to send: 100 MB",
        written(tmp_path / "a.mp4", film): "is a video",
        written(tmp_path / "a.txt", b"a paper lighthouse"): "no picture that mjtui knows",
        tmp_path / ("x" * 300): "cannot be read",
    }
    for path, words in expected.items():
        with pytest.raises(PictureError, match=words) as caught:
            check_reference(path)
        assert caught.value.meaning == "Nothing was sent."
