"""Pictures and films made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

CORNERS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))


@pytest.fixture
def photo() -> Image.Image:
    """120 by 80 pixels in quarters: red and green above, blue and yellow below."""
    image = Image.new("RGB", (120, 80))
    for place, colour in zip(((0, 0), (60, 0), (0, 40), (60, 40)), CORNERS, strict=True):
        image.paste(colour, (*place, place[0] + 60, place[1] + 40))
    return image


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Save an image under a name in a folder of this test's own."""

    def save(image: Image.Image, name: str, **options: object) -> Path:
        path = tmp_path / name
        image.save(path, **options)
        return path

    return save


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(data), kind) + data


@pytest.fixture
def film() -> bytes:
    """The bytes of an MP4 file of 5.2 seconds with a track of sound and one of 832 by 464 pixels."""

    def track(width: int, height: int) -> bytes:
        return box(b"trak", box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16)))

    mvhd = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 5200) + bytes(80))
    moov = box(b"moov", mvhd + track(0, 0) + track(832, 464))
    return box(b"ftyp", b"isom\0\0\2\0isommp41") + moov + box(b"mdat", bytes(64))
