"""Judging the words of a prompt: text behind flags, flags that are no flags, braces without a partner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mjtui.prompt.draft import Edit, Finding
from mjtui.prompt.parameters import BY_FLAG
from mjtui.prompt.parser import Prompt
from mjtui.prompt.rules import found
from mjtui.prompt.scene import excerpt

_STRAY_DASH = re.compile(
    r"""
    (?<!\S) (?: - | --[ \t] ) (?P<word>[A-Za-z]{1,10}) (?= \s+ [0-9.:]+ (?:\s|$) )
  | (?<=[^\s-]) -- (?P<stuck>[A-Za-z]{1,10}) (?= \s|$ )
    """,
    re.VERBOSE,
)


def judge_wording(prompt: Prompt) -> Iterator[Finding]:
    """Find what is wrong with the text outside of flags."""
    if prompt.strays:
        first = prompt.strays[0]
        yield found("params-last", (first.start, first.end), text=excerpt(first.text), fix=_moved(prompt))
    for token in prompt.tokens:
        if token.kind == "brace":
            yield found("stray-brace", (token.start, token.end))
            break
    seen: set[str] = set()
    for match in _STRAY_DASH.finditer(prompt.text):
        word = (match["word"] or match["stuck"]).lower()
        if f"--{word}" in BY_FLAG and word not in seen:
            seen.add(word)
            better = f"--{word}" if match["word"] else f" --{word}"
            fix = Edit(match.start(), match.end(), better)
            yield found("stray-dash", match.span(), written=match[0], better=better.lstrip(), fix=fix)


def _moved(prompt: Prompt) -> Edit:
    """The edit that puts the words behind flags before all flags."""
    start = prompt.flags[0].start
    strays = " ".join(stray.text for stray in prompt.strays)
    flags = " ".join(prompt.text[flag.start : flag.end] for flag in prompt.flags)
    return Edit(start, len(prompt.text), f"{strays} {flags}")
