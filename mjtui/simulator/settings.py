"""What can be set about the simulated service: switches between the shapes that were seen, and the price list."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

SHAPES = ("iso-times", "string-errors", "json-results", "string-urls", "string-numbers")
"""Answers that differ from the captured ones; all but the last are what the service's own pages show."""

DOCUMENTED = frozenset(SHAPES[:4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """The places where the service's pages, captures and clients disagree, each with the recommended default.

    `true_status` sends the code of the body as the HTTP status too. `unknown` is the answer for a task id that nobody
    knows: "422", "404" or "null". `expired` is the answer for a file that is gone: "404", "410" or "html". `shapes`
    is a set of names from `SHAPES`. Times to live are in seconds.
    """

    true_status: bool = False
    refuse_urllib: bool = True
    unknown: str = "422"
    expired: str = "404"
    quickstart_upscale: bool = False
    vary_base: int = 1
    shapes: frozenset[str] = frozenset()
    refunds: bool = True
    creates_per_window: int = 20
    window_seconds: float = 10.0
    result_seconds: float = 15 * 86400.0
    upload_seconds: float = 86400.0
    link_seconds: float = 20 * 60.0
    callback_delays: tuple[float, ...] = (1.0, 5.0, 15.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Credits for one accepted request; videos are paid per clip."""

    speeds: dict[str, float] = field(default_factory=lambda: {"relaxed": 3.0, "fast": 8.0, "turbo": 16.0})
    video: float = 15.0
    video_hd: float = 45.0
    upscale: float = 0.0
    vary: float = 0.0
    extend: float = 15.0


def switched(switches: Switches, spec: str) -> Switches:
    """The switches changed by text such as `true-status,vary-base=0,documented,shapes=iso-times+string-urls`.

    Raises ValueError for a name or value that does not exist.
    """
    for word in filter(None, (part.strip() for part in spec.split(","))):
        name, _, text = word.partition("=")
        switches = _switch(switches, name.replace("-", "_"), text)
    return switches


def _switch(switches: Switches, name: str, text: str) -> Switches:
    if name == "documented":
        return replace(switches, shapes=switches.shapes | DOCUMENTED)
    known = {entry.name: getattr(switches, entry.name) for entry in fields(switches)}
    if name not in known:
        raise ValueError(f"no switch is called {name!r}; there are documented, {', '.join(sorted(known))}")
    value: Any = _value(known[name], name, text)
    if name == "unknown" and value not in ("422", "404", "null"):
        raise ValueError("unknown is 422, 404 or null")
    if name == "expired" and value not in ("404", "410", "html"):
        raise ValueError("expired is 404, 410 or html")
    if name == "shapes" and not set(SHAPES).issuperset(value):
        raise ValueError(f"shapes are {', '.join(SHAPES)}")
    return replace(switches, **{name: value})


def _value(old: Any, name: str, text: str) -> Any:
    if isinstance(old, bool):
        if text not in ("", "on", "off", "true", "false"):
            raise ValueError(f"{name} is on or off")
        return text in ("", "on", "true")
    if isinstance(old, int):
        return int(text)
    if isinstance(old, float):
        return float(text)
    parts = [part for part in text.split("+") if part]
    if isinstance(old, frozenset):
        return frozenset(parts)
    if isinstance(old, tuple):
        return tuple(float(part) for part in parts)
    return text
