"""Panes that a person makes larger or smaller, and what the next sitting begins with."""

from __future__ import annotations

import pytest

from mjtui.tui.screens.layout import shares


def sizes(at):
    studio = at.studio
    return {pane: studio.query_one(f"#{pane}").outer_size for pane in ("compose", "tasks", "preview", "history")}


async def test_a_pane_is_made_wider_and_taller_by_keys_and_its_neighbours_give_the_room(sitting):
    async with sitting() as at:
        before = sizes(at)
        await at.press("alt+4", ">", ">")
        wider = sizes(at)
        assert wider["history"].width == before["history"].width + 12
        assert wider["preview"].width == before["preview"].width - 12
        await at.press("<", "<", "alt+plus")
        taller = sizes(at)
        assert taller["history"].width == before["history"].width
        assert taller["history"].height > before["history"].height
        assert taller["compose"].height < before["compose"].height
        assert taller["tasks"] == before["tasks"]


async def test_the_sizes_are_there_at_the_next_start_and_can_be_given_back(sitting):
    async with sitting() as at:
        usual = sizes(at)
        await at.press("alt+2", ">", "alt+plus", "alt+plus")
        chosen = sizes(at)
        assert chosen["tasks"].height > usual["tasks"].height
        await at.press("ctrl+q")
    async with sitting() as at:
        assert sizes(at) == chosen
        at.studio.perform("pane-reset")
        await at.pilot.pause()
        assert sizes(at) == usual


async def test_sizes_do_not_matter_where_one_pane_has_the_screen(sitting):
    async with sitting((80, 24)) as at:
        usual = sizes(at)
        await at.press("alt+2", ">")
        assert at.said[-1] == "One pane has the whole screen: there is none beside it."
    async with sitting() as at:
        await at.press("alt+2", ">", "alt+plus", "ctrl+q")
    async with sitting((80, 24)) as at:
        assert sizes(at) == usual


async def test_no_pane_is_made_so_small_that_it_is_of_no_use(sitting):
    async with sitting() as at:
        await at.press("alt+2", *[">"] * 20, *["alt+plus"] * 20)
        assert at.studio.shares.to_json() == {"width": 20, "compose": None, "tasks": 80}


@pytest.mark.parametrize("nonsense", [None, 7, [], {"width": "wide", "height": 3}])
def test_sizes_that_cannot_be_read_are_the_usual_ones(nonsense):
    assert shares(nonsense).to_json() == {"width": None, "compose": None, "tasks": None}


async def test_the_next_sitting_goes_on_with_the_draft_and_shows_the_job_of_the_last(sitting):
    async with sitting() as at:
        for prompt in ("a fox", "a castle", "a boat"):
            await at.press("alt+1", "alt+x")
            await at.write(prompt)
            await at.planned()
            await at.press("alt+enter")
        await at.until(lambda: len(at.studio.tasks._rows) == 3)
        await at.press("alt+4", "g", "j", "ctrl+q")
    async with sitting() as at:
        assert at.studio.focused is at.studio.compose_pane.editor
        assert at.studio.job.prompt == "a castle"
        await at.until(lambda: at.studio.history.selected is not None)
        await at.until(lambda: at.studio.history.selected.prompt == "a castle")
        assert at.studio.tasks.selected.prompt == "a castle"
        await at.type("r")
        assert at.studio.compose_pane.editor.text == "a boatr"


async def test_from_any_pane_one_goes_through_what_is_found(sitting):
    async with sitting() as at:
        for prompt in ("a red fox", "a castle", "a grey fox"):
            await at.press("alt+1", "alt+x")
            await at.write(prompt)
            await at.planned()
            await at.press("alt+enter")
        await at.until(lambda: len(at.studio.tasks._rows) == 3)
        await at.press("alt+2", "slash")
        await at.write("fox")
        await at.until(lambda: at.studio.history.query_text == "fox")
        await at.press("enter", "alt+3", "n")
        assert at.studio.job.prompt == "a red fox"
        await at.press("n")
        assert at.said[-1] == "That is the last one."
        await at.press("N")
        assert at.studio.job.prompt == "a grey fox"
        assert at.studio.focused is at.studio.preview
