"""The rows of the library as values: what a job, a picture and an event are.

Times are milliseconds since 1970, UTC. Costs are credits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from mjtui.prompt.draft import Kind, Speed

State = Literal["planned", "submitting", "running", "succeeded", "failed", "rejected", "unknown", "cancelled", "lost"]
STATES: tuple[State, ...] = get_args(State)
UNFINISHED: tuple[State, ...] = ("planned", "submitting", "running", "unknown")

PictureState = Literal["due", "saved", "lost"]
"""A picture is due until its file is saved and checked; lost means that nobody has it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a job or picture did not go well: the service's or our own code, the raw message, and what to do."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An intent, before it has an id. `request` is the exact body, without key and callback URL.

    `files` are the images as the person gave them (URLs or local paths); a body names local files by their path
    until they are uploaded. `digest` is the same for two requests that ask for the same.
    """

    service: str
    kind: Kind
    prompt: str
    request: dict[str, Any]
    endpoint: str
    digest: str
    files: tuple[str, ...] = ()
    draft: dict[str, Any] = field(default_factory=dict[str, Any])
    speed: Speed | None = None
    version: str | None = None
    aspect_ratio: str | None = None
    stylize: int | None = None
    cost: float | None = None
    parent: int | None = None
    parent_index: int | None = None
    batch: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One result of a job; `index` counts from 1. `path` is set before the first byte is fetched and never changes."""

    id: int
    job: int
    index: int
    state: PictureState
    url: str | None
    path: str | None
    sha256: str | None
    media_type: str | None
    width: int | None
    height: int | None
    size: int | None
    rating: int | None
    attempts: int
    next_try_at: int
    etag: str | None
    error: str | None
    saved_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One request that can cost credits, with what came of it."""

    id: int
    uid: str
    service: str
    task_id: str | None
    kind: Kind
    state: State
    prompt: str
    request: dict[str, Any]
    endpoint: str
    digest: str
    files: tuple[str, ...]
    draft: dict[str, Any]
    speed: Speed | None
    version: str | None
    aspect_ratio: str | None
    stylize: int | None
    cost: float | None
    parent: int | None
    parent_index: int | None
    batch: int | None
    balance_before: float | None
    balance_after: float | None
    created_at: int
    submitted_at: int | None
    finished_at: int | None
    expires_at: int | None
    not_before: int
    next_look_at: int | None
    looks: int
    trouble: Trouble | None
    rating: int | None
    note: str
    tags: tuple[str, ...]
    deleted_at: int | None
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Jobs that were planned together from one `expression`; `counts` has the states that occur, `cost` is of all.

    What is planned of a stopped batch is not sent by anybody.
    """

    id: int
    expression: str
    created_at: int
    stopped_at: int | None
    counts: dict[State, int]
    cost: float

    @property
    def jobs(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        """How many are not sent yet."""
        return self.counts.get("planned", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a job's log: when, what, and the facts of it."""

    id: int
    job: int
    at: int
    what: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many jobs are in each state that asks for attention, and pictures that are still to be saved."""

    planned: int
    submitting: int
    running: int
    unknown: int
    pictures_due: int
    expiring: int
