"""Every command of the screen as data: its id, what it does and its keys; and the keys that a person chose instead.

The screen binds these commands to functions, `mjtui keys` and the docs list them. A key is named as Textual names it
(`ctrl+o`, `f5`, `slash`); single characters may be written as they are (`/`, `?`).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from mjtui.commands import COMMANDS, Entry, Scope
from mjtui.settings_file import Problem

CHARACTERS: Final = {
    "!": "exclamation_mark",
    '"': "quotation_mark",
    "#": "number_sign",
    "$": "dollar_sign",
    "%": "percent_sign",
    "&": "ampersand",
    "'": "apostrophe",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    "*": "asterisk",
    "+": "plus",
    ",": "comma",
    "-": "minus",
    ".": "full_stop",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less_than_sign",
    "=": "equals_sign",
    ">": "greater_than_sign",
    "?": "question_mark",
    "@": "at",
    "[": "left_square_bracket",
    "\\": "backslash",
    "]": "right_square_bracket",
    "^": "circumflex_accent",
    "_": "underscore",
    "`": "grave_accent",
    "{": "left_curly_bracket",
    "|": "vertical_line",
    "}": "right_curly_bracket",
    "~": "tilde",
    " ": "space",
}
NAMES: Final = {name: character for character, name in CHARACTERS.items() if character != " "}
MODIFIERS: Final = ("ctrl", "alt", "shift", "super", "hyper", "meta")
NAMED: Final = frozenset(
    [
        "space",
        "enter",
        "tab",
        "escape",
        "backspace",
        "delete",
        "insert",
        "home",
        "end",
        "pageup",
        "pagedown",
        "up",
        "down",
        "left",
        "right",
    ]
) | {*NAMES, *(f"f{number}" for number in range(1, 25))}
LABELS: Final = {"escape": "esc", "pageup": "pgup", "pagedown": "pgdn", "delete": "del", "insert": "ins"}
ARROWS: Final = {"up": "↑", "down": "↓", "left": "←", "right": "→"}

PRESETS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "default": {},
    "vim": {
        "palette": ("colon", "ctrl+p"),
        "back": ("q", "escape"),
        "pane-next": ("alt+l", "tab", "f6"),
        "pane-previous": ("alt+h", "shift+tab", "shift+f6"),
        "draft-undo": ("alt+u", "alt+z"),
        "draft-redo": ("ctrl+r", "alt+y"),
    },
}
"""Keys by the name of a preset, where they differ from the default; lists have vim's keys in all of them."""

OVERLAPS: Final[Mapping[Scope, frozenset[Scope]]] = {
    "everywhere": frozenset({"everywhere", "compose", "job", "list", "tasks", "preview", "history"}),
    "compose": frozenset({"everywhere", "compose"}),
    "job": frozenset({"everywhere", "job", "list", "tasks", "preview", "history"}),
    "list": frozenset({"everywhere", "job", "list", "tasks", "history"}),
    "tasks": frozenset({"everywhere", "job", "list", "tasks"}),
    "preview": frozenset({"everywhere", "job", "preview"}),
    "history": frozenset({"everywhere", "job", "list", "history"}),
}
"""Scopes whose keys are in force at the same time."""


@dataclass(slots=True)
class Keymap:
    """The keys in force by command id, and what is wrong with those that a person chose."""

    keys: dict[str, tuple[str, ...]]
    problems: list[Problem] = field(default_factory=list[Problem])

    def label(self, command: str) -> str:
        """The first key of a command as it is shown, or nothing where it has none."""
        keys = self.keys.get(command, ())
        return label(keys[0]) if keys else ""

    def labels(self, command: str) -> str:
        """The first two keys of a command as they are shown."""
        return "  ".join(label(key) for key in self.keys.get(command, ())[:2])


def keymap(chosen: Mapping[str, Any] | None = None, where: Callable[[str], str] = str) -> Keymap:
    """The default keys with those chosen in the settings' `[keys]` table in their place.

    `preset` in that table names the keys to begin with.
    `where` tells file and line of a setting. What is wrong (an unknown id, a key that is none, a clash) is reported,
    and the rest stays in force: on a clash the chosen key wins and the command that loses it says so.
    """
    result = Keymap({entry.id: entry.keys for entry in COMMANDS})
    table = dict(chosen or {})
    preset = table.pop("preset", "default")
    if isinstance(preset, str) and preset in PRESETS:
        result.keys |= PRESETS[preset]
    else:
        result.problems.append(Problem(where("keys.preset"), f"preset: one of {', '.join(PRESETS)}"))
    mine: set[str] = set()
    for command, value in table.items():
        place = where(f"keys.{command}")
        if command not in result.keys:
            result.problems.append(Problem(place, _unknown(command)))
            continue
        words = _words(value)
        if words is None:
            result.problems.append(Problem(place, f"{command}: write a key or a list of keys"))
            continue
        keys = {word: normal(word) for word in words}
        bad = [word for word, key in keys.items() if key is None]
        result.problems += [Problem(place, f'{command}: "{word}" is no key that a terminal can send') for word in bad]
        good = tuple(key for key in keys.values() if key is not None)
        if good or not bad:
            result.keys[command] = good
            mine.add(command)
    result.problems += [
        Problem(where(f"keys.{winner}"), f'"{label(key)}" is {winner} now, no longer {loser}')
        for key, winner, loser in list(_clashes(result, mine))
    ]
    return result


def normal(word: str) -> str | None:
    """A key as Textual names it, or None where the word names no key."""
    word = CHARACTERS.get(word, word)
    *modifiers, key = word.split("+") if len(word) > 1 else [word]
    key = CHARACTERS.get(key, key)
    if any(modifier not in MODIFIERS for modifier in modifiers) or len(set(modifiers)) != len(modifiers):
        return None
    if key not in NAMED and not (len(key) == 1 and key.isprintable()):
        return None
    if len(key) == 1 and modifiers == ["shift"]:
        return key.upper()
    order = sorted(modifiers, key=MODIFIERS.index)
    return "+".join([*order, key])


def label(key: str) -> str:
    """A key as it is shown: `?` for `question_mark`, `esc` for `escape`."""
    *modifiers, name = key.split("+")
    return "+".join([*modifiers, ARROWS.get(name) or LABELS.get(name) or NAMES.get(name, name)])


def printable(key: str) -> bool:
    """True for keys that write a character where text is typed."""
    return "+" not in key and (len(key) == 1 or key in NAMES or key == "space")


def _words(value: Any) -> list[str] | None:
    if value is None:
        return []
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list) and all(isinstance(word, str) for word in cast("list[Any]", value)):
        return [word for word in cast("list[str]", value) if word]
    return None


def _unknown(command: str) -> str:
    near = difflib.get_close_matches(command, [entry.id for entry in COMMANDS], 1)
    return f'unknown command "{command}"; ' + (f'did you mean "{near[0]}"?' if near else "`mjtui keys` lists them")


def _clashes(result: Keymap, mine: set[str]) -> Iterator[tuple[str, str, str]]:
    """Take each key that two commands have at the same time from one of them; yields key, winner and loser."""
    owners: dict[str, list[Entry]] = {}
    for entry in sorted(COMMANDS, key=lambda entry: entry.id not in mine):
        kept: list[str] = []
        for key in result.keys[entry.id]:
            rivals = owners.setdefault(key, [])
            winner = next((rival for rival in rivals if entry.scope in OVERLAPS[rival.scope]), None)
            if winner is None:
                rivals.append(entry)
                kept.append(key)
            else:
                yield key, winner.id, entry.id
        result.keys[entry.id] = tuple(kept)
