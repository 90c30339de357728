"""The Studio: Compose, Tasks, Preview and History, side by side or one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from mjtui.commands import Scope
from mjtui.engine import EngineEvent, Job, Notice, Picture, Status
from mjtui.keymap import label, printable
from mjtui.tui.commands import listing
from mjtui.tui.commands.command import Command
from mjtui.tui.commands.registry import IN_FORCE, REGISTRY, Dispatch
from mjtui.tui.feed import Feed
from mjtui.tui.focus import focus
from mjtui.tui.messages import JobOpened, JobSelected, PictureSelected
from mjtui.tui.opening import PAGE, Opening
from mjtui.tui.screens import layout
from mjtui.tui.screens.jump import Place
from mjtui.tui.widgets.compose import Compose
from mjtui.tui.widgets.footer import Footer
from mjtui.tui.widgets.form_line import FormLine
from mjtui.tui.widgets.header import PANES, Header
from mjtui.tui.widgets.history import History
from mjtui.tui.widgets.preview import Preview
from mjtui.tui.widgets.tasks import Tasks

if TYPE_CHECKING:
    from mjtui.media.pixels import Pixels
    from mjtui.tui.app import MjtuiApp
    from mjtui.tui.asking import Ask
    from mjtui.tui.face import Face

TOO_SMALL: Final = "mjtui needs 60 columns and 15 lines.\nEverything is kept: make the window larger."


class Studio(Screen[None]):
    """Four panes and what moves between them; what is done is in the commands, what is shown in the panes."""

    def __init__(self, ask: Ask, opening: Opening, face: Face) -> None:
        super().__init__(id="studio")
        self.ask = ask
        self.keys = face.keys
        self.status = opening.status
        self.job: Job | None = None
        self.sent: set[int] = set()
        self.active = "compose"
        self.zoomed = False
        self.shares = layout.shares(opening.left.get("shares"))
        self._opening = opening
        self._first_page: list[Job] | None = opening.history
        self._dispatch = Dispatch(face.keys)
        self._feed = Feed(self)
        self.header = Header(demo=face.demo, id="header")
        self.compose_pane = Compose(ask, opening.draft, face.keys, id="compose")
        left = [job.id for job in opening.tasks if job.state == "planned"]
        self.tasks = Tasks(now=face.now, label=face.keys.label, left=left, id="tasks")
        self.preview = Preview(self._pixels, face.pictures, number=3, now=face.now, id="preview")
        self.history = History(self._page, now=face.now, id="history")
        self.footer = Footer(id="footer")
        for key in self._dispatch.all_keys():
            self._bindings.bind(key, f"press({key!r})", show=False, priority=True)

    @property
    def home(self) -> MjtuiApp:
        """The app, by its own type."""
        return cast("MjtuiApp", self.app)  # pyright: ignore[reportUnknownMemberType]

    @property
    def index(self) -> int:
        """The chosen picture of the job that is shown, from 1."""
        return self.preview.selected_index

    def compose(self) -> ComposeResult:
        yield self.header
        with Horizontal(id="panes"):
            with Vertical(classes="column -active"):
                yield self.compose_pane
                yield self.history
            with Vertical(classes="column"):
                yield self.tasks
                yield self.preview
        yield Static(TOO_SMALL, id="too-small", markup=False)
        yield self.footer

    def on_mount(self) -> None:
        for number, pane in enumerate(PANES, 1):
            widget = self.query_one(f"#{pane}")
            if pane in ("compose", "history"):
                widget.border_title = f"{number} {pane.capitalize()}"
        self._arrange()
        self.show_rows(self._opening.tasks, self._opening.expected, [])
        self.show_status(self._opening.status)
        self._as_left(self._opening.left)

    def _as_left(self, left: dict[str, Any]) -> None:
        """Show what the person looked at in the last sitting, and go on with the draft.

        The pane that had the focus does not get it back: letters typed at once would be commands there.
        """
        known = {job.id: job for job in (*self._opening.tasks, *self._opening.history)}
        if (job := known.get(left.get("job", 0))) is not None:
            self.show_job(job)
            self.tasks.select(job.id)
            self.history.select_when_read(job.id)
        self.show_pane("compose")

    def left(self) -> dict[str, Any]:
        """What is remembered of the screen until the next sitting."""
        return {"job": self.job.id if self.job else None, "shares": self.shares.to_json()}

    def on_unmount(self) -> None:
        self._feed.stop()

    # Panes

    @property
    def alone(self) -> bool:
        """True while one pane has the screen to itself."""
        return self.zoomed or self.home.size.width < layout.SIDE_BY_SIDE

    def show_pane(self, pane: str) -> None:
        """Bring a pane to the front and put the focus into it."""
        self._activate(pane)
        focus(self._focus_of(pane))

    def step_pane(self, by: int) -> None:
        """Go on to the next pane, or back."""
        self.show_pane(PANES[(PANES.index(self.active) + by) % len(PANES)])

    def zoom(self, zoomed: bool) -> None:
        """Give the whole screen to the active pane, or take it back."""
        self.zoomed = zoomed
        self._arrange()

    def go(self, place: str) -> None:
        """Go to a place of jump mode."""
        widget = self.query_one(f"#{place}")
        self._activate(self._pane_of(widget) or self.active)
        focus(widget if widget.can_focus else self._focus_of(place))

    def places(self) -> list[Place]:
        """Where jump mode can go: everything that takes the focus and is on the screen, and tabs that are not."""
        found: list[Place] = []
        for pane in PANES:
            widget = self.query_one(f"#{pane}")
            if widget.region.area and widget.display:
                found.append(Place(pane, widget.region.offset + Offset(2, 0)))
        form = self.compose_pane.form_line
        if form.region.area:
            found.append(Place("form", form.region.offset))
        return found

    def _focus_of(self, pane: str) -> Widget:
        return {
            "compose": self.compose_pane.editor,
            "tasks": self.tasks,
            "preview": self.preview,
            "history": self.history.list,
        }[pane]

    def _pane_of(self, widget: Widget | None) -> str | None:
        ancestors = widget.ancestors_with_self if widget is not None else ()
        return next((node.id for node in ancestors if node.id in PANES), None)

    def _activate(self, pane: str) -> None:
        if pane != self.active:
            self.active = pane
            self._arrange()

    def _arrange(self) -> None:
        layout.arrange(self)
        self.header.show_tabs(self.active if self.alone else None)
        if self.focused is None and not self.has_class("-tiny"):
            # What is hidden loses the focus: it comes back with the pane.
            self.call_after_refresh(self._focus_of(self.active).focus)
        self.show_keys()

    def on_resize(self) -> None:
        self._arrange()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if (pane := self._pane_of(event.widget)) is not None:
            self._activate(pane)
        self.show_keys()

    # Keys

    def scopes(self) -> tuple[Scope, ...]:
        """The scopes that are in force where the focus is, from the nearest on."""
        if isinstance(self.focused, Input):
            return IN_FORCE[None]
        return IN_FORCE[self._pane_of(self.focused)]

    @property
    def typing(self) -> bool:
        """True where a key that is a character writes itself."""
        return isinstance(self.focused, Input | TextArea)

    def action_press(self, key: str) -> None:
        """Do what a key stands for here, or leave it to whatever has the focus."""
        command = self._dispatch.find(key, self.scopes())
        if command is None or (printable(key) and self.typing):
            raise SkipAction
        self.perform(command.entry.id)

    def on_key(self, event: events.Key) -> None:
        """Keys that nothing below took: those that write characters elsewhere, and those of another pane."""
        if (command := self._dispatch.find(event.key, self.scopes())) is not None:
            self.perform(command.entry.id)
        elif (command := self._dispatch.elsewhere(event.key)) is not None and not self.typing:
            self.say(f"{label(event.key)}: {command.entry.title} {listing.where(command.entry.scope)}.", "warning")
        else:
            return
        event.stop()
        event.prevent_default()

    def perform(self, command_id: str) -> None:
        """Run a command, or say why it cannot act now."""
        command = REGISTRY[command_id]
        if (reason := command.available(self)) is not None:
            self.say(reason, "warning")
            return
        doing = command.run(self)
        if doing is not None:
            self.run_worker(self.home.carefully(doing), group="commands")
        self.show_keys()

    def show_keys(self) -> None:
        """Show in the footer what matters here and now."""
        if self.is_mounted:
            self.footer.show(*listing.footer(self, self._pane_of(self.focused)))

    def usable_keys(self, command_id: str) -> list[str]:
        """The keys of a command that act where the focus is, as they are shown."""
        return [label(key) for key in self.keys.keys[command_id] if not (self.typing and printable(key))]

    def commands_here(self) -> list[Command]:
        return self._dispatch.here(self.scopes())

    @on(Footer.Clicked)
    def _footer_clicked(self, event: Footer.Clicked) -> None:
        self.perform(event.command)

    @on(Header.TabChosen)
    def _tab_chosen(self, event: Header.TabChosen) -> None:
        self.show_pane(event.pane)

    @on(FormLine.Asked)
    def _field_asked(self, event: FormLine.Asked) -> None:
        from mjtui.tui.commands.drafting import change_field

        self.run_worker(self.home.carefully(change_field(self, event.field)), group="commands")

    @on(Compose.Planned)
    def _planned(self) -> None:
        self.show_keys()

    # Jobs

    def show_job(self, job: Job | None, index: int | None = None) -> None:
        """Show a job in the preview; the commands on jobs work on it."""
        self.job = job
        self.preview.show(job, index)
        self.show_keys()

    def choose_picture(self, index: int) -> None:
        """Choose a picture of the job that is shown."""
        self.preview.action_select_picture(index)

    def went_out(self, job: Job) -> None:
        """A job was sent from here: it is shown unless pictures are looked at, and again as soon as it is done."""
        self.sent.add(job.id)
        if self.job is None or not self.job.pictures:
            self.show_job(job)

    def show_rows(self, tasks: list[Job], expected: dict[int, float], watched: list[Job]) -> None:
        """Show fresh rows: the tasks, and those jobs that are shown or were sent from here."""
        self.tasks.show(tasks, expected)
        self.history.refresh_rows()
        for job in watched:
            if self.job is not None and job.id == self.job.id:
                self.show_job(job)
            if job.id in self.sent and job.pictures:
                self.sent.discard(job.id)
                # Whoever goes through a list or looks at pictures is not pulled away from there.
                if self.active == "compose":
                    self.show_job(job)
                    self.tasks.select(job.id)

    @on(JobSelected)
    def _job_selected(self, event: JobSelected) -> None:
        self.show_job(event.job)

    @on(PictureSelected)
    def _picture_selected(self) -> None:
        self.show_keys()

    @on(JobOpened)
    def _job_opened(self, event: JobOpened) -> None:
        self.show_job(event.job)
        self.perform("job-open")

    async def _page(self, query: str, before: int | None) -> list[Job]:
        if self._first_page is not None and not query and before is None:
            page, self._first_page = self._first_page, None
            return page
        return await self.ask(lambda engine: engine.history(query, before=before, limit=PAGE))

    async def _pixels(self, picture: Picture, width: int, height: int) -> Pixels:
        return await self.ask(lambda engine: engine.pixels(picture, width=width, height=height))

    # News

    def take_news(self, events: tuple[EngineEvent, ...]) -> None:
        """Show what the engine tells."""
        self._feed.take(events)

    def show_status(self, status: Status) -> None:
        """Show the line of numbers, and in the terminal's title what runs and what needs the person."""
        self.status = status
        self.header.show(status)
        self.home.show_title(status)

    def show_notice(self, notice: Notice) -> None:
        """Say what the engine has to say."""
        self.say(notice.text, "information" if notice.level == "info" else notice.level)
        self.home.ring(notice.text)

    def say(self, text: str, severity: Any = "information") -> None:
        """A sentence for the person, for a few seconds."""
        self.home.say(text, severity)
