"""The parameters of Midjourney: how each is written, what it takes, and which models know it.

Sources of the facts, with the letters used in the entries:

    D  docs.midjourney.com: Parameter List, Version chart, Video, Legacy Features, Omni Reference, Draft, Edit
    G  guides checked against those pages in 2026 (docs.evolink.ai on V7 and V8.1 among them)
    K  the pages of Kie.ai's Midjourney API
    T  tests in the apps and literal error messages that people published

Where sources disagree about a model, it is listed as doubtful: a finding warns there and never forbids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mjtui.prompt.versions import VERSIONS

Takes = Literal["nothing", "one", "list", "words"]
"""How much of the text belongs to a flag: nothing, the next word, or all words (or all text) up to the next flag."""
Stage = Literal["image", "video", "both"]
Offered = Literal["yes", "doubtful", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number from `low` to `high`, with other limits for some models."""

    low: float
    high: float
    whole: bool = True
    by_version: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    def limits(self, version: str) -> tuple[float, float]:
        return self.by_version.get(version, (self.low, self.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of some words or numbers, with others for some models; `open` where other values may be read, too."""

    options: tuple[str, ...]
    by_version: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    open: bool = False

    def choices(self, version: str) -> tuple[str, ...]:
        return self.by_version.get(version, self.options)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Width to height in whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Links of images, where `codes` also style codes and `random`."""

    codes: bool = False


Value = Number | Choice | Ratio | References | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter.

    `flags` are its spellings, the usual one first. `runs` are the models that know it, `doubtful` those about which
    sources disagree. `field` is the field of a Request that says the same. `default` is what Midjourney takes where
    nothing is said. `bare` is whether it may stand without a value. `instead` says what to do where it does not work.
    """

    name: str
    flags: tuple[str, ...]
    help: str
    takes: Takes = "one"
    value: Value = None
    default: str | None = None
    runs: frozenset[str] = frozenset(VERSIONS)
    doubtful: frozenset[str] = frozenset()
    stage: Stage = "image"
    field: str | None = None
    bare: bool = False
    offered: Offered = "yes"
    legacy: bool = False
    instead: str = ""
    sources: str = "DG"

    @property
    def flag(self) -> str:
        return self.flags[0]


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NONE: frozenset[str] = frozenset()
_V8 = _set("8.1 8.2")
_NIJI = _set("niji5 niji6 niji7")
_SINCE_6 = _set("6 6.1 7 8.1 8.2 niji6 niji7")
_QUALITY_5 = ("0.25", "0.5", "1")
_QUALITY_6 = ("0.5", "1", "2")
_QUALITY_7 = ("1", "2", "4")
_STYLES = ("cute", "expressive", "original", "scenic")
_LEGACY: dict[str, str] = {
    "width": "use --ar",
    "height": "use --ar",
    "h": "use --ar",
    "vibe": "use --style or --s",
    "upanime": "use --niji 6",
    "hq": "use --q",
    "newclip": "take it out",
    "nostretch": "take it out",
    "old": "take it out",
    "upbeta": "upscale a result",
    "sameseed": "use --seed",
    "uplight": "upscale a result",
    "creative": "use --c",
    "test": "take it out",
    "testp": "take it out",
}

_MODEL = (
    Parameter(
        name="version",
        flags=("--v", "--version"),
        help="The model that makes the picture.",
        value=Choice(options=("1", "2", "3", "4", "5", "5.1", "5.2", "6", "6.1", "7", "8.1", "8.2")),
        default="8.2",
        field="version",
        stage="both",
    ),
    Parameter(
        name="niji",
        flags=("--niji",),
        help="The model family for anime, in place of --v.",
        value=Choice(options=("4", "5", "6", "7")),
        runs=_NIJI,
        field="version",
    ),
    Parameter(
        name="style",
        flags=("--style",),
        help="A look of the model; raw turns the house look down.",
        value=Choice(options=("raw",), by_version={"niji5": _STYLES}, open=True),
        runs=frozenset(VERSIONS) - _set("niji7"),
        doubtful=_set("niji7"),
    ),
    Parameter(
        name="raw",
        flags=("--raw",),
        help="Turns the house look down.",
        takes="nothing",
        runs=frozenset(VERSIONS) - _set("niji5 niji7"),
        doubtful=_set("niji7"),
        stage="both",
    ),
    Parameter(
        name="hd",
        flags=("--hd",),
        help="Pictures of 2048 pixels from the start.",
        takes="nothing",
        runs=_V8,
        offered="no",
        instead="upscale the picture you like",
    ),
    Parameter(
        name="sd",
        flags=("--sd",),
        help="Pictures of 1024 pixels.",
        takes="nothing",
        runs=_NONE,
        doubtful=_V8,
        offered="no",
        instead="take it out, the size is the usual one anyway",
        sources="G",
    ),
    Parameter(
        name="preview",
        flags=("--preview",),
        help="An early look at the next model.",
        takes="nothing",
        runs=_NONE,
        doubtful=_V8,
        offered="no",
        instead="take it out",
    ),
    Parameter(
        name="exp",
        flags=("--exp",),
        help="More detail and a bolder look.",
        value=Number(low=0, high=100),
        default="0",
        runs=_set("7 8.1 8.2"),
        doubtful=_set("niji7"),
        sources="G",
    ),
)

_CORE = (
    Parameter(
        name="aspect",
        flags=("--ar", "--aspect"),
        help="Width to height, in whole numbers.",
        value=Ratio(),
        default="1:1",
        field="aspect_ratio",
        stage="both",
    ),
    Parameter(
        name="stylize",
        flags=("--s", "--stylize"),
        help="How strongly the house look is applied.",
        value=Number(low=0, high=1000),
        default="100",
        field="stylize",
    ),
    Parameter(
        name="chaos",
        flags=("--c", "--chaos"),
        help="How different the four pictures are.",
        value=Number(low=0, high=100),
        default="0",
        field="chaos",
    ),
    Parameter(
        name="weird",
        flags=("--w", "--weird"),
        help="How unusual the pictures are.",
        value=Number(low=0, high=3000),
        default="0",
        field="weird",
    ),
    Parameter(
        name="quality",
        flags=("--q", "--quality"),
        help="How long the model works on the first four pictures.",
        value=Choice(
            options=("0.25", "0.5", "1", "2", "4"),
            by_version=dict.fromkeys(("5.1", "5.2", "niji5"), _QUALITY_5)
            | dict.fromkeys(("6", "6.1"), _QUALITY_6)
            | {"7": _QUALITY_7},
        ),
        default="1",
        runs=_set("5.1 5.2 6 6.1 7 niji5"),
        doubtful=_set("niji6 niji7"),
    ),
    Parameter(
        name="seed",
        flags=("--seed",),
        help="Where the noise starts, to come near an earlier result.",
        value=Number(low=0, high=4_294_967_295),
        default="random",
    ),
    Parameter(
        name="no",
        flags=("--no",),
        help="What should not be in the picture, word by word.",
        takes="words",
        runs=frozenset(VERSIONS) - _V8,
        doubtful=_V8,
    ),
    Parameter(
        name="tile",
        flags=("--tile",),
        help="A picture that repeats without a seam.",
        takes="nothing",
        runs=frozenset(VERSIONS) - _set("niji6 niji7"),
        doubtful=_set("niji6 niji7"),
    ),
    Parameter(
        name="stop",
        flags=("--stop",),
        help="Stops early, at this part of a hundred.",
        value=Number(low=10, high=100),
        default="100",
        runs=_set("5.1 5.2 6 6.1 niji5 niji6"),
    ),
    Parameter(
        name="repeat",
        flags=("--r", "--repeat"),
        help="The same prompt several times, as a batch.",
        value=Number(low=1, high=40),
        default="1",
    ),
    Parameter(
        name="zoom",
        flags=("--zoom",),
        help="A wider frame around a picture.",
        value=Number(low=1, high=2, whole=False),
        runs=_set("5.2 6 6.1"),
        doubtful=_set("5.1 7 8.1 8.2 niji5 niji6 niji7"),
        offered="no",
        instead="take it out, it belongs to a dialog of Midjourney's own site",
        sources="G",
    ),
)

_REFERENCE = (
    Parameter(
        name="image_weight",
        flags=("--iw",),
        help="How much the image prompt counts.",
        value=Number(
            low=0,
            high=3,
            whole=False,
            by_version={"5.1": (0.5, 2), "5.2": (0.5, 2), "niji5": (0.2, 2), "niji7": (0, 2)},
        ),
        default="1",
        runs=frozenset(VERSIONS) - _set("niji6"),
        doubtful=_set("niji6"),
    ),
    Parameter(
        name="sref",
        flags=("--sref",),
        help="Style references: links, codes or random.",
        takes="list",
        value=References(codes=True),
        runs=_SINCE_6,
    ),
    Parameter(
        name="style_weight",
        flags=("--sw",),
        help="How much the style references count.",
        value=Number(low=0, high=1000),
        default="100",
        runs=_SINCE_6,
    ),
    Parameter(
        name="style_version",
        flags=("--sv",),
        help="The model that reads the style references.",
        value=Choice(
            options=("1", "2", "3", "4", "5", "6"),
            by_version={"6": ("1", "2", "3", "4"), "6.1": ("1", "2", "3", "4"), "8.1": ("4", "6", "7")},
        ),
        default="6",
        runs=_set("6 6.1 7 8.1"),
        doubtful=_set("8.2 niji6 niji7"),
        sources="GT",
    ),
    Parameter(
        name="oref",
        flags=("--oref",),
        help="Omni reference: the link of one image with the person or thing to keep.",
        takes="list",
        value=References(),
        runs=_set("7"),
    ),
    Parameter(
        name="omni_weight",
        flags=("--ow",),
        help="How much the omni reference counts.",
        value=Number(low=1, high=1000),
        default="100",
        runs=_set("7"),
        field="omni_weight",
        sources="DK",
    ),
    Parameter(
        name="cref",
        flags=("--cref",),
        help="Character references of V6: links.",
        takes="list",
        value=References(),
        runs=_set("6 6.1 niji6"),
        instead="use an omni reference (--oref) on V7",
        sources="DT",
    ),
    Parameter(
        name="character_weight",
        flags=("--cw",),
        help="How much of the character is kept; 0 is the face alone.",
        value=Number(low=0, high=100),
        default="100",
        runs=_set("6 6.1 niji6"),
    ),
    Parameter(
        name="edit",
        flags=("--edit",),
        help="Up to four images to change.",
        takes="list",
        value=References(),
        runs=_V8,
        offered="no",
        instead="use image to image, or vary a result",
    ),
    Parameter(
        name="personalize",
        flags=("--p", "--profile"),
        help="Profile or moodboard codes.",
        takes="list",
        runs=_set("6 6.1 7 8.1 8.2 niji7"),
        doubtful=_set("niji6"),
        bare=True,
    ),
)

_SPEED = (
    Parameter(
        name="draft",
        flags=("--draft",),
        help="A quick sketch at half the price.",
        takes="nothing",
        runs=_set("7"),
        doubtful=_V8,
        offered="doubtful",
        instead="use the speed relaxed for the lowest price",
    ),
    Parameter(name="fast", flags=("--fast",), help="The speed fast.", takes="nothing", field="speed"),
    Parameter(name="relax", flags=("--relax",), help="The speed relaxed.", takes="nothing", field="speed"),
    Parameter(
        name="turbo",
        flags=("--turbo",),
        help="The speed turbo.",
        takes="nothing",
        runs=frozenset(VERSIONS) - _V8,
        field="speed",
    ),
    Parameter(
        name="stealth",
        flags=("--stealth",),
        help="Keeps the picture out of Midjourney's gallery.",
        takes="nothing",
        offered="doubtful",
        instead="take it out, it depends on the plan of the service's own account",
    ),
    Parameter(
        name="public",
        flags=("--public",),
        help="Shows the picture in Midjourney's gallery.",
        takes="nothing",
        offered="doubtful",
        instead="take it out, it depends on the plan of the service's own account",
    ),
)

_VIDEO = (
    Parameter(name="video", flags=("--video",), help="Makes a video.", takes="nothing", stage="video"),
    Parameter(
        name="motion",
        flags=("--motion",),
        help="How much moves.",
        value=Choice(options=("low", "high")),
        default="low",
        stage="video",
        field="motion",
    ),
    Parameter(name="loop", flags=("--loop",), help="Ends where it starts.", takes="nothing", stage="video"),
    Parameter(
        name="end",
        flags=("--end",),
        help="The link of the last frame.",
        value=References(),
        stage="video",
    ),
    Parameter(
        name="batch_size",
        flags=("--bs",),
        help="How many videos a job makes.",
        value=Choice(options=("1", "2", "4")),
        default="4",
        stage="video",
        field="batch_size",
    ),
)

_DEAD = tuple(
    Parameter(
        name=name,
        flags=(f"--{name}",),
        help="No longer known to any model.",
        takes="list",
        runs=_NONE,
        legacy=True,
        bare=True,
        instead=instead,
        sources="D",
    )
    for name, instead in _LEGACY.items()
)

PARAMETERS: tuple[Parameter, ...] = (*_MODEL, *_CORE, *_REFERENCE, *_SPEED, *_VIDEO, *_DEAD)
BY_FLAG: Mapping[str, Parameter] = {flag: parameter for parameter in PARAMETERS for flag in parameter.flags}
BY_NAME: Mapping[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
