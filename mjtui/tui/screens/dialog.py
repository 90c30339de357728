"""What all dialogs have in common: a frame in the middle, and esc closes it."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T | None]):
    """A question over the screen; esc answers it with None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Close"), ("ctrl+q", "app.quit", "Quit")]
