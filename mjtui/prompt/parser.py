"""Reading a prompt: leading images, words, and flags with the values that belong to them, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mjtui.prompt.lexer import Token, tokens
from mjtui.prompt.parameters import BY_FLAG, Parameter

_MASK = "\ufffc"
"""Stands for every character of a group, so that a group with blanks inside is one word."""
_WORD = re.compile(r"\S+")
_ITEM = re.compile(r"[^,]+")
_BLANK = " \t\r\n\v\f\xa0\u3000,"
_TRAILING = ",;."


class Value(NamedTuple):
    """A piece of the text; `open` where it holds a group, and so is not known before the prompt is expanded."""

    text: str
    start: int
    end: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag from its dashes to the end of its last value; `parameter` is None where nobody knows it.

    `written` is the flag as written, `word` its name in lower case. `glued` is whether a value stands right behind
    it, as in `--ar=16:9`.
    """

    written: str
    word: str
    parameter: Parameter | None
    start: int
    head_end: int
    end: int
    values: tuple[Value, ...]
    glued: bool = False

    @property
    def name(self) -> str:
        """The flag as it should be written."""
        return f"--{self.word}"

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def open(self) -> bool:
        return any(value.open for value in self.values)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that was read; `str()` of it is the text again.

    `images` are the links before the first word, `body` what stands between them and the first flag, `strays` text
    behind flags that belongs to none of them.
    """

    text: str
    tokens: tuple[Token, ...]
    images: tuple[Value, ...]
    body: Value
    flags: tuple[Flag, ...]
    strays: tuple[Value, ...]

    def __str__(self) -> str:
        return "".join(token.text for token in self.tokens)

    def in_text(self, token: Token) -> bool:
        """Whether a token stands outside of all flags and leading images."""
        start = token.start
        if self.body.start <= start < self.body.end:
            return True
        at = bisect_right(self.strays, start, key=_start) - 1
        return at >= 0 and start < self.strays[at].end

    @property
    def has_words(self) -> bool:
        return bool(self.body.text or self.strays)

    def named(self, *names: str) -> list[Flag]:
        """The flags of these parameters, in the order of the text."""
        return [flag for flag in self.flags if flag.parameter is not None and flag.parameter.name in names]


def _start(value: Value) -> int:
    return value.start


def parse(text: str) -> Prompt:
    """Read a prompt; every text can be read, and problems are for `lint` to find."""
    found = tuple(tokens(text))
    heads = [token for token in found if token.kind == "flag" and _is_flag(token)]
    masked = _masked(text, found)
    body_end = heads[0].start if heads else len(text)
    images, body_start = _leading_images(found, body_end)
    while body_start < body_end and images and text[body_start] in ">,":
        body_start += 1
    flags: list[Flag] = []
    strays: list[Value] = []
    for index, head in enumerate(heads):
        end = heads[index + 1].start if index + 1 < len(heads) else len(text)
        flag = _flag(text, masked, head, end)
        flags.append(flag)
        stray = _trimmed(text, flag.end, end)
        if stray.text:
            strays.append(stray)
    body = _trimmed(text, body_start, body_end)
    return Prompt(text, found, images, body, tuple(flags), tuple(strays))


def _is_flag(token: Token) -> bool:
    """Two hyphens make a flag of any word; a long dash, which prose has too, only of a word that is one."""
    return token.text.startswith("--") or _word(token) in _KNOWN_WORDS


_KNOWN_WORDS = frozenset(flag.removeprefix("--") for flag in BY_FLAG)


def _word(token: Token) -> str:
    return token.text.lstrip("-–—").lower()


def _masked(text: str, found: Sequence[Token]) -> str:
    if not any(token.kind == "group" for token in found):
        return text
    return "".join(_MASK * len(token.text) if token.kind == "group" else token.text for token in found)


def _leading_images(found: Sequence[Token], body_end: int) -> tuple[tuple[Value, ...], int]:
    """The links before the first word, and where they end; a link with a weight is part of a multi-prompt."""
    images: list[Value] = []
    end = 0
    for index, token in enumerate(found):
        if token.start >= body_end:
            break
        if token.kind == "url":
            following = found[index + 1] if index + 1 < len(found) else None
            if following is not None and (following.kind in ("weight", "group")):
                break
            images.append(Value(token.text, token.start, token.end))
            end = token.end
        elif token.kind != "text" or token.text.strip(_BLANK + "<>"):
            break
    return tuple(images), end


def _flag(text: str, masked: str, head: Token, end: int) -> Flag:
    word = _word(head)
    parameter = BY_FLAG.get(f"--{word}")
    takes = parameter.takes if parameter is not None else "list"
    start = head.end
    if start < end and text[start] in "=:" and takes != "nothing":
        start += 1
    values: list[Value] = []
    match takes:
        case "one":
            values = _words(text, masked, start, end, most=1)
        case "list":
            values = _words(text, masked, start, end)
        case "words":
            values = _items(text, masked, start, end)
        case "nothing":
            pass
    flag_end = values[-1].end if values else head.end
    while flag_end < end and text[flag_end] in _TRAILING:
        flag_end += 1
    glued = bool(values) and values[0].start == start and (start > head.end or not text[start].isspace())
    return Flag(head.text, word, parameter, head.start, head.end, flag_end, tuple(values), glued)


def _words(text: str, masked: str, start: int, end: int, most: int | None = None) -> list[Value]:
    values: list[Value] = []
    for match in _WORD.finditer(masked, start, end):
        stop = match.start() + len(match[0].rstrip(_TRAILING))
        if stop > match.start():
            values.append(Value(text[match.start() : stop], match.start(), stop, _MASK in match[0]))
        if most is not None and len(values) == most:
            break
    return values


def _items(text: str, masked: str, start: int, end: int) -> list[Value]:
    """The pieces between commas."""
    items = (_trimmed(text, match.start(), match.end()) for match in _ITEM.finditer(masked, start, end))
    return [item._replace(open=_MASK in masked[item.start : item.end]) for item in items if item.text]


def _trimmed(text: str, start: int, end: int) -> Value:
    """The piece of text without the blanks and commas around it."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_BLANK))
    kept = piece.strip(_BLANK)
    return Value(kept, start + left, start + left + len(kept))
