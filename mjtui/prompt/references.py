"""Which kind of request a draft makes, and which images go with it: from the form and from links in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mjtui.prompt.draft import KIND_NAMES, NEEDS_IMAGE, VIDEO_KINDS, Draft, Finding, Kind
from mjtui.prompt.parser import Flag, Prompt
from mjtui.prompt.rules import found
from mjtui.prompt.values import is_link, weightless

_PICTURE_ENDINGS = ("png", "gif", "webp", "jpg", "jpeg")


@dataclass(frozen=True, slots=True)
class KindAndImages:
    """`links_moved` says that the leading links of the text are among the images."""

    kind: Kind
    images: tuple[str, ...]
    links_moved: bool
    findings: tuple[Finding, ...]


def movable_links(flag: Flag) -> tuple[str, ...]:
    """The links of a reference flag that can go into a field; a weight has no field and keeps all in the text."""
    links = tuple(value.text for value in flag.values if is_link(value.text))
    return links if not flag.open and all(weightless(link) == link for link in links) else ()


def choose_references(draft: Draft, prompt: Prompt) -> KindAndImages:
    """The kind and its images. An error says which references clash, an info which text changed the kind."""
    in_text = _in_text(prompt)
    findings = [*_dubious_links(prompt)]
    kind = draft.kind
    if kind in VIDEO_KINDS:
        links = in_text.get("img2img", ()) if kind != "extend" else ()
        return KindAndImages(kind, _joined(draft.images, links), bool(links), tuple(findings))
    wanted = set(in_text)
    if kind != "txt2img":
        wanted.add(kind)
    elif draft.images:
        wanted.add("img2img")
    video = prompt.named("video")
    if len(wanted) > 1:
        findings.append(_clash(wanted, prompt))
    elif video and not wanted & {"style_reference", "omni_reference"}:
        kind = "video"
        findings.append(found("kind-chosen", video[0].span, what="--video", kind=f"a {KIND_NAMES[kind]}"))
    elif wanted and kind == "txt2img":
        kind = next(iter(wanted))
        what = _WHAT[kind] if in_text else "An image in the form"
        findings.append(found("kind-chosen", _place(prompt, kind), what=what, kind=KIND_NAMES[kind]))
    links = in_text.get("img2img" if kind == "video" else kind, ())
    leading = bool(links) and kind in ("img2img", "video")
    return KindAndImages(kind, _joined(draft.images, links), leading, tuple(findings))


_WHAT: dict[Kind, str] = {
    "img2img": "An image link at the start",
    "style_reference": "A link behind --sref",
    "omni_reference": "A link behind --oref",
}


def _in_text(prompt: Prompt) -> dict[Kind, tuple[str, ...]]:
    by_kind: dict[Kind, tuple[str, ...]] = {
        "img2img": tuple(image.text for image in prompt.images),
        "style_reference": tuple(link for flag in prompt.named("sref") for link in movable_links(flag)),
        "omni_reference": tuple(link for flag in prompt.named("oref") for link in movable_links(flag)),
    }
    return {kind: links for kind, links in by_kind.items() if links}


def _clash(wanted: set[Kind], prompt: Prompt) -> Finding:
    names = [KIND_NAMES[kind] for kind in NEEDS_IMAGE if kind in wanted]
    places = [place for kind in NEEDS_IMAGE if kind in wanted and (place := _place(prompt, kind))]
    return found("reference-clash", places[-1] if places else None, kinds=" and ".join(names))


def _place(prompt: Prompt, kind: Kind) -> tuple[int, int] | None:
    if kind == "img2img":
        return (prompt.images[0].start, prompt.images[-1].end) if prompt.images else None
    flags = prompt.named("sref" if kind == "style_reference" else "oref")
    return flags[0].span if flags else None


def _dubious_links(prompt: Prompt) -> Iterator[Finding]:
    for image in prompt.images:
        if not _may_be_picture(image.text):
            yield found("image-type", (image.start, image.end))
            break
    for token in prompt.tokens:
        if token.kind == "url" and token.start >= prompt.body.start and prompt.in_text(token):
            yield found("image-late", (token.start, token.end))
            return


def _may_be_picture(link: str) -> bool:
    """Links without an ending are common for pictures, too; another ending is not."""
    path = link.partition("?")[0].partition("#")[0].partition("://")[2].partition("/")[2]
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return not dot or ending.lower() in _PICTURE_ENDINGS


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
