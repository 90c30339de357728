"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from typing import Final, Literal

MediaType = Literal["image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4"]

EXTENSIONS: Final[dict[MediaType, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
}

HEAD_SIZE: Final = 512
"""As many bytes from the start of a file tell everything that is told here."""

STILL_BRANDS: Final = frozenset({b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"})
"""Brands of the MP4 box format that hold still pictures."""


def sniff(head: bytes) -> MediaType | None:
    """The media type that the first bytes of a file announce; None for everything but the five types known here."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[4:8] == b"ftyp" and head[8:12] not in STILL_BRANDS:
        return "video/mp4"
    return None


def is_html(head: bytes) -> bool:
    """Whether the first bytes are those of a web page, as servers send in the place of a picture that is gone."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<?xml"))
