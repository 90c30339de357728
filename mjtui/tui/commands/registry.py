"""Every command with its function, which commands are in force where, and what the footer shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mjtui.commands import COMMANDS, Scope
from mjtui.keymap import Keymap
from mjtui.tui.commands import drafting, jobs, window
from mjtui.tui.commands.command import Command, always

_BOUND = drafting.BOUND | jobs.BOUND | window.BOUND

REGISTRY: Final[dict[str, Command]] = {
    entry.id: Command(entry, _BOUND[entry.id][0], _BOUND[entry.id][1] or always) for entry in COMMANDS
}

IN_FORCE: Final[dict[str | None, tuple[Scope, ...]]] = {
    "compose": ("compose", "everywhere"),
    "tasks": ("tasks", "list", "job", "everywhere"),
    "preview": ("preview", "job", "everywhere"),
    "history": ("history", "list", "job", "everywhere"),
    None: ("everywhere",),
}
"""The scopes of a pane, from the nearest to the farthest."""

_ON_JOB = (
    "job-resolve",
    "job-release",
    "job-cancel",
    "job-retry",
    "job-upscale",
    "job-vary",
    "job-recall",
    "job-extend",
)

FOOTER: Final[dict[str | None, tuple[str, ...]]] = {
    "compose": ("send", "draft-fix", "draft-form", "draft-kind", "draft-image", "draft-request", "jump"),
    "tasks": (*_ON_JOB, "job-open", "tasks-filter", "search", "pane-zoom", "jump"),
    "preview": ("preview-large", *_ON_JOB, "job-animate", "pane-zoom", "jump"),
    "history": ("search", *_ON_JOB, "job-open", "pane-zoom", "jump"),
    None: ("jump", "pane-next"),
}
"""What matters in a pane, the most useful first; what cannot act now is left out."""

FOOTER_EVER: Final = ("send",)
"""Shown in its pane whether it can act or not: what the pane is for."""

FOOTER_ALWAYS: Final = ("help", "palette", "quit")


class Dispatch:
    """Finds the command of a key."""

    def __init__(self, keys: Keymap) -> None:
        self.keys = keys
        self._by_key: dict[str, list[Command]] = {}
        for command in REGISTRY.values():
            for key in keys.keys[command.entry.id]:
                self._by_key.setdefault(key, []).append(command)

    def all_keys(self) -> list[str]:
        return list(self._by_key)

    def find(self, key: str, scopes: Sequence[Scope]) -> Command | None:
        """The command of a key in the nearest of these scopes."""
        here = [command for command in self._by_key.get(key, ()) if command.entry.scope in scopes]
        return min(here, key=lambda command: scopes.index(command.entry.scope), default=None)

    def elsewhere(self, key: str) -> Command | None:
        """The command that a key has in some other pane."""
        return next(iter(self._by_key.get(key, ())), None)

    def here(self, scopes: Sequence[Scope]) -> list[Command]:
        """The commands of these scopes, in their order."""
        return [command for scope in scopes for command in REGISTRY.values() if command.entry.scope == scope]
