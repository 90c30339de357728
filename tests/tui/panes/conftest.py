"""Jobs, pictures and a bare app around the widgets under test."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

import mjtui
from mjtui.engine import Job, Picture
from mjtui.tui.messages import JobOpened, JobSelected, PictureSelected
from mjtui.tui.themes import THEMES

NOW = 1_790_000_041_000
STYLES = Path(mjtui.__file__).parent.parent / "styles"

JOB: dict[str, Any] = {field.name: None for field in fields(Job)} | {
    "uid": "u",
    "service": "kie",
    "kind": "txt2img",
    "state": "succeeded",
    "prompt": "a paper lighthouse at dusk",
    "request": {},
    "endpoint": "",
    "digest": "",
    "files": (),
    "draft": {},
    "speed": "fast",
    "cost": 8.0,
    "created_at": NOW - 60_000,
    "not_before": 0,
    "looks": 0,
    "note": "",
    "tags": (),
    "pictures": (),
}
PICTURE: dict[str, Any] = {field.name: None for field in fields(Picture)} | {
    "state": "saved",
    "media_type": "image/png",
    "width": 1456,
    "height": 816,
    "size": 1_000_000,
    "attempts": 0,
    "next_try_at": 0,
}


@pytest.fixture
def now() -> int:
    return NOW


@pytest.fixture
def make_job() -> Callable[..., Job]:
    def make(id: int = 1, **values: Any) -> Job:
        return Job(**JOB | {"id": id} | values)

    return make


@pytest.fixture
def make_pictures() -> Callable[..., tuple[Picture, ...]]:
    def make(job: int = 1, count: int = 4, **values: Any) -> tuple[Picture, ...]:
        return tuple(
            Picture(
                **PICTURE
                | {"id": 10 * job + index, "job": job, "index": index}
                | {"path": f"/pictures/{job}-{index}.png", "sha256": f"{job}-{index}"}
                | values
            )
            for index in range(1, count + 1)
        )

    return make


class Around(App[None]):
    """The widgets one below the other, and what they said."""

    CSS_PATH = [STYLES / "lists.tcss", STYLES / "preview.tcss"]  # noqa: RUF012

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.said: list[Message] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "mjtui-dark"

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_job_selected(self, message: JobSelected) -> None:
        self.said.append(message)

    def on_job_opened(self, message: JobOpened) -> None:
        self.said.append(message)

    def on_picture_selected(self, message: PictureSelected) -> None:
        self.said.append(message)


@pytest.fixture
def around() -> type[Around]:
    return Around


class Until(Protocol):
    async def __call__(self, pilot: Pilot[None], true: Callable[[], object]) -> None: ...


@pytest.fixture
def until() -> Until:
    """Waits until something is true; fails after ten seconds."""

    async def wait(pilot: Pilot[None], true: Callable[[], object]) -> None:
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, "it did not become true"
            await pilot.pause(0.005)
        await pilot.pause()

    return wait


@pytest.fixture
def painted() -> Callable[[Widget], list[int]]:
    """Notes the lines of a widget that are painted from now on."""

    def watch(widget: Widget) -> list[int]:
        lines: list[int] = []
        paint = widget.render_line

        def render_line(y: int) -> Any:
            lines.append(y)
            return paint(y)

        widget.render_line = render_line  # type: ignore[method-assign]
        return lines

    return watch


@pytest.fixture
def text_of() -> Callable[[Widget], list[str]]:
    """The lines of a widget as text."""

    def text(widget: Widget) -> list[str]:
        return [widget.render_line(y).text for y in range(widget.size.height)]

    return text
