"""What goes to stdout (data) and to stderr (narration)."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from mjtui.terminal.text import cell_width, clean, fit_cells


def narrate(text: str) -> None:
    """Say something to the person."""
    click.echo(f"mjtui: {clean(text)}", err=True)


def print_json(value: Any, *, line: bool = False) -> None:
    """Print a value as JSON, indented or on one line.

    Everything beyond ASCII is escaped, so that no prompt can move a cursor or turn the writing direction.
    """
    click.echo(json.dumps(value, indent=None if line else 2))


def print_list(values: Iterable[Any], *, lines: bool) -> None:
    """Print JSON values as one array, or each on a line of its own."""
    if lines:
        for value in values:
            print_json(value, line=True)
    else:
        print_json(list(values))


def print_path(path: str | Path) -> None:
    """Print a path bare, byte for byte, as `cd "$(…)"` needs it."""
    click.echo(os.fsencode(path))


def print_table(rows: Sequence[Sequence[str]], *, cut: bool = False) -> None:
    """Print rows: in columns on a terminal, with `cut` each on one line; elsewhere whole, cells between tabs."""
    rows = [[clean(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    widths = [max((cell_width(cell) for cell in column), default=0) for column in zip(*rows, strict=True)]
    room = shutil.get_terminal_size().columns - sum(width + 2 for width in widths[:-1])
    for *cells, last in rows:
        padded = [cell + " " * (width - cell_width(cell)) for cell, width in zip(cells, widths, strict=False)]
        click.echo("  ".join([*padded, fit_cells(last, max(10, room)) if cut else last]).rstrip())


class Progress:
    """A line on stderr that is written over and over; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._shown = False

    def show(self, text: str) -> None:
        if self._on:
            width = shutil.get_terminal_size().columns - 1
            click.echo(f"\r{fit_cells(text, width)}\x1b[K", err=True, nl=False)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._shown = False
