"""Short clips: a slow move across a picture, as Motion JPEG in an MP4 file.

The file is made box by box (ISO/IEC 14496-12 and 14496-14): `ftyp`, `mdat` with one JPEG per frame, and a `moov` that
says where each frame lies. ffmpeg, mpv and VLC play it; browsers, which want H.264, do not.
"""

# pyright: reportUnknownMemberType=false
# Pillow's types name those of numpy, which is not installed.

from __future__ import annotations

import io
import random

from PIL import Image

FRAMES = 60
FRAMES_PER_SECOND = 12
LONG_SIDE = 640
QUALITY = 70
MJPEG = 0x6C
"""The object type of JPEG video in an elementary stream descriptor."""

_MATRIX = b"".join(value.to_bytes(4) for value in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))


def clip(picture: Image.Image, chance: random.Random) -> bytes:
    """Five seconds of a camera that moves in, or out, on a picture."""
    share = LONG_SIDE / max(picture.size)
    width, height = (round(side * share / 2) * 2 for side in picture.size)
    toward_x, toward_y = chance.uniform(0.25, 0.75), chance.uniform(0.25, 0.75)
    small = picture.resize((width * 5 // 4, height * 5 // 4), Image.Resampling.LANCZOS)
    frames: list[bytes] = []
    for number in range(FRAMES):
        zoom = 1 - 0.25 * number / (FRAMES - 1)
        wide, tall = small.width * zoom, small.height * zoom
        left, top = (small.width - wide) * toward_x, (small.height - tall) * toward_y
        frame = small.resize((width, height), Image.Resampling.BILINEAR, (left, top, left + wide, top + tall))
        out = io.BytesIO()
        frame.save(out, "JPEG", quality=QUALITY)
        frames.append(out.getvalue())
    if chance.random() < 0.5:
        frames.reverse()
    return movie(frames, width, height)


def movie(frames: list[bytes], width: int, height: int) -> bytes:
    """An MP4 file of JPEG frames."""
    kind = _box(b"ftyp", b"isom", _u32(0x200), b"isomiso2mp41")
    content = _box(b"mdat", *frames)
    offset = len(kind) + 8
    return kind + content + _moov(frames, offset, width, height)


def _moov(frames: list[bytes], offset: int, width: int, height: int) -> bytes:
    count = len(frames)
    size = (width << 16).to_bytes(4) + (height << 16).to_bytes(4)
    header = _full(
        b"mvhd", bytes(8), _u32(FRAMES_PER_SECOND, count, 0x10000), b"\x01\x00", bytes(10), _MATRIX, bytes(24), _u32(2)
    )
    track = _full(b"tkhd", bytes(8), _u32(1, 0, count), bytes(16), _MATRIX, size, flags=3)
    media = _full(b"mdhd", bytes(8), _u32(FRAMES_PER_SECOND, count), b"\x55\xc4\x00\x00")
    handler = _full(b"hdlr", bytes(4), b"vide", bytes(12), b"video\x00")
    source = _box(b"dinf", _full(b"dref", _u32(1), _full(b"url ", flags=1)))
    tables = _box(
        b"stbl",
        _full(b"stsd", _u32(1), _sample_entry(frames, width, height)),
        _full(b"stts", _u32(1, count, 1)),
        _full(b"stsc", _u32(1, 1, count, 1)),
        _full(b"stsz", _u32(0, count), *(_u32(len(frame)) for frame in frames)),
        _full(b"stco", _u32(1, offset)),
    )
    information = _box(b"minf", _full(b"vmhd", bytes(8), flags=1), source, tables)
    return _box(b"moov", header, _box(b"trak", track, _box(b"mdia", media, handler, information)))


def _sample_entry(frames: list[bytes], width: int, height: int) -> bytes:
    visual = bytes(6) + b"\x00\x01" + bytes(16) + width.to_bytes(2) + height.to_bytes(2)
    visual += _u32(0x480000, 0x480000, 0) + b"\x00\x01" + bytes(32) + b"\x00\x18\xff\xff"
    rate = 8 * sum(map(len, frames)) * FRAMES_PER_SECOND // len(frames)
    config = _descriptor(4, bytes((MJPEG, 0x11)) + bytes(3) + _u32(rate, rate))
    stream = _descriptor(3, b"\x00\x01\x00" + config + _descriptor(6, b"\x02"))
    return _box(b"mp4v", visual, _full(b"esds", stream))


def _descriptor(tag: int, content: bytes) -> bytes:
    return bytes((tag, len(content))) + content


def _box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return (8 + len(body)).to_bytes(4) + name + body


def _full(name: bytes, *content: bytes, flags: int = 0) -> bytes:
    return _box(name, flags.to_bytes(4), *content)


def _u32(*values: int) -> bytes:
    return b"".join(value.to_bytes(4) for value in values)
