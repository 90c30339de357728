"""Whether a file is a whole picture or video, told by decoding it once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mjtui.errors import PictureError
from mjtui.media.kinds import EXTENSIONS, MediaType
from mjtui.media.opening import file_status, media_type, opened
from mjtui.media.video import read_video

REFERENCE_LIMIT: Final = 100_000_000
"""The largest file in bytes that is taken as a reference image."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was found whole; width and height are in pixels, as stored."""

    media_type: MediaType
    extension: str
    width: int
    height: int


def check_file(path: Path) -> Checked:
    """What a downloaded file is, once all of its first frame was decoded, or the boxes of a video were walked.

    Raises PictureError for a file that is missing, empty, cut short, damaged, too large or neither picture nor video.
    """
    kind = media_type(path)
    if kind == "video/mp4":
        video = read_video(path)
        return Checked(kind, EXTENSIONS[kind], video.width, video.height)
    with opened(path) as picture:
        width, height = picture.size
        # A JPEG is read to its end at an eighth of its size: every coded byte is seen, in a third of the time.
        picture.draft(None, (1, 1))
        picture.load()
    return Checked(kind, EXTENSIONS[kind], width, height)


def check_reference(path: Path) -> Checked:
    """What a picture is that a person wants to send along; raises PictureError where it cannot be sent."""
    try:
        size = file_status(path).st_size
        if size > REFERENCE_LIMIT:
            raise PictureError(
                f"{path.name} is too large to send: {size / 1_000_000:.0f} MB.",
                hint=f"The limit is {REFERENCE_LIMIT // 1_000_000} MB.",
            )
        checked = check_file(path)
        if checked.media_type == "video/mp4":
            raise PictureError(f"{path.name} is a video.", hint="A reference is a JPEG, PNG, WebP or GIF picture.")
    except PictureError as error:
        error.meaning = "Nothing was sent."
        raise
    return checked
