"""The loop of the main room: write, see the price, send, watch, look at the pictures, go on from one of them."""

from __future__ import annotations

from typing import Any

from mjtui.prompt.draft import Draft

LIGHTHOUSE = "a paper lighthouse at dusk --ar 16:9"


async def make(at: Any, prompt: str = LIGHTHOUSE) -> Any:
    """Write a prompt, send it and wait for its pictures."""
    await at.write(prompt)
    await at.planned()
    await at.press("alt+enter")
    await at.until(lambda: at.studio.job is not None)
    await at.pictures()
    return at.studio.job


async def test_the_price_is_shown_before_anything_is_sent(sitting, simulator):
    async with sitting() as at:
        before = len(simulator.charges())
        await at.type("a paper lighthouse at dusk --ar 16:9")
        await at.planned()
        assert "8 cr (about $0.04)" in at.text()
        assert "text to image · v7 · 16:9 · fast" in at.text()
        assert len(simulator.charges()) == before


async def test_sending_keeps_the_draft_and_the_pictures_appear(sitting):
    async with sitting() as at:
        job = await make(at)
        assert job.prompt == LIGHTHOUSE
        assert at.studio.compose_pane.draft == Draft(prompt=LIGHTHOUSE)
        assert at.studio.tasks.selected.id == job.id
        assert at.studio.focused is at.studio.compose_pane.editor


async def test_the_same_request_again_is_asked_about_and_answered_with_another_key(sitting, simulator):
    async with sitting() as at:
        await make(at)
        charged = len(simulator.charges())
        await at.press("alt+enter")
        await at.until(lambda: "Send it again?" in at.text())
        await at.press("alt+enter", "enter")
        assert "Send it again?" in at.text()
        await at.press("n")
        assert len(simulator.charges()) == charged
        await at.press("alt+enter")
        await at.until(lambda: "Send it again?" in at.text())
        await at.press("y")
        await at.until(lambda: len(simulator.charges()) == charged + 1)


async def test_upscale_and_vary_go_on_from_the_chosen_picture(sitting):
    async with sitting() as at:
        job = await make(at)
        await at.press("alt+2", "3", "u")
        await at.until(lambda: any("goes to the service" in said for said in at.said[1:]))
        upscaled = await at.app.ask(lambda engine: engine.find("last"))
        assert (upscaled.kind, upscaled.parent, upscaled.parent_index) == ("upscale", job.id, 3)


async def test_recall_brings_the_prompt_back_and_undo_the_draft(sitting):
    async with sitting() as at:
        job = await make(at)
        await at.press("alt+x")
        await at.write("something else")
        await at.press("alt+2", "r")
        compose = at.studio.compose_pane
        assert compose.draft.prompt == LIGHTHOUSE
        assert compose.draft.parent == job.id
        await at.press("alt+z")
        assert compose.draft == Draft(prompt="something else")


async def test_what_was_changed_since_the_parent_is_shown_word_by_word(sitting):
    async with sitting() as at:
        job = await make(at)
        await at.press("alt+2", "r")
        editor = at.studio.compose_pane.editor
        editor.put(LIGHTHOUSE.replace("dusk", "dawn"))
        await at.planned()
        await at.until(lambda: f"since #{job.id}: dusk>dawn" in at.text())


async def test_a_job_sent_while_one_writes_does_not_take_the_focus_or_the_text(sitting):
    async with sitting() as at:
        await at.write(LIGHTHOUSE)
        await at.planned()
        await at.press("alt+enter")
        await at.write(" --s 250")
        await at.pictures()
        assert at.studio.compose_pane.draft.prompt == LIGHTHOUSE + " --s 250"


async def test_a_refused_job_says_why_and_what_it_means_for_money(sitting, simulator):
    simulator.fault("submit:402")
    async with sitting() as at:
        await at.write(LIGHTHOUSE)
        await at.planned()
        await at.press("alt+enter")
        await at.until(lambda: "refused" in at.text())
        await at.until(lambda: "nothing was" in at.text())


