"""What the preview shows, as a value: boxes of cells, each with a picture or with words about why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mjtui.engine import Job, Picture
from mjtui.errors import MjtuiError
from mjtui.terminal.text import fit_cells
from mjtui.tui.widgets.cells import Piece, wrapped
from mjtui.tui.wording import SIGNS, Tone, clock, elapsed, line, money, subject

EMPTY: Final = "The pictures of the job under the cursor are shown here."


@dataclass(frozen=True, slots=True)
class Key:
    """A picture at a size: what has been drawn for it may be drawn again."""

    picture: int
    sha256: str | None
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the preview, in cells.

    `key` is there where a picture belongs into it; `lines` are the words in its place, or while it is being loaded.
    """

    x: int
    y: int
    columns: int
    rows: int
    picture: Picture | None = None
    key: Key | None = None
    label: str = ""
    chosen: bool = False
    lines: tuple[Piece, ...] = ()

    def line(self, y: int) -> Piece | None:
        """The words in a line of the preview: they stand in the middle of the box."""
        number = y - self.y - max(0, (self.rows - len(self.lines)) // 2)
        return self.lines[number] if 0 <= number < len(self.lines) else None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is on the preview at one time."""

    title: str
    boxes: tuple[Box, ...]


def scene(
    job: Job | None,
    chosen: int,
    *,
    large: bool,
    columns: int,
    rows: int,
    pictures: bool,
    problems: Mapping[Key, MjtuiError],
    now: int,
) -> Scene:
    """The preview of a job in a pane of cells; `pictures` is False where the terminal cannot show any.

    `problems` has what went wrong with pictures that were to be drawn, `now` is in ms.
    """
    if job is None:
        return Scene("Preview", (Box(0, 0, columns, rows, lines=_words([(EMPTY, "muted")], columns, rows)),))
    title = f"Preview · {fit_cells(subject(job), max(8, columns - 26))}"
    if not job.pictures:
        return Scene(title, (Box(0, 0, columns, rows, lines=_words(_about(job, now), columns, rows)),))
    several = len(job.pictures) > 1
    shown = [picture for picture in job.pictures if picture.index == chosen or not large] or list(job.pictures)
    boxes: list[Box] = []
    for picture, (x, y, wide, high) in zip(shown, places(len(shown), columns, rows), strict=True):
        key = Key(picture.id, picture.sha256, wide, high)
        problem = problems.get(key)
        drawn = pictures and problem is None and picture.state == "saved" and not is_video(picture)
        boxes.append(
            Box(
                x,
                y,
                wide,
                high,
                picture=picture,
                key=key if drawn else None,
                label=label(picture, picture.index == chosen) if several else "",
                chosen=picture.index == chosen,
                lines=() if drawn else _words(_instead(picture, problem), wide, high),
            )
        )
    return Scene(f"{title} · {chosen} of {len(job.pictures)}" if several else title, tuple(boxes))


def places(count: int, columns: int, rows: int) -> Iterator[tuple[int, int, int, int]]:
    """Where that many pictures go in a pane: column, row, columns, rows; two beside each other."""
    across = 1 if count == 1 else 2
    down = -(-count // across)
    gap = 1 if rows >= 6 * down else 0
    wide = max(1, (columns - (across - 1)) // across)
    high = max(1, (rows - gap * (down - 1)) // down)
    for number in range(count):
        yield (number % across) * (wide + 1), (number // across) * (high + gap), wide, high


def label(picture: Picture, chosen: bool) -> str:
    """The number of a picture, in brackets where it is the chosen one, and its stars."""
    stars = f"{picture.rating}* " if picture.rating and picture.rating > 0 else ""
    return (f"[{picture.index}]" if chosen else f" {picture.index} ") + stars


def is_video(picture: Picture) -> bool:
    """True for a file that moves, of which no still is shown."""
    return (picture.media_type or "").startswith("video/")


Sentence = tuple[str, Tone]


def _about(job: Job, now: int) -> list[Sentence]:
    sign = SIGNS[job.state]
    time = f" {clock(elapsed(job, now))}" if job.state in ("submitting", "running") else ""
    trouble: list[Sentence] = []
    if job.trouble is not None:
        trouble = [(line(job.trouble.message), "text"), (line(job.trouble.hint), "text")]
    said: list[Sentence] = [(subject(job), "text"), (f"{sign.glyph} {sign.word}{time}", sign.tone)]
    return [*said, *trouble, (money(job), "muted")]


def _instead(picture: Picture, problem: MjtuiError | None) -> list[Sentence]:
    if picture.state == "due":
        return [("saving …", "running"), (line(picture.error or ""), "muted")]
    if picture.state == "lost":
        return [("x lost", "failed"), (line(picture.error or ""), "muted")]
    if problem is not None:
        return [(problem.message, "failed"), (problem.hint, "muted")]
    return [("video" if is_video(picture) else "saved", "done"), (line(picture.path or ""), "text")]


def _words(sentences: list[Sentence], columns: int, rows: int) -> tuple[Piece, ...]:
    """The sentences in lines that fit into a box, each beginning a line of its own."""
    room = max(1, columns - 2)
    return tuple(Piece(text, tone) for said, tone in sentences for text in wrapped(said, room))[:rows]
