"""Finding the way: the footer, the help, the palette, jump mode, keys of one's own, and keys that cannot act."""

from __future__ import annotations

import pytest

from mjtui.commands import COMMANDS
from mjtui.keymap import PRESETS, keymap, label, normal
from mjtui.tui.commands.registry import FOOTER, REGISTRY
from mjtui.tui.lifecycle.keys import KeyParser

STOLEN = {"ctrl+s", "ctrl+q+s", "ctrl+b", "ctrl+a", "ctrl+z", "ctrl+j"}


def test_every_command_of_the_catalogue_can_be_run():
    assert list(REGISTRY) == [entry.id for entry in COMMANDS]
    assert {name for names in FOOTER.values() for name in names} <= set(REGISTRY)


@pytest.mark.parametrize("preset", PRESETS)
def test_keys_of_presets_do_not_clash_and_leave_those_that_terminals_own_alone(preset):
    defaults = keymap({"preset": preset})
    assert defaults.problems == []
    assert not STOLEN & {key for keys in defaults.keys.values() for key in keys}
    assert all(normal(key) == key for keys in defaults.keys.values() for key in keys)


def test_every_command_explains_itself():
    for entry in COMMANDS:
        assert entry.title, entry.id
        assert entry.help.endswith("."), entry.id


def test_a_key_of_ones_own_replaces_the_default():
    mine = keymap({"send": "ctrl+g", "help": ["?", "f12"], "quit": None, "theme": ""})
    assert mine.problems == []
    assert mine.keys["send"] == ("ctrl+g",)
    assert mine.keys["help"] == ("question_mark", "f12")
    assert mine.keys["quit"] == ()


def test_keys_of_ones_own_go_before_those_of_the_preset():
    mine = keymap({"preset": "vim", "palette": "f9"})
    assert mine.problems == []
    assert mine.keys["palette"] == ("f9",)
    assert mine.keys["back"] == ("q", "escape")


def test_an_unknown_preset_is_told_and_the_default_keys_stay():
    mine = keymap({"preset": "emacs"}, lambda name: f"mjtui.toml: {name}")
    assert [str(problem) for problem in mine.problems] == ["mjtui.toml: keys.preset: preset: one of default, vim"]
    assert mine.keys == keymap().keys


def test_what_is_wrong_in_the_keymap_is_told_with_its_place_and_the_rest_stays_in_force():
    mine = keymap(
        {"sned": "x", "job-vary": "hyperspace", "send": 7, "redraw": "f9"}, lambda name: f"mjtui.toml: {name}"
    )
    told = [str(problem) for problem in mine.problems]
    assert any('did you mean "send"?' in text and text.startswith("mjtui.toml: keys.sned") for text in told)
    assert any('"hyperspace" is no key' in text for text in told)
    assert any("send: write a key or a list of keys" in text for text in told)
    assert mine.keys["redraw"] == ("f9",)
    assert mine.keys["job-vary"] == ("v",)


def test_a_clash_is_told_and_the_chosen_key_wins():
    mine = keymap({"job-vary": "u"})
    assert [problem.message for problem in mine.problems] == ['"u" is job-vary now, no longer job-upscale']
    assert mine.keys["job-upscale"] == ()


def test_the_same_key_may_do_different_things_in_panes_that_are_never_in_force_together():
    assert keymap({"draft-clear": "u"}).problems == []


@pytest.mark.parametrize(("key", "shown"), [("question_mark", "?"), ("escape", "esc"), ("ctrl+underscore", "ctrl+_")])
def test_keys_are_shown_as_they_are_printed_on_them(key, shown):
    assert label(key) == shown


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b\r", "alt+enter"),
        ("\x1b[13;3u", "alt+enter"),
        ("\x1b[27;3;13~", "alt+enter"),
        ("\x1b[27;5;13~", "ctrl+enter"),
        ("\x1b2", "alt+2"),
        ("\x1b/", "alt+slash"),
        ("\x1bk", "alt+k"),
        ("\x1b[15~", "f5"),
        ("\x1f", "ctrl+underscore"),
        ("é", "é"),
    ],
)
def test_keys_are_understood_in_every_form_that_terminals_send_them_in(sent, key):
    events = list(KeyParser().feed(sent))
    assert [event.key for event in events] == [key]


def test_alt_with_a_letter_never_writes_the_letter():
    (event,) = KeyParser().feed("\x1bw")
    assert (event.key, event.character) == ("alt+w", None)


async def test_a_key_that_cannot_act_says_why(sitting):
    async with sitting() as at:
        await at.press("alt+enter")
        await at.press("alt+2", "u")
        await at.press("alt+z")
        assert at.said == [
            "There is nothing to send yet: write a prompt.",
            "No job is chosen: send a prompt, or choose one in Tasks or History.",
            "alt+z: Undo works in Compose.",
        ]


async def test_the_footer_shows_keys_of_the_pane_that_has_the_focus(sitting):
    async with sitting() as at:
        await at.write("a fox")
        await at.planned()
        assert "alt+enter send" in at.studio.footer.said
        await at.press("alt+4")
        assert "alt+enter send" not in at.studio.footer.said
        assert "/ search" in at.studio.footer.said


async def test_in_the_editor_the_footer_names_keys_that_do_not_write_themselves(sitting):
    async with sitting() as at:
        assert "f1 help" in at.studio.footer.said
        await at.press("alt+2")
        assert "? help" in at.studio.footer.said


async def test_help_lists_what_applies_here_and_runs_it(sitting):
    async with sitting() as at:
        await at.press("f1")
        shown = at.text()
        assert "Send the draft" in shown
        assert "Upscale the picture" not in shown
        await at.type("full screen")
        await at.press("enter")
        assert at.studio.zoomed


async def test_the_palette_has_every_command_with_its_key(sitting):
    async with sitting() as at:
        await at.press("ctrl+p")
        await at.type("upscale")
        assert "Not now: No job is chosen" in at.text()
        await at.press("escape", "ctrl+p")
        await at.type("go to hist")
        await at.press("enter")
        assert at.studio.active == "history"


async def test_jump_mode_reaches_a_pane_in_two_keys(sitting):
    async with sitting() as at:
        await at.press("ctrl+o", "d")
        assert at.studio.focused is at.studio.preview
        await at.press("ctrl+o", "escape")
        assert at.studio.focused is at.studio.preview


async def test_tab_goes_round_the_panes(sitting):
    async with sitting() as at:
        seen = [at.studio.active]
        for _ in range(4):
            await at.press("tab")
            seen.append(at.studio.active)
        assert seen == ["compose", "tasks", "preview", "history", "compose"]
        await at.press("shift+tab")
        assert at.studio.active == "history"


async def test_a_key_of_ones_own_works_on_the_screen(sitting):
    async with sitting(keys={"pane-tasks": "ctrl+t"}) as at:
        await at.press("ctrl+t")
        assert at.studio.active == "tasks"


async def test_a_theme_is_shown_as_one_goes_through_them_and_esc_brings_the_old_one_back(sitting):
    async with sitting() as at:
        at.studio.perform("theme")
        await at.until(lambda: "Theme" in at.text())
        await at.press("down")
        assert at.app.theme == "mjtui-light"
        await at.press("escape")
        assert at.app.theme == "mjtui-dark"


async def test_a_long_finding_is_read_whole_on_a_small_screen(sitting):
    async with sitting((80, 24)) as at:
        await at.write("a paper lighthouse --hd")
        await at.planned()
        await at.until(lambda: "fixes it" in at.text())
        assert "picture you like." in " ".join(at.text().split())