async def test_an_unknown_job_is_settled_by_the_person(sitting, simulator):
    simulator.fault("submit:drop-after")
    async with sitting() as at:
        await at.write(LIGHTHOUSE)
        await at.planned()
        await at.press("alt+enter")
        await at.until(lambda: "1 needs you" in at.text())
        await at.press("alt+2", "s")
        await at.until(lambda: "Did it arrive?" in at.text())
        await at.press("enter")
        assert "Did it arrive?" in at.text()
        await at.press("g")
        await at.until(lambda: at.studio.status.counts.unknown == 0)


async def test_the_exact_request_is_shown_without_the_key(sitting, simulator):
    async with sitting() as at:
        await at.write(LIGHTHOUSE)
        await at.press("f3")
        await at.until(lambda: "The exact request" in at.text())
        shown = at.text()
        assert '"aspectRatio": "16:9"' in shown
        assert simulator.key not in shown
        await at.press("c")
        assert "$KIE_API_KEY" in at.app.clipboard
        assert simulator.key not in at.app.clipboard


async def test_a_finding_offers_its_fix_by_a_key(sitting):
    async with sitting() as at:
        await at.write("a fox --ar 16:9 in the snow")
        await at.planned()
        await at.until(lambda: "fixes it" in at.text())
        await at.press("alt+q")
        await at.planned()
        assert at.studio.compose_pane.draft.prompt != "a fox --ar 16:9 in the snow"


async def test_search_finds_what_was_made(sitting):
    async with sitting() as at:
        await make(at, "a castle on a misty peak")
        await at.press("alt+2", "slash")
        await at.write("castle")
        await at.until(lambda: at.studio.history.query_text == "castle")
        await at.press("enter")
        assert at.studio.history.selected.prompt == "a castle on a misty peak"


async def test_a_pane_that_was_hidden_shows_what_came_meanwhile(sitting):
    async with sitting((80, 24)) as at:
        await make(at, "a castle on a misty peak")
        await at.press("alt+3", "2", "u")
        await at.until(lambda: any(said.startswith("#2 goes") for said in at.said))
        await at.press("alt+4")
        await at.until(lambda: at.text().count("a castle on a misty peak") == 2)


async def test_a_refused_job_is_tried_again_as_a_new_one_after_a_question(sitting, simulator):
    simulator.fault("submit:402")
    async with sitting() as at:
        await at.write(LIGHTHOUSE)
        await at.planned()
        await at.press("alt+enter")
        await at.until(lambda: "refused" in at.text())
        simulator.heal()
        charged = len(simulator.charges())
        await at.press("alt+2", "t")
        await at.until(lambda: "Send #1 again, as a new job?" in at.text())
        assert "8 cr" in at.text()
        await at.press("t", "enter")
        assert len(simulator.charges()) == charged
        await at.press("y")
        await at.until(lambda: len(simulator.charges()) == charged + 1)
        assert (await at.app.ask(lambda engine: engine.find("last"))).parent == 1


async def test_from_a_job_one_goes_to_the_one_it_came_from(sitting):
    async with sitting() as at:
        await make(at)
        await at.press("alt+2", "P")
        assert at.said[-1] == "#1 came from no other job."
        await at.press("3", "u")
        await at.until(lambda: any(said.startswith("#2 goes") for said in at.said))
        await at.until(lambda: at.studio.tasks.selected is not None and len(at.studio.tasks._rows) == 2)
        await at.press("alt+4", "g")
        await at.until(lambda: at.studio.job.id == 2)
        await at.press("P")
        await at.until(lambda: at.studio.job.id == 1)
        assert (at.studio.index, at.studio.history.selected.id) == (3, 1)


async def test_a_job_that_was_not_sent_when_mjtui_was_closed_says_so_and_is_sent_by_a_key(sitting, simulator):
    simulator.fault("submit:429")
    async with sitting() as at:
        await at.write(LIGHTHOUSE)
        await at.planned()
        await at.press("alt+enter")
        await at.until(lambda: "planned" in at.text())
    simulator.heal()
    async with sitting() as at:
        assert "left unsent: p sends it" in at.text()
        await at.press("alt+2", "p")
        await at.until(lambda: "Send #1 now?" in at.text())
        await at.press("y")
        await at.until(lambda: "left unsent" not in at.text())
        await at.pictures()
