"""Cutting a prompt into tokens that together are the text again, character by character.

Braces that belong together make one `group` token with everything inside; a brace without a partner is a `brace`.
All patterns are linear: no input makes them go back over what they have read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

TokenKind = Literal["text", "url", "flag", "weight", "quote", "group", "brace"]


class Token(NamedTuple):
    kind: TokenKind
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_SPECIAL = re.compile(
    r"""
    (?= [-–—Hh:"“{}] ) (?:
    (?P<flag> (?<!\S) (?:-{2,}|[–—]{1,2}) [A-Za-z]+ (?:[-_][A-Za-z]+)* )
  | (?P<url> [Hh][Tt][Tt][Pp][Ss]?:// (?:(?!::)[^\s<>"{}])+ (?<![,.;:!?)]) )
  | (?P<weight> :: (?:-?[0-9]*\.?[0-9]+)? )
  | (?P<quote> " (?:(?!\s--[A-Za-z])[^"{}\n])* " | “ (?:(?!\s--[A-Za-z])[^“”{}\n])* ” )
  | (?P<brace> [{}] )
    )
    """,
    re.VERBOSE,
)
_BRACE = re.compile(r"[{}]")


def partners(text: str) -> dict[int, int]:
    """The place of the closing brace for every opening brace that has one."""
    found: dict[int, int] = {}
    open_braces: list[int] = []
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            open_braces.append(match.start())
        elif open_braces:
            found[open_braces.pop()] = match.start()
    return found


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a prompt in order; their texts joined are the text."""
    closing = partners(text)
    done = 0
    for match in _SPECIAL.finditer(text):
        start = match.start()
        if start < done:
            continue
        if start > done:
            yield Token("text", done, text[done:start])
        kind: TokenKind = match.lastgroup  # pyright: ignore[reportAssignmentType]
        done = match.end()
        if start in closing:
            kind, done = "group", closing[start] + 1
        yield Token(kind, start, text[start:done])
    if done < len(text):
        yield Token("text", done, text[done:])
