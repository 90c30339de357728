"""The columns of a table that are fields of a draft, and how their cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from mjtui.prompt.draft import GENERATED, MOTIONS, SPEEDS, Kind


class BadCell(ValueError):
    """A cell that cannot be read, as a sentence without its end."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What the cells of a row say: choices of the draft by field, and tags."""

    choices: dict[str, Any]
    tags: tuple[str, ...]

    @staticmethod
    def names() -> list[str]:
        """Every column that means something by itself."""
        return ["prompt", *COLUMNS]

    @staticmethod
    def knows(column: str) -> bool:
        return column == "prompt" or column in COLUMNS


def read_cells(values: Mapping[str, Any]) -> Fields:
    """The fields that a row sets; empty cells say nothing. Raises BadCell."""
    choices: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    for column, value in values.items():
        if column not in COLUMNS or value is None or (isinstance(value, str) and not value.strip()):
            continue
        field, how = COLUMNS[column]
        try:
            read = how(value)
        except ValueError as error:
            raise BadCell(f"{column} {error}") from error
        if field == "tags":
            tags = read
        elif field in choices:
            raise BadCell(f"{column} is there under another name as well")
        else:
            choices[field] = read
    if choices.get("images"):
        choices.setdefault("kind", "img2img")
    return Fields(choices, tags)


def _word(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("is no text")
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _whole(value: Any) -> int:
    text = _word(value)
    if not re.fullmatch(r"-?[0-9]{1,18}(?:\.0+)?", text):
        raise ValueError(f"is a whole number, not “{text}”")
    return int(text.split(".")[0])


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = _word(value).lower()
    if text in ("yes", "true", "1", "y", "on"):
        return True
    if text in ("no", "false", "0", "n", "off"):
        return False
    raise ValueError(f"is yes or no, not “{text}”")


def _kind(value: Any) -> Kind:
    text = _word(value)
    word = text.lower().replace("-", "_").replace(" ", "_")
    word = {"style": "style_reference", "omni": "omni_reference", "text_to_image": "txt2img"}.get(word, word)
    for kind in GENERATED:
        if word == kind:
            return kind
    raise ValueError(f"is one of {', '.join(GENERATED)}, not “{text}”")


def _one_of(*words: str, **other: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = _word(value)
        word = other.get(text.lower(), text.lower())
        if word not in words:
            raise ValueError(f"is one of {', '.join(words)}, not “{text}”")
        return word

    return read


def _images(value: Any) -> tuple[str, ...]:
    """A list, or links and paths between `|`, which is allowed in no link."""
    found = cast("list[Any]", value) if isinstance(value, list) else _word(value).split("|")
    return tuple(word for word in map(_word, found) if word)


def _tags(value: Any) -> tuple[str, ...]:
    found = cast("list[Any]", value) if isinstance(value, list) else re.split(r"[,\s]+", _word(value))
    return tuple(word for word in map(_word, found) if word)


Reader = Callable[[Any], Any]

COLUMNS: dict[str, tuple[str, Reader]] = {
    "kind": ("kind", _kind),
    "type": ("kind", _kind),
    "image": ("images", _images),
    "images": ("images", _images),
    "speed": ("speed", _one_of(*SPEEDS, relax="relaxed")),
    "aspect_ratio": ("aspect_ratio", _word),
    "ar": ("aspect_ratio", _word),
    "version": ("version", _word),
    "v": ("version", _word),
    "stylize": ("stylize", _whole),
    "s": ("stylize", _whole),
    "chaos": ("chaos", _whole),
    "weird": ("weird", _whole),
    "omni_weight": ("omni_weight", _whole),
    "ow": ("omni_weight", _whole),
    "motion": ("motion", _one_of(*MOTIONS)),
    "batch_size": ("batch_size", _whole),
    "clips": ("batch_size", _whole),
    "watermark": ("watermark", _word),
    "translate": ("translate", _yes),
    "seed": ("seed", _whole),
    "quality": ("quality", _word),
    "q": ("quality", _word),
    "negative": ("negative", _word),
    "no": ("negative", _word),
    "tags": ("tags", _tags),
}
"""Columns by name: the field that they set, and what reads a cell (raising ValueError with the end of a sentence)."""
