"""`mjtui fragments`: the library of prompt fragments in the settings folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mjtui import paths
from mjtui.cli.command import Command, Entry, LazyGroup, json_option
from mjtui.cli.output import narrate, print_json, print_table
from mjtui.errors import SettingsError, UsageError
from mjtui.prompt.fragments import Fragment, Variable
from mjtui.terminal.text import clean

if TYPE_CHECKING:
    from mjtui.prompt.fragment_files import Mistake


@click.group(
    cls=LazyGroup,
    sections={
        "Commands": {
            "list": Entry("fragments:list_", "List the fragments."),
            "show": Entry("fragments:show", "Show all that is known of a fragment."),
            "check": Entry("fragments:check_", "Check every fragment and keep its promises to the test."),
        }
    },
)
def fragments() -> None:
    """Pieces of prompts with a name, kept as TOML files: written <name> in a prompt.

    They are in the folder `fragments` beside the settings, made to live in git.
    """


@click.command("list", cls=Command, examples=("mjtui fragments list", "mjtui fragments list --json"))
@json_option
def list_(*, as_json: bool) -> None:
    """List the fragments: how each is written, and what it is for."""
    found, mistakes = _read()
    if as_json:
        print_json([_json(fragment) for fragment in found.values()])
    else:
        print_table([[fragment.usage, fragment.about or fragment.text] for fragment in found.values()], cut=True)
    for mistake in mistakes:
        narrate(str(mistake))


@click.command(cls=Command, examples=("mjtui fragments show noir",))
@click.argument("name")
@json_option
def show(*, name: str, as_json: bool) -> None:
    """Show the text, the parameters and the variables of the fragment NAME."""
    fragment = _read()[0].get(name.strip("<>"))
    if fragment is None:
        raise UsageError(f"There is no fragment {name}.", meaning="", hint="`mjtui fragments list` lists them.")
    if as_json:
        print_json(_json(fragment))
        return
    rows = [["written", fragment.usage], ["text", fragment.text], ["where", fragment.where]]
    if fragment.parameters:
        rows.insert(2, ["parameters", fragment.parameters])
    if fragment.about:
        rows.insert(1, ["about", fragment.about])
    rows += [[f"${variable.name}", _says(variable)] for variable in fragment.variables.values()]
    print_table(rows)


@click.command("check", cls=Command, examples=("mjtui fragments check", "mjtui fragments check --json"))
@json_option
@click.pass_context
def check_(ctx: click.Context, *, as_json: bool) -> None:
    """Check every fragment; ends with 2 where one is wrong or does not keep a promise of its tests.

    Each mistake is named with file and line. JSON: {"fragments", "problems": [{"where", "message"}]}.
    """
    from mjtui.prompt.fragment_files import check

    found, mistakes = _read()
    mistakes = [*mistakes, *check(found)]
    if as_json:
        problems = [{"where": mistake.where, "message": mistake.message} for mistake in mistakes]
        print_json({"fragments": len(found), "problems": problems})
    else:
        for mistake in mistakes:
            click.echo(clean(str(mistake)))
        if not mistakes:
            narrate(f"{len(found)} fragments are fine.")
    ctx.exit(SettingsError.exit_code if mistakes else 0)


def _read() -> tuple[dict[str, Fragment], list[Mistake]]:
    from mjtui.engine.snippets import read_fragments

    return read_fragments(paths.discover().fragments)


def _json(fragment: Fragment) -> dict[str, Any]:
    return {
        "name": fragment.name,
        "text": fragment.text,
        "parameters": fragment.parameters,
        "about": fragment.about,
        "variables": {
            name: {
                "type": variable.type,
                "choices": list(variable.choices),
                "min": variable.least,
                "max": variable.most,
                "default": variable.default,
            }
            for name, variable in fragment.variables.items()
        },
        "where": fragment.where,
    }


def _says(variable: Variable) -> str:
    says: str = variable.type
    if variable.choices:
        says = ", ".join(variable.choices)
    elif variable.least is not None or variable.most is not None:
        says = (
            f"int {'' if variable.least is None else variable.least}..{'' if variable.most is None else variable.most}"
        )
    return says if variable.default is None else f"{says} (usually {variable.default})"
