"""One record of an import, checked: text from outside becomes rows, or a sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from mjtui.errors import UsageError
from mjtui.library.jobjson import from_iso
from mjtui.library.jobs import new_uid
from mjtui.library.pictures import BEST, REJECTED
from mjtui.library.records import to_json
from mjtui.library.rows import STATES, PictureState
from mjtui.prompt.draft import KINDS, SPEEDS

PLAIN: dict[str, type] = {
    "version": str,
    "aspect_ratio": str,
    "stylize": int,
    "parent_index": int,
    "balance_before": float,
    "balance_after": float,
    "service": str,
    "endpoint": str,
    "digest": str,
    "looks": int,
}
"""Columns of a job that go into a record as they are."""

PICTURE_PLAIN: dict[str, type] = {"media_type": str, "size": int, "attempts": int, "etag": str, "error": str}
"""Columns of a picture that go into a record as they are."""

LARGEST_NUMBER = 2**53
"""Beyond this, JSON numbers are not whole for every program."""

_DEFAULTS: dict[str, Any] = {"service": "", "endpoint": "", "digest": "", "looks": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A job to be added: its columns, and what hangs on it. `was` is the state that it could not keep."""

    id: int | None
    uid: str | None
    parent: int | None
    parent_uid: str | None
    row: dict[str, Any]
    pictures: list[dict[str, Any]]
    events: list[tuple[int, str, dict[str, Any]]]
    tags: list[str]
    was: str | None


def read_record(record: Mapping[str, Any], number: int) -> Incoming:
    """Check one record. Raises UsageError that names the record and the field.

    What was planned arrives as cancelled and what was being submitted as unknown: the library that it came from may
    still send it, and it must not be paid for twice.
    """
    job = _Fields(record, f"record {number}")
    more = job.inner("record")
    found = job.one_of("state", STATES)
    state = {"planned": "cancelled", "submitting": "unknown"}.get(found, found)
    if state == "running" and job.value("task_id", str) is None:
        state = "unknown"
    created_at = job.time("created_at") or 0
    pictures = [_picture(picture, created_at) for picture in job.items("images")]
    if len({picture["index"] for picture in pictures}) < len(pictures):
        raise job.mistake("images", "has two with the same index")
    row: dict[str, Any] = {
        "uid": more.value("uid", str) or new_uid(),
        "speed": None if more.value("speed", str) is None else more.one_of("speed", SPEEDS),
        "state": state,
        "kind": job.one_of("kind", KINDS),
        "prompt": job.needed("prompt", str),
        "task_id": job.value("task_id", str),
        "cost": job.value("cost", float),
        "note": job.value("note", str) or "",
        "created_at": created_at,
        "finished_at": job.time("finished_at"),
        "expires_at": job.time("expires_at"),
        "submitted_at": more.time("submitted_at"),
        "not_before": more.time("not_before") or created_at,
        "next_look_at": (more.time("next_look_at") or created_at) if state == "running" else None,
        "request": to_json(job.value("request", dict) or {}),
        "draft": to_json(more.value("draft", dict) or {}),
        "files": to_json(more.texts("files")),
        "trouble": job.trouble(),
    } | {name: _or_default(name, more.value(name, kind)) for name, kind in PLAIN.items()}
    return Incoming(
        id=job.value("id", int),
        uid=more.value("uid", str),
        parent=job.value("parent", int),
        parent_uid=more.value("parent_uid", str),
        row=row,
        pictures=pictures,
        events=[
            (event.time("at") or created_at, event.needed("what", str), event.value("detail", dict) or {})
            for event in more.items("log")
        ],
        tags=job.texts("tags"),
        was=None if state == found else found,
    )


def _or_default(name: str, value: Any) -> Any:
    return _DEFAULTS.get(name) if value is None else value


def _picture(picture: _Fields, created_at: int) -> dict[str, Any]:
    more = picture.inner("record")
    row: dict[str, Any] = {name: more.value(name, kind) for name, kind in PICTURE_PLAIN.items()}
    return row | {
        "index": picture.within("index", 1, 4),
        "state": picture.one_of("state", get_args(PictureState)),
        "path": picture.value("path", str),
        "url": picture.value("url", str),
        "sha256": picture.value("sha256", str),
        "width": picture.value("width", int),
        "height": picture.value("height", int),
        "rating": None if picture.value("rating", int) is None else picture.within("rating", REJECTED, BEST),
        "attempts": more.value("attempts", int) or 0,
        "next_try_at": more.time("next_try_at") or created_at,
        "saved_at": more.time("saved_at"),
    }


class _Fields:
    """The fields of one JSON object, each read as what it must be."""

    def __init__(self, values: object, where: str) -> None:
        if not isinstance(values, Mapping):
            raise UsageError(f"{where} is not a JSON object.", meaning="It was not imported.")
        self._values = cast("Mapping[str, Any]", values)
        self._where = where

    def value(self, name: str, kind: type) -> Any:
        """The value, or None where it is missing or null."""
        value = self._values.get(name)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise self.mistake(name, f"is not {_NAMES[kind]}")
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise self.mistake(name, "is too large")
        return value

    def needed(self, name: str, kind: type) -> Any:
        value = self.value(name, kind)
        if value is None:
            raise self.mistake(name, "is missing")
        return value

    def within(self, name: str, least: int, most: int) -> int:
        value = self.needed(name, int)
        if not least <= value <= most:
            raise self.mistake(name, f"is not from {least} to {most}")
        return value

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.needed(name, str)
        if value not in choices:
            raise self.mistake(name, f"is not one of {', '.join(choices)}")
        return value

    def time(self, name: str) -> int | None:
        value = self.value(name, str)
        try:
            return None if value is None else from_iso(value)
        except ValueError:
            raise self.mistake(name, "is not a time like 2026-10-01T14:02:11Z") from None

    def inner(self, name: str) -> _Fields:
        return _Fields(self.value(name, dict) or {}, f"{self._where}: {name}")

    def items(self, name: str) -> list[_Fields]:
        values: list[object] = self.value(name, list) or []
        return [_Fields(value, f"{self._where}: {name} {number}") for number, value in enumerate(values, 1)]

    def texts(self, name: str) -> list[str]:
        values: list[object] = self.value(name, list) or []
        if not all(isinstance(value, str) for value in values):
            raise self.mistake(name, "is not a list of texts")
        return cast("list[str]", values)

    def trouble(self) -> str | None:
        if self.value("error", dict) is None:
            return None
        error = self.inner("error")
        return to_json({name: error.value(name, str) or "" for name in ("code", "message", "hint")})

    def mistake(self, name: str, what: str) -> UsageError:
        return UsageError(f'{self._where}: "{name}" {what}.', meaning="It was not imported.")


_NAMES: dict[type, str] = {str: "a text", int: "a whole number", float: "a number", dict: "an object", list: "a list"}
