"""The Compose pane: the draft, what is to be said about it, and what it will cost."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from mjtui.engine import Job
from mjtui.errors import LibraryError, MjtuiError
from mjtui.prompt.draft import Draft, Finding
from mjtui.tui import form
from mjtui.tui.changes import Changes, Snapshot
from mjtui.tui.focus import focus
from mjtui.tui.later import Later
from mjtui.tui.widgets.about import findings_text, images_text, price_text
from mjtui.tui.widgets.editor import Editor
from mjtui.tui.widgets.form_line import FormLine
from mjtui.tui.widgets.line import Line

if TYPE_CHECKING:
    from mjtui.engine.intent import Preview
    from mjtui.keymap import Keymap
    from mjtui.tui.asking import Ask

SAVE_AFTER: Final = 0.3
"""Seconds after a change until the draft is kept; a process that is killed loses no more."""

PLAN_AFTER: Final = 0.12
"""Seconds without a key until the request is planned and priced."""


class Compose(Vertical):
    """Where the next request is written.

    The draft is kept while it is written and never cleared by anything but the person, and undo brings it back.
    """

    # Said before it is on the screen, what is active at the start need not be styled a second time.
    DEFAULT_CLASSES: ClassVar[str] = "pane -active"

    class Planned(Message):
        """It is known what sending the draft would do."""

    def __init__(self, ask: Ask, draft: Draft | None, keys: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ask = ask
        self._keys = keys
        self._settings = draft or Draft()
        self._changes = Changes(Snapshot(self._settings, len(self._settings.prompt)))
        self._origin: Job | None = None
        self._planning = False
        self.seen: Preview | None = None
        self.trouble: MjtuiError | None = None
        self.keep_later = Later(SAVE_AFTER, self._keep)
        self.plan_later = Later(PLAN_AFTER, self._plan, settle=True)

    def compose(self) -> ComposeResult:
        yield Editor(self._settings.prompt, id="prompt")
        yield Line(id="images")
        yield Line(id="findings")
        yield FormLine(id="form")
        yield Line(id="price")

    def on_mount(self) -> None:
        self.editor = self.query_one("#prompt", Editor)
        self.form_line = self.query_one("#form", FormLine)
        self._images = self.query_one("#images", Line)
        self._findings = self.query_one("#findings", Line)
        self._price = self.query_one("#price", Line)
        self.editor.move_cursor(self.editor.document.end)
        self._show_settings()
        self._plan()
        self._find_parent()

    def on_unmount(self) -> None:
        self.keep_later.cancel()
        self.plan_later.cancel()

    def focus_editor(self) -> None:
        """Put the cursor into the prompt."""
        focus(self.editor)

    # The draft

    @property
    def draft(self) -> Draft:
        """The draft as it stands."""
        return replace(self._settings, prompt=self.editor.text)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is to be said about the draft, the worst first."""
        if self.draft == Draft():
            return ()
        found = self.seen.findings if self.seen else ()
        return tuple(sorted(found, key=lambda finding: ("error", "warning", "info").index(finding.level)))

    def put(self, draft: Draft) -> None:
        """Put another draft in the place of this one; undo brings the old one back."""
        self._note()
        self._settings = draft
        if self.editor.text != draft.prompt:
            self.editor.put(draft.prompt)
        self._changed()

    def undo(self) -> bool:
        """Take the last change back; False where there is none."""
        self._note()
        return self._go_to(self._changes.undo())

    def redo(self) -> bool:
        """Make an undone change again; False where there is none."""
        return self._go_to(self._changes.redo())

    def set_field(self, field: form.Field, word: str | None) -> None:
        """Choose a setting; raises ValueError in words where it is no such value."""
        self.put(form.put(self.draft, field, word))

    def _go_to(self, snapshot: Snapshot | None) -> bool:
        if snapshot is None:
            return False
        self._settings = snapshot.draft
        with self.prevent(TextArea.Changed):
            self.editor.put(snapshot.draft.prompt, snapshot.cursor)
        self._show_settings()
        self.keep_later.ask()
        self.plan_later.ask()
        self._find_parent()
        return True

    def _note(self) -> None:
        self._changes.note(Snapshot(self.draft, self.editor.cursor), time.monotonic())

    def _changed(self) -> None:
        self._note()
        self._show_settings()
        self.keep_later.ask()
        self.plan_later.ask()
        self._find_parent()

    @on(TextArea.Changed)
    def _written(self, event: TextArea.Changed) -> None:
        event.stop()
        self._note()
        self.keep_later.ask()
        self.plan_later.ask()

    @on(FormLine.Stepped)
    def _stepped(self, event: FormLine.Stepped) -> None:
        event.stop()
        self.set_field(event.field, event.word)

    # What is kept and what it would do

    async def keep(self) -> None:
        """Keep the draft now."""
        self.keep_later.cancel()
        draft = self.draft
        await self._ask(lambda engine: engine.keep_draft(draft))

    def _keep(self) -> None:
        self.run_worker(self._keep_or_say, group="keep")

    async def _keep_or_say(self) -> None:
        try:
            await self.keep()
        except LibraryError as error:
            # A full disk may have room again: the next change tries anew.
            self.notify(f"The draft is not kept. {error.sentences()}", severity="error", markup=False)

    def _plan(self) -> None:
        if self._planning:
            self.plan_later.ask()
        else:
            self._planning = True
            self.run_worker(self._look(self.draft), group="plan")

    async def _look(self, draft: Draft) -> None:
        try:
            self.seen = await self._ask(lambda engine: engine.preview(draft))
            self.trouble = None
        except MjtuiError as error:
            self.seen, self.trouble = None, error
        finally:
            self._planning = False
        self._show_settings()
        fix = self._keys.label("draft-fix")
        self._findings.say(findings_text(self.findings, self.trouble, fix=fix))
        self.post_message(self.Planned())

    def _find_parent(self) -> None:
        parent = self._settings.parent
        if parent is None:
            self._origin = None
        elif self._origin is None or self._origin.id != parent:
            self.run_worker(self._read_parent(parent), group="parent")

    async def _read_parent(self, parent: int) -> None:
        jobs = await self._ask(lambda engine: engine.jobs([parent]))
        self._origin = jobs[0] if jobs else None
        self._show_settings()

    def _show_settings(self) -> None:
        draft = self.draft
        fresh = self.seen is not None and self.seen.draft == draft
        request = self.seen.plan.request if self.seen is not None and self.seen.draft.kind == draft.kind else None
        self.form_line.show(draft, request)
        self._images.say(images_text(draft))
        self._images.display = bool(draft.images)
        price: Any = self.seen.price if self.seen is not None else None
        sendable = self.trouble is None and (self.seen is None or self.seen.plan.sendable)
        self._price.say(price_text(draft, price, self._origin, fresh=fresh, sendable=sendable))
