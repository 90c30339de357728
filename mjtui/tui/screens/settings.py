"""The settings with where each one came from, and the way to the file that they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mjtui.terminal.text import clean, fit_cells
from mjtui.tui import external
from mjtui.tui.screens.menu import Menu, Row

if TYPE_CHECKING:
    from mjtui.settings_file import Problem
    from mjtui.tui.screens.studio import Studio

NAME_WIDTH = 22
VALUE_WIDTH = 34
MOST_PROBLEMS = 5


async def show_settings(studio: Studio) -> None:
    """List the settings; the chosen one is edited in the file, with the person's own editor."""
    loaded = await studio.ask(lambda engine: engine.loaded())
    rows = [row(*found) for found in loaded.rows()]
    chosen = await studio.home.push_screen_wait(
        Menu("Settings", rows, "type to find, enter edits the file, esc closes")
    )
    if chosen is None:
        return
    path = await studio.ask(lambda engine: engine.settings_path())
    before = path.read_bytes()
    external.open_file(studio.home, path, word=chosen.rpartition(".")[2])
    if path.read_bytes() == before:
        studio.say("Nothing was changed.")
        return
    problems = await studio.ask(lambda engine: engine.settings_problems())
    studio.say(*verdict(problems))


def row(name: str, value: Any, source: str, description: str) -> Row:
    """A setting as a row: where it came from in a word, its name and its value."""
    section, _, key = name.partition(".")
    where = {"default": "", "command line": "flag"}.get(source, "env" if source.startswith("environment ") else "file")
    said = "not set" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)
    title = f"{key:<{NAME_WIDTH}}{fit_cells(clean(said), VALUE_WIDTH)}"
    about = f"{name}: {description} · " + ("the default" if source == "default" else f"from {clean(source)}")
    return Row(name, title, where, about, section)


def verdict(problems: list[Problem]) -> tuple[str, str]:
    """What to say after the file was edited, and how urgent it is."""
    if problems:
        return "\n".join(str(problem) for problem in problems[:MOST_PROBLEMS]), "error"
    return "The settings are written; they count from the next start of mjtui on.", "information"
