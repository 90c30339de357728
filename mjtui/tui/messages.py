"""What the parts of the screen tell each other."""

from __future__ import annotations

from textual.message import Message

from mjtui.engine import EngineEvent, Job


class JobSelected(Message):
    """The cursor of a list is on another job now, or on none."""

    def __init__(self, job: Job | None) -> None:
        super().__init__()
        self.job = job


class JobOpened(Message):
    """A person wants to see all there is about a job."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job


class PictureSelected(Message):
    """Another picture of the job in the preview is chosen; `index` counts from 1."""

    def __init__(self, job: Job, index: int) -> None:
        super().__init__()
        self.job = job
        self.index = index


class EngineEvents(Message):
    """A batch of news from the engine; posted from the engine's thread."""

    def __init__(self, events: tuple[EngineEvent, ...]) -> None:
        super().__init__()
        self.events = events


class HangUp(Message):
    """The terminal is gone; posted from the thread that read it."""
