"""Commands that go on from one result of a finished job: upscale, vary, animate, extend."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from mjtui.cli.command import Command
from mjtui.cli.sending import Manner, send, sending_options
from mjtui.prompt.draft import MOTIONS, Draft, Kind

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

job_argument = click.argument("job")
number_argument = click.argument("number", type=click.IntRange(1, 4), metavar="N")
prompt_argument = click.argument("prompt", default="")


def _onward(word: str, number: int, kind: Kind, prompt: str = "", **form: Any) -> Callable[[Engine], Awaitable[Draft]]:
    async def compose(engine: Engine) -> Draft:
        job = await engine.find(word)
        draft = await engine.follow_up(job.id, number, kind, prompt=prompt)
        return dataclasses.replace(draft, **form)

    return compose


@click.command(cls=Command, examples=("mjtui upscale 8123 2 --wait", "mjtui upscale last 1 --json"))
@job_argument
@number_argument
@sending_options
@click.pass_context
def upscale(ctx: click.Context, *, job: str, number: int, **manner: bool) -> None:
    """Make picture N of JOB larger.

    JOB is a job's id, a task id or its beginning, or “last”.
    """
    ctx.exit(send(_onward(job, number, "upscale"), Manner(**manner)))


@click.command(cls=Command, examples=("mjtui vary 8123 3", "mjtui vary last 1 --wait"))
@job_argument
@number_argument
@sending_options
@click.pass_context
def vary(ctx: click.Context, *, job: str, number: int, **manner: bool) -> None:
    """Make four variations of picture N of JOB.

    JOB is a job's id, a task id or its beginning, or “last”.
    """
    ctx.exit(send(_onward(job, number, "vary"), Manner(**manner)))


@click.command(
    cls=Command,
    examples=('mjtui animate 8123 2 "the fog drifts" --motion low', "mjtui animate last 1 --hd --clips 2 --dry-run"),
)
@job_argument
@number_argument
@prompt_argument
@click.option("--hd", is_flag=True, help="In high definition.")
@click.option("--motion", type=click.Choice(MOTIONS), help="How much it moves.")
@click.option("--clips", "batch_size", type=int, metavar="N", help="How many clips: 1, 2 or 4.")
@sending_options
@click.pass_context
def animate(
    ctx: click.Context,
    *,
    job: str,
    number: int,
    prompt: str,
    hd: bool,
    motion: Any,
    batch_size: int | None,
    **manner: bool,
) -> None:
    """Make a video that begins with picture N of JOB; PROMPT says what happens in it.

    JOB is a job's id, a task id or its beginning, or “last”.
    """
    compose = _onward(job, number, "video_hd" if hd else "video", prompt, motion=motion, batch_size=batch_size)
    ctx.exit(send(compose, Manner(**manner)))


@click.command(
    cls=Command, examples=("mjtui extend 8130 1", 'mjtui extend last 1 "the camera rises above the clouds" --wait')
)
@job_argument
@number_argument
@prompt_argument
@sending_options
@click.pass_context
def extend(ctx: click.Context, *, job: str, number: int, prompt: str, **manner: bool) -> None:
    """Make video N of JOB longer, by itself or as PROMPT says.

    JOB is a job's id, a task id or its beginning, or “last”.
    """
    ctx.exit(send(_onward(job, number, "extend", prompt), Manner(**manner)))
