"""What all commands share: examples in the help, and errors as JSON where JSON was asked for."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click

from mjtui.errors import MjtuiError


class Entry(NamedTuple):
    """Where a command is, as `module:name` within this package, and what the list of commands says about it."""

    place: str
    summary: str


class Command(click.Command):
    """A command whose help ends with examples; with --json its errors are a JSON object on stdout as well."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MjtuiError as error:
            if ctx.params.get("as_json") or ctx.params.get("as_jsonl"):
                from mjtui.cli.failures import error_json
                from mjtui.cli.output import print_json

                print_json(error_json(error), line=bool(ctx.params.get("as_jsonl")))
            raise


class LazyGroup(click.Group):
    """A group that imports a command when it is run, and none to list them.

    `sections` maps a heading to the commands under it, by name.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Mapping[str, Entry]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        self._entries = {name: entry for section in sections.values() for name, entry in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.place.partition(":")
        return getattr(importlib.import_module(f"mjtui.cli.{module}"), name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self._entries and not name.startswith("-"):
            near = difflib.get_close_matches(name, self._entries, 1)
            guess = f"Did you mean “{near[0]}”?" if near else "`mjtui --help` lists them."
            raise click.UsageError(f"There is no command “{name}”. {guess}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, entries in self.sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name, entry.summary) for name, entry in entries.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(f"`{ctx.command_path} COMMAND --help` explains a command, with examples.")


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
