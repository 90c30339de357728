"""Decoded pixels as plain values, so that a face can hold and draw them without an imaging library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture of `width` by `height` pixels; `rgb` holds three bytes a pixel, row by row from the top left."""

    width: int
    height: int
    rgb: bytes

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or len(self.rgb) != 3 * self.width * self.height:
            raise ValueError(f"{len(self.rgb)} bytes are not {self.width}×{self.height} pixels")
