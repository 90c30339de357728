"""Coming and going: no key, a wrong key, what goes on without the screen."""

from __future__ import annotations

from mjtui.engine import Counts, Status
from mjtui.tui.app import farewell


def status(**counts: int) -> Status:
    nothing = {"planned": 0, "submitting": 0, "running": 0, "unknown": 0, "pictures_due": 0, "expiring": 0}
    return Status(
        counts=Counts(**(nothing | counts)), credits=None, spent_today=0, budget=None, online=True, service="kie"
    )


async def test_without_a_key_the_two_ways_in_are_explained(sitting):
    async with sitting(key=False) as at:
        await at.until(lambda: "Welcome to mjtui" in at.text())
        assert "mjtui --demo" in at.text()
        await at.press("escape")
        assert at.studio.focused is at.studio.compose_pane.editor


async def test_sending_without_a_key_asks_for_one(sitting):
    async with sitting(key=False) as at:
        await at.until(lambda: "Welcome to mjtui" in at.text())
        await at.press("escape")
        await at.write("a fox")
        await at.planned()
        await at.press("alt+enter")
        await at.until(lambda: "Welcome to mjtui" in at.text())


async def test_a_key_is_tried_and_kept(sitting, simulator, monkeypatch):
    monkeypatch.setenv("MJTUI_API_URL", simulator.url)
    monkeypatch.setenv("MJTUI_UPLOAD_URL", simulator.url)
    async with sitting(key=False) as at:
        await at.until(lambda: "Welcome to mjtui" in at.text())
        await at.write("no-such-key")
        await at.press("enter")
        await at.until(lambda: "x " in at.text())
        assert "Welcome to mjtui" in at.text()
        await at.press("ctrl+u")
        await at.write(simulator.key)
        await at.press("enter")
        await at.until(lambda: any("The key works" in said for said in at.said))
        assert simulator.key not in at.text()


async def test_a_theme_is_seen_while_one_goes_through_the_list_and_kept_by_enter(sitting):
    async with sitting() as at:
        at.studio.perform("theme")
        await at.until(lambda: "Theme" in at.text() and "esc goes back" in at.text())
        await at.press("down")
        await at.until(lambda: at.app.theme == "mjtui-light")
        await at.press("escape")
        await at.until(lambda: at.app.theme == "mjtui-dark")
        at.studio.perform("theme")
        await at.until(lambda: "esc goes back" in at.text())
        await at.type("ansi-d")
        await at.until(lambda: at.app.theme == "ansi-dark")
        assert "The colours that your terminal is set to" in at.text()
        await at.press("enter", "ctrl+q")
    async with sitting() as at:
        assert at.app.theme == "ansi-dark"


async def test_a_theme_that_there_is_not_is_told_and_the_usual_one_taken(sitting):
    async with sitting(theme="mjtui-drak") as at:
        await at.until(lambda: any("There is no theme" in said.message for said in at.app._notifications))
        assert at.app.theme == "mjtui-dark"


async def test_a_terminal_of_few_colours_keeps_its_own_unless_a_theme_was_chosen(sitting):
    async with sitting(usual_theme="ansi-dark") as at:
        assert at.app.theme == "ansi-dark"
    async with sitting(usual_theme="ansi-dark", theme="nord") as at:
        assert at.app.theme == "nord"


def test_what_goes_on_without_the_screen_is_said_at_the_end():
    assert "2 jobs go on at the service" in farewell(status(running=2), demo=False, keep=False)
    assert farewell(status(), demo=False, keep=False) == ""
    assert "--keep" in farewell(status(running=2), demo=True, keep=False)
