"""A draft with everything that was found out about it, from which rules are judged and the request is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from mjtui.prompt.draft import VIDEO_KINDS, Defaults, Draft, Edit, Finding, Kind
from mjtui.prompt.parameters import Parameter
from mjtui.prompt.parser import Flag, Prompt
from mjtui.prompt.services import Service
from mjtui.prompt.values import Read


@dataclass(frozen=True, slots=True)
class Given:
    """A value that the text or (where `flag` is None) the form gives; a flag without a value is True."""

    parameter: Parameter
    value: Read
    flag: Flag | None


@dataclass(slots=True, kw_only=True)
class Scene:
    """`given` has the value that counts for each parameter and for `speed`, `moved` the flags that went into fields."""

    draft: Draft
    defaults: Defaults
    service: Service
    prompt: Prompt
    kind: Kind
    version: str
    images: tuple[str, ...] = ()
    links_moved: bool = False
    given: dict[str, Given] = field(default_factory=dict[str, Given])
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def is_video(self) -> bool:
        return self.kind in VIDEO_KINDS

    def number(self, name: str) -> float | None:
        """The number that a parameter is given, if it is."""
        given = self.given.get(name)
        if given is None:
            return None
        try:
            return float(given.value)
        except ValueError:
            return None

    def span(self, name: str) -> tuple[int, int] | None:
        """Where the text gives a parameter, if it does."""
        given = self.given.get(name)
        return given.flag.span if given is not None and given.flag is not None else None

    def uses(self, name: str) -> bool:
        """Whether a parameter is given, or stands behind the kind of request."""
        return name in self.given or name in self.implied

    @property
    def implied(self) -> tuple[str, ...]:
        """The parameter that the kind of request stands for."""
        return _IMPLIED.get(self.kind, ())


_IMPLIED: dict[Kind, tuple[str, ...]] = {
    "img2img": ("image_prompt",),
    "style_reference": ("sref",),
    "omni_reference": ("oref",),
}


def removal(text: str, flag: Flag) -> Edit:
    """The edit that takes a flag out, with the blank before it (or behind it, at the start of the text)."""
    start, end = flag.start, flag.end
    while start and text[start - 1].isspace():
        start -= 1
    if not start:
        while end < len(text) and text[end].isspace():
            end += 1
    return Edit(start, end, "")


def excerpt(text: str, most: int = 40) -> str:
    """The start of a piece of text, short enough for a sentence."""
    return text if len(text) <= most else text[: most - 1] + "…"
