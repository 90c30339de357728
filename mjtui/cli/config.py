"""`mjtui config`: the settings file, what is in force, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mjtui import paths, settings_file
from mjtui.cli.command import Command, Entry, LazyGroup, json_option
from mjtui.cli.output import narrate, print_json, print_path, print_table
from mjtui.errors import SettingsError, UsageError
from mjtui.terminal.text import clean

if TYPE_CHECKING:
    from mjtui.config import Loaded


@click.group(
    cls=LazyGroup,
    sections={
        "Commands": {
            "init": Entry("config:init", "Write a settings file in which everything is explained."),
            "show": Entry("config:show", "Show every setting and where its value comes from."),
            "validate": Entry("config:validate", "List everything that is wrong with the settings."),
        }
    },
)
def config() -> None:
    """Write, show and check the settings.

    A value comes from the environment, else from the settings file (`mjtui locate settings`), else it is the default.
    """


@click.command(cls=Command, examples=("mjtui config init", "mjtui config init --print > mjtui.toml"))
@click.option("--print", "to_stdout", is_flag=True, help="Print it instead.")
def init(*, to_stdout: bool) -> None:
    """Write a settings file with every setting, its meaning and its default, all commented out; print its path.

    A file that is there is never written over.
    """
    from mjtui.config import template

    if to_stdout:
        click.echo(template(), nl=False)
        return
    path = paths.discover().settings
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(template())
    except FileExistsError:
        raise UsageError(
            f"There is a settings file already: {path}.",
            meaning="It was not changed.",
            hint="`mjtui config init --print` shows the template.",
        ) from None
    print_path(path)


@click.command(
    cls=Command,
    examples=("mjtui config show", "mjtui config show --json | jq '.settings[] | select(.source != \"default\")'"),
)
@json_option
def show(*, as_json: bool) -> None:
    """Show every setting, its value and where that comes from.

    JSON: {"file", "settings": [{"name", "value", "source", "description"}], "keys", "problems": [{"where",
    "message"}]}.
    """
    loaded = _load()
    rows = [(name, _plain(value), source, description) for name, value, source, description in loaded.rows()]
    if as_json:
        print_json(
            {
                "file": str(paths.discover().settings),
                "settings": [
                    {"name": name, "value": value, "source": source, "description": description}
                    for name, value, source, description in rows
                ],
                "keys": loaded.settings.keys,
                "problems": _problems_json(loaded),
            }
        )
        return
    print_table([[name, _text(value), source] for name, value, source, _ in rows])
    for problem in loaded.problems:
        narrate(str(problem))


@click.command(cls=Command, examples=("mjtui config validate", "mjtui config validate --json"))
@json_option
@click.pass_context
def validate(ctx: click.Context, *, as_json: bool) -> None:
    """List everything that is wrong with the settings, with file and line; ends with 2 where anything is.

    JSON: {"problems": [{"where", "message"}]}.
    """
    loaded = _load()
    if as_json:
        print_json({"problems": _problems_json(loaded)})
    else:
        for problem in loaded.problems:
            click.echo(clean(str(problem)))
        if not loaded.problems:
            narrate("the settings are fine.")
    ctx.exit(SettingsError.exit_code if loaded.problems else 0)


def _load() -> Loaded:
    from mjtui.config import load
    from mjtui.keymap import keymap

    file = settings_file.read(paths.discover().settings)
    loaded = load(file)
    loaded.problems += keymap(loaded.settings.keys, file.where).problems
    return loaded


def _problems_json(loaded: Loaded) -> list[dict[str, str]]:
    return [{"where": problem.where, "message": problem.message} for problem in loaded.problems]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)
