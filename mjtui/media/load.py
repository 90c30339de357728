"""A picture file as pixels of the size that is needed, by way of a small copy on disk."""

from __future__ import annotations

import logging
from pathlib import Path

from PIL import Image

from mjtui.errors import PictureError
from mjtui.media import thumbnails as cache
from mjtui.media.decode import decode, fitted, resized
from mjtui.media.opening import file_status
from mjtui.media.pixels import Pixels

logger = logging.getLogger(__name__)


def load(
    path: Path,
    *,
    width: int,
    height: int,
    thumbnails: Path | None = None,
    background: tuple[int, int, int] = (0, 0, 0),
    pixel_ratio: float = 1.0,
) -> Pixels:
    """The first frame of a picture at the largest size of its shape within `width` by `height` pixels.

    `pixel_ratio` is how much taller than wide a target pixel is shown. Transparent parts show `background`.
    With a folder for `thumbnails`, small sizes are made from a 512 pixel copy that is kept there. Raises PictureError
    for a file that is missing, damaged, too large, a video or no picture.
    """
    if thumbnails is not None and max(width, height * pixel_ratio) <= cache.SIDE:
        small = _thumbnail(path, thumbnails)
        image = resized(small, fitted(small.size, width, height, pixel_ratio))
    else:
        image = decode(path, width, height, pixel_ratio=pixel_ratio)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, background)
        ground.paste(image, mask=image)
        image = ground
    return Pixels(*image.size, image.tobytes())


def _thumbnail(path: Path, folder: Path) -> Image.Image:
    """The kept copy of a picture, made where there is none; a picture that is small is its own copy."""
    kept = cache.thumbnail_path(folder, path, file_status(path))
    try:
        if kept.exists():
            image = decode(kept, cache.SIDE, cache.SIDE, enlarge=False)
            kept.touch()
            return image
    except (PictureError, OSError) as error:
        logger.info("the thumbnail of %s is made again: %s", path, error)
    image = decode(path, cache.SIDE, cache.SIDE, enlarge=False)
    if max(image.size) == cache.SIDE:
        try:
            cache.store(image, kept)
        except OSError as error:
            logger.warning("the thumbnail of %s is not kept: %s", path, error)
    return image
