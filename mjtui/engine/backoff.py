"""How long to wait before trying again."""

from __future__ import annotations

import random

FIRST = 2.0
LONGEST = 60.0


def backoff(
    attempt: int, *, asked: float | None = None, chance: float | None = None, longest: float = LONGEST
) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 0): doubling, at most `longest`, with jitter.

    `asked` is what the service asked for (Retry-After) and is never undercut. `chance` is a number from 0 to 1 in the
    place of a random one.
    """
    wait = min(longest, FIRST * 2.0 ** min(attempt, 10))
    wait *= 0.75 + 0.5 * (random.random() if chance is None else chance)
    return max(wait, asked or 0.0)
