"""What the screen says: states, times, money and jobs in a few plain words, the same in every pane."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from mjtui.engine import Job, State
from mjtui.prompt.draft import KIND_NAMES
from mjtui.terminal.text import clean

Tone = Literal["text", "muted", "running", "done", "failed", "unknown"]
"""What a piece of text means; the styles say how it looks, and it is never told by its look alone."""

LONGEST: Final = 1_000
"""Characters of a prompt that are looked at for one line of cells; no terminal is wider."""


class Sign(NamedTuple):
    """How a state is shown: an ASCII glyph, a word, and a tone for both."""

    glyph: str
    word: str
    tone: Tone


SIGNS: Final[Mapping[State, Sign]] = {
    "planned": Sign(".", "planned", "muted"),
    "submitting": Sign(">", "sending", "running"),
    "running": Sign(">", "running", "running"),
    "succeeded": Sign("+", "done", "done"),
    "failed": Sign("x", "failed", "failed"),
    "rejected": Sign("x", "refused", "failed"),
    "unknown": Sign("?", "unknown", "unknown"),
    "cancelled": Sign("-", "cancelled", "muted"),
    "lost": Sign("x", "lost", "failed"),
}

MEANINGS: Final[Mapping[State, str]] = {
    "planned": "It was not sent yet; nothing was charged.",
    "submitting": "It is being sent.",
    "running": "The service took it and will charge it.",
    "succeeded": "It is done and charged.",
    "failed": "The service took it and gave it up. It says that such jobs are refunded; the balance tells.",
    "rejected": "The service said no before it took it; nothing was charged.",
    "unknown": "It was sent and no answer came: it may have been charged. It is not sent again by itself.",
    "cancelled": "It was never sent; nothing was charged.",
    "lost": "The service does not know it any more; it may have been charged.",
}


def now_ms() -> int:
    """The time in ms since 1970, UTC."""
    return time.time_ns() // 1_000_000


def money(job: Job) -> str:
    """What the state of a job means for the person's money."""
    if job.state in ("succeeded", "running") and job.cost is not None:
        cost = credits(job.cost)
        return f"It is done; {cost} were charged." if job.state == "succeeded" else f"The service took it for {cost}."
    return MEANINGS[job.state]


def clock(seconds: float) -> str:
    """A duration as minutes and seconds, with hours where there are any: 0:41, 12:05, 1:02:03."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def progress(elapsed: float, expected: float | None) -> str:
    """How long a job runs, in seconds, and how long such jobs usually take: 0:41 of ~1:02."""
    return clock(elapsed) if expected is None else f"{clock(elapsed)} of ~{clock(expected)}"


def age(then: int, now: int, zone: tzinfo | None = None) -> str:
    """A time in ms in at most six cells: 14:02 today, then 3 d, then 12 Sep, then the year; local time by default."""
    moment, today = (datetime.fromtimestamp(ms / 1000, tz=zone) for ms in (then, now))
    days = (today.date() - moment.date()).days
    if days <= 0:
        return f"{moment:%H:%M}"
    if days < 7:
        return f"{days} d"
    return f"{moment.day} {MONTHS[moment.month - 1]}" if days < 300 else str(moment.year)


MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not from the locale: widths and tests depend on them."""


def left(until: int, now: int) -> str:
    """How long it is until a time in ms, roughly: 3 d, 5 h, 12 min, or 0 min where it has passed."""
    rest = timedelta(milliseconds=max(0, until - now))
    if rest >= timedelta(days=2):
        return f"{rest.days} d"
    hours, seconds = divmod(int(rest.total_seconds()), 3600)
    return f"{hours} h" if hours >= 2 else f"{(3600 * hours + seconds) // 60} min"


def credits(amount: float | None) -> str:
    """Credits as short as they go: 8 cr, 2.5 cr, 1,200 cr; nothing where the amount is not known."""
    return "" if amount is None else f"{amount:,.2f}".rstrip("0").rstrip(".") + " cr"


def cost(job: Job) -> str:
    """What a job took from the balance, or may have taken."""
    return credits(0 if job.state in ("planned", "rejected", "cancelled") else job.cost)


def elapsed(job: Job, now: int) -> float:
    """Seconds from sending a job to its end, or to now while it has none."""
    return ((job.finished_at or now) - (job.submitted_at or job.created_at)) / 1000


def line(text: str) -> str:
    """The text as one clean line, of no more characters than a line of cells could show."""
    return clean(text[:LONGEST]).strip() + ("…" if len(text) > LONGEST else "")


def subject(job: Job) -> str:
    """What a job is about in one line: its prompt, after its kind where that is not the usual one."""
    prompt = line(job.prompt)
    if job.kind == "txt2img":
        return prompt
    if not prompt and job.parent is not None:
        prompt = f"#{job.parent}" + (f", picture {job.parent_index}" if job.parent_index else "")
    return f"{KIND_NAMES[job.kind]}: {prompt}" if prompt else KIND_NAMES[job.kind]


def saved(job: Job) -> str:
    """How many of a job's pictures are safe: 4 saved, 2 of 4 saved, 1 of 4 lost."""
    if not job.pictures:
        return ""
    states = Counter(picture.state for picture in job.pictures)
    if states["lost"]:
        return f"{states['lost']} of {len(job.pictures)} lost"
    return f"{states['saved']} saved" if not states["due"] else f"{states['saved']} of {len(job.pictures)} saved"


def safety(job: Job, now: int, warn_ms: int = 3 * 86_400_000) -> tuple[str, Tone]:
    """The same in at most seven cells, with what is left until the service deletes what is not saved."""
    states = Counter(picture.state for picture in job.pictures)
    if states["lost"]:
        return f"{states['lost']} lost", "failed"
    if not states["due"]:
        return ("saved" if states["saved"] else ""), "muted"
    if job.expires_at is not None and job.expires_at - now < warn_ms:
        return f"! {left(job.expires_at, now)}", "unknown"
    return f"{states['saved']} of {len(job.pictures)}", "running"


def expiring(jobs: Sequence[Job], now: int) -> str:
    """How many pictures that are not saved the service deletes soon, and when the first goes; nothing where none."""
    due = sum(picture.state == "due" for job in jobs for picture in job.pictures)
    first = min((job.expires_at for job in jobs if job.expires_at is not None), default=None)
    if not due or first is None:
        return ""
    what = "1 picture is not saved yet and goes" if due == 1 else f"{due} pictures are not saved yet and go"
    return f"{what} in {left(first, now)}"


def trouble(job: Job) -> str:
    """Why a job did not go well, in one line."""
    return line(job.trouble.message) if job.trouble else ""


def outcome(job: Job, now: int, expected: float | None = None, zone: tzinfo | None = None) -> str:
    """What is known of a job beside its state, in few words; `expected` is in seconds."""
    match job.state:
        case "planned":
            return trouble(job) or "not sent yet"
        case "submitting":
            return clock(elapsed(job, now))
        case "running":
            return progress(elapsed(job, now), expected)
        case "succeeded":
            return "  ".join(filter(None, (clock(elapsed(job, now)), saved(job))))
        case "unknown":
            return f"sent {age(job.submitted_at or job.created_at, now, zone)}"
        case "cancelled":
            return "never sent"
        case "failed" | "rejected" | "lost":
            return trouble(job)
