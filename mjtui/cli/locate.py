"""`mjtui locate`: where things are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from mjtui import paths, settings_file
from mjtui.cli.command import Command, json_option
from mjtui.cli.output import print_json, print_path, print_table
from mjtui.paths import Paths


def _pictures(found: Paths) -> Path:
    written = settings_file.find("pictures.folder", settings_file.read(found.settings))
    return Path(str(written.value)).expanduser() if written and written.value else found.pictures


PLACES: dict[str, Callable[[Paths], Path]] = {
    "config": lambda found: found.config,
    "data": lambda found: found.data,
    "state": lambda found: found.state,
    "cache": lambda found: found.cache,
    "logs": lambda found: found.logs,
    "pictures": _pictures,
    "settings": lambda found: found.settings,
    "key": lambda found: found.key,
    "library": lambda found: found.library,
    "thumbnails": lambda found: found.thumbnails,
    "log": lambda found: found.log,
}


@click.command(
    cls=Command, examples=('cd "$(mjtui locate pictures)"', '$EDITOR "$(mjtui locate settings)"', "mjtui locate")
)
@click.argument("what", type=click.Choice(list(PLACES)), required=False)
@json_option
def locate(*, what: str | None, as_json: bool) -> None:
    """Print where WHAT is kept, as a bare path; without WHAT, all of them by name.

    The path is printed whether or not anything is there yet. JSON: {name: path}.
    """
    found = paths.discover()
    if as_json:
        print_json({name: str(place(found)) for name, place in PLACES.items() if what in (None, name)})
    elif what is not None:
        print_path(PLACES[what](found))
    else:
        print_table([[name, str(place(found))] for name, place in PLACES.items()])
