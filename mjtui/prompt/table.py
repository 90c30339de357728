"""Drafts from a file: one prompt a line (txt), one object a line (jsonl), or a table with columns (csv).

column                                      what it is
------------------------------------------  -----------------------------------------------------
prompt                                      the prompt, where no template makes it
kind, image(s), speed, ar, v, stylize, …    a field of the draft (`COLUMNS`)
tags                                        tags for the job, between commas or blanks
any other                                   for a template: `a $animal in ${place}`
"""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

from mjtui.prompt.cells import BadCell, Fields, read_cells
from mjtui.prompt.draft import Draft, Finding
from mjtui.prompt.fragments import blanks, fill

Format = Literal["csv", "jsonl", "txt"]
FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".txt": "txt",
}


class TableError(ValueError):
    """A file that cannot be read as a whole, as a sentence."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A draft of a file, the tags for its job, the line it comes from, and what is wrong with it."""

    draft: Draft
    tags: tuple[str, ...] = ()
    line: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and what is to be said about the file as a whole."""

    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()


class _Cells(NamedTuple):
    line: int
    values: dict[str, Any]


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, with or without a mark at its start. Raises TableError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("It is UTF-16 text: save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(f"Line {line} is no UTF-8 text: save the file as UTF-8.") from error


def guess_format(text: str) -> Format:
    """What a text without a name is: jsonl where its first line is an object, else a prompt a line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return "jsonl" if isinstance(json.loads(first), dict) else "txt"
    except ValueError:
        return "txt"


def read(text: str, form: Format, template: str | None = None) -> Table:
    """The drafts of a file; what is wrong with one row is a finding of that row, else TableError is raised."""
    rows = list({"csv": _csv, "jsonl": _jsonl, "txt": _txt}[form](text))
    if not rows:
        raise TableError("There are no rows in it.")
    columns = list(dict.fromkeys(name for row in rows for name in row.values))
    asked = {_column(name) for name in blanks(template or "")}
    missing = sorted(asked - set(columns))
    if missing:
        raise TableError(f"The template asks for ${missing[0]}; {_guess(missing[0], columns)}")
    if template is None and "prompt" not in columns:
        names = ", ".join(columns)
        raise TableError(
            f"There is no column “prompt”, only {names}: add it, or make prompts from the others with a template, "
            f'such as --template "a ${columns[0]}".'
        )
    unused = [name for name in columns if name not in asked and not Fields.knows(name)]
    made = tuple(_row(row, template, asked) for row in rows)
    return Table(made, tuple(_unused(name) for name in unused))


def _row(row: _Cells, template: str | None, asked: set[str]) -> TableRow:
    """The draft of a row; a column that the template asks for is not a field as well."""
    try:
        fields = read_cells({name: value for name, value in row.values.items() if name not in asked})
    except BadCell as error:
        finding = Finding(level="error", rule="column", message=f"Line {row.line}: {error}.")
        return TableRow(Draft(prompt=_prompt(row.values, template)), line=row.line, findings=(finding,))
    prompt = _prompt(row.values, template)
    return TableRow(Draft(prompt=prompt, **fields.choices), fields.tags, row.line)


def _prompt(values: Mapping[str, Any], template: str | None) -> str:
    if template is None:
        return _text(values.get("prompt"))
    named = {name: _text(values.get(_column(name))) for name in blanks(template)}
    return fill(template, named).strip()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[Any]", value)))
    return "" if value is None else str(value).strip()


def _column(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _unused(name: str) -> str:
    near = difflib.get_close_matches(name, Fields.names(), 1, cutoff=0.75)
    guess = f"did you mean “{near[0]}”?" if near else "it is no field, and no template names it."
    return f"The column “{name}” is not used; {guess}"


def _guess(name: str, columns: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, columns, 1)
    return f"did you mean ${near[0]}?" if near else f"the columns are {', '.join(columns)}."


def _txt(text: str) -> Iterator[_Cells]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield _Cells(number, {"prompt": line.strip()})


def _jsonl(text: str) -> Iterator[_Cells]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise TableError(f"Line {number} is not JSON: {error}.") from error
        if not isinstance(value, dict):
            raise TableError(f"Line {number} is no JSON object.")
        yield _Cells(number, {_column(name): cell for name, cell in cast("dict[str, Any]", value).items()})


def _csv(text: str) -> Iterator[_Cells]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = [_column(name) for name in next(lines, list[str]())]
        for name in header:
            if header.count(name) > 1:
                raise TableError(f"There are two columns “{name}”." if name else "Two columns have no name.")
        line = lines.line_num + 1
        for cells in lines:
            if any(cell.strip() for cell in cells):
                if any(cell.strip() for cell in cells[len(header) :]):
                    raise TableError(
                        f"Line {line} has {len(cells)} cells, the header has {len(header)}: put a text with commas in "
                        "quotes."
                    )
                yield _Cells(line, dict(zip(header, cells, strict=False)))
            line = lines.line_num + 1
    except csv.Error as error:
        raise TableError(f"Line {lines.line_num} cannot be read: {error}.") from error


def _delimiter(text: str) -> str:
    """Comma, semicolon or tab, whichever the header has most of."""
    header = text.lstrip().split("\n", 1)[0]
    return max(",;\t", key=header.count)
