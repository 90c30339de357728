"""The commands as rows of the help and the palette, and as the words of the footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mjtui.commands import SCOPE_NAMES, Scope
from mjtui.tui.commands.command import Command
from mjtui.tui.commands.registry import FOOTER, FOOTER_ALWAYS, FOOTER_EVER, REGISTRY

if TYPE_CHECKING:
    from mjtui.tui.screens.menu import Row
    from mjtui.tui.screens.studio import Studio

Item = tuple[str, str, str]

WHERE: Final[dict[Scope, str]] = {
    "everywhere": "works everywhere",
    "compose": "works in Compose",
    "job": "works on a job: go to Tasks, Preview or History",
    "list": "works in a list: go to Tasks or History",
    "tasks": "works in Tasks",
    "preview": "works in Preview",
    "history": "works in History",
}


def where(scope: Scope) -> str:
    """Where the commands of a scope work, as the end of a sentence."""
    return WHERE[scope]


def footer(studio: Studio, pane: str | None) -> tuple[list[Item], list[Item]]:
    """What the footer shows: the commands that can act in this pane, and those that are always there."""
    here = [REGISTRY[name] for name in FOOTER[pane]]
    able = [command for command in here if command.entry.id in FOOTER_EVER or command.available(studio) is None]
    return _items(studio, able), _items(studio, [REGISTRY[name] for name in FOOTER_ALWAYS])


def _items(studio: Studio, commands: list[Command]) -> list[Item]:
    found: list[Item] = []
    for command in commands:
        # Where text is typed a key that is a character would only write itself.
        keys = studio.usable_keys(command.entry.id)
        if keys:
            found.append((command.entry.id, keys[0], command.entry.short))
    return found


def help_rows(studio: Studio) -> list[Row]:
    """Everything that applies where the focus is, the nearest first."""
    return [_row(studio, command, SCOPE_NAMES[command.entry.scope]) for command in studio.commands_here()]


def palette_rows(studio: Studio) -> list[Row]:
    """Every command; those that can act now come first."""
    rows = [_row(studio, command, "") for command in REGISTRY.values() if command.entry.scope != "list"]
    return sorted(rows, key=lambda row: row.reason is not None)


def _row(studio: Studio, command: Command, section: str) -> Row:
    from mjtui.tui.screens.menu import Row

    entry = command.entry
    return Row(entry.id, entry.title, studio.keys.labels(entry.id), entry.help, section, command.available(studio))
