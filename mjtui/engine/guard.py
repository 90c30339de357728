"""What stands between a key press and money: the same request again, and the budget of the day."""

from __future__ import annotations

from datetime import datetime

from mjtui.errors import OverBudget, SameRequest
from mjtui.library.store import Library


def midnight() -> int:
    """The beginning of today where the person is, in ms."""
    return int(datetime.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


async def check_same(library: Library, digest: str, *, seconds: int, now: int) -> None:
    """Raise SameRequest where the same was asked for within so many seconds before `now` (in ms)."""
    same = await library.same_request(digest, since=now - seconds * 1000)
    if same is not None:
        age = max(1, (now - same.created_at) // 1000)
        raise SameRequest(
            f"The same request was sent {age} s ago (#{same.id}, {same.cost or 0:g} credits).", job_id=same.id
        )


async def check_budget(library: Library, cost: float, per_day: float | None) -> None:
    """Raise OverBudget where this cost, with what was spent today and what is planned, goes beyond the budget."""
    if per_day is None or cost == 0:
        return
    spent = await library.committed(midnight())
    if spent + cost > per_day:
        raise OverBudget(
            f"This costs {cost:g} credits; {spent:g} of today's {per_day:g} are spent or waiting to be.",
            hint="Raise budget.per_day in the settings, or wait until tomorrow.",
        )
