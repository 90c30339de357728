"""The app: the Studio on an engine, and the terminal around it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from rich.text import Text
from textual import events, on
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.binding import BindingType
from textual.signal import Signal

from mjtui.engine import Handle, Status
from mjtui.errors import LibraryError, MjtuiError
from mjtui.terminal import clipboard, title
from mjtui.tui.asking import asker
from mjtui.tui.face import Face
from mjtui.tui.lifecycle import crash, garbage, signals
from mjtui.tui.lifecycle.driver import Driver
from mjtui.tui.lifecycle.order import InOrder
from mjtui.tui.messages import EngineEvents, HangUp
from mjtui.tui.opening import Opening
from mjtui.tui.painting import Painter
from mjtui.tui.ringing import Ringer
from mjtui.tui.screens.studio import Studio
from mjtui.tui.styles import sheets
from mjtui.tui.themes import THEMES, in_terminal_colours
from mjtui.tui.wording import expiring

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

Severity = Literal["information", "warning", "error"]

MOST_PROBLEMS = 5
SECONDS: dict[Severity, float] = {"information": 4, "warning": 6, "error": 12}
"""How long a sentence stays on the screen."""

LAST_WORDS = 1.0
"""Seconds to keep the draft in after a crash."""

log = logging.getLogger(__name__)


class MjtuiApp(App[str], inherit_bindings=False):
    """Holds the Studio; what it returns is a word of farewell."""

    TITLE = "mjtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+c", "how_to_quit")]

    def __init__(self, handle: Handle, opening: Opening, face: Face) -> None:
        own_driver = None if "TEXTUAL_DRIVER" in os.environ else Driver
        super().__init__(driver_class=own_driver, css_path=[str(sheet) for sheet in sheets()], watch_css=False)
        self.animation_level = "none"
        self.handle = handle
        self.ask = asker(handle)
        self.settings = face
        self._opening = opening
        self._painter = Painter()
        self._in_order = InOrder(self, super().on_event)
        self.last_resort = signals.LastResort()
        self._terminal_title = ""
        self._ringer = Ringer(face.notify, self.emit, tmux=face.tmux)
        self._is_up = False
        for theme in (*THEMES, *in_terminal_colours()):
            self.register_theme(theme)
        # What the settings say goes before what was chosen in an earlier sitting.
        wanted = (face.theme, opening.theme, face.usual_theme)
        self.theme = next(name for name in wanted if name in self.available_themes)

    def get_default_screen(self) -> Screen[None]:
        face = self.settings
        self.studio = Studio(self.ask, self._opening, face)
        return self.studio

    def on_mount(self) -> None:
        resumed = cast("Signal[Any]", self.app_resume_signal)  # pyright: ignore[reportUnknownMemberType]
        resumed.subscribe(self, lambda _: self.redraw())

    async def on_ready(self) -> None:
        """The first paint is done: the engine may begin its work, and load what is slow to load."""
        self._is_up = True
        garbage.release()
        signals.listen(self._end)
        self.emit(title.PUSH)
        self.show_title(self._opening.status)
        self.handle.serve()
        self.run_worker(self.carefully(self._look_around()), group="start")

    async def _look_around(self) -> None:
        """Say what is wrong with the settings, and ask for a key where there is none."""
        loaded = await self.ask(lambda engine: engine.loaded())
        problems = [str(problem) for problem in (*loaded.problems, *self.settings.keys.problems)]
        if self.settings.theme is not None and self.settings.theme not in self.available_themes:
            problems.append(f'There is no theme "{self.settings.theme}"; the palette lists those that there are.')
        if problems:
            self.say("\n".join(problems[:MOST_PROBLEMS]), "error")
        if not await self.ask(lambda engine: engine.has_key()):
            await self.enter_key()
        if going := expiring(await self.ask(lambda engine: engine.expiring()), self.settings.now()):
            self.say(f"{going}: {self.settings.keys.label('save-all')} tries to save all now.", "warning")

    # The engine

    @on(EngineEvents)
    def _news(self, event: EngineEvents) -> None:
        self.studio.take_news(event.events)

    async def carefully(self, doing: Awaitable[None]) -> None:
        """Do something, and say in words why it failed where it does."""
        try:
            await doing
        except MjtuiError as error:
            self.say(error.sentences(), "error")

    async def enter_key(self) -> None:
        """Ask for an API key."""
        from mjtui.tui.screens.welcome import Welcome

        where = await self.push_screen_wait(Welcome(self.ask))
        if where is not None:
            self.say(f"The key works; it is kept in {where}.")

    # The terminal

    def say(self, text: str, severity: Severity = "information") -> None:
        """A sentence for the person; the one before it goes, so that they do not pile up."""
        if severity != "error":
            self.clear_notifications()
        self.notify(text, severity=severity, timeout=SECONDS[severity], markup=False)

    def ring(self, text: str) -> None:
        """Tell a person who looks elsewhere what has happened."""
        if not self.app_focus:
            self._ringer.tell(text)

    @on(events.AppFocus)
    async def _back_again(self) -> None:
        self._ringer.seen()
        self.run_worker(self.carefully(self.ask(lambda engine: engine.focused())), group="focus")

    def emit(self, sequence: str) -> None:
        """Send an escape sequence to the terminal, in its turn."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(sequence)
            self._driver.flush()

    def show_title(self, status: Status) -> None:
        """Say in the terminal's title what runs and what needs the person."""
        counts = status.counts
        facts = [(counts.running + counts.submitting, "running"), (counts.unknown, "needs you")]
        text = "  ".join(["mjtui", *(f"{number} {word}" for number, word in facts if number)])
        if text != self._terminal_title:
            self._terminal_title = text
            self.emit(title.set_title(text))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the terminal, and by a local tool where there is a display."""
        try:
            self.emit(clipboard.osc52(text, tmux=self.settings.tmux))
        except MjtuiError as error:
            self.say(error.sentences(), "error")
            return
        self._clipboard = text
        if (tool := clipboard.local_tool(os.environ, shutil.which)) is not None:
            self.run_worker(_feed(tool, text), group="clipboard")

    def copy(self, text: str, what: str) -> None:
        """Copy something, and say so."""
        self.copy_to_clipboard(text)
        self.say(f"Copied {what}.")

    def redraw(self) -> None:
        """Draw the whole screen anew, whatever the terminal shows."""
        self._painter.forget()
        self.refresh(layout=True)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = cast("RenderableType", self._painter.sparse(renderable))
        super()._display(screen, renderable)  # pyright: ignore[reportUnknownMemberType]

    @on(events.Resize)
    def _resized(self) -> None:
        self._painter.forget()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._in_order.take(event)
        else:
            await super().on_event(event)

    # Going

    async def leave(self) -> None:
        """Quit: the draft is kept, and what is not sent yet is asked about."""
        status = self.studio.status
        waiting = status.counts.planned
        if waiting and not self.settings.demo:
            from mjtui.tui.screens.choice import confirm

            what = f"{waiting} job{'s are' if waiting != 1 else ' is'} not sent yet."
            details = f"{what} They stay in Tasks, and are sent only when you say so."
            if not await confirm(self.studio, "Quit?", details, yes="quit", no="stay"):
                return
        try:
            await self.keep()
        except LibraryError as error:
            from mjtui.tui.screens.choice import confirm

            question = "The draft could not be kept. Quit?"
            if not await confirm(self.studio, question, error.sentences(), yes="quit", no="stay"):
                return
        self.exit(farewell(status, demo=self.settings.demo, keep=self.settings.keep))

    async def action_quit(self) -> None:
        self.run_worker(self.carefully(self.leave()), group="commands")

    def action_how_to_quit(self) -> None:
        """Whoever presses ctrl+c wants to leave; it is too near to copying to do it."""
        self.say(f"{self.settings.keys.label('quit') or 'The palette'} quits.")

    async def keep(self) -> None:
        """Keep the draft, and how the screen was left."""
        await self.studio.compose_pane.keep()
        left = self.studio.left()
        await self.ask(lambda engine: engine.remember("studio", left))

    def _end(self, number: int) -> None:
        """A signal asks for the end: keep the draft and go, with or without a terminal."""
        self.last_resort.arm(128 + number)
        self._ending = asyncio.create_task(self._keep_and_exit(128 + number))

    async def _keep_and_exit(self, status: int) -> None:
        with contextlib.suppress(LibraryError):
            await self.keep()
        self.exit(return_code=status)

    @on(HangUp)
    def _hung_up(self) -> None:
        self._end(1)

    async def on_unmount(self) -> None:
        self._ringer.seen()
        self.emit(title.POP)

    def _handle_exception(self, error: Exception) -> None:
        """End with a report; Textual's own would show the values of variables, the API key among them."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()  # pyright: ignore[reportUnknownMemberType]
            self._exit_renderables.append(Text(crash.report(error, self.settings.scratch)))
            if self._is_up:
                self._keep_last_words()
        self._close_messages_no_wait()

    def _keep_last_words(self) -> None:
        """Keep the draft after a crash of the screen; the engine, in its own thread, goes on."""
        draft = self.studio.compose_pane.draft
        try:
            self.handle.ask(lambda engine: engine.keep_draft(draft)).result(timeout=LAST_WORDS)
        except (MjtuiError, TimeoutError):
            log.exception("the draft was not kept")


async def _feed(command: list[str], text: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
    await process.communicate(text.encode())


def farewell(status: Status, *, demo: bool, keep: bool) -> str:
    """What to say to the shell after the screen is gone: what goes on without it."""
    running = status.counts.running + status.counts.submitting
    if demo and not keep:
        return "The demo is over, and its library with it. `mjtui --demo --keep` keeps both."
    if running:
        they = "1 job goes" if running == 1 else f"{running} jobs go"
        if demo:
            return f"{they} on in the demo. Start `mjtui --demo --keep` again to save the pictures."
        return f"{they} on at the service. Start mjtui again, or run `mjtui sync`, to save the pictures."
    return ""
