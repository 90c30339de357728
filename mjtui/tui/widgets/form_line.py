"""The settings of a draft on one line: arrows choose and change, enter types a value."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.content import Content
from textual.message import Message

from mjtui.prompt.draft import KIND_NAMES, Draft, Request
from mjtui.tui import form
from mjtui.tui.widgets.line import Line


class FormLine(Line, can_focus=True):
    """Says what will be made and how; with the focus it changes it."""

    class Stepped(Message):
        """A setting is to take its next choice, or the one before."""

        def __init__(self, field: form.Field, word: str | None) -> None:
            super().__init__()
            self.field = field
            self.word = word

    class Asked(Message):
        """A value of this setting is to be chosen or typed."""

        def __init__(self, field: form.Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draft = Draft()
        self._request: Request | None = None
        self._chosen = "kind"

    @property
    def field(self) -> form.Field | None:
        """The setting that the arrow keys work on."""
        known = form.fields(self._draft.kind)
        return next((field for field in known if field.name == self._chosen), known[0] if known else None)

    def show(self, draft: Draft, request: Request | None) -> None:
        """Show the settings of this draft, as planned where that is known."""
        self._draft, self._request = draft, request
        self._write()

    def choose(self, name: str) -> None:
        """Put the arrow keys on this setting."""
        self._chosen = name
        self._write()

    def on_focus(self) -> None:
        self._write()

    def on_blur(self) -> None:
        self._write(focused=False)

    def on_resize(self) -> None:
        self._write()

    def on_click(self) -> None:
        self.focus()

    async def on_key(self, event: events.Key) -> None:
        field = self.field
        if field is None:
            return
        match event.key:
            case "left" | "h" | "right" | "l":
                self._move(-1 if event.key in ("left", "h") else 1)
            case "up" | "k" | "down" | "j":
                by = -1 if event.key in ("up", "k") else 1
                if field.choices:
                    current = form.value(field, self._draft, self._request)
                    self.post_message(self.Stepped(field, form.step(field, current, by)))
                else:
                    self.post_message(self.Asked(field))
            case "backspace" | "delete":
                self.post_message(self.Stepped(field, None))
            case "enter" | "space":
                self.post_message(self.Asked(field))
            case _:
                return
        event.stop()
        event.prevent_default()

    def _move(self, by: int) -> None:
        names = [field.name for field in form.fields(self._draft.kind)]
        at = names.index(self._chosen) if self._chosen in names else 0
        self.choose(names[(at + by) % len(names)])

    def _write(self, *, focused: bool | None = None) -> None:
        focused = self.has_focus if focused is None else focused
        parts = self._parts(focused)
        start = self._first_shown(parts) if focused else 0
        pieces: list[Any] = ["‹ "] if start else []
        for at, (name, text, said) in enumerate(parts[start:]):
            if at:
                pieces.append(("  " if focused else " · ", "$text-muted"))
            chosen = focused and name == self._chosen
            pieces.append((text, "reverse bold" if chosen else "" if said else "$text-muted"))
        self.say(Content.assemble(*pieces))

    def _parts(self, focused: bool) -> list[tuple[str, str, bool]]:
        draft = self._draft
        if not form.fields(draft.kind):
            of = f" of #{draft.parent} picture {draft.index}" if draft.parent else ""
            return [("kind", f"{KIND_NAMES[draft.kind]}{of}", True)]
        parts: list[tuple[str, str, bool]] = []
        for field in form.fields(draft.kind):
            value = form.value(field, draft, self._request)
            said = value is not None and value != "" and not (field.name == "translate" and not value)
            if said or focused or field.always:
                parts.append((field.name, field.shown(value), said))
        return parts

    def _first_shown(self, parts: list[tuple[str, str, bool]]) -> int:
        """From which setting on to show, so that the chosen one is on the line."""
        names = [name for name, _, _ in parts]
        chosen = names.index(self._chosen) if self._chosen in names else 0
        start = 0
        while start < chosen and sum(len(text) + 2 for _, text, _ in parts[start : chosen + 1]) > self.size.width - 2:
            start += 1
        return start
