"""What a command is on the screen: its entry in the catalogue, its function, and why it may not be able to act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mjtui.commands import Entry

if TYPE_CHECKING:
    from mjtui.tui.screens.studio import Studio

Run = Callable[["Studio"], Awaitable[None] | None]
Reason = Callable[["Studio"], str | None]
"""Why a command cannot act now, in a sentence for the person, or None where it can."""


def always(studio: Studio) -> None:
    """Nothing stands in the way."""
    return


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a person can do."""

    entry: Entry
    run: Run
    available: Reason = always
