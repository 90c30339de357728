"""How the screen looks: at three sizes, in its main states, with text of all kinds; each picture was looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from mjtui import keymap
from mjtui.engine import Counts, Handle, Options, Picture, Status, Trouble
from mjtui.engine.draft_rows import draft_to_json
from mjtui.library.rows import NewJob
from mjtui.library.store import Library
from mjtui.media.pixels import Pixels
from mjtui.paths import Paths
from mjtui.prompt.draft import Draft
from mjtui.terminal.halfblocks import HalfBlocks
from mjtui.tui import opening
from mjtui.tui.app import MjtuiApp
from mjtui.tui.face import Face
from mjtui.tui.screens.studio import Studio

NOON = 1_795_262_400_000
SIZES = [(80, 24), (120, 40), (200, 60)]
PROMPTS = (
    "a castle on a misty peak, first light --ar 3:2 --s 400",
    "霧の中の灯台、長時間露光 --ar 16:9",
    "a [red]fox[/] in snow 🦊 golden hour --ar 16:9",
    "portrait of a lighthouse keeper, rim light --ar 2:3",
    "a quiet harbour in winter",
    "a paper lighthouse at dusk, soft fog --ar 16:9 --s 250",
)
DRAFT = Draft(prompt="a paper lighthouse at dawn, soft fog 霧 [b]not bold[/b] --ar 16:9 --s 250 --hd", parent=6)
STATUS = Status(
    counts=Counts(planned=1, submitting=0, running=1, unknown=1, pictures_due=0, expiring=0),
    credits=128.5,
    spent_today=40,
    budget=200,
    online=True,
    service="kie",
)


def name(size: tuple[int, int]) -> str:
    return "x".join(map(str, size))


Steps = Callable[[Any], Awaitable[None]]


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Times of day do not depend on where the test runs."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


async def painted(studio: Studio, picture: Picture, width: int, height: int) -> Pixels:
    """A picture that is the same everywhere: a sky, a sun and a hill, in another colour for each index."""
    height = min(height, width * 9 // 16)
    red, green, blue = ((40, 60, 110), (150, 80, 60), (60, 110, 90), (90, 70, 130))[picture.index - 1]
    rows = bytearray()
    for y in range(height):
        for x in range(width):
            sun = (x - width * 0.7) ** 2 + (y - height * 0.4) ** 2 < (height * 0.16) ** 2
            hill = y > height * 0.75 + (x - width * 0.3) ** 2 / width / 3
            light = y * 90 // height
            rows += bytes(
                (240, 220, 170) if sun else (20, 24, 32) if hill else (red + light, green + light, blue + light)
            )
    return Pixels(width, height, bytes(rows))


async def fill(paths: Paths) -> None:
    """A library with a job in every state that matters."""
    at = NOON - 3_600_000

    def now() -> int:
        return at

    library = await Library.open(paths.library, now=now)
    for number, prompt in enumerate(PROMPTS, 1):
        at = NOON - (len(PROMPTS) - number) * 300_000 - 60_000
        draft = draft_to_json(Draft(prompt=prompt))
        body = {"taskType": "mj_txt2img", "prompt": prompt, "speed": "fast"}
        new = NewJob(
            service="kie",
            kind="txt2img",
            prompt=prompt,
            request=body,
            endpoint="/api/v1/mj/generate",
            digest=str(number),
            draft=draft,
            speed="fast",
            version="7",
            cost=8,
        )
        job = await library.plan_job(new)
        if number == 5:
            continue
        await library.move(job.id, old=("planned",), new="submitting", what="submitting", submitted_at=at)
        if number == 4:
            lost = Trouble(code="unclear", message="the connection was cut before an answer came")
            await library.move(job.id, old=("submitting",), new="unknown", what="unknown", trouble=lost)
            continue
        task = f"{number}b1f0c0a7e8d4f1b9a6c2d3e4f506172"
        await library.move(job.id, old=("submitting",), new="running", what="accepted", task_id=task)
        if number == 3:
            trouble = Trouble(code="500", message='the service said: "[Banned] words"', hint="Change the prompt.")
            await library.move(
                job.id, old=("running",), new="failed", what="failed", finished_at=at + 41_000, trouble=trouble
            )
        elif number in (1, 2):
            urls = [f"https://pictures.test/{number}_{index}.png" for index in range(1, 5)]
            done = at + 64_000
            await library.succeed(job.id, urls=urls, finished_at=done, expires_at=done + 15 * 86_400_000, detail={})
            for picture in await library.claim_pictures("test", lease_ms=60_000, limit=4):
                path = f"/pictures/{number}_{picture.index}.png"
                await library.picture_saved(
                    picture.id, "test", path=path, sha256="0", media_type="image/png", width=16, height=9, size=1
                )
    await library.close()


@pytest.fixture
def look(paths: Paths, snap_compare: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., bool]]:
    """Compares what the app shows after some steps with how it looked before."""
    handles: list[Handle] = []
    monkeypatch.setattr(Studio, "_pixels", painted)
    monkeypatch.setattr("mjtui.tui.screens.job.now_ms", lambda: NOON)

    def compare(
        size: tuple[int, int],
        steps: Steps | None = None,
        *,
        full: bool = True,
        draft: Draft | None = DRAFT,
        **face: Any,
    ) -> bool:
        paths.make()
        if full:
            asyncio.run(fill(paths))
        nowhere = {"service.api_url": "http://127.0.0.1:9", "service.upload_url": "http://127.0.0.1:9"}
        handle = Handle(Options(paths=paths, service=lambda: (nowhere, "a-key"), watch=False))
        handles.append(handle)
        handle.start()
        if draft is not None:
            handle.ask(lambda engine: engine.keep_draft(draft)).result()
        first = handle.ask(opening.read).result()
        app = MjtuiApp(handle, first, Face(keys=keymap.keymap(), pictures=HalfBlocks(), now=lambda: NOON, **face))

        async def before(pilot: Any) -> None:
            studio = app.studio
            compose = studio.compose_pane
            await settle(pilot, lambda: compose.seen is not None and compose.seen.draft == compose.draft)
            if full:
                studio.show_status(STATUS)
            if steps is not None:
                await steps(pilot)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=before)

    yield compare
    for handle in handles:
        handle.stop()


async def settle(pilot: Any, what: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not what():
            await pilot.pause(0.01)


async def with_pictures(pilot: Any) -> None:
    """Choose the job with CJK in its prompt, and wait until its pictures are drawn."""
    studio = pilot.app.studio
    before = studio.focused
    await pilot.press("alt+4", "end", "k")
    await settle(pilot, lambda: studio.job is not None and studio.job.id == 2)
    await pilot.press("alt+3")
    await settle(pilot, lambda: "▀" in screen_text(pilot.app))
    await pilot.app.workers.wait_for_complete()
    before.focus()
    await pilot.pause()


def screen_text(app: Any) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips(app.size))


def keys(*pressed: str) -> Steps:
    async def steps(pilot: Any) -> None:
        await with_pictures(pilot)
        await pilot.press(*pressed)
        await pilot.app.workers.wait_for_complete([w for w in pilot.app.workers if w.group != "commands"])

    return steps


def waiting_for(text: str, *pressed: str) -> Steps:
    async def steps(pilot: Any) -> None:
        await with_pictures(pilot)
        await pilot.press(*pressed)
        await settle(pilot, lambda: text in screen_text(pilot.app))

    return steps


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_at_the_very_first_start(look, size):
    assert look(size, full=False, draft=None)


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_with_work_under_way(look, size):
    assert look(size, with_pictures)


@pytest.mark.parametrize("pane", ["2", "3", "4"])
def test_one_pane_at_a_time(look, pane):
    assert look((80, 24), keys(f"alt+{pane}"))


def test_only_the_tasks_of_one_group(look):
    assert look((120, 40), keys("alt+2", "f"))


def test_nothing_is_left_in_a_group_of_tasks(look):
    async def steps(pilot: Any) -> None:
        await pilot.press("alt+2", "f")
        studio = pilot.app.studio
        studio.tasks.show([job for job in studio.tasks._all if job.state != "unknown"], {})

    assert look((80, 24), steps)


def test_in_the_light(look):
    assert look((120, 40), with_pictures, theme="mjtui-light")


def test_in_the_terminals_own_colours(look):
    assert look((120, 40), with_pictures, theme="ansi-dark")


@pytest.mark.parametrize("size", SIZES[:2], ids=name)
def test_the_help(look, size):
    assert look(size, waiting_for("Send the draft", "f1"))


def test_the_palette(look):
    assert look((120, 40), waiting_for("Upscale the picture", "ctrl+p", "p", "i", "c", "t", "u", "r", "e"))


@pytest.mark.parametrize("size", SIZES[:2], ids=name)
def test_the_settings(look, size):
    assert look(size, waiting_for("the language the service", "alt+2", "comma"))


def test_the_list_of_themes(look):
    async def steps(pilot: Any) -> None:
        await with_pictures(pilot)
        pilot.app.studio.perform("theme")
        await settle(pilot, lambda: "esc goes back" in screen_text(pilot.app))
        await pilot.press("down")
        await settle(pilot, lambda: pilot.app.theme == "mjtui-light")

    assert look((120, 40), steps)


def test_the_exact_request(look):
    assert look((120, 40), waiting_for("The exact request", "f3"), draft=Draft(prompt=PROMPTS[1]))


def test_choosing_what_to_make(look):
    assert look((120, 40), waiting_for("What to make", "alt+k"))


def test_the_form(look):
    assert look((120, 40), keys("f2", "right", "right", "down"))


def test_all_about_a_job(look):
    assert look((120, 40), waiting_for("task id", "alt+4", "enter"))


def test_settling_an_unknown_job(look):
    assert look((120, 40), waiting_for("Did it arrive?", "alt+2", "s"))


def test_jump_mode(look):
    assert look((120, 40), waiting_for(" a ", "ctrl+o"))


def test_one_pane_enlarged(look):
    assert look((120, 40), keys("alt+3", "z"))


def test_too_small(look):
    assert look((50, 12), None)
