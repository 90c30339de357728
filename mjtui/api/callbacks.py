"""Calls that the service makes when a task ends (docs.kie.ai/common-api/webhook-verification); pure functions.

The signature covers the task id and the time, not the body. So a callback is a reason to look at the task, and never
the source of its pictures.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from mjtui.api.normalise import flagged, identity, mapping, picture_urls, report, whole
from mjtui.api.values import Report
from mjtui.errors import Unclear

WINDOW = 300.0
"""Seconds that a signed time may differ from ours; the service names no limit."""

TIMESTAMP = "x-webhook-timestamp"
SIGNATURE = "x-webhook-signature"


@dataclass(frozen=True, slots=True)
class Callback:
    """What a callback says; `report` is None where it tells of no end."""

    task_id: str
    report: Report | None


def signature(key: str, task_id: str, timestamp: str) -> str:
    """Base64 of the HMAC-SHA256 of `task_id.timestamp`, as the service writes it into a header."""
    return b64encode(hmac.digest(key.encode(), f"{task_id}.{timestamp}".encode(), "sha256")).decode("ascii")


def verify(payload: object, headers: Mapping[str, str], *, key: str, now: float, window: float = WINDOW) -> str | None:
    """The task id that a valid signature covers, or None; `now` is in epoch seconds, `window` in seconds.

    The pages disagree where the id stands, so each place is tried; the id returned is the only one to believe.
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp = given.get(TIMESTAMP, "")
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > window:
        return None
    shown = given.get(SIGNATURE, "").strip().encode("utf-8", "replace")
    for task_id in _ids(payload):
        if hmac.compare_digest(signature(key, task_id, timestamp).encode(), shown):
            return task_id
    return None


def parse(payload: object) -> Callback:
    """The task and its report, from either shape of callback; raises Unclear where no task is named.

    One shape has a code and plain links, the other (video extend) that of record-info.
    """
    ids = _ids(payload)
    if not ids:
        raise Unclear("A callback names no task.")
    outer = mapping(payload)
    fields = mapping(outer.get("data")) or outer
    state = flagged(fields)
    if state is not None:
        found = report(fields, state, code=fields.get("errorCode"), message=fields.get("errorMessage"))
    elif (code := whole(outer.get("code"))) is not None and code != 200:
        found = report(fields, "failed", code=code, message=outer.get("msg"))
    elif picture_urls(fields):
        found = report(fields, "succeeded")
    else:
        return Callback(ids[0], None)
    ended = found.state == "failed" or (found.state == "succeeded" and found.urls)
    return Callback(ids[0], found if ended else None)


def _ids(payload: object) -> list[str]:
    outer = mapping(payload)
    inner = mapping(outer.get("data"))
    places = (inner.get("taskId"), inner.get("task_id"), outer.get("taskId"), outer.get("task_id"))
    return list(dict.fromkeys(name for place in places if (name := identity(place))))
