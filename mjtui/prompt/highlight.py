"""What each part of a prompt is, for an editor that colours it while it is typed."""

from __future__ import annotations

from typing import Literal, NamedTuple

from mjtui.prompt.parser import Flag, Prompt, parse
from mjtui.prompt.values import is_link

SpanKind = Literal["image", "link", "weight", "quote", "group", "brace", "flag", "unknown", "value"]


class Span(NamedTuple):
    """`start` and `end` count characters of the text; words have no span."""

    kind: SpanKind
    start: int
    end: int


def highlight(prompt: str | Prompt) -> tuple[Span, ...]:
    """The spans of a prompt in order, none of them over another."""
    read = parse(prompt) if isinstance(prompt, str) else prompt
    spans = [Span("image", image.start, image.end) for image in read.images]
    covered = {image.start for image in read.images}
    for token in read.tokens:
        if token.kind in ("text", "flag") or token.start in covered:
            continue
        if read.in_text(token):
            spans.append(Span("link" if token.kind == "url" else token.kind, token.start, token.end))
    for flag in read.flags:
        spans += _flag(flag)
    return tuple(sorted(spans, key=lambda span: span.start))


def _flag(flag: Flag) -> list[Span]:
    head: SpanKind = "flag" if flag.parameter is not None and not flag.parameter.legacy else "unknown"
    spans = [Span(head, flag.start, flag.head_end)]
    for value in flag.values:
        kind: SpanKind = "group" if value.open else "link" if is_link(value.text) else "value"
        spans.append(Span(kind, value.start, value.end))
    return spans
