"""What the first paint shows, read in one go while the toolkit is still being imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mjtui.engine import Job, Status
from mjtui.prompt.draft import Draft

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

PAGE: Final = 50
"""Jobs in a page of the history."""

MOVING: Final = ("submitting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Rows for every pane, and how the screen was left."""

    draft: Draft | None
    tasks: list[Job]
    expected: dict[int, float]
    history: list[Job]
    status: Status
    left: dict[str, Any] = field(default_factory=dict[str, Any])
    theme: str | None = None


async def read(engine: Engine) -> Opening:
    """Read it from the library; raises LibraryError."""
    tasks = await engine.tasks()
    return Opening(
        draft=await engine.draft(),
        tasks=tasks,
        expected=await expectations(engine, tasks),
        history=await engine.history(limit=PAGE),
        status=await engine.status(),
        left=await engine.remembered("studio") or {},
        theme=await engine.remembered("theme"),
    )


async def expectations(engine: Engine, tasks: list[Job]) -> dict[int, float]:
    """Seconds that each running job usually takes, by id; jobs of a sort are looked up once."""
    known: dict[tuple[str, str | None], float] = {}
    for job in tasks:
        if job.state in MOVING and (job.kind, job.speed) not in known:
            known[job.kind, job.speed] = await engine.expected(job)
    return {job.id: known[job.kind, job.speed] for job in tasks if job.state in MOVING}
