"""News for a person who looks elsewhere, and what goes soon."""

from __future__ import annotations

import pytest
from textual import events

from mjtui.engine import Notice
from mjtui.engine.engine import Engine
from mjtui.tui import ringing


class Due:
    state = "due"


class Going:
    """A job with four pictures that the service deletes in two days."""

    expires_at = 2 * 86_400_000
    pictures = (Due,) * 4


async def test_who_looks_elsewhere_is_told_once_of_what_happens_together(sitting, monkeypatch):
    async with sitting(notify="osc9", tmux=True) as at:
        sent: list[str] = []
        monkeypatch.setattr(at.app._ringer, "_emit", sent.append)
        at.studio.show_notice(Notice("info", "#1 is done: 4 pictures", 1))
        at.app._ringer.ring()
        assert sent == []
        at.app.app_focus = False
        at.studio.show_notice(Notice("info", "#2 is done; all well", 2))
        at.studio.show_notice(Notice("error", "#3 failed", 3))
        at.app._ringer.ring()
        assert sent == ["\x1bPtmux;\x1b\x1b]9;mjtui: #3 failed And 1 more.\x07\x1b\\"]
        at.studio.show_notice(Notice("info", "#4 is done", 4))
        at.app.post_message(events.AppFocus())
        await at.pilot.pause()
        at.app._ringer.ring()
        assert len(sent) == 1


@pytest.mark.parametrize(
    ("setting", "term", "how"),
    [
        (None, "xterm", "bell"),
        ("bell", "foot", "bell"),
        ("osc", "xterm-256color", "osc9"),
        ("osc", "rxvt-unicode", "osc777"),
        ("off", "foot", None),
    ],
)
def test_the_terminal_notifies_in_the_way_that_it_understands(setting, term, how):
    assert ringing.way(setting, {"TERM": term}) == how


async def test_pictures_that_go_soon_are_told_at_start_with_the_key_that_saves_them(sitting, monkeypatch):
    async def expiring(engine: Engine):
        return [Going]

    monkeypatch.setattr(Engine, "expiring", expiring)
    async with sitting(now=lambda: 0) as at:
        said = "4 pictures are not saved yet and go in 2 d: W tries to save all now."
        await at.until(lambda: any(said == told.message for told in at.app._notifications))
        await at.press("alt+2", "W")
        await at.until(lambda: at.said[-1] == "All pictures are saved.")
