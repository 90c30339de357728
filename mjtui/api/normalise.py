"""Readers for whatever a service sends: they take any JSON value and never raise anything but ServiceError.

| thing | seen or documented as |
| --- | --- |
| times | whole milliseconds, numbers in strings, ISO 8601 with or without a zone, null |
| `resultInfoJson` | an object, a JSON string of it, null |
| `resultUrls` | a list of strings, a list of `{"resultUrl": …}` |
| numbers | numbers, numbers in strings |
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast
from urllib.parse import urlsplit

from mjtui.api.values import Report, TaskState
from mjtui.errors import TaskNotFound, Unclear

MAX_DEPTH = 64
MAX_PICTURES = 16
NUMBERED = re.compile(r"[_/]0_([0-9])\.[a-z0-9]+$")
"""How the service's results end, as in "5f1c_0_2.jpeg" and Midjourney's own "0_2.png": the third of four."""

MAX_TEXT = 500
MAX_ID = 200
MAX_URL = 4096

SECONDS_BELOW = 100_000_000_000
"""Times below this are taken for seconds: as milliseconds they would lie before March 1973."""
LATEST_MS = 253_402_300_799_999
"""The end of the year 9999."""


def decoded(text: str | bytes) -> object:
    """The value of a JSON text, with null for the numbers that JSON does not know; raises ValueError.

    Values nested deeper than `MAX_DEPTH` are refused, so that whoever walks or writes them cannot run out of stack.
    """
    try:
        value: object = json.loads(text, parse_constant=lambda _: None, parse_float=real)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in (*mapping(item).values(), *listed(item))]
        if not level:
            return value
    raise ValueError("nested too deeply")


def mapping(value: object) -> dict[str, Any]:
    """The value where it is an object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def unpacked(value: object) -> object:
    """The value inside a JSON string, and any other value as it is."""
    if isinstance(value, str):
        try:
            return decoded(value)
        except ValueError:
            return value
    return value


def real(value: object) -> float | None:
    """A finite number, from a number or a string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def whole(value: object) -> int | None:
    """A whole number, from a number or a string."""
    number = real(value)
    return int(number) if number is not None and number.is_integer() else None


def time_ms(value: object) -> int | None:
    """Milliseconds since 1970, UTC, from any of the forms that times come in; None where it is no time."""
    number = real(value)
    if number is not None:
        ms = number * 1000 if number < SECONDS_BELOW else number
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
            ms = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return round(ms) if 0 < ms <= LATEST_MS else None


def text(value: object, limit: int = MAX_TEXT) -> str:
    """Printable text on one line, at most `limit` characters; empty where the value is no text and no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    printable = "".join(char if char.isprintable() else " " for char in str(value)[: 4 * limit])
    line = " ".join(printable.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def identity(value: object) -> str | None:
    """A task id: any printable text without spaces, since ids have no one form."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    name = str(value).strip()
    return name if 0 < len(name) <= MAX_ID and name.isprintable() and " " not in name else None


def web_url(value: object) -> str | None:
    """An http or https address with a host, without spaces and control characters."""
    if not isinstance(value, str):
        return None
    url = value.strip()
    if not url.isprintable() or " " in url or len(url) > MAX_URL:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if good else None


def picture_urls(fields: dict[str, Any]) -> tuple[str, ...]:
    """The links of a task's results in their order, from a record or a callback.

    A result without a link is empty text, so that the others keep their numbers: a follow-up names a result by its
    number.
    """
    for holder in (unpacked(fields.get("resultInfoJson")), fields):
        links = unpacked(mapping(holder).get("resultUrls")) or holder
        items = [links] if isinstance(links, str) else listed(links)
        urls = [web_url(_link(item)) or "" for item in islice(items, MAX_PICTURES)]
        if any(urls):
            return tuple(urls if all(urls) else _in_place(urls))
    return ()


def _in_place(urls: list[str]) -> list[str]:
    """Links among things that are none, by the numbers in their names where they have any, else where they stand."""
    numbered: dict[int, str] = {}
    for url in filter(None, urls):
        match = NUMBERED.search(urlsplit(url).path)
        if match is None or int(match[1]) in numbered:
            return urls
        numbered[int(match[1])] = url
    return [numbered.get(number, "") for number in range(max(numbered) + 1)]


def report(fields: dict[str, Any], state: TaskState, *, code: object = None, message: object = None) -> Report:
    """A report in the given state with the times and links of a record; failures alone carry a code and message."""
    failed = state == "failed"
    return Report(
        state=state,
        urls=picture_urls(fields),
        created_at=time_ms(fields.get("createTime")),
        completed_at=time_ms(fields.get("completeTime")),
        error_code=text(code) or None if failed else None,
        error_message=text(message) or None if failed else None,
        raw=fields,
    )


def flagged(fields: dict[str, Any]) -> TaskState | None:
    """The state that a `successFlag` stands for: 0 running, 1 succeeded, above that failed, and None for the rest."""
    flag = whole(fields.get("successFlag"))
    if flag is None or flag < 0:
        return None
    return "running" if flag == 0 else "succeeded" if flag == 1 else "failed"


def record(payload: object) -> Report:
    """The report in an answer of record-info; raises TaskNotFound where there is no record, and Unclear where it
    cannot be read. A task that is done without a single link has succeeded with no `urls`."""
    data = unpacked(mapping(payload).get("data"))
    if data is None or data in ("", {}, []):
        raise TaskNotFound("The service does not know this task.")
    fields = mapping(data)
    state = flagged(fields)
    if state is None:
        raise Unclear("The service's record of this task cannot be read.")
    return report(fields, state, code=fields.get("errorCode"), message=fields.get("errorMessage"))


def _link(item: object) -> object:
    fields = mapping(item)
    return fields.get("resultUrl", fields.get("url")) if fields else item
