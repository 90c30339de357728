"""The service's limits hold in every span of time, bursts included."""

from __future__ import annotations

import pytest
from aiolimiter import AsyncLimiter

from mjtui.api.limits import Limits, within


def most(limiter: AsyncLimiter, seconds: float) -> float:
    """The most calls that a leaky bucket lets go in a span: all it holds, and all that leaks meanwhile."""
    return limiter.max_rate + seconds * limiter.max_rate / limiter.time_period


@pytest.mark.parametrize(("count", "seconds", "burst"), [(20, 10, 10), (20, 10, 1), (10, 1, 3), (100, 60, 99)])
def test_no_span_holds_more_than_the_limit(count: int, seconds: float, burst: int) -> None:
    assert most(within(count, seconds, burst=burst), seconds) == pytest.approx(count)


def test_the_services_limits_are_kept_with_something_to_spare() -> None:
    limits = Limits()
    assert 19 <= most(limits.creates, 10) < 20
    assert 9 <= most(limits.looks, 1) <= 10.001


async def test_a_burst_goes_at_once_and_the_next_one_waits() -> None:
    limiter = within(20, 10, burst=10)
    for _ in range(10):
        assert limiter.has_capacity()
        await limiter.acquire()
    assert not limiter.has_capacity()
