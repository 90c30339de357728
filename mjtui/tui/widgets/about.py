"""What is said about a draft, as lines of text: its images, findings, price, and what changed since its parent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from mjtui.engine import Job, Price
from mjtui.engine.draft_rows import draft_from_json
from mjtui.errors import MjtuiError
from mjtui.prompt.draft import Draft, Finding
from mjtui.terminal.text import clean
from mjtui.tui.form import STILL

MARKS: Final = {"error": ("x", "$text-error"), "warning": ("!", "$text-warning"), "info": ("i", "$text-muted")}
MOST_FINDINGS: Final = 4


def images_text(draft: Draft) -> Content:
    """The reference images by name."""
    names = [clean(image).rstrip("/").rpartition("/")[2] or clean(image) for image in draft.images]
    return Content.assemble(("image  " if len(names) == 1 else "images  ", "$text-muted"), " · ".join(names))


def findings_text(
    findings: Sequence[Finding], trouble: MjtuiError | None, *, fix: str = "", most: int = MOST_FINDINGS
) -> Content:
    """A line for each finding, the worst first; `fix` is the key that makes the first change that one proposes."""
    lines = [_line("error", trouble.sentences())] if trouble is not None else []
    fixable = next((finding for finding in findings if finding.fix is not None), None)
    ways = {id(fixable): f"  {fix} fixes it"} if fix else {}
    lines += [_line(finding.level, finding.message, ways.get(id(finding), "")) for finding in findings[:most]]
    if len(findings) > most:
        lines.append(Content.styled(f"  and {len(findings) - most} more", "$text-muted"))
    return Content("\n").join(lines)


def _line(level: str, message: str, way: str = "") -> Content:
    glyph, style = MARKS[level]
    return Content.assemble((f"{glyph} ", f"bold {style}"), (clean(message), style), (way, "$text-muted"))


def price_text(draft: Draft, price: Price | None, parent: Job | None, *, fresh: bool, sendable: bool) -> Content:
    """What the draft will cost, and what is different from the job that it came from."""
    if not draft.prompt.strip() and draft.kind in STILL:
        return Content.styled("write a prompt to see what it costs", "$text-muted")
    if price is None and sendable:
        return Content.styled("…", "$text-muted")
    parts: list[Content] = [Content.styled(str(price), "bold" if fresh else "bold $text-muted")]
    if not sendable:
        parts = [Content.styled("cannot be sent as it is", "$text-error")]
    if parent is not None:
        parts.append(since(parent, draft))
    return Content.styled(" · ", "$text-muted").join(parts)


def since(parent: Job, draft: Draft) -> Content:
    """What is different from the job that the draft came from, as `dusk>dawn`."""
    # Here, because it takes long to load and few drafts need it at the start.
    from mjtui.prompt import diff

    before = draft_from_json(parent.draft) if parent.draft else Draft(prompt=parent.prompt)
    changes = diff.summary(before, draft)
    said = Content.styled(f"since #{parent.id}: ", "$text-muted")
    return said + (Content(clean(changes)) if changes else Content.styled("the same", "$text-muted"))
