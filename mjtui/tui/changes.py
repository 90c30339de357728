"""Undo for a whole draft: its text, settings and images, as one line of snapshots."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from mjtui.prompt.draft import Draft

PAUSE: Final = 1.0
"""Seconds without typing after which a change is a new step."""

LONGEST_STEP: Final = 40
LIMIT: Final = 300


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A draft, and where the cursor stood (a character of the prompt)."""

    draft: Draft
    cursor: int


class Changes:
    """The drafts that were, and those that were undone."""

    def __init__(self, start: Snapshot) -> None:
        self._steps: list[Snapshot] = [start]
        self._undone: list[Snapshot] = []
        self._changed_at = float("-inf")
        self._open = False

    @property
    def now(self) -> Snapshot:
        return self._steps[-1]

    def note(self, after: Snapshot, at: float) -> None:
        """Remember a change at `at` seconds; typing without a pause makes one step, anything else a step of its own."""
        before = self.now
        if after.draft == before.draft:
            self._steps[-1] = after
            return
        self._undone.clear()
        typed = _typed(before.draft, after.draft)
        if typed and self._open and at - self._changed_at < PAUSE and self._step_length(after) < LONGEST_STEP:
            self._steps[-1] = after
        else:
            self._steps.append(after)
            del self._steps[:-LIMIT]
        self._open = typed
        self._changed_at = at

    def undo(self) -> Snapshot | None:
        """Step back; None where there is nothing to undo."""
        if len(self._steps) == 1:
            return None
        self._undone.append(self._steps.pop())
        self._open = False
        return self.now

    def redo(self) -> Snapshot | None:
        """Step forward again; None where nothing was undone."""
        if not self._undone:
            return None
        self._steps.append(self._undone.pop())
        self._open = False
        return self.now

    def _step_length(self, after: Snapshot) -> int:
        start = self._steps[-2].draft.prompt if len(self._steps) > 1 else ""
        return abs(len(after.draft.prompt) - len(start))


def _typed(before: Draft, after: Draft) -> bool:
    """True for one character more or less in the text, and nothing else."""
    if abs(len(after.prompt) - len(before.prompt)) != 1:
        return False
    return replace(after, prompt=before.prompt) == before
