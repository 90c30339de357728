"""Texts, links and bodies that a client must survive."""

from __future__ import annotations

import io
import random
import zlib

TEXTS: dict[str, str] = {
    "escape": (
        "\x1b[2J\x1b[H\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b]8;;file:///etc/passwd\x1b\\click\x1b]8;;\x1b\\"
        "\x1b[31mred\x1b[?1049l\x9b31m\x00\x08\r\nover\x1bPq#0;2;0;0;0\x1b\\"
    ),
    "markup": "[bold red]bold[/] [@click=app.quit]quit[/] [link=file:///etc/passwd]x[/link] [/] [[ \\[ ]",
    "bidi": "safe \u202egpj.exe\u202c \u2066isolated\u2069 \u200b\ufeff e\u0301 \U0001f468\u200d\U0001f469",
}

URLS: tuple[str, ...] = (
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/meta-data/",
    "https://user:secret@example.invalid/../../../../etc/cron.d/x.jpeg",
    "http://127.0.0.1:1/\x1b]0;owned\x07/..%2f..%2fpicture.jpeg",
    "ftp://example.invalid/picture.jpeg",
    "//example.invalid/picture.jpeg",
    "http://[::1/picture.jpeg",
    "data:image/png;base64,AAAA",
    "x" * 100_000,
)

PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def deep(depth: int = 100_000) -> bytes:
    """JSON that is nothing but brackets."""
    return b'{"code":200,"msg":"success","data":' + b"[" * depth + b"]" * depth + b"}"


def garbage(size: int = 4096) -> bytes:
    """Bytes that are neither text nor a picture, the same each time."""
    return random.Random(size).randbytes(size)


def bomb(side: int = 40_000) -> bytes:
    """A valid PNG file of some 200 kilobytes whose pixels would fill gigabytes."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    pixels = io.BytesIO()
    for _ in range(side):
        pixels.write(squeeze.compress(row))
    pixels.write(squeeze.flush())
    header = side.to_bytes(4) * 2 + bytes((1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels.getvalue()) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)
