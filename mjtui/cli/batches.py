"""`mjtui batches`: what was sent together, and what of it is still to be sent."""

from __future__ import annotations

import time
from typing import Any

import click

from mjtui.cli.batch import follow
from mjtui.cli.command import Command, Entry, LazyGroup, json_option
from mjtui.cli.output import narrate, print_json, print_table
from mjtui.cli.session import Session
from mjtui.engine import Batch, iso


@click.group(
    cls=LazyGroup,
    sections={
        "Commands": {
            "list": Entry("batches:list_", "List the newest batches."),
            "stop": Entry("batches:stop", "Send no more of a batch."),
            "continue": Entry("batches:continue_", "Send what is left of a batch."),
            "cancel": Entry("batches:cancel", "Give up what is left of a batch."),
        }
    },
)
def batches() -> None:
    """List batches, stop them and let them go on; `mjtui batch` makes one."""


def batch_json(batch: Batch) -> dict[str, Any]:
    """A batch for the outside; `states` counts its jobs by state."""
    return {
        "id": batch.id,
        "expression": batch.expression,
        "created_at": iso(batch.created_at),
        "stopped": batch.stopped_at is not None,
        "jobs": batch.jobs,
        "waiting": batch.waiting,
        "states": dict(batch.counts),
        "cost": batch.cost,
    }


@click.command("list", cls=Command, examples=("mjtui batches list", "mjtui batches list --json | jq '.[].waiting'"))
@json_option
def list_(*, as_json: bool) -> None:
    """List the newest batches: id, when, states of its jobs, credits, expression.

    JSON: [{"id", "expression", "created_at", "stopped", "jobs", "waiting", "states": {state: jobs}, "cost"}].
    """
    with Session(work=False) as session:
        found = session.ask(lambda engine: engine.batches())
    if as_json:
        print_json([batch_json(batch) for batch in found])
    else:
        print_table([_row(batch) for batch in found], cut=True)


@click.command(cls=Command, examples=("mjtui batches stop 3",))
@click.argument("batch", type=click.IntRange(1))
@json_option
def stop(*, batch: int, as_json: bool) -> None:
    """Send no more of BATCH, in any window; what is on its way gets its answer."""
    with Session(work=False) as session:
        found = session.ask(lambda engine: engine.stop_batch(batch))
    if as_json:
        print_json(batch_json(found))
    narrate(f"batch {batch} is stopped; {found.waiting} of {found.jobs} jobs are not sent.")


@click.command("continue", cls=Command, examples=("mjtui batches continue 3", "mjtui batches continue 3 --wait"))
@click.argument("batch", type=click.IntRange(1))
@click.option("--wait", is_flag=True, help="Wait until the results are saved, and print their paths.")
@json_option
@click.pass_context
def continue_(ctx: click.Context, *, batch: int, wait: bool, as_json: bool) -> None:
    """Send what is left of BATCH, whether it was stopped or left behind when a window was closed."""
    with Session(watch=wait) as session:
        session.check_settings()
        session.ask(lambda engine: engine.continue_batch(batch))
        ctx.exit(follow(session, batch, wait=wait, as_json=as_json))


@click.command(cls=Command, examples=("mjtui batches cancel 3",))
@click.argument("batch", type=click.IntRange(1))
@json_option
def cancel(*, batch: int, as_json: bool) -> None:
    """Give up what is left of BATCH; it is not sent any more and costs nothing."""
    with Session(work=False) as session:
        found = session.ask(lambda engine: engine.cancel_batch(batch))
    if as_json:
        print_json(batch_json(found))
    narrate(f"batch {batch}: {found.counts.get('cancelled', 0)} of {found.jobs} jobs are cancelled.")


def _row(batch: Batch) -> list[str]:
    states = ", ".join(f"{number} {state}" for state, number in sorted(batch.counts.items()))
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(batch.created_at / 1000))
    return [
        str(batch.id),
        when,
        f"{states}{', stopped' if batch.stopped_at is not None else ''}",
        f"{batch.cost:g}",
        batch.expression,
    ]
