"""`mjtui credits` and `mjtui key`: the account at the service."""

from __future__ import annotations

import os
import sys

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.output import narrate, print_json, print_table
from mjtui.cli.session import Session
from mjtui.errors import UsageError
from mjtui.secret import VARIABLE


@click.command("credits", cls=Command, examples=("mjtui credits", "mjtui credits --prices", "mjtui credits --json"))
@click.option("--prices", is_flag=True, help="Also print what each kind of job costs.")
@json_option
def credits_left(*, prices: bool, as_json: bool) -> None:
    """Print the credits left at the service.

    With --prices also what each kind of job costs, and where that is known from: the settings, or the balance before
    and after jobs. JSON: {"credits", "spent_today", "budget", "prices": {key: {"credits", "listed", "source"}}}; the
    budget is credits a day, null where there is none.
    """
    with Session() as session:
        session.mention_settings()
        left = session.ask(lambda engine: engine.credits())
        status = session.ask(lambda engine: engine.status())
        known = session.ask(lambda engine: engine.prices())
    if as_json:
        table = {line.key: {"credits": line.credits, "listed": line.listed, "source": line.source} for line in known}
        print_json({"credits": left, "spent_today": status.spent_today, "budget": status.budget, "prices": table})
        return
    click.echo(f"{left:g}")
    if prices:
        print_table([[line.key, f"{line.credits:g}", line.source] for line in known])


@click.command(cls=Command, examples=("mjtui key", "pass show kie | mjtui key"))
@json_option
def key(*, as_json: bool) -> None:
    """Enter the API key: typed unseen, or read from stdin.

    It is tried against the service, then kept by the system's keyring where there is one, else in a file that only you
    can read. JSON: {"kept_in"}.
    """
    if sys.stdin.isatty():
        entered: str = click.prompt("API key", hide_input=True, err=True)
    else:
        entered = sys.stdin.readline()
    if not entered.strip():
        raise UsageError("No key was given.", meaning="Nothing was changed.", hint="Copy it from kie.ai/api-key.")
    with Session() as session:
        session.mention_settings()
        where = session.ask(lambda engine: engine.enter_key(entered))
    if as_json:
        print_json({"kept_in": where})
    narrate(f"the key works, and is kept in {where}.")
    if os.environ.get(VARIABLE, "").strip():
        narrate(f"{VARIABLE} is set and wins over it.")
