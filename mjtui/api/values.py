"""The values that pass between the engine and a service: a call, a report on a task, an uploaded file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

Purpose = Literal["generate", "follow", "look", "account", "upload"]
"""What a call is for: a new task from a prompt, a task that follows from another, a look at a task, a question about
the account, a file. The first two cost credits."""

CREATES: tuple[Purpose, ...] = ("generate", "follow")

TaskState = Literal["running", "succeeded", "failed"]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request without its host and key; `body` is sent as JSON."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    params: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def files(self) -> list[Any]:
        """The images that it names, as links or as local files."""
        return [name for names in self._lists().values() for name in names]

    def with_files(self, links: Mapping[str, str]) -> Call:
        """The same call with the names of local files replaced by the links that they were uploaded to."""
        linked = {field: [links.get(name, name) for name in names] for field, names in self._lists().items()}
        return replace(self, body=self.body | linked) if self.body is not None else self

    def _lists(self) -> dict[str, list[Any]]:
        # Images are the only things that bodies have lists of.
        body = self.body or {}
        return {field: cast("list[Any]", value) for field, value in body.items() if isinstance(value, list)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a service says of one task; times are milliseconds since 1970, UTC, and `raw` is what it said in full."""

    state: TaskState
    urls: tuple[str, ...] = ()
    created_at: int | None = None
    completed_at: int | None = None
    error_code: str | None = None
    error_message: str | None = None
    raw: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that the service can read; `expires_at` is in milliseconds since 1970, UTC."""

    url: str
    expires_at: int
