"""The commands of Compose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mjtui.errors import NoKey, SameRequest
from mjtui.prompt.draft import GENERATED, KIND_NAMES, NEEDS_IMAGE, Draft, Kind
from mjtui.tui import form
from mjtui.tui.commands.command import Reason, Run
from mjtui.tui.focus import focus
from mjtui.tui.wording import credits

if TYPE_CHECKING:
    from mjtui.tui.screens.studio import Studio


def nothing_to_send(studio: Studio) -> str | None:
    draft = studio.compose_pane.draft
    if not draft.prompt.strip() and draft.kind in form.STILL:
        return "There is nothing to send yet: write a prompt."
    if draft.kind in NEEDS_IMAGE and not draft.images:
        what, key = KIND_NAMES[draft.kind].capitalize(), studio.keys.label("draft-image")
        return f"{what} needs a reference image: {key} adds one."
    return None


async def send(studio: Studio) -> None:
    """Send the draft as it is now; the same request a short time after is asked about."""
    compose = studio.compose_pane
    draft = compose.draft
    await compose.keep()
    await send_draft(studio, draft)


async def send_draft(studio: Studio, draft: Draft) -> None:
    """Send a draft, and show its job; asks before the same request goes again."""
    from mjtui.tui.screens.choice import confirm

    try:
        job = await studio.ask(lambda engine: engine.send(draft))
    except NoKey:
        await studio.home.enter_key()
        return
    except SameRequest as same:
        if not await confirm(studio, "Send it again?", str(same), yes="send it again", no="leave it"):
            return
        job = await studio.ask(lambda engine: engine.send(draft, again=True))
    studio.say(f"#{job.id} goes to the service · {credits(job.cost or 0)}")
    studio.went_out(job)


async def show_request(studio: Studio) -> None:
    from mjtui.tui.screens import request

    draft = studio.compose_pane.draft
    seen = await studio.ask(lambda engine: engine.preview(draft))
    loaded = await studio.ask(lambda engine: engine.loaded())
    await request.show_request(studio, seen, loaded.settings.service.api_url)


async def choose_kind(studio: Studio) -> None:
    from mjtui.tui.screens.choice import Choice, Option

    letters = "tisovh"
    options: list[Option[Kind]] = [
        Option(letter, KIND_NAMES[kind], kind, about=KIND_HELP[kind])
        for letter, kind in zip(letters, GENERATED, strict=True)
    ]
    kind = await studio.home.push_screen_wait(Choice("What to make", options, chosen=studio.compose_pane.draft.kind))
    if kind is not None:
        studio.compose_pane.put(replace(studio.compose_pane.draft, kind=kind))


KIND_HELP: dict[Kind, str] = {
    "txt2img": "four pictures from words",
    "img2img": "four pictures from a picture and words",
    "style_reference": "in the style of a picture",
    "omni_reference": "with the person or thing of a picture",
    "video": "a clip that begins with a picture",
    "video_hd": "the same, sharper and dearer",
}


def go_to_form(studio: Studio) -> None:
    studio.show_pane("compose")
    focus(studio.compose_pane.form_line)


async def change_field(studio: Studio, field: form.Field) -> None:
    """Let a value be chosen or typed."""
    if field.name == "kind":
        await choose_kind(studio)
        return
    from mjtui.tui.screens.question import Question

    compose = studio.compose_pane

    def check(word: str) -> str | None:
        try:
            form.put(compose.draft, field, word)
        except ValueError as error:
            return str(error)
        return None

    hint = field.expects or f"one of {', '.join(field.choices)}"
    said = getattr(compose.draft, field.name)
    word = await studio.home.push_screen_wait(
        Question(f"{field.label.capitalize()}: {hint}", "Empty leaves it to the default.", str(said or ""), check)
    )
    if word is not None:
        compose.set_field(field, word)


async def add_image(studio: Studio) -> None:
    from mjtui.tui.screens.question import Question

    word = await studio.home.push_screen_wait(
        Question("Reference image", "A URL, or the path of a file: it is uploaded when the draft is sent.")
    )
    if word and word.strip():
        add_reference(studio, word.strip())


def add_reference(studio: Studio, image: str) -> None:
    """Add an image to the draft, and make it a kind that uses one."""
    draft = studio.compose_pane.draft
    kind: Kind = draft.kind if draft.kind in NEEDS_IMAGE else "img2img"
    studio.compose_pane.put(replace(draft, kind=kind, images=(*draft.images, image)))
    if kind != draft.kind:
        studio.say(f"The draft is {KIND_NAMES[kind]} now; {studio.keys.label('draft-kind')} chooses another kind.")


def no_images(studio: Studio) -> str | None:
    return None if studio.compose_pane.draft.images else "The draft has no reference image."


def remove_image(studio: Studio) -> None:
    draft = studio.compose_pane.draft
    studio.compose_pane.put(replace(draft, images=draft.images[:-1]))


def nothing_to_fix(studio: Studio) -> str | None:
    if any(finding.fix for finding in studio.compose_pane.findings):
        return None
    return "No finding has a fix of its own."


def fix(studio: Studio) -> None:
    compose = studio.compose_pane
    found = next(finding.fix for finding in compose.findings if finding.fix is not None)
    if compose.seen is None or compose.seen.draft.prompt != compose.draft.prompt:
        studio.say("The text has changed since; try once more.", "warning")
        return
    compose.put(replace(compose.draft, prompt=found.apply(compose.draft.prompt)))


async def edit_outside(studio: Studio) -> None:
    from mjtui.tui.external import edit

    compose = studio.compose_pane
    await compose.keep()
    text = edit(studio.home, compose.draft.prompt, studio.home.settings.scratch)
    if text != compose.draft.prompt:
        compose.put(replace(compose.draft, prompt=text))


def undo(studio: Studio) -> None:
    if not studio.compose_pane.undo():
        studio.say("There is nothing to undo.")


def redo(studio: Studio) -> None:
    if not studio.compose_pane.redo():
        studio.say("Nothing was undone.")


def empty(studio: Studio) -> str | None:
    return "The draft is empty already." if studio.compose_pane.draft == Draft() else None


def clear(studio: Studio) -> None:
    studio.compose_pane.put(Draft())
    studio.say(f"Cleared; {studio.keys.label('draft-undo')} brings it back.")


def no_prompt(studio: Studio) -> str | None:
    return None if studio.compose_pane.draft.prompt else "There is no prompt to copy."


async def copy(studio: Studio) -> None:
    studio.home.copy(studio.compose_pane.draft.prompt, "the prompt")


BOUND: dict[str, tuple[Run, Reason | None]] = {
    "send": (send, nothing_to_send),
    "draft-request": (show_request, None),
    "draft-kind": (choose_kind, None),
    "draft-form": (go_to_form, None),
    "draft-image": (add_image, None),
    "draft-unimage": (remove_image, no_images),
    "draft-fix": (fix, nothing_to_fix),
    "draft-editor": (edit_outside, None),
    "draft-undo": (undo, None),
    "draft-redo": (redo, None),
    "draft-clear": (clear, empty),
    "draft-copy": (copy, no_prompt),
}
