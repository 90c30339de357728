"""The list of settings, where each came from, and the file that they are written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from mjtui.errors import MjtuiError
from mjtui.tui import external
from mjtui.tui.screens.settings import row


def editor(monkeypatch, change):
    """Stands in for the person's editor; returns the commands that it was started with."""
    started: list[list[str]] = []

    def run(app, command):
        started.append(command)
        path = Path(command[-1])
        path.write_text(change(path.read_text()))
        return 0

    monkeypatch.setenv("VISUAL", "vim -n")
    monkeypatch.setattr(external, "_run", run)
    return started


async def chosen(at, name):
    await at.press("alt+2", "comma")
    await at.until(lambda: "esc closes" in at.text())
    await at.type(name)
    await at.until(lambda: f".{name}:" in at.text())


async def test_settings_are_found_by_their_meaning_and_say_where_they_came_from(sitting, paths, monkeypatch):
    monkeypatch.setenv("MJTUI_BUDGET_PER_DAY", "120")
    paths.make()
    paths.settings.write_text('[defaults]\naspect_ratio = "16:9"\n')
    async with sitting() as at:
        await at.press("alt+2", "comma")
        await at.until(lambda: "esc closes" in at.text())
        await at.type("credits a day")
        await at.until(lambda: "MJTUI_BUDGET_PER_DAY" in at.text())
        assert "120" in at.text()
        await at.press("ctrl+u")
        await at.type("aspect")
        await at.until(lambda: "defaults.aspect_ratio" in at.text())
        assert "16:9" in at.text()


async def test_a_file_is_written_for_the_editor_and_begun_at_the_setting(sitting, paths, monkeypatch):
    started = editor(monkeypatch, lambda text: text.replace("# theme = ", "theme = "))
    async with sitting() as at:
        await chosen(at, "theme")
        await at.press("enter")
        await at.until(lambda: any("count from the next start" in said for said in at.said))
    assert 'theme = "mjtui-dark"' in paths.settings.read_text()
    ((*command, begin, path),) = started
    assert (command, path) == (["vim", "-n"], str(paths.settings))
    line = paths.settings.read_text().splitlines()[int(begin.removeprefix("+")) - 1]
    assert line.startswith("theme = ")


async def test_what_is_wrong_in_the_file_is_told_at_once(sitting, paths, monkeypatch):
    editor(monkeypatch, lambda text: text + "\n[screens]\n")
    async with sitting() as at:
        await chosen(at, "theme")
        await at.press("enter")
        await at.until(lambda: any('did you mean "screen"?' in said for said in at.said))


async def test_a_file_that_was_only_looked_at_changes_nothing(sitting, monkeypatch):
    editor(monkeypatch, lambda text: text)
    async with sitting() as at:
        await chosen(at, "theme")
        await at.press("enter")
        await at.until(lambda: at.said[-1] == "Nothing was changed.")


def test_an_editor_that_fails_says_where_the_file_is(tmp_path, monkeypatch):
    monkeypatch.setenv("VISUAL", "code --wait")
    monkeypatch.setattr(external, "_run", lambda app, command: 3 if "+" not in command[1] else 0)
    path = tmp_path / "mjtui.toml"
    path.write_text("")
    with pytest.raises(MjtuiError, match="ended with 3"):
        external.open_file(None, path, word="theme")


@pytest.mark.parametrize(
    ("value", "source", "shown", "where"),
    [
        (None, "default", "not set", ""),
        (True, "command line", "yes", "flag"),
        ("x" * 50, "environment MJTUI_X", "x" * 33 + "…", "env"),
        ("a\x1b[31mb", "/home/me/mjtui.toml:3", "ab", "file"),
    ],
)
def test_a_row_of_the_settings(value, source, shown, where):
    found = row("screen.theme", value, source, "colour theme")
    assert found.title.split(maxsplit=1) == ["theme", shown]
    assert (found.key, found.section) == (where, "screen")
