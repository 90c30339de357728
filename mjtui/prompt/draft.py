"""What a person asks for: the draft as written, and the request that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "txt2img", "img2img", "style_reference", "omni_reference", "video", "video_hd", "upscale", "vary", "extend"
]
Speed = Literal["relaxed", "fast", "turbo"]
Motion = Literal["low", "high"]

KINDS: tuple[Kind, ...] = get_args(Kind)
SPEEDS: tuple[Speed, ...] = get_args(Speed)
MOTIONS: tuple[Motion, ...] = get_args(Motion)

KIND_NAMES: dict[Kind, str] = {
    "txt2img": "text to image",
    "img2img": "image to image",
    "style_reference": "style reference",
    "omni_reference": "omni reference",
    "video": "video",
    "video_hd": "HD video",
    "upscale": "upscale",
    "vary": "vary",
    "extend": "extend video",
}

GENERATED: tuple[Kind, ...] = KINDS[:6]
"""Kinds made from a prompt; the other three start from a picture of a finished job."""

IMAGE_KINDS: tuple[Kind, ...] = ("txt2img", "img2img", "style_reference", "omni_reference", "upscale", "vary")
VIDEO_KINDS: tuple[Kind, ...] = ("video", "video_hd", "extend")
NEEDS_IMAGE: tuple[Kind, ...] = ("img2img", "style_reference", "omni_reference", "video", "video_hd")
HAS_SPEED: tuple[Kind, ...] = ("txt2img", "img2img", "style_reference")
FROM_PARENT: tuple[Kind, ...] = ("upscale", "vary", "extend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A prompt as written, with the choices of the form; None means that the form says nothing.

    `images` are URLs or paths of local files. `parent` is the id of a job in the library and `index` one of its
    pictures (1 to 4): upscale, vary and extend start from it, and a generated job remembers it as where it came from.
    An extend with a prompt is a manual one, without a prompt an automatic one.
    """

    prompt: str = ""
    kind: Kind = "txt2img"
    images: tuple[str, ...] = ()
    speed: Speed | None = None
    aspect_ratio: str | None = None
    version: str | None = None
    stylize: int | None = None
    chaos: int | None = None
    weird: int | None = None
    omni_weight: int | None = None
    motion: Motion | None = None
    batch_size: int | None = None
    watermark: str | None = None
    translate: bool | None = None
    seed: int | None = None
    quality: str | None = None
    negative: str | None = None
    parent: int | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the service will be asked for, in no dialect yet: one value per thing, flags with a field moved into it.

    `prompt` is the text as it will be sent, with the flags that have no field. `task_id` is the parent's id at the
    service and `index` its picture (1 to 4). Values that a kind does not know are None.
    """

    kind: Kind
    prompt: str = ""
    images: tuple[str, ...] = ()
    speed: Speed | None = None
    aspect_ratio: str | None = None
    version: str | None = None
    stylize: int | None = None
    chaos: int | None = None
    weird: int | None = None
    omni_weight: int | None = None
    motion: Motion | None = None
    batch_size: int | None = None
    watermark: str | None = None
    translate: bool = False
    task_id: str | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the text: put `text` in the place of the characters from `start` up to `end`."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.text + text[self.end :]


Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to say about a draft before money is spent; `span` counts characters of the prompt as written."""

    level: Level
    rule: str
    message: str
    flag: str | None = None
    span: tuple[int, int] | None = None
    fix: Edit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What is asked for where neither the prompt nor the form says anything."""

    version: str = "7"
    speed: Speed = "fast"
    aspect_ratio: str = "1:1"
    motion: Motion = "high"
    batch_size: int = 1
    translate: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A request with everything that is to be said about it; it can be sent where no finding is an error."""

    request: Request
    findings: tuple[Finding, ...]

    @property
    def sendable(self) -> bool:
        return not any(finding.level == "error" for finding in self.findings)
