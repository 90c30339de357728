"""From a picture file to an image in RGB or RGBA: upright, eight bits, sRGB, and no larger than it is needed."""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# Pillow's signatures mention numpy, which is not installed.

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile

from mjtui.media.opening import UNDECODABLE, opened

ORIENTATION: Final = 0x0112
"""The EXIF tag that says how a picture is to be turned (EXIF 2.3, section 4.6.4)."""

TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS: Final = (5, 6, 7, 8)

REDUCING_GAP: Final = 2.0
"""How much larger than its target a cheap first reduction may leave a picture before the good resampling."""


def decode(path: Path, width: int, height: int, *, pixel_ratio: float = 1.0, enlarge: bool = True) -> Image.Image:
    """The first frame of a picture, fitted into `width` by `height` pixels; raises PictureError."""
    with opened(path) as picture:
        orientation = _orientation(picture)
        sideways = orientation in SIDEWAYS
        upright = _turned(picture.size) if sideways else picture.size
        if enlarge or upright[0] > width or upright[1] > height:
            size = fitted(upright, width, height, pixel_ratio)
        else:
            size = upright
        target = _turned(size) if sideways else size
        picture.draft(None, (round(target[0] * REDUCING_GAP), round(target[1] * REDUCING_GAP)))
        icc = picture.info.get("icc_profile")
        image = resized(_eight_bits(picture), target)
        if isinstance(icc, bytes):
            image = _srgb(image, icc)
        if image.mode == "CMYK":
            image = image.convert("RGB")
        return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def fitted(size: tuple[int, int], width: int, height: int, pixel_ratio: float = 1.0) -> tuple[int, int]:
    """The largest size in whole pixels that has the shape of `size` and lies within `width` by `height`.

    `pixel_ratio` is how much taller than wide a target pixel is shown.
    """
    scale = min(width / size[0], height * pixel_ratio / size[1])
    return max(1, min(width, round(size[0] * scale))), max(1, min(height, round(size[1] * scale / pixel_ratio)))


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image at another size, well resampled; itself where it has that size already."""
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC, reducing_gap=REDUCING_GAP)


def _turned(size: tuple[int, int]) -> tuple[int, int]:
    return size[1], size[0]


def _orientation(picture: ImageFile) -> int:
    """1 to 8; a picture whose EXIF block is broken is taken as upright."""
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except UNDECODABLE:
        return 1
    return value if isinstance(value, int) else 1


def _eight_bits(picture: ImageFile) -> Image.Image:
    """RGB, RGBA or CMYK, whatever the file holds."""
    if picture.mode.startswith("I"):
        # Pillow's own conversion cuts values above 255 off where the high byte is meant.
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if picture.mode == "CMYK":
        picture.load()
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """The image as sRGB; left as it is where its colour profile is broken or made for another kind of image."""
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    if icc[16:20].decode("latin-1").strip() != colours.mode:
        return image
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if "srgb" in ImageCms.getProfileDescription(profile).lower():
            return image
        converted = ImageCms.profileToProfile(colours, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *UNDECODABLE):
        return image
    if converted is None:
        return image
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted
