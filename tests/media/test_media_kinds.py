from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mjtui.media.kinds import HEAD_SIZE, is_html, sniff


@pytest.mark.parametrize(
    ("pillow_name", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_pictures_are_told_by_their_first_bytes(pillow_name: str, media_type: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, pillow_name)
    assert sniff(file.getvalue()[:HEAD_SIZE]) == media_type


def test_a_film_is_told_by_its_first_box(film: bytes) -> None:
    assert sniff(film[:HEAD_SIZE]) == "video/mp4"


@pytest.mark.parametrize(
    "head", [b"", b"<html>", b"%PDF-1.7", b"BM6\0", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x1cftypavif", b"\0\0\0\x18ftypheic"]
)
def test_everything_else_is_no_picture(head: bytes) -> None:
    assert sniff(head) is None


@pytest.mark.parametrize(
    "head",
    [b"<!DOCTYPE html><title>Not found", b"\xef\xbb\xbf\n  <html lang=en>", b'<?xml version="1.0"?>', b"<!-- -->"],
)
def test_web_pages_are_recognised(head: bytes) -> None:
    assert is_html(head)


@given(st.binary(max_size=64))
def test_any_bytes_get_an_answer(head: bytes) -> None:
    assert not (sniff(head) and is_html(head))
