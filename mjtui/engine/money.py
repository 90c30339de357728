"""What a request costs: the table of known prices, corrected by what jobs were seen to cost.

A price counts as measured where most of the newest jobs that were alone have cost the same, and at least three of them:
one balance is easily moved by something else, a refund, or another program with the same key. A measured nothing never
replaces a price, because a balance that the service has not written down yet looks the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mjtui.prompt.draft import Request

ENOUGH = 3
"""As many jobs must have cost the same."""

KEYS = ("relaxed", "fast", "turbo", "video", "video_hd", "extend", "upscale", "vary")
"""The keys of the table of prices."""


class PriceTable(Protocol):
    """Credits per job or clip, as in the settings."""

    @property
    def relaxed(self) -> float: ...
    @property
    def fast(self) -> float: ...
    @property
    def turbo(self) -> float: ...
    @property
    def video(self) -> float: ...
    @property
    def video_hd(self) -> float: ...
    @property
    def extend(self) -> float: ...
    @property
    def upscale(self) -> float: ...
    @property
    def vary(self) -> float: ...
    @property
    def usd_per_credit(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Price:
    """A price in credits and in US dollars, both estimates; `source` says in words where it comes from."""

    credits: float
    usd: float
    source: str = "from the settings"

    def __str__(self) -> str:
        return f"{self.credits:g} cr (about ${self.usd:.2f})"


@dataclass(frozen=True, slots=True)
class KnownPrice:
    """One line of the table: the credits in the settings, what was measured (and in how many jobs), and what counts."""

    key: str
    listed: float
    measured: float | None
    jobs: int

    @property
    def credits(self) -> float:
        return self.listed if self.measured is None else self.measured

    @property
    def source(self) -> str:
        if self.measured is None:
            return "from the settings"
        return f"measured in {self.jobs} jobs"


@dataclass(frozen=True, slots=True)
class Prices:
    """All known prices, by key."""

    known: Mapping[str, KnownPrice]
    usd_per_credit: float


def price_key(kind: str, speed: str | None) -> str:
    """The line of the table for a request; an omni reference runs, and is billed, as fast."""
    if kind in ("video", "video_hd", "extend", "upscale", "vary"):
        return kind
    return speed or "fast"


def known_prices(listed: PriceTable, costs: Mapping[tuple[str, str | None], Sequence[float]]) -> Prices:
    """The table of prices; `costs` are those of single jobs, newest first, by kind and speed."""
    by_key: dict[str, list[float]] = {}
    for (kind, speed), seen in costs.items():
        by_key.setdefault(price_key(kind, speed), []).extend(seen)
    known: dict[str, KnownPrice] = {}
    for key in KEYS:
        credits: float = getattr(listed, key)
        measured, jobs = _agreed(by_key.get(key, []), credits)
        known[key] = KnownPrice(key, credits, measured, jobs)
    return Prices(known, listed.usd_per_credit)


def _agreed(costs: Sequence[float], listed: float) -> tuple[float | None, int]:
    """The price that most jobs agree on, and how many do."""
    if not costs:
        return None, 0
    (cost, jobs), *_ = Counter(round(cost, 4) for cost in costs).most_common(1)
    if jobs < ENOUGH or jobs * 2 <= len(costs) or cost < 0 or (cost == 0 and listed > 0):
        return None, 0
    return cost, jobs


def price(request: Request, table: PriceTable | Prices) -> Price:
    """What a request will cost; a video costs its price for each clip."""
    prices = table if isinstance(table, Prices) else known_prices(table, {})
    known = prices.known[price_key(request.kind, request.speed)]
    credits = known.credits * (request.batch_size or 1 if request.kind in ("video", "video_hd", "extend") else 1)
    return Price(credits, credits * prices.usd_per_credit, known.source)
