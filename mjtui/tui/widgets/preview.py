"""The Preview pane: the pictures of one job, all of them or one large, or in words why there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar, Final, Literal, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from mjtui.engine import Job, Picture
from mjtui.errors import MjtuiError
from mjtui.media.pixels import Pixels
from mjtui.terminal.halfblocks import HalfBlocks
from mjtui.terminal.pictures import Driver, grid
from mjtui.terminal.text import cell_width
from mjtui.tui.messages import PictureSelected
from mjtui.tui.widgets.cells import Piece, column
from mjtui.tui.widgets.drawn import Drawn, draw
from mjtui.tui.widgets.scene import Box, Key, Scene, scene
from mjtui.tui.wording import Tone, now_ms

REST: Final = 0.06
"""Seconds for which the cursor has to stay on a job before its pictures are loaded."""

SETTLED: Final = 0.08
"""Seconds without another resize after which pictures are drawn at the new size."""

KEPT_BYTES: Final = 6 << 20

HALF_BLOCKS: Final = HalfBlocks()


class PixelSource(Protocol):
    """Loads a picture at most `width` by `height` pixels large; raises MjtuiError."""

    async def __call__(self, picture: Picture, width: int, height: int) -> Pixels: ...


class Preview(Widget, can_focus=True):
    """Shows a job; `driver` is how this terminal shows pictures, None where it shows none. `number` is the pane's."""

    DEFAULT_CLASSES: ClassVar[str] = "pane"

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "preview--text",
        "preview--muted",
        "preview--running",
        "preview--done",
        "preview--failed",
        "preview--unknown",
        "preview--label",
        "preview--label-chosen",
    }

    def __init__(
        self,
        pixels: PixelSource,
        driver: Driver | None = HALF_BLOCKS,
        *,
        number: int | None = None,
        now: Callable[[], int] = now_ms,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._number = f"{number} " if number is not None else ""
        self._pixels = pixels
        self._driver = driver
        self._now = now
        self._job: Job | None = None
        self._index = 1
        self._large = False
        self._scene = Scene("Preview", ())
        self._lines: dict[Key, list[Strip]] = {}
        self._drawn = Drawn(KEPT_BYTES)
        self._problems: dict[Key, MjtuiError] = {}
        self._looks: dict[str, Style] = {}
        self._soon: Timer | None = None
        self._clock: Timer | None = None
        self._loader: Worker[None] | None = None
        self._wanted: set[Key | None] = set()

    @property
    def driver(self) -> Driver | None:
        """How pictures are shown."""
        return self._driver

    @driver.setter
    def driver(self, driver: Driver | None) -> None:
        self._driver = driver
        self._drawn = Drawn(KEPT_BYTES)
        self._lines = {}
        self._scene = Scene(self._scene.title, ())
        if self.is_mounted:
            self._update()

    @property
    def job(self) -> Job | None:
        """The job that is shown, or will be in a moment."""
        return self._job

    @property
    def selected_index(self) -> int:
        """The chosen picture, counted from 1."""
        return self._index

    @property
    def selected_picture(self) -> Picture | None:
        """The chosen picture, where there is one."""
        pictures = self._job.pictures if self._job is not None else ()
        return next((picture for picture in pictures if picture.index == self._index), None)

    @property
    def large(self) -> bool:
        """True while one picture takes up the whole pane."""
        return self._large

    @large.setter
    def large(self, large: bool) -> None:
        if large != self._large:
            self._large = large
            self._update()

    def show(self, job: Job | None, index: int | None = None) -> None:
        """Show a job with one of its pictures chosen: the first of another job, by default, or the one chosen before.

        Another job is shown when nothing else was asked for during a short rest, so that moving fast through a list
        loads nothing; news of the same job are shown at once.
        """
        same = job is not None and self._job is not None and job.id == self._job.id
        self._job = job
        self._index = index or (self._index if same else 1)
        if not same:
            self._problems.clear()
        if same and self._soon is None:
            self._update()
        else:
            self._update_in(REST)

    def action_select_picture(self, index: int) -> None:
        """Choose a picture by its number."""
        if self._job is not None and any(picture.index == index for picture in self._job.pictures):
            self._index = index
            self.post_message(PictureSelected(self._job, index))
            if self._soon is None:
                self._update()

    def action_next_picture(self) -> None:
        self._step(1)

    def action_previous_picture(self) -> None:
        self._step(-1)

    def action_toggle_large(self) -> None:
        self.large = not self.large

    def _step(self, by: int) -> None:
        if self._job is not None and self._job.pictures:
            indexes = [picture.index for picture in self._job.pictures]
            here = indexes.index(self._index) if self._index in indexes else 0
            self.action_select_picture(indexes[(here + by) % len(indexes)])

    # When to draw

    def on_resize(self) -> None:
        self._update_in(SETTLED)

    def _update_in(self, seconds: float) -> None:
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(seconds, self._update)

    def _update(self) -> None:
        """Work out what is to be seen, repaint what differs from what is, and load what is lacking."""
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        if not self.size.area:
            return
        old, new = self._scene, self._compose_scene()
        self._scene = new
        keys = [box.key for box in new.boxes if box.key is not None]
        self._lines = {key: lines for key in keys if (lines := self._lines.get(key) or self._drawn.get(key))}
        self._set_title(new.title)
        self._repaint(old, new)
        self._load()
        self._tick_while(self._job is not None and self._job.state in ("submitting", "running"))

    def _compose_scene(self) -> Scene:
        return scene(
            self._job,
            self._index,
            large=self._large,
            columns=self.size.width,
            rows=self.size.height,
            pictures=self._driver is not None,
            problems=self._problems,
            now=self._now(),
        )

    def _set_title(self, subject: str) -> None:
        title = self._number + subject
        if self._border_title is None or self._border_title.plain != title:
            # Not by `border_title`, which paints the whole pane and with it sends all pictures again.
            self._border_title = Content(title)
            self.refresh(Region(-1, -1, self.size.width + 2, 1))

    def _tick_while(self, moving: bool) -> None:
        if moving and self._clock is None:
            self._clock = self.set_interval(1.0, self._update)
        elif not moving and self._clock is not None:
            self._clock.stop()
            self._clock = None

    # Loading

    def _load(self) -> None:
        missing = [box for box in self._scene.boxes if box.key is not None and box.key not in self._lines]
        missing.sort(key=lambda box: not box.chosen)
        wanted = {box.key for box in missing}
        running = self._loader is not None and not self._loader.is_finished
        if running and wanted == self._wanted:
            return
        if self._loader is not None:
            self._loader.cancel()
        self._wanted = wanted
        self._loader = self.run_worker(self._draw_all(missing), group="pictures") if missing else None

    async def _draw_all(self, boxes: list[Box]) -> None:
        for box in boxes:
            if self._driver is None or box.picture is None or box.key is None:
                continue
            width, height, _ = grid(self._driver, box.columns, box.rows)
            try:
                pixels = await self._pixels(box.picture, width, height)
            except MjtuiError as error:
                self._problems[box.key] = error
                old, self._scene = self._scene, self._compose_scene()
                self._repaint(old, self._scene)
                continue
            lines = await asyncio.to_thread(draw, self._driver, pixels, box.columns, box.rows)
            self._drawn.keep(box.key, lines)
            self._lines[box.key] = lines
            self.refresh(_place(box))

    # Lines

    def _repaint(self, old: Scene, new: Scene) -> None:
        if [_place(box) for box in old.boxes] != [_place(box) for box in new.boxes]:
            self.refresh(self.size.region)
            return
        regions: list[Region] = []
        for was, box in zip(old.boxes, new.boxes, strict=True):
            if was.key != box.key:
                regions.append(_place(box))
                continue
            lines = (y for y in range(box.y, box.y + box.rows) if was.line(y) != box.line(y))
            regions += [Region(box.x, y, box.columns, 1) for y in lines]
            if was.label != box.label:
                regions.append(Region(box.x, box.y, max(len(was.label), len(box.label)), 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        width, ground = self.size.width, self._look("text")
        segments: list[Segment] = []
        x = 0
        for box in self._scene.boxes:
            if box.y <= y < box.y + box.rows:
                segments.append(Segment(" " * (box.x - x), ground))
                segments += self._box_line(box, y)
                x = box.x + box.columns
        return Strip(segment for segment in segments if segment.text).adjust_cell_length(width, ground)

    def _box_line(self, box: Box, y: int) -> Strip:
        lines = self._lines.get(box.key) if box.key is not None else None
        if lines is not None:
            strip = lines[y - box.y].apply_style(self._look("text"))
        else:
            words = box.line(y) or Piece("")
            left = (box.columns - cell_width(words.text)) // 2
            strip = Strip([Segment(column(" " * left + words.text, box.columns).text, self._look(words.tone))])
        if box.label and y == box.y:
            look = self._look("label-chosen" if box.chosen else "label")
            strip = Strip.join([Strip([Segment(box.label, look)]), strip.crop(len(box.label))])
        return strip

    def _look(self, name: Tone | Literal["label", "label-chosen"]) -> Style:
        if name not in self._looks:
            self._looks[name] = self.get_component_rich_style(f"preview--{name}")
        return self._looks[name]

    def notify_style_update(self) -> None:
        self._looks.clear()
        super().notify_style_update()


def _place(box: Box) -> Region:
    return Region(box.x, box.y, box.columns, box.rows)
