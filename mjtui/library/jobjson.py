"""A job as JSON: the stable shape that every `--json` prints, with times in ISO 8601 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mjtui.library.rows import Job, Picture

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(ms: int | None) -> str | None:
    """Milliseconds since 1970 as text like 2026-10-01T14:02:11.250Z."""
    if ms is None:
        return None
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """The milliseconds of an ISO 8601 time; one without a zone is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - _EPOCH) // timedelta(milliseconds=1)


def job_json(job: Job) -> dict[str, Any]:
    """The job for the outside: `images` are its pictures, `rating` the best of theirs, `parent` a job's id."""
    return {
        "id": job.id,
        "task_id": job.task_id,
        "kind": job.kind,
        "state": job.state,
        "prompt": job.prompt,
        "request": job.request,
        "parent": job.parent,
        "cost": job.cost,
        "created_at": iso(job.created_at),
        "finished_at": iso(job.finished_at),
        "expires_at": iso(job.expires_at),
        "rating": job.rating,
        "tags": list(job.tags),
        "note": job.note,
        "error": None
        if job.trouble is None
        else {"code": job.trouble.code, "message": job.trouble.message, "hint": job.trouble.hint},
        "images": [picture_json(picture) for picture in job.pictures],
    }


def picture_json(picture: Picture) -> dict[str, Any]:
    """One picture of a job for the outside."""
    return {
        "index": picture.index,
        "state": picture.state,
        "path": picture.path,
        "url": picture.url,
        "sha256": picture.sha256,
        "width": picture.width,
        "height": picture.height,
        "rating": picture.rating,
    }
