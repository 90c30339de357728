"""`mjtui search`: the library by words and filters."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.output import print_list, print_table
from mjtui.cli.session import Session
from mjtui.cli.tasks import row
from mjtui.engine import Job, iso, job_json

PAGE = 200

COLUMNS = ("id", "task_id", "kind", "state", "created_at", "cost", "rating", "tags", "prompt", "paths")


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},
    examples=(
        "mjtui search lighthouse fog",
        "mjtui search '\"soft fog\" -people v:7 rating>=4 after:2026-09'",
        "mjtui search fox --limit 1000 --csv > foxes.csv",
        "mjtui search is:unknown --json",
        "mjtui search --jsonl | jq -r '.images[].path'",
    ),
)
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many jobs.")
@json_option
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON object a line.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma separated values with a heading.")
def search(*, query: tuple[str, ...], limit: int, as_json: bool, as_jsonl: bool, as_csv: bool) -> None:
    """Find jobs by the words of QUERY, newest first; without one, the newest.

    Words must all be there, "phrases" as they stand, -words not at all. Filters: is: type: v: ar: speed: tag: rating
    parent: before: after: has:, such as rating>=4 or is:failed; -filter excludes.
    """
    if as_json + as_jsonl + as_csv > 1:
        raise click.UsageError("Choose one of --json, --jsonl and --csv.")
    line = " ".join(query) + " "  # the space says that the last word is whole
    with Session(work=False) as session:
        found = _pages(session, line, limit)
        if as_json or as_jsonl:
            print_list((job_json(job) for job in found), lines=as_jsonl)
        elif as_csv:
            _print_csv(found)
        else:
            print_table([row(job) for job in found], cut=True)


def _pages(session: Session, line: str, limit: int) -> Iterator[Job]:
    before: int | None = None
    while limit > 0:
        size = min(PAGE, limit)
        page = session.ask(lambda engine, before=before, size=size: engine.history(line, before=before, limit=size))
        yield from page
        if len(page) < size:
            return
        limit -= size
        before = page[-1].id


def _print_csv(jobs: Iterable[Job]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    for job in jobs:
        paths = [picture.path for picture in job.pictures if picture.state == "saved" and picture.path]
        values = job_json(job) | {
            "created_at": iso(job.created_at),
            "tags": " ".join(job.tags),
            "paths": "\n".join(paths),
        }
        writer.writerow([values[column] for column in COLUMNS])
