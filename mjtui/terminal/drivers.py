"""Which way of showing pictures is taken: what the person chose, else the best that the terminal can do."""

from __future__ import annotations

from typing import Literal, NamedTuple

from mjtui.terminal.ascii import Ascii
from mjtui.terminal.capabilities import Capabilities
from mjtui.terminal.halfblocks import HalfBlocks
from mjtui.terminal.pictures import Driver

Preview = Literal["auto", "halfblock", "ascii", "off"]


class Choice(NamedTuple):
    """The driver, or None where pictures are described in words, and a sentence that says why."""

    driver: Driver | None
    reason: str


def choose(preview: Preview, can: Capabilities) -> Choice:
    """The driver for a setting and a terminal."""
    match preview:
        case "off":
            return Choice(None, "Pictures are switched off in the settings.")
        case "ascii":
            return Choice(Ascii(), "The settings ask for letters.")
        case "halfblock":
            return Choice(_half_blocks(can), "The settings ask for half blocks.")
        case "auto":
            pass
    if not can.tty:
        return Choice(None, can.reasons["tty"])
    if not can.utf8:
        return Choice(Ascii(), can.reasons["utf8"])
    if can.colours < 256:
        return Choice(Ascii(), can.reasons["colours"])
    return Choice(_half_blocks(can), can.reasons["colours"])


def _half_blocks(can: Capabilities) -> HalfBlocks:
    return HalfBlocks(16777216 if can.colours == 16777216 else 256)
