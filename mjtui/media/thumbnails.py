"""Small copies of pictures on disk: a 512 pixel WebP per version of a file, replaced whole, capped in size."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path
from typing import Final

from PIL import Image

SIDE: Final = 512
"""The longest side of a thumbnail in pixels."""

DEFAULT_CAP: Final = 256 * 1024 * 1024
STALE_AFTER: Final = 3600.0
"""Seconds after which an unfinished file was left by a process that died."""


def thumbnail_path(folder: Path, source: Path, status: os.stat_result) -> Path:
    """Where the thumbnail of this version of a file belongs."""
    key = f"{source.absolute()}\0{status.st_mtime_ns}\0{status.st_size}"
    return folder / f"{hashlib.sha256(os.fsencode(key)).hexdigest()[:32]}.webp"


def store(image: Image.Image, target: Path) -> None:
    """Write a thumbnail so that a reader sees all of it or nothing; raises OSError where the disk does not take it."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        image.save(part, "WEBP", quality=82, method=0)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def prune(folder: Path, *, max_bytes: int = DEFAULT_CAP) -> int:
    """Remove the thumbnails that were used longest ago until the rest fits; returns the bytes that were freed.

    Raises OSError where the folder cannot be changed.
    """
    now = time.time()
    kept: list[tuple[float, int, Path]] = []
    freed = 0
    for path in folder.glob("*"):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        if path.suffix == ".webp":
            kept.append((status.st_mtime, status.st_size, path))
        elif path.suffix == ".tmp" and now - status.st_mtime > STALE_AFTER:
            path.unlink(missing_ok=True)
            freed += status.st_size
    excess = sum(size for _, size, _ in kept) - max_bytes
    for _, size, path in sorted(kept):
        if excess <= 0:
            break
        path.unlink(missing_ok=True)
        excess -= size
        freed += size
    return freed
