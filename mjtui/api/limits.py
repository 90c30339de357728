"""How often the service may be asked: 20 creates per 10 s for an account, 10 looks per second for a key."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter


def within(count: int, seconds: float, *, burst: int) -> AsyncLimiter:
    """A limiter that lets `burst` calls go at once and never more than `count` in any span of `seconds`.

    A leaky bucket lets its whole burst go and refills within the same span, so the refill is slowed by that much.
    """
    return AsyncLimiter(burst, seconds * burst / (count - burst))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limiters of one account; they belong to the event loop that uses them first.

    The span of the creates is a little longer than the service's, since two calls may come closer on their way.
    """

    creates: AsyncLimiter = field(default_factory=lambda: within(20, 10.5, burst=10))
    looks: AsyncLimiter = field(default_factory=lambda: within(10, 1.0, burst=3))
