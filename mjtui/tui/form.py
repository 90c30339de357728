"""The settings of a draft that have a place in the form: for which kinds, with which values."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from mjtui.prompt.draft import FROM_PARENT, GENERATED, HAS_SPEED, KIND_NAMES, Draft, Kind, Request

STILL: Final[tuple[Kind, ...]] = ("txt2img", "img2img", "style_reference", "omni_reference")
CLIPS: Final[tuple[Kind, ...]] = ("video", "video_hd")


@dataclass(frozen=True, slots=True)
class Field:
    """One setting: `name` is its name in the draft, `choices` what the arrow keys go through.

    `numeric` values are whole numbers; `pattern` is what a typed value must look like, `expects` says it in words.
    """

    name: str
    label: str
    choices: tuple[str, ...]
    kinds: tuple[Kind, ...]
    pattern: str = ""
    expects: str = ""
    numeric: bool = False
    prefix: str = ""
    always: bool = False

    def shown(self, value: Any) -> str:
        """The value as the form line shows it; an unset one is a dash."""
        if value is None or value == "":
            return f"{self.label} –"
        if self.name == "kind":
            return KIND_NAMES[value]
        if self.name == "translate":
            return "translated" if value else "not translated"
        return f"{self.prefix}{value}" if self.always else f"{self.label} {value}"


FIELDS: Final = (
    Field("kind", "kind", GENERATED, GENERATED, always=True),
    Field(
        "version", "version", ("7", "6.1", "niji6"), STILL, r"[\w.]{1,8}", "a version like 7", prefix="v", always=True
    ),
    Field(
        "aspect_ratio",
        "ratio",
        ("1:1", "4:3", "3:2", "16:9", "2:1", "3:4", "2:3", "9:16", "1:2"),
        (*STILL, *CLIPS),
        r"\d{1,3}:\d{1,3}",
        "a ratio like 16:9",
        always=True,
    ),
    Field("speed", "speed", ("relaxed", "fast", "turbo"), HAS_SPEED, always=True),
    Field(
        "stylize",
        "stylize",
        ("0", "50", "100", "250", "500", "750", "1000"),
        (*STILL, *CLIPS),
        r"\d{1,4}",
        "a number from 0 to 1000",
        numeric=True,
    ),
    Field(
        "chaos",
        "variety",
        ("0", "10", "25", "50", "75", "100"),
        (*STILL, *CLIPS),
        r"\d{1,3}",
        "a number from 0 to 100",
        numeric=True,
    ),
    Field(
        "weird",
        "weird",
        ("0", "100", "250", "500", "1000", "3000"),
        (*STILL, *CLIPS),
        r"\d{1,4}",
        "a number from 0 to 3000",
        numeric=True,
    ),
    Field(
        "omni_weight",
        "weight",
        ("25", "50", "100", "200", "400", "1000"),
        ("omni_reference",),
        r"\d{1,4}",
        "a number from 1 to 1000",
        numeric=True,
    ),
    Field("motion", "motion", ("low", "high"), CLIPS),
    Field("batch_size", "clips", ("1", "2", "4"), CLIPS, numeric=True),
    Field("seed", "seed", (), STILL, r"\d{1,10}", "a number up to 4294967295", numeric=True),
    Field("negative", "without", (), STILL, r".{1,200}", "words for what should not be in it"),
    Field("translate", "translate", ("yes", "no"), GENERATED),
)


def fields(kind: Kind) -> list[Field]:
    """The settings that a draft of this kind has."""
    return [] if kind in FROM_PARENT else [field for field in FIELDS if kind in field.kinds]


def value(field: Field, draft: Draft, request: Request | None) -> Any:
    """What will be asked for: as planned where that is known, else as the form says."""
    said = getattr(draft, field.name)
    if request is not None and said is None and hasattr(request, field.name) and field.name != "translate":
        return getattr(request, field.name)
    return said


def step(field: Field, current: Any, by: int) -> str | None:
    """The choice that is `by` further than the current value, around the ends; None (not said) is one of them.

    What every request has goes from value to value only: to leave it to the default would look like no step at all.
    """
    around: list[str | None] = [*field.choices] if field.always else [None, *field.choices]
    words = {True: "yes", False: "no"}
    word = None if current is None else words.get(current, str(current)) if isinstance(current, bool) else str(current)
    if word not in around:
        return around[1 if by > 0 and len(around) > 1 else -1]
    return around[(around.index(word) + by) % len(around)]


def put(draft: Draft, field: Field, word: str | None) -> Draft:
    """The draft with a setting as chosen or typed; raises ValueError, in words, where it is no such value."""
    if word is None or not word.strip():
        return replace(draft, **{field.name: "txt2img" if field.name == "kind" else None})
    word = word.strip()
    if field.name == "version":
        word = word.removeprefix("v")
    if word not in field.choices and not (field.pattern and re.fullmatch(field.pattern, word)):
        raise ValueError(f"{field.label}: {field.expects or 'one of ' + ', '.join(field.choices)}")
    if field.name == "translate":
        return replace(draft, translate=word == "yes")
    return replace(draft, **{field.name: int(word) if field.numeric else word})
