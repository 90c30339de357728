"""What a request costs, from the table of known prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mjtui.prompt.draft import Request


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
    """A price in credits and in US dollars, both estimates."""

    credits: float
    usd: float

    def __str__(self) -> str:
        return f"{self.credits:g} cr (about ${self.usd:.2f})"


def price(request: Request, table: PriceTable) -> Price:
    """What a request will cost; an omni reference runs, and is billed, as fast."""
    match request.kind:
        case "video" | "video_hd" | "extend":
            credits = getattr(table, request.kind) * (request.batch_size or 1)
        case "upscale" | "vary":
            credits = getattr(table, request.kind)
        case _:
            credits = getattr(table, request.speed or "fast")
    return Price(credits, credits * table.usd_per_credit)
