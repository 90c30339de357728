"""`mjtui export` and `mjtui import`: jobs out of the library and into it, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.output import narrate, print_json
from mjtui.cli.session import Session
from mjtui.errors import UsageError

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine


@click.command(
    cls=Command,
    examples=("mjtui export > jobs.jsonl", "mjtui export 'rating>=4' | ssh other mjtui import -"),
)
@click.argument("query", nargs=-1)
def export(*, query: tuple[str, ...]) -> None:
    """Write all jobs, or those that QUERY finds, to stdout: one JSON object a line, oldest first.

    `mjtui import` reads them; the pictures' files stay where they are. QUERY is as in `mjtui search`.
    """
    line = " ".join(query) + " " if query else None

    async def write(engine: Engine) -> int:
        count = 0
        async for record in engine.library.export(line):
            print_json(record, line=True)
            count += 1
        return count

    with Session(work=False) as session:
        count = session.ask(write)
    narrate(f"{count} jobs written.")


@click.command("import", cls=Command, examples=("mjtui import jobs.jsonl", "ssh other mjtui export | mjtui import -"))
@click.argument("file", type=click.File(encoding="utf-8"))
@json_option
def import_(*, file: Iterable[str], as_json: bool) -> None:
    """Add the jobs in FILE (“-” for stdin), as `mjtui export` writes them.

    Jobs that are here already stay as they are, and nothing that is imported is sent. JSON: {"imported"}.
    """
    with Session(work=False) as session:
        count = session.ask(lambda engine: engine.library.import_jobs(_records(file)))
    if as_json:
        print_json({"imported": count})
    narrate(f"{count} jobs were new and are in the library now.")


def _records(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise UsageError(f"Line {number} is not JSON: {error}.", meaning="", hint="") from error
        if not isinstance(record, dict):
            raise UsageError(f"Line {number} is no JSON object.", meaning="")
        yield cast("dict[str, Any]", record)
