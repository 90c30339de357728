"""The draft is sacred: kept while one writes, restored at start, cleared by nobody but the person."""

from __future__ import annotations

import asyncio

from mjtui.engine.engine import Engine
from mjtui.errors import LibraryError
from mjtui.prompt.draft import Draft
from mjtui.tui.changes import Changes, Snapshot


async def test_the_draft_is_kept_while_one_writes(sitting):
    async with sitting() as at:
        await at.type("a fox")

        async def kept() -> None:
            while await at.app.ask(lambda engine: engine.draft()) != Draft(prompt="a fox"):
                await at.pilot.pause(0.02)

        await asyncio.wait_for(kept(), 5)


async def test_the_draft_is_there_at_the_next_start(sitting):
    async with sitting() as at:
        await at.write("a fox in snow")
        await at.press("ctrl+q")
    async with sitting() as at:
        assert at.studio.compose_pane.editor.text == "a fox in snow"
        assert at.studio.compose_pane.editor.cursor == len("a fox in snow")


async def test_clearing_can_be_undone(sitting):
    async with sitting() as at:
        await at.write("a fox in snow")
        await at.press("alt+x")
        assert at.studio.compose_pane.draft == Draft()
        await at.press("alt+z")
        assert at.studio.compose_pane.draft == Draft(prompt="a fox in snow")
        await at.press("alt+y")
        assert at.studio.compose_pane.draft == Draft()


async def test_a_paste_of_many_lines_is_one_change_and_obeys_nothing_in_it(sitting):
    async with sitting() as at:
        await at.write("one\n\x1b[31mtwo\x07\nthree")
        assert at.studio.compose_pane.editor.text == "one\ntwo\nthree"
        await at.press("alt+z")
        assert at.studio.compose_pane.editor.text == ""


async def test_brackets_in_a_prompt_are_text_and_no_markup(sitting):
    prompt = "a [red]fox[/] in [b]snow[/b] [@click=app.quit]x[/]"
    async with sitting() as at:
        await at.write(prompt)
        await at.planned()
        await at.press("alt+enter")
        await at.until(lambda: len(at.studio.tasks.shown()) == 1)
        assert at.text().count("a [red]fox[/]") >= 3


async def test_the_text_survives_a_screen_that_is_too_small(sitting):
    async with sitting() as at:
        await at.write("a fox in snow")
        await at.pilot.resize_terminal(40, 10)
        await at.pilot.pause()
        assert "needs 60 columns and 15 lines" in at.text()
        await at.pilot.resize_terminal(80, 24)
        await at.pilot.pause()
        assert "a fox in snow" in at.text()
        await at.type("!")
        assert at.studio.compose_pane.editor.text == "a fox in snow!"


async def test_one_pane_at_a_time_on_a_small_screen_with_tabs_to_go_between(sitting):
    async with sitting((80, 24)) as at:
        assert "1 Compose" in at.text().splitlines()[0]
        await at.press("alt+4")
        assert at.studio.history.region.area
        assert not at.studio.compose_pane.region.area


async def test_the_form_is_gone_through_and_changed_with_arrows(sitting):
    async with sitting() as at:
        await at.write("a fox")
        await at.press("f2", "right", "right", "down", "down")
        assert at.studio.compose_pane.draft.aspect_ratio == "3:2"
        await at.planned()
        await at.until(lambda: "3:2" in at.studio.compose_pane.form_line.said)
        await at.press("backspace")
        assert at.studio.compose_pane.draft.aspect_ratio is None


async def test_a_typed_setting_that_is_none_says_what_it_should_be(sitting):
    async with sitting() as at:
        await at.press("f2", "right", "right", "enter")
        await at.type("wide")
        await at.press("enter")
        await at.until(lambda: "a ratio like 16:9" in at.text().split("Empty leaves")[1])
        assert at.studio.compose_pane.draft.aspect_ratio is None


async def test_a_reference_image_is_named_and_makes_the_draft_an_image_to_image(sitting):
    async with sitting() as at:
        await at.write("a fox")
        await at.press("alt+i")
        await at.write("https://img.test/folder/cat.png")
        await at.press("enter")
        assert at.studio.compose_pane.draft.kind == "img2img"
        assert "image  cat.png" in at.text()
        await at.press("alt+d")
        assert at.studio.compose_pane.draft.images == ()


async def test_a_draft_that_cannot_be_kept_stays_on_the_screen(sitting, monkeypatch):
    tried: list[Draft] = []

    async def full(self: Engine, draft: Draft, name: str = "main") -> None:
        tried.append(draft)
        raise LibraryError("There is no room left on the disk.")

    async with sitting() as at:
        monkeypatch.setattr(Engine, "keep_draft", full)
        await at.write("a fox")
        await at.until(lambda: tried)
        await at.type("!")
        await at.until(lambda: len(tried) > 1)
        assert at.studio.compose_pane.editor.text == "a fox!"
        await at.press("ctrl+q")
        await at.until(lambda: "could not be kept" in at.text())
        await at.press("y")


def test_typing_without_a_pause_is_one_step_back():
    changes = Changes(Snapshot(Draft(), 0))
    for at, text in enumerate(["a", "a ", "a f", "a fo", "a fox"]):
        changes.note(Snapshot(Draft(prompt=text), len(text)), at * 0.1)
    changes.note(Snapshot(Draft(prompt="a fox!"), 6), 10.0)
    back = changes.undo()
    assert back is not None
    assert back.draft.prompt == "a fox"
    back = changes.undo()
    assert back is not None
    assert back.draft.prompt == ""
    assert changes.undo() is None
    forward = changes.redo()
    assert forward is not None
    assert forward.draft.prompt == "a fox"
