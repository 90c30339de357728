"""What an MP4 file says about itself, read from its boxes without decoding (ISO/IEC 14496-12)."""

from __future__ import annotations

import struct
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from mjtui.errors import PictureError

MOOV_LIMIT: Final = 16 * 1024 * 1024
"""The largest index that is read; a clip of some seconds has a few kilobytes."""


@dataclass(frozen=True, slots=True)
class Video:
    """The size in pixels of the largest track, and how long the film is."""

    width: int
    height: int
    seconds: float

    def __str__(self) -> str:
        return f"a video, {self.width}×{self.height}, {self.seconds:.1f} s"


def read_video(path: Path) -> Video:
    """The size and length of an MP4 file; raises PictureError for one that is cut short or damaged."""
    try:
        with path.open("rb") as file:
            moov = _moov(file, path.stat().st_size)
        return _video(moov)
    except (ValueError, OverflowError, struct.error) as error:
        raise PictureError(f"{path.name} is a video that is cut short or damaged: {error}.") from error
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}.") from error


def _moov(file: BinaryIO, file_size: int) -> bytes:
    """The index of the film; ValueError where a box does not fit into the file, or index or film are missing."""
    moov = b""
    has_media = False
    position = 0
    while position < file_size:
        file.seek(position)
        kind, header, size = _box(file.read(16), file_size - position)
        if position == 0 and kind != b"ftyp":
            raise ValueError("it does not start with its type")
        if kind == b"moov":
            if size > MOOV_LIMIT:
                raise ValueError("its index is too large")
            file.seek(position + header)
            moov = file.read(size - header)
        has_media = has_media or kind == b"mdat"
        position += size
    if not moov or not has_media:
        raise ValueError("it has no index" if has_media else "it has no film")
    return moov


def _box(head: bytes, room: int) -> tuple[bytes, int, int]:
    """Type, length of the header and length of the whole box that starts with `head` and has `room` bytes to lie in."""
    size, kind = struct.unpack_from(">I4s", head)
    header = 8
    if size == 1:
        (size,) = struct.unpack_from(">Q", head, 8)
        header = 16
    elif size == 0:
        size = room
    if not header <= size <= room:
        raise ValueError("a part of it is missing")
    return kind, header, size


def _children(data: bytes) -> Generator[tuple[bytes, bytes]]:
    position = 0
    while position < len(data):
        kind, header, size = _box(data[position : position + 16], len(data) - position)
        yield kind, data[position + header : position + size]
        position += size


def _video(moov: bytes) -> Video:
    seconds = 0.0
    width = height = 0
    for kind, data in _children(moov):
        if kind == b"mvhd":
            seconds = _seconds(data)
        elif kind == b"trak":
            for inner, header in _children(data):
                if inner == b"tkhd":
                    # The last two fields are 16.16 fixed point numbers; a track of sound has zeros there.
                    wide, high = struct.unpack_from(">II", header, len(header) - 8)
                    width, height = max((width, height), (wide >> 16, high >> 16), key=lambda size: size[0] * size[1])
    if not width or not height:
        raise ValueError("it holds no moving picture")
    return Video(width, height, seconds)


def _seconds(mvhd: bytes) -> float:
    scale, duration = (
        struct.unpack_from(">IQ", mvhd, 20) if mvhd[:1] == b"\x01" else struct.unpack_from(">II", mvhd, 12)
    )
    return duration / scale if scale else 0.0
