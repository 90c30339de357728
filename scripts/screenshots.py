"""Make the pictures of the README from the real app, on jobs that the simulator really made.

    python scripts/screenshots.py [FOLDER]

The prompts and the simulator's seed are fixed, so the pictures in them are the same each time.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from textual.pilot import Pilot

from mjtui import keymap
from mjtui.engine import Handle, Job, Options
from mjtui.paths import under
from mjtui.prompt.draft import Draft
from mjtui.terminal.halfblocks import HalfBlocks
from mjtui.tui import opening
from mjtui.tui.app import MjtuiApp
from mjtui.tui.face import Face
from mjtui.tui.messages import EngineEvents

ROOT = Path(__file__).resolve().parent.parent
MADE = (
    "a castle on a misty peak, first light --ar 3:2 --s 400",
    "portrait of a lighthouse keeper, rim light --ar 2:3",
    "霧の中の灯台, long exposure --ar 16:9",
    "a fox in snow, golden hour --ar 16:9 --s 250",
    "a quiet harbour in winter, banned-word",
    "a paper lighthouse at dusk, soft fog --ar 16:9 --s 250",
)
RUNNING = "a paper lighthouse at dawn, soft fog --ar 16:9 --s 250"
Scene = Callable[[Pilot[str]], Awaitable[None]]


async def look_at_pictures(pilot: Pilot[str]) -> None:
    """Put the cursor of the history on the newest job with four pictures."""
    await pilot.press("alt+4", "j", "j")
    await pilot.pause(1.0)


async def studio(pilot: Pilot[str]) -> None:
    """The whole workstation, with the next draft in hand."""
    await look_at_pictures(pilot)
    await pilot.press("alt+1")


async def tasks(pilot: Pilot[str]) -> None:
    """The tasks on a small screen."""
    await look_at_pictures(pilot)
    await pilot.press("alt+2")


async def picture(pilot: Pilot[str]) -> None:
    """One picture as large as the screen."""
    await look_at_pictures(pilot)
    await pilot.press("2", "alt+3", "space", "z")


async def request(pilot: Pilot[str]) -> None:
    """The exact request of the draft."""
    await pilot.press("alt+1", "f3")


async def help_screen(pilot: Pilot[str]) -> None:
    """Everything that can be done here."""
    await pilot.press("alt+1", "f1")


SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "studio": ((140, 44), studio),
    "compact": ((80, 24), tasks),
    "picture": ((120, 40), picture),
    "request": ((120, 40), request),
    "help": ((120, 40), help_screen),
}


def settled(job: Job) -> bool:
    """True where nothing more will happen to a job by itself."""
    return job.state not in ("planned", "submitting", "running") and all(p.state != "due" for p in job.pictures)


async def make(handle: Handle, simulator: str) -> None:
    """Have all jobs made, one after the other, and one left running."""

    async def send(draft: Draft) -> Job:
        return await asyncio.wrap_future(handle.ask(lambda engine: engine.send(draft)))

    async def finish(job: Job) -> None:
        await asyncio.wrap_future(handle.ask(lambda engine: engine.wait([job.id], settled)))

    for prompt in MADE:
        await finish(await send(Draft(prompt=prompt)))
    best = len(MADE)
    await finish(await send(await asyncio.wrap_future(handle.ask(lambda e: e.follow_up(best, 2, "upscale")))))
    async with httpx.AsyncClient() as http:
        await http.post(f"{simulator}/_simulator/faults", json={"spec": "task:slow=3600"})
    await send(Draft(prompt=RUNNING))
    draft = Draft(prompt=RUNNING.replace("soft", "thick"), parent=best)
    await asyncio.wrap_future(handle.ask(lambda engine: engine.keep_draft(draft)))


async def take(handle: Handle, folder: Path, open_apps: list[MjtuiApp]) -> None:
    """Open the app for each scene and keep what it shows; `open_apps` are told what happens."""
    for name, (size, scene) in SCENES.items():
        first = await asyncio.wrap_future(handle.ask(opening.read))
        face = Face(keys=keymap.keymap({}), demo=True, pictures=HalfBlocks())
        app = MjtuiApp(handle, first, face)
        open_apps[:] = [app]
        async with app.run_test(size=size) as pilot:
            await pilot.pause(1.0)
            await scene(pilot)
            await pilot.pause(1.0)
            open_apps.clear()
            (folder / f"{name}.svg").write_text(app.export_screenshot(title="mjtui"), encoding="utf-8")
            print(f"{name}.svg: {size[0]}x{size[1]}")


def main() -> None:
    """Start a simulator and an engine in a folder of a moment, make the jobs, take the pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "mjtui.simulator", "--seed", "screenshots", "--seconds", "1-2"]
        simulator = subprocess.Popen(
            [*command, "--until-stdin-closes"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert simulator.stdout is not None
        assert simulator.stdin is not None
        facts = json.loads(simulator.stdout.readline())
        flags = {"service.api_url": facts["url"], "service.upload_url": facts["upload_url"]}
        handle = Handle(Options(paths=under(Path(name)), service=lambda: (flags, facts["key"])))
        open_apps: list[MjtuiApp] = []
        handle.listen(lambda events: [app.post_message(EngineEvents(events)) for app in open_apps])
        handle.start()
        handle.serve()
        try:
            asyncio.run(make(handle, facts["url"]))
            asyncio.run(take(handle, folder, open_apps))
        finally:
            handle.stop()
            simulator.stdin.close()
            simulator.wait()


if __name__ == "__main__":
    main()
