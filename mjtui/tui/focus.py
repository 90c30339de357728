"""Giving the focus at once."""

from __future__ import annotations

from textual.widget import Widget


def focus(widget: Widget) -> None:
    """Give the focus to a widget now, so that keys that were typed ahead go where they were meant to.

    `Widget.focus` does it a message later, behind keys that have come already.
    """
    widget.screen.set_focus(widget)
