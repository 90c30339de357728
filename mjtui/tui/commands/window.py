"""The commands of the screen itself: going about, finding commands, coming and going."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjtui.tui.commands.command import Reason, Run
from mjtui.tui.screens import layout
from mjtui.tui.widgets.header import PANES
from mjtui.tui.widgets.job_list import JobList

if TYPE_CHECKING:
    from mjtui.tui.screens.menu import Menu
    from mjtui.tui.screens.studio import Studio


def go_to(pane: str) -> Run:
    """The command that goes to a pane."""

    def run(studio: Studio) -> None:
        studio.show_pane(pane)

    return run


def next_pane(studio: Studio) -> None:
    studio.step_pane(1)


def previous_pane(studio: Studio) -> None:
    studio.step_pane(-1)


def zoom(studio: Studio) -> None:
    studio.zoom(not studio.zoomed)


def resize(*, width: int = 0, height: int = 0) -> Run:
    """The command that makes the active pane larger or smaller."""

    def run(studio: Studio) -> None:
        layout.change(studio, width=width, height=height)

    return run


def usual_sizes(studio: Studio) -> None:
    studio.shares = layout.Shares()
    layout.arrange(studio)


def one_pane(studio: Studio) -> str | None:
    return "One pane has the whole screen: there is none beside it." if studio.alone else None


def not_zoomed(studio: Studio) -> str | None:
    return None if studio.zoomed else "Nothing is open to go back from."


def back(studio: Studio) -> None:
    studio.zoom(False)


def search(studio: Studio) -> None:
    studio.show_pane("history")
    studio.history.action_search()


def filter_tasks(studio: Studio) -> None:
    studio.tasks.next_filter()


def step_found(by: int) -> Run:
    """The command that goes through what the search line finds, whatever pane has the focus."""

    def run(studio: Studio) -> None:
        rows = studio.history.list
        before = rows.cursor
        rows.move_to(before + by)
        if rows.cursor == before:
            studio.say("That is the last one." if by > 0 else "That is the first one.")

    return run


def nothing_found(studio: Studio) -> str | None:
    return None if studio.history.selected is not None else "The history has no job to go to."


def large(studio: Studio) -> None:
    studio.preview.large = not studio.preview.large


def next_picture(studio: Studio) -> None:
    studio.preview.action_next_picture()


def previous_picture(studio: Studio) -> None:
    studio.preview.action_previous_picture()


def no_pictures(studio: Studio) -> str | None:
    if studio.job is not None and studio.job.pictures:
        return None
    return "There are no pictures to look at yet."


async def jump(studio: Studio) -> None:
    from mjtui.tui.screens.jump import Jump

    pane = await studio.home.push_screen_wait(Jump(studio.places()))
    if pane is not None:
        studio.go(pane)


async def help_(studio: Studio) -> None:
    from mjtui.tui.commands import listing
    from mjtui.tui.screens.menu import Menu

    await _run_chosen(studio, Menu("Help", listing.help_rows(studio), "type to find, enter runs it, esc closes"))


async def palette(studio: Studio) -> None:
    from mjtui.tui.commands import listing
    from mjtui.tui.screens.menu import Menu

    await _run_chosen(studio, Menu("Commands", listing.palette_rows(studio), "type to find, enter runs it, esc closes"))


async def _run_chosen(studio: Studio, menu: Menu) -> None:
    command = await studio.home.push_screen_wait(menu)
    if command is not None:
        studio.perform(command)


async def theme(studio: Studio) -> None:
    from mjtui.tui import themes
    from mjtui.tui.screens.menu import Menu, Row

    before = studio.home.theme
    names = sorted(studio.home.available_themes, key=lambda name: (not name.startswith("mjtui"), name))
    rows = [Row(name, name, "", themes.about(studio.home.available_themes[name])) for name in names]

    def show(name: str) -> None:
        studio.home.theme = name

    chosen = await studio.home.push_screen_wait(Menu("Theme", rows, "enter keeps it, esc goes back", show, before))
    studio.home.theme = chosen or before
    if chosen is not None:
        await studio.ask(lambda engine: engine.remember("theme", chosen))


async def settings(studio: Studio) -> None:
    from mjtui.tui.screens.settings import show_settings

    await show_settings(studio)


async def enter_key(studio: Studio) -> None:
    await studio.home.enter_key()


def redraw(studio: Studio) -> None:
    studio.home.redraw()


def suspend(studio: Studio) -> None:
    studio.home.action_suspend_process()


async def quit_(studio: Studio) -> None:
    await studio.home.leave()


def on_list(action: str) -> Run:
    """The command that does something with the list that has the focus."""

    def run(studio: Studio) -> None:
        if isinstance(studio.focused, JobList):
            getattr(studio.focused, f"action_{action}")()

    return run


def no_list(studio: Studio) -> str | None:
    return None if isinstance(studio.focused, JobList) else "This works in a list: go to Tasks or History."


BOUND: dict[str, tuple[Run, Reason | None]] = {
    "preview-large": (large, no_pictures),
    "picture-next": (next_picture, no_pictures),
    "picture-previous": (previous_picture, no_pictures),
    "search": (search, None),
    **{f"pane-{pane}": (go_to(pane), None) for pane in PANES},
    "pane-next": (next_pane, None),
    "pane-previous": (previous_pane, None),
    "pane-zoom": (zoom, None),
    "pane-wider": (resize(width=1), one_pane),
    "pane-narrower": (resize(width=-1), one_pane),
    "pane-taller": (resize(height=1), one_pane),
    "pane-lower": (resize(height=-1), one_pane),
    "pane-reset": (usual_sizes, one_pane),
    "back": (back, not_zoomed),
    "jump": (jump, None),
    "help": (help_, None),
    "palette": (palette, None),
    "settings": (settings, None),
    "theme": (theme, None),
    "key": (enter_key, None),
    "redraw": (redraw, None),
    "suspend": (suspend, None),
    "quit": (quit_, None),
    "job-next": (step_found(1), nothing_found),
    "job-previous": (step_found(-1), nothing_found),
    "tasks-filter": (filter_tasks, None),
    "list-down": (on_list("cursor_down"), no_list),
    "list-up": (on_list("cursor_up"), no_list),
    "list-top": (on_list("home"), no_list),
    "list-bottom": (on_list("end"), no_list),
    "list-half-down": (on_list("half_page_down"), no_list),
    "list-half-up": (on_list("half_page_up"), no_list),
}
