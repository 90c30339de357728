"""Noticing that the clock on the wall was set back, after which nothing is due for as long as it was set back."""

from __future__ import annotations

import time
from collections.abc import Callable

SLACK_MS = 5_000
"""Smaller steps are how a clock is kept right all day."""


class WallClock:
    """Compares the time in milliseconds that `now` gives with a clock that nobody can set."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._ahead = self._offset()
        self._seen = now()

    def slept(self) -> bool:
        """True where much more time has passed since the last call than a beat: the machine or the process slept."""
        before, self._seen = self._seen, self._now()
        return self._seen - before > SLACK_MS

    def set_back(self) -> bool:
        """True where the clock was set back since the last call."""
        before, self._ahead = self._ahead, self._offset()
        return self._ahead < before - SLACK_MS

    def _offset(self) -> int:
        return self._now() - time.monotonic_ns() // 1_000_000
