r"""Wildcards: `__name__` in a prompt stands for each line of a file, as a group in braces does for its options.

A line may hold groups and other wildcards. A backslash before the underscores leaves them as they are: `\__name__`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence

from mjtui.prompt.draft import Finding
from mjtui.prompt.lexer import partners

Lines = Callable[[str], Sequence[str] | None]
"""The lines of a wildcard by its name, None where there is none; raises WildcardError where it cannot be read."""

DEEPEST = 8
LONGEST = 500_000
"""Characters that one wildcard may stand for, with all wildcards in it."""

_WILDCARD = re.compile(
    r"\\(?P<plain>__)|(?<![A-Za-z0-9\\])__(?P<name>[A-Za-z0-9]+(?:[_/-][A-Za-z0-9]+)*)__(?![A-Za-z0-9])"
)
_BRACE = re.compile(r"[{}]")


class WildcardError(ValueError):
    """A wildcard that cannot be used, as a sentence."""


def has_wildcard(text: str) -> bool:
    """True where `spread` would change the text."""
    return _WILDCARD.search(text) is not None


def lines_of(text: str) -> list[str]:
    """The lines of a wildcard file: blank ones and those that begin with `#` are left out."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def spread(text: str, lines: Lines, names: Iterable[str] = ()) -> tuple[str, list[Finding]]:
    """The text with a group in braces for each wildcard, and what is wrong with those that stay as they are.

    `names` are the wildcards that there are, for guesses.
    """
    findings: list[Finding] = []
    groups: dict[str, str] = {}

    def put(match: re.Match[str]) -> str:
        if match["plain"]:
            return match["plain"]
        try:
            return _group(match["name"], lines, names, groups, ())
        except WildcardError as error:
            findings.append(Finding(level="error", rule="wildcard", message=str(error), span=match.span()))
            return match[0]

    return _WILDCARD.sub(put, text), findings


def as_option(text: str) -> str:
    """The text as one option of a group: commas outside of its own groups are escaped."""
    closing = partners(text)
    ends = set(closing.values())
    depth = 0
    pieces: list[str] = []
    for at, char in enumerate(text):
        if at in closing:
            depth += 1
        elif at in ends:
            depth -= 1
        escaped = char == "," and not depth and (at == 0 or text[at - 1] != "\\")
        pieces.append(r"\," if escaped else char)
    return "".join(pieces)


def in_group(text: str, at: int) -> bool:
    """True where that place in the text lies between two braces that belong together."""
    return any(start < at < end for start, end in partners(text).items())


def _group(name: str, lines: Lines, names: Iterable[str], groups: dict[str, str], inside: tuple[str, ...]) -> str:
    if name in groups:
        return groups[name]
    if name in inside:
        raise WildcardError(f"The wildcard __{name}__ stands in itself: {' > '.join((*inside, name))}.")
    if len(inside) == DEEPEST:
        raise WildcardError(f"The wildcard __{inside[0]}__ holds others more than {DEEPEST} deep.")
    found = lines(name)
    if found is None:
        near = difflib.get_close_matches(name, list(names), 1)
        guess = f"did you mean __{near[0]}__?" if near else f"it would be the file wildcards/{name}.txt."
        raise WildcardError(f"There is no wildcard __{name}__; {guess}")
    if not found:
        raise WildcardError(f"The wildcard __{name}__ has no lines.")
    options: list[str] = []
    length = 0
    for number, line in enumerate(found, 1):
        if len(partners(line)) * 2 != len(_BRACE.findall(line)):
            raise WildcardError(f"Line {number} of the wildcard __{name}__ has a brace without a partner: “{line}”.")
        options.append(as_option(_inner(line, lines, names, groups, (*inside, name))))
        length += len(options[-1])
        if length > LONGEST:
            raise WildcardError(f"The wildcard __{name}__ stands for more than {LONGEST:,} characters.")
    groups[name] = "{" + ", ".join(options) + "}"
    return groups[name]


def _inner(line: str, lines: Lines, names: Iterable[str], groups: dict[str, str], inside: tuple[str, ...]) -> str:
    return _WILDCARD.sub(lambda match: match["plain"] or _group(match["name"], lines, names, groups, inside), line)
