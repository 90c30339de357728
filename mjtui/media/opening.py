"""Opening a picture from anywhere: four decoders, a limit on pixels, and a sentence for everything that goes wrong."""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from mjtui.errors import PictureError
from mjtui.media.kinds import HEAD_SIZE, MediaType, is_html, sniff
from mjtui.media.video import read_video

PIXEL_LIMIT: Final = 100_000_000
"""The largest picture that is decoded, in pixels; a small file can claim any size."""

UNDECODABLE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow's decoders raise on damaged or hostile files."""

DECODERS: Final[dict[MediaType, type[ImageFile]]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/gif": GifImageFile,
}


def file_status(path: Path) -> os.stat_result:
    """The status of an ordinary file; raises PictureError where there is none that can be read."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise PictureError(f"There is no file {path}.", hint="Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        raise PictureError(f"{path} cannot be read: {_reason(error)}.") from error
    if stat.S_ISDIR(status.st_mode):
        raise PictureError(f"{path} is a folder, not a picture.", hint="Name one file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise PictureError(f"{path} is not an ordinary file.")
    return status


def media_type(path: Path) -> MediaType:
    """What the file holds, by its first bytes; raises PictureError for a file that is neither picture nor video."""
    if file_status(path).st_size == 0:
        raise PictureError(f"{path.name} is empty.")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_SIZE)
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {_reason(error)}.") from error
    if found := sniff(head):
        return found
    what = "a web page" if is_html(head) else "no picture that mjtui knows"
    raise PictureError(f"{path.name} is {what}.", hint="JPEG, PNG, WebP and GIF are known.")


@contextmanager
def opened(path: Path) -> Generator[ImageFile]:
    """The first frame of a picture file, its header read and its pixels not yet decoded.

    Decoding belongs inside the `with`: whatever fails there is raised as PictureError. A video, a picture above
    `PIXEL_LIMIT` and a file that is no picture raise PictureError at once.
    """
    kind = media_type(path)
    if kind not in DECODERS:
        raise PictureError(f"{path.name} is {read_video(path)}.", hint="Open it in a video player.")
    try:
        with path.open("rb") as file, DECODERS[kind](file) as picture:
            width, height = picture.size
            if width * height > PIXEL_LIMIT:
                raise PictureError(
                    f"{path.name} is too large to decode safely: {width}×{height} pixels.",
                    hint=f"The limit is {PIXEL_LIMIT // 1_000_000} million pixels.",
                )
            yield picture
    except UNDECODABLE as error:
        raise PictureError(f"{path.name} is cut short or damaged: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.strip().rstrip(".") or type(error).__name__
