"""The query line as a value: words, phrases and exclusions, and filters on what is known of a job.

lighthouse "in fog" -people is:failed type:vary v:7 ar:16:9 speed:fast tag:client/acme
rating>=4 parent:8123 after:2026-09 before:2026-10-01 has:video -tag:draft
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Literal

from mjtui.errors import UsageError
from mjtui.library.rows import STATES
from mjtui.prompt.draft import KINDS, SPEEDS

Operator = Literal["=", "<", "<=", ">", ">="]
Value = str | int | date


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to look for in prompts and notes; `typing` marks a word whose end may still be missing."""

    text: str
    excluded: bool = False
    typing: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a field of a job."""

    field: str
    operator: Operator
    value: Value
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query line, understood: a job is a hit where every term and every filter holds."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()


_TOKEN = re.compile(r'-?(?:[A-Za-z]+(?:[<>]=?|[=:]))?(?:"[^"]*(?:"|$)|[^\s"]+)|\S')
_FILTER = re.compile(r"([A-Za-z]+)([<>]=?|[=:])(.*)", re.DOTALL)


def parse_query(text: str) -> Query:
    """Understand a query line.

    The last word is taken as still being typed, unless a space or a quote follows it. A word with a colon that names
    no filter is looked for like any other word. Raises UsageError with a sentence where a filter cannot be meant.
    """
    terms: list[Term] = []
    filters: list[Filter] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        excluded = len(token) > 1 and token[0] == "-" and token[1] != "-"
        body = token[1:] if excluded else token
        if found := _filter(body, excluded):
            filters.append(found)
        elif words := body.strip('"').strip():
            typing = match.end() == len(text) and not body.startswith('"') and not excluded
            terms.append(Term(words, excluded=excluded, typing=typing))
    return Query(tuple(terms), tuple(filters))


def _filter(body: str, excluded: bool) -> Filter | None:
    match = _FILTER.fullmatch(body)
    if match is None:
        return None
    name, sign, written = match[1].lower(), match[2], match[3].strip('"').strip()
    reader = _READERS.get(name)
    if reader is None:
        if sign == ":":
            return None
        close = get_close_matches(name, _READERS, n=1)
        raise UsageError(
            f'There is no filter "{name}".',
            meaning="",
            hint=f'Did you mean "{close[0]}"?' if close else f"There are: {', '.join(_READERS)}.",
        )
    if not written:
        raise _mistake(f'"{name}{sign}" needs a value.')
    operator: Operator = "=" if sign in (":", "=") else sign  # pyright: ignore[reportAssignmentType]
    if operator != "=" and name not in _ORDERED:
        raise _mistake(f'"{name}" cannot be compared with {sign}; write {name}:{written}.')
    return Filter(_FIELDS.get(name, name), operator, reader(name, written), excluded)


def _mistake(message: str) -> UsageError:
    return UsageError(message, meaning="")


def _one_of(choices: tuple[str, ...], also: dict[str, str] | None = None) -> Callable[[str, str], Value]:
    def read(name: str, written: str) -> Value:
        value = (also or {}).get(written.lower(), written.lower())
        if value not in choices:
            raise _mistake(f'"{name}:" is one of {", ".join(choices)}; "{written}" is not.')
        return value

    return read


def _text(name: str, written: str) -> Value:
    return written


def _version(name: str, written: str) -> Value:
    return written.lower()


def _ratio(name: str, written: str) -> Value:
    if not re.fullmatch(r"[0-9]{1,4}:[0-9]{1,4}", written):
        raise _mistake(f'"{name}:" is an aspect ratio like 16:9; "{written}" is not.')
    return written


def _rating(name: str, written: str) -> Value:
    if not re.fullmatch(r"-?[0-9]", written) or not -1 <= int(written) <= 5:
        raise _mistake(f'"{name}" is a number from 0 to 5, or -1 for rejected; "{written}" is not.')
    return int(written)


def _date(name: str, written: str) -> Value:
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?", written)
    try:
        if match is None:
            raise ValueError(written)
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise _mistake(f'"{name}:" is a day, month or year like 2026-10-01; "{written}" is not.') from None


_READERS: dict[str, Callable[[str, str], Value]] = {
    "is": _one_of(STATES),
    "type": _one_of(KINDS),
    "v": _version,
    "version": _version,
    "ar": _ratio,
    "speed": _one_of(SPEEDS, {"relax": "relaxed"}),
    "tag": _text,
    "rating": _rating,
    "parent": _text,
    "before": _date,
    "after": _date,
    "has": _one_of(("video",)),
}
_FIELDS = {"version": "v"}
_ORDERED = ("rating",)

FILTERS = tuple(_READERS)
"""The names that a filter can begin with."""
