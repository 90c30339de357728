"""When a job is likely to be done, and when to look: from how long such jobs took before."""

from __future__ import annotations

from collections.abc import Sequence

from mjtui.prompt.draft import VIDEO_KINDS, Kind, Speed

KNOWN: dict[str, float] = {"relaxed": 210.0, "fast": 60.0, "turbo": 35.0, "video": 180.0, "upscale": 30.0}
"""Seconds, where the library has no past yet: three captured runs of 2025, and guesses in between."""

ENOUGH = 5
"""Past jobs needed before they are believed."""

CLOSEST = 1.5
WIDEST = 30.0


def expected(kind: Kind, speed: Speed | None, past_ms: Sequence[int]) -> float:
    """Seconds from sending to done: the median of the past, or what is known of such jobs elsewhere."""
    if len(past_ms) >= ENOUGH:
        return sorted(past_ms)[len(past_ms) // 2] / 1000
    if kind in VIDEO_KINDS:
        return KNOWN["video"]
    return KNOWN["upscale"] if kind == "upscale" else KNOWN[speed or "fast"]


def next_look(elapsed: float, past_ms: Sequence[int]) -> float:
    """Seconds to wait before the next look at a job that has run for `elapsed` seconds.

    Before the quickest tenth of the past nothing is worth a look; from there on the looks thin out as the job ages.
    """
    if len(past_ms) >= ENOUGH:
        quick = sorted(past_ms)[len(past_ms) // 10] / 1000
        if elapsed < quick * 0.95:
            return max(CLOSEST, quick - elapsed)
    return min(WIDEST, max(CLOSEST, elapsed * 0.15))
