from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "modules",
    [
        "mjtui.media, mjtui.media.pixels, mjtui.media.kinds, mjtui.media.names, mjtui.media.video",
        "mjtui.terminal, mjtui.terminal.text, mjtui.terminal.drivers, mjtui.terminal.card, mjtui.terminal.clipboard,"
        "mjtui.terminal.notify, mjtui.terminal.title, mjtui.terminal.reset",
    ],
    ids=["media", "terminal"],
)
def test_what_the_screen_needs_for_its_first_paint_leaves_pillow_alone(modules: str) -> None:
    code = f"import sys, {modules}; print([name for name in ('PIL', 'textual', 'httpx') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
