"""The life of a job: which state may follow which."""

from __future__ import annotations

from mjtui.library.rows import State

NEXT: dict[State, tuple[State, ...]] = {
    "planned": ("planned", "submitting", "cancelled", "rejected"),
    "submitting": ("running", "rejected", "planned", "unknown"),
    "running": ("succeeded", "failed", "lost"),
    "unknown": ("running", "planned", "failed"),
    "succeeded": (),
    "failed": ("running",),
    "rejected": (),
    "cancelled": (),
    "lost": ("running",),
}
"""A planned job may be put back in the line, and it is rejected where it cannot be sent at all, say because its
reference image is gone. `failed` and `lost` may run again when a later look at the service shows that it has the task
after all."""


def allowed(old: State, new: State) -> bool:
    """True where a job may go from one state to the other."""
    return new in NEXT[old]
