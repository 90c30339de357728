"""Which flag a person meant who wrote one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from mjtui.prompt.parameters import BY_FLAG

_SAME: dict[str, str] = {
    "aspect-ratio": "ar",
    "aspectratio": "ar",
    "ratio": "ar",
    "variety": "c",
    "negative": "no",
    "neg": "no",
    "relaxed": "relax",
    "image-weight": "iw",
    "style-weight": "sw",
    "omni-weight": "ow",
    "omni": "oref",
    "model": "v",
    "stylization": "s",
    "weirdness": "w",
}
_LONGEST = 20


def nearest_flag(word: str) -> str | None:
    """The known flag (with its dashes) that a word comes near to, if any: one letter off, two in a long word."""
    if word in _SAME:
        return f"--{_SAME[word]}"
    if len(word) > _LONGEST:
        return None
    index = _by_deletion()
    found: dict[str, int] = {}
    for lost, part in _deletions(word):
        for known, known_lost in index.get(part, ()):
            found[known] = min(found.get(known, 9), max(lost, known_lost))
    allowed = 1 if len(word) < 6 else 2
    near = [(distance, known) for known, distance in found.items() if distance <= allowed and len(known) > 2]
    return f"--{min(near)[1]}" if near else None


@cache
def _by_deletion() -> dict[str, list[tuple[str, int]]]:
    index: dict[str, list[tuple[str, int]]] = {}
    for flag, parameter in BY_FLAG.items():
        if not parameter.legacy:
            for lost, part in _deletions(flag.removeprefix("--")):
                index.setdefault(part, []).append((flag.removeprefix("--"), lost))
    return index


def _deletions(word: str) -> Iterator[tuple[int, str]]:
    """The word with up to two letters taken out, and how many were."""
    singles = {word[:at] + word[at + 1 :] for at in range(len(word))}
    yield 0, word
    for single in singles:
        yield 1, single
    if len(word) > 5:
        for double in {single[:at] + single[at + 1 :] for single in singles for at in range(len(single))}:
            yield 2, double
