"""The commands on a job and on one of its pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from mjtui.engine import Job
from mjtui.engine.draft_rows import draft_from_json
from mjtui.prompt.draft import FROM_PARENT, IMAGE_KINDS, KIND_NAMES, VIDEO_KINDS, Draft, Kind
from mjtui.terminal.text import clean
from mjtui.tui.commands.command import Reason, Run
from mjtui.tui.commands.drafting import add_reference, send_draft
from mjtui.tui.wording import SIGNS, credits, subject

if TYPE_CHECKING:
    from mjtui.tui.screens.studio import Studio

NO_JOB = "No job is chosen: send a prompt, or choose one in Tasks or History."


def no_job(studio: Studio) -> str | None:
    return None if studio.job is not None else NO_JOB


def _no_result(studio: Studio, kinds: tuple[Kind, ...], what: str) -> str | None:
    job = studio.job
    if job is None:
        return NO_JOB
    if job.kind not in kinds:
        return f"#{job.id} is {'a video' if job.kind in VIDEO_KINDS else 'no video'}: there is {what}."
    if job.state != "succeeded":
        word = SIGNS[job.state].word
        return f"#{job.id} is {word}: it has no pictures" + (
            " yet." if job.state in ("planned", "submitting", "running") else "."
        )
    return None


def no_picture(studio: Studio) -> str | None:
    return _no_result(studio, IMAGE_KINDS, "no picture to work on")


def no_video(studio: Studio) -> str | None:
    return _no_result(studio, VIDEO_KINDS, "no clip to extend")


async def upscale(studio: Studio) -> None:
    await _follow(studio, "upscale")


async def vary(studio: Studio) -> None:
    await _follow(studio, "vary")


async def _follow(studio: Studio, kind: Kind) -> None:
    """Go on from the chosen picture at once; where it costs credits it is asked about first."""
    from mjtui.tui.screens.choice import confirm

    job, index = _chosen(studio)
    draft = await studio.ask(lambda engine: engine.follow_up(job.id, index, kind))
    seen = await studio.ask(lambda engine: engine.preview(draft))
    what = f"{KIND_NAMES[kind].capitalize()} picture {index} of #{job.id}"
    if seen.price.credits and not await confirm(
        studio, f"{what}?", str(seen.price), yes=KIND_NAMES[kind], no="leave it"
    ):
        return
    await send_draft(studio, draft)


async def animate(studio: Studio) -> None:
    await _into_compose(studio, "video")


async def extend(studio: Studio) -> None:
    await _into_compose(studio, "extend")


async def _into_compose(studio: Studio, kind: Kind) -> None:
    job, index = _chosen(studio)
    prompt = job.prompt if kind == "video" else ""
    draft = await studio.ask(lambda engine: engine.follow_up(job.id, index, kind, prompt=prompt))
    studio.compose_pane.put(draft)
    studio.show_pane("compose")
    keys = studio.keys
    studio.say(
        f"{KIND_NAMES[kind].capitalize()} of picture {index} of #{job.id}: say how it moves, then {keys.label('send')} "
        f"sends it; {keys.label('draft-undo')} brings the old draft back."
    )


async def refer(studio: Studio) -> None:
    job, index = _chosen(studio)
    draft = await studio.ask(lambda engine: engine.follow_up(job.id, index, "img2img"))
    add_reference(studio, draft.images[0])
    studio.show_pane("compose")


def recall(studio: Studio) -> None:
    job, _ = _chosen(studio)
    studio.compose_pane.put(_draft(job))
    studio.show_pane("compose")
    studio.say(f"The prompt of #{job.id}; {studio.keys.label('draft-undo')} brings the old draft back.")


def _draft(job: Job) -> Draft:
    """What a job was made from, as a draft that comes from it."""
    draft = draft_from_json(job.draft) if job.draft else Draft(prompt=job.prompt, kind=job.kind)
    return draft if job.kind in FROM_PARENT else replace(draft, parent=job.id, index=None)


def not_failed(studio: Studio) -> str | None:
    job = studio.job
    if job is None:
        return NO_JOB
    if job.state in ("failed", "rejected", "lost", "cancelled"):
        return None
    return f"#{job.id} is {SIGNS[job.state].word}: {studio.keys.label('job-recall')} uses its prompt again."


async def retry(studio: Studio) -> None:
    """Ask for the same once more, by another job."""
    from mjtui.tui.screens.choice import confirm

    job, _ = _chosen(studio)
    draft = _draft(job)
    seen = await studio.ask(lambda engine: engine.preview(draft))
    details = f"{clean(subject(job))}\n{seen.price}"
    if await confirm(studio, f"Send #{job.id} again, as a new job?", details, yes="send it", no="leave it"):
        await send_draft(studio, draft)


def no_parent(studio: Studio) -> str | None:
    if studio.job is None:
        return NO_JOB
    return None if studio.job.parent is not None else f"#{studio.job.id} came from no other job."


async def go_to_parent(studio: Studio) -> None:
    job, _ = _chosen(studio)
    found = await studio.ask(lambda engine: engine.jobs([job.parent or 0]))
    if not found:
        studio.say(f"#{job.parent}, from which #{job.id} came, is not in the library any more.", "warning")
        return
    studio.tasks.select(found[0].id)
    studio.history.list.select(found[0].id)
    studio.show_job(found[0], job.parent_index)
    studio.say(f"#{found[0].id}, from which #{job.id} came.")


async def open_job(studio: Studio) -> None:
    from mjtui.tui.screens.job import job_view

    job, _ = _chosen(studio)
    log = await studio.ask(lambda engine: engine.log(job.id))
    await studio.home.push_screen_wait(job_view(job, log))


async def copy(studio: Studio) -> None:
    from mjtui.tui.screens.choice import Choice, Option

    job, index = _chosen(studio)
    picture = next((picture for picture in job.pictures if picture.index == index), None)
    options = [Option("p", "the prompt", job.prompt)]
    if picture is not None and picture.path:
        options.append(Option("f", f"the file of picture {index}", picture.path))
    if picture is not None and picture.url:
        options.append(Option("u", f"the URL of picture {index}", picture.url))
    if job.task_id:
        options.append(Option("t", "the task id", job.task_id))
    options.append(Option("j", "the request as JSON", json.dumps(job.request, indent=2, ensure_ascii=False)))
    text = await studio.home.push_screen_wait(Choice(f"Copy from #{job.id}", options))
    if text is not None:
        studio.home.copy(text, next(option.label for option in options if option.value == text))


def not_running(studio: Studio) -> str | None:
    if studio.job is None:
        return NO_JOB
    if studio.job.state in ("running", "failed", "lost"):
        return None
    return f"#{studio.job.id} is {SIGNS[studio.job.state].word}: there is nothing to look for at the service."


async def look(studio: Studio) -> None:
    job, _ = _chosen(studio)
    await studio.ask(lambda engine: engine.look([job.id]))
    studio.say(f"Asking the service about #{job.id}.")


def nothing_to_save(studio: Studio) -> str | None:
    job = studio.job
    if job is None:
        return NO_JOB
    if any(picture.state != "saved" for picture in job.pictures):
        return None
    return f"All pictures of #{job.id} are saved." if job.pictures else f"#{job.id} has no pictures."


async def save(studio: Studio) -> None:
    job, _ = _chosen(studio)
    count = await studio.ask(lambda engine: engine.save([job.id]))
    studio.say(f"Trying again to save {count} picture{'s'[: count != 1]} of #{job.id}.")


async def save_all(studio: Studio) -> None:
    count = await studio.ask(lambda engine: engine.save())
    said = f"Trying to save {count} picture{'s'[: count != 1]}." if count else "All pictures are saved."
    studio.say(said)


def not_planned(studio: Studio) -> str | None:
    if studio.job is None:
        return NO_JOB
    if studio.job.state == "planned":
        return None
    return f"#{studio.job.id} is {SIGNS[studio.job.state].word}: it was sent already."


async def cancel(studio: Studio) -> None:
    job, _ = _chosen(studio)
    await studio.ask(lambda engine: engine.cancel(job.id))
    studio.say(f"#{job.id} is cancelled; nothing was charged.")


async def release(studio: Studio) -> None:
    from mjtui.tui.screens.choice import confirm

    job, _ = _chosen(studio)
    if await confirm(
        studio, f"Send #{job.id} now?", f"{clean(job.prompt)}\n{credits(job.cost or 0)}", yes="send it", no="leave it"
    ):
        await studio.ask(lambda engine: engine.release(job.id))
        studio.tasks.released(job.id)


def not_unknown(studio: Studio) -> str | None:
    if studio.job is None:
        return NO_JOB
    if studio.job.state in ("unknown", "lost"):
        return None
    return f"#{studio.job.id} is {SIGNS[studio.job.state].word}: there is nothing to settle."


async def resolve(studio: Studio) -> None:
    from mjtui.tui.screens.resolve import settle

    job, _ = _chosen(studio)
    await settle(studio, job)


def choose_picture(index: int) -> Run:
    """The command that chooses this picture of the job in the preview."""

    def run(studio: Studio) -> None:
        studio.choose_picture(index)

    return run


def _no_such_picture(index: int) -> Reason:
    def reason(studio: Studio) -> str | None:
        if studio.job is None:
            return NO_JOB
        if len(studio.job.pictures) >= index:
            return None
        return f"#{studio.job.id} has no picture {index}."

    return reason


def _chosen(studio: Studio) -> tuple[Job, int]:
    assert studio.job is not None
    return studio.job, studio.index


BOUND: dict[str, tuple[Run, Reason | None]] = {
    "job-recall": (recall, no_job),
    "job-upscale": (upscale, no_picture),
    "job-vary": (vary, no_picture),
    "job-animate": (animate, no_picture),
    "job-extend": (extend, no_video),
    "job-reference": (refer, no_picture),
    "job-open": (open_job, no_job),
    "job-copy": (copy, no_job),
    "job-look": (look, not_running),
    "job-save": (save, nothing_to_save),
    "save-all": (save_all, None),
    "job-cancel": (cancel, not_planned),
    "job-release": (release, not_planned),
    "job-resolve": (resolve, not_unknown),
    "job-retry": (retry, not_failed),
    "job-parent": (go_to_parent, no_parent),
    **{f"picture-{index}": (choose_picture(index), _no_such_picture(index)) for index in (1, 2, 3, 4)},
}
