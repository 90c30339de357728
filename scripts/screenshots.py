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

from textual.pilot import Pilot

from mjtui import keymap
from mjtui.engine import Handle, Job, Options
from mjtui.paths import under
from mjtui.prompt.draft import Draft
from mjtui.terminal.halfblocks import HalfBlocks
from mjtui.tui import opening
from mjtui.tui.app import MjtuiApp
from mjtui.tui.face import Face

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


async def typed(pilot: Pilot[str]) -> None:
    """The Studio, ready for the next one."""


async def large(pilot: Pilot[str]) -> None:
    """One picture as large as the screen."""
    await pilot.press("tab", "tab", "2", "enter", "z")


async def request(pilot: Pilot[str]) -> None:
    """The exact request."""
    await pilot.press("f3")


async def keys(pilot: Pilot[str]) -> None:
    """The help."""
    await pilot.press("f1")


SCENES: dict[str, tuple[tuple[int, int], Scene]] = {
    "studio": ((140, 44), typed),
    "compact": ((80, 24), typed),
    "picture": ((120, 40), large),
    "request": ((120, 40), request),
    "help": ((120, 40), keys),
}


def settled(job: Job) -> bool:
    """True where nothing more will happen to a job by itself."""
    return job.state not in ("planned", "submitting", "running") and all(p.state != "due" for p in job.pictures)


async def make(handle: Handle) -> None:
    """Have all jobs made, one after the other, and one left running."""
    for prompt in MADE:
        job = await asyncio.wrap_future(handle.ask(lambda engine, prompt=prompt: engine.send(Draft(prompt=prompt))))
        await asyncio.wrap_future(handle.ask(lambda engine, job=job: engine.wait([job.id], settled)))
    draft = await asyncio.wrap_future(
        handle.ask(lambda engine: engine.follow_up(len(MADE), 2, "upscale")),
    )
    await asyncio.wrap_future(handle.ask(lambda engine: engine.send(draft)))
    await asyncio.wrap_future(handle.ask(lambda engine: engine.send(Draft(prompt=RUNNING))))
    await asyncio.wrap_future(
        handle.ask(lambda engine: engine.keep_draft(Draft(prompt=RUNNING.replace("soft", "thick"), parent=len(MADE))))
    )


async def take(handle: Handle, folder: Path) -> None:
    """Open the app for each scene and keep what it shows."""
    for name, (size, scene) in SCENES.items():
        first = await asyncio.wrap_future(handle.ask(opening.read))
        face = Face(keys=keymap.keymap({}), demo=True, pictures=HalfBlocks())
        app = MjtuiApp(handle, first, face)
        async with app.run_test(size=size) as pilot:
            await show_finished(pilot)
            await scene(pilot)
            await pilot.pause(1.0)
            (folder / f"{name}.svg").write_text(app.export_screenshot(title="mjtui"), encoding="utf-8")
            print(f"{name}.svg: {size[0]}x{size[1]}")


async def show_finished(pilot: Pilot[str]) -> None:
    """Put the cursor on the newest job that has pictures."""
    await pilot.pause(1.0)


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
        handle.start()
        handle.serve()
        try:
            asyncio.run(make(handle))
            asyncio.run(take(handle, folder))
        finally:
            handle.stop()
            simulator.stdin.close()
            simulator.wait()


if __name__ == "__main__":
    main()
