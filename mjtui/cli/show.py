"""`mjtui show`: all that is known of one job."""

from __future__ import annotations

import json
import time

import click

from mjtui.cli.command import Command, json_option
from mjtui.cli.output import print_json, print_table
from mjtui.cli.session import Session
from mjtui.engine import Event, Job, Picture, iso, job_json
from mjtui.prompt.draft import KIND_NAMES


@click.command(cls=Command, examples=("mjtui show 8123", "mjtui show last --log", "mjtui show 5b1f --json"))
@click.argument("job")
@click.option("--log", is_flag=True, help="Also what happened to it, and when.")
@json_option
def show(*, job: str, log: bool, as_json: bool) -> None:
    """Show all that is known of JOB: its exact request, its outcome, its results.

    JOB is a job's id, a task id or its beginning, or “last”. With --log the JSON has a list “log” of {“at”, “what”,
    “detail”}.
    """
    with Session(work=False) as session:
        found = session.ask(lambda engine: engine.find(job))
        events = session.ask(lambda engine: engine.log(found.id)) if log else []
    if as_json:
        print_json(job_json(found) | ({"log": [_event_json(event) for event in events]} if log else {}))
        return
    print_table(_rows(found))
    for event in events:
        print_table([[_moment(event.at), event.what, json.dumps(event.detail) if event.detail else ""]])


def _rows(job: Job) -> list[list[str]]:
    rows = [
        ["job", f"#{job.id}"],
        ["task id", job.task_id or "-"],
        ["kind", KIND_NAMES[job.kind]],
        ["state", job.state],
        ["prompt", job.prompt],
        ["endpoint", job.endpoint],
        ["request", json.dumps(job.request)],
        ["credits", "-" if job.cost is None else f"{job.cost:g}"],
        ["balance", f"{_credits(job.balance_before)} before, {_credits(job.balance_after)} after"],
        ["created", _moment(job.created_at)],
        ["sent", _moment(job.submitted_at)],
        ["finished", _moment(job.finished_at)],
        ["expires", _moment(job.expires_at)],
    ]
    if job.parent is not None:
        rows.append(["parent", f"#{job.parent}" + (f", result {job.parent_index}" if job.parent_index else "")])
    if job.trouble is not None:
        rows.append(["trouble", f"{job.trouble.message} {job.trouble.hint}".strip()])
    if job.tags:
        rows.append(["tags", " ".join(job.tags)])
    if job.note:
        rows.append(["note", job.note])
    return rows + [[f"result {picture.index}", _picture(picture)] for picture in job.pictures]


def _picture(picture: Picture) -> str:
    size = f" ({picture.width}×{picture.height})" if picture.width and picture.height else ""
    if picture.state == "saved":
        return f"{picture.path}{size}"
    return f"{picture.state}: {picture.error or picture.url or 'it has no link'}"


def _event_json(event: Event) -> dict[str, object]:
    return {"at": iso(event.at), "what": event.what, "detail": event.detail}


def _moment(ms: int | None) -> str:
    return "-" if ms is None else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(ms / 1000))


def _credits(balance: float | None) -> str:
    return "unknown" if balance is None else f"{balance:g}"
