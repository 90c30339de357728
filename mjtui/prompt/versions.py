"""The models of Midjourney: how they are named and in which order they came."""

from __future__ import annotations

import re

VERSIONS = ("5.1", "5.2", "6", "6.1", "7", "8.1", "8.2", "niji5", "niji6", "niji7")
"""The models whose parameters are known, oldest first within a family."""

_MODEL = re.compile(
    r"(?:midjourney[-_ ]?)?(?:v(?:ersion)?[-_ ]?|(?P<niji>niji)[-_ ]?)?(?P<number>[0-9]{1,2}(?:\.[0-9])?)"
)


def canonical(text: str) -> str:
    """The short name of a model written in any of the usual ways: `midjourney-v7`, `V7` and `7.0` are `7`.

    Text that names no model comes back as it is, without blanks around it.
    """
    word = text.strip()
    match = _MODEL.fullmatch(word.lower())
    if match is None:
        return word
    return (match["niji"] or "") + match["number"].removesuffix(".0")


def label(version: str) -> str:
    """A model as people write it: `V6.1`, `niji 6`."""
    if version.startswith("niji"):
        return f"niji {version[4:]}"
    return f"V{version}"


def as_flag(version: str) -> str:
    """A model as a flag: `--v 7`, `--niji 6`."""
    if version.startswith("niji"):
        return f"--niji {version[4:]}"
    return f"--v {version}"


def listed(names: tuple[str, ...] | list[str], last: str = "and") -> str:
    """Words as they stand in a sentence: `a, b and c`."""
    *first, final = names
    return f"{', '.join(first)} {last} {final}" if first else final


def nearest(version: str, offered: tuple[str, ...]) -> str:
    """The model of the same family that comes nearest, counted by number."""
    is_niji = version.startswith("niji")
    family = [name for name in offered if name.startswith("niji") == is_niji] or list(offered)
    wanted = _number(version)
    return min(family, key=lambda name: (abs(_number(name) - wanted), -_number(name)))


def _number(version: str) -> float:
    try:
        return float(version.removeprefix("niji"))
    except ValueError:
        return 7.0
