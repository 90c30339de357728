"""How the panes share the screen: beside each other or one at a time, and how much of it each one has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from textual.css.scalar import Scalar
from textual.geometry import clamp

from mjtui.tui.widgets.header import PANES

if TYPE_CHECKING:
    from mjtui.tui.screens.studio import Studio

Side = Literal["width", "compose", "tasks"]
"""What can be changed: the width of the left column, and the height of the upper pane of either column."""

SIDE_BY_SIDE: Final = 100
"""Columns from which on all panes are on the screen together."""

WIDE: Final = 160
SMALLEST: Final = (60, 15)
STEP: Final = 5
LEAST: Final = 20

UPPER: Final[dict[str, Side]] = {"compose": "compose", "history": "compose", "tasks": "tasks", "preview": "tasks"}


@dataclass(slots=True)
class Shares:
    """Percents of the screen that a person gave to the left column and to the upper panes; None is the usual size."""

    width: int | None = None
    compose: int | None = None
    tasks: int | None = None

    def to_json(self) -> dict[str, int | None]:
        """What is remembered until the next sitting."""
        return {"width": self.width, "compose": self.compose, "tasks": self.tasks}


def shares(remembered: Any) -> Shares:
    """The shares as they were remembered; what is no percentage is the usual size."""
    found = cast("dict[str, Any]", remembered) if isinstance(remembered, dict) else {}
    known = {side: found.get(side) for side in ("width", "compose", "tasks")}
    return Shares(**{side: share if isinstance(share, int) else None for side, share in known.items()})


def change(studio: Studio, *, width: int = 0, height: int = 0) -> None:
    """Make the active pane wider or taller by so many steps; the pane beside it gives or takes the room."""
    left, upper = studio.active in ("compose", "history"), studio.active in ("compose", "tasks")
    given = studio.shares
    if width:
        now = given.width or round(100 * studio.compose_pane.outer_size.width / studio.size.width)
        given.width = _stepped(now, width if left else -width)
    else:
        side = UPPER[studio.active]
        pane = studio.compose_pane if side == "compose" else studio.tasks
        total = studio.compose_pane.outer_size.height + studio.history.outer_size.height
        now = getattr(given, side) or round(100 * pane.outer_size.height / total)
        setattr(given, side, _stepped(now, height if upper else -height))
    arrange(studio)


def arrange(studio: Studio) -> None:
    """Show the panes that there is room for, each in its share."""
    width, height = studio.home.size
    alone = studio.alone
    studio.set_class(alone, "-alone")
    studio.set_class(width >= WIDE, "-wide")
    studio.set_class(width < SMALLEST[0] or height < SMALLEST[1], "-tiny")
    for pane in PANES:
        widget = studio.query_one(f"#{pane}")
        widget.set_class(pane == studio.active, "-active")
    given = Shares() if alone else studio.shares
    for column, share in zip(studio.query(".column"), (given.width, given.width and 100 - given.width), strict=True):
        column.set_class(any(child.id == studio.active for child in column.children), "-active")
        column.styles.width = None if share is None else f"{share}fr"
    for pane, share in ((studio.compose_pane, given.compose), (studio.tasks, given.tasks)):
        pane.styles.height = None if share is None else f"{share}%"
        pane.styles.max_height = None if share is None else Scalar.parse("100%")


def _stepped(share: int, by: int) -> int:
    """The multiple of a step that is so many steps from here, within bounds."""
    return clamp((round(share / STEP) + by) * STEP, LEAST, 100 - LEAST)
