"""Settling a job of which nobody knows whether it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjtui.engine import Job
from mjtui.terminal.text import clean
from mjtui.tui.screens.choice import Choice, Option, confirm
from mjtui.tui.screens.question import Question
from mjtui.tui.wording import credits

if TYPE_CHECKING:
    from mjtui.tui.screens.studio import Studio


async def settle(studio: Studio, job: Job) -> None:
    """Ask what became of a job, and do what follows from it."""
    options = [Option("a", "it arrived", "arrived", "paste its task id from the service's log")]
    if job.state == "unknown":
        options += [
            Option("s", "send it again", "again", f"may cost {credits(job.cost)} a second time"),
            Option("g", "give it up", "given up", "nothing more is done about it"),
        ]
    details = f"#{job.id}  {clean(job.prompt)}\n\n{evidence(job)}"
    match await studio.home.push_screen_wait(Choice("Did it arrive?", options, details=details, careful=True)):
        case "arrived":
            task_id = await studio.home.push_screen_wait(
                Question(f"The task id of #{job.id}", "It is in the log at kie.ai.")
            )
            if task_id and (word := task_id.strip()):
                await studio.ask(lambda engine: engine.arrived(job.id, word))
                studio.say(f"#{job.id} arrived and is watched.")
        case "again":
            cost = f"It may be charged twice: {credits(job.cost)}."
            if await confirm(studio, f"Send #{job.id} again?", cost, yes="send it again", no="leave it"):
                await studio.ask(lambda engine: engine.again(job.id))
        case "given up":
            await studio.ask(lambda engine: engine.give_up(job.id))
            studio.say(f"#{job.id} is given up.")
        case _:
            return


def evidence(job: Job) -> str:
    """What the balance says about whether the job arrived; a hint, no proof."""
    before, after = job.balance_before, job.balance_after
    if before is None or after is None:
        return "It was sent and no answer came. The service's log says whether it arrived."
    if before - after >= (job.cost or 1):
        return f"The balance went from {before:g} to {after:g}: it probably arrived."
    return f"The balance stayed at {after:g}: it probably did not arrive."
