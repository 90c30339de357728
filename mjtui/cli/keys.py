"""`mjtui keys`: the keys of the workstation, as they are in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import click

from mjtui import paths, settings_file
from mjtui.cli.command import Command, json_option
from mjtui.cli.output import narrate, print_json, print_table
from mjtui.commands import COMMANDS, SCOPE_NAMES
from mjtui.keymap import keymap


@click.command(cls=Command, examples=("mjtui keys", "mjtui keys --json | jq -r '.[] | select(.keys == []).id'"))
@json_option
def keys(*, as_json: bool) -> None:
    """List the commands of the workstation with their keys, your own choices from the settings included.

    Columns: id, keys, where they are in force, title. JSON: a list of {"id", "scope", "title", "keys", "help"}.
    """
    file = settings_file.read(paths.discover().settings)
    chosen: Any = file.tables.get("keys")
    current = keymap(cast("Mapping[str, Any]", chosen) if isinstance(chosen, dict) else None, file.where)
    if as_json:
        print_json(
            [
                {
                    "id": entry.id,
                    "scope": entry.scope,
                    "title": entry.title,
                    "keys": list(current.keys[entry.id]),
                    "help": entry.help,
                }
                for entry in COMMANDS
            ]
        )
    else:
        print_table(
            [[entry.id, current.labels(entry.id) or "-", SCOPE_NAMES[entry.scope], entry.title] for entry in COMMANDS]
        )
    for problem in [*file.problems, *current.problems]:
        narrate(str(problem))
