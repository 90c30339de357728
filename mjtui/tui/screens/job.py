"""All there is to know about a job: what was asked for, what came of it, what it cost, and its log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from textual.content import Content

from mjtui.engine import Event, Job
from mjtui.prompt.draft import KIND_NAMES
from mjtui.terminal.text import clean
from mjtui.tui.screens.text_view import TextView, indented
from mjtui.tui.wording import SIGNS, clock, cost, elapsed, left, money, now_ms, saved


def job_view(job: Job, log: Sequence[Event]) -> TextView:
    """A dialog with everything about a job."""
    sign = SIGNS[job.state]
    title = f"#{job.id} · {KIND_NAMES[job.kind]} · {sign.glyph} {sign.word}"
    return TextView(title, Content("\n").join([*_facts(job), *_request(job), *_log(log)]))


def _facts(job: Job) -> list[Content]:
    now = now_ms()
    facts = [Content(clean(job.prompt, newline="\n")), Content()]
    if job.trouble is not None:
        facts += [Content.styled(clean(job.trouble.message), "$text-error")]
        facts += [Content(clean(job.trouble.hint))] if job.trouble.hint else []
    facts += [Content(money(job)), Content()]
    pairs: list[tuple[str, str]] = [("cost", cost(job)), ("created", _when(job.created_at))]
    if job.submitted_at:
        pairs.append(("sent", _when(job.submitted_at)))
    if job.finished_at:
        pairs.append(("finished", f"{_when(job.finished_at)}, after {clock(elapsed(job, now))}"))
    if job.balance_before is not None and job.balance_after is not None:
        pairs.append(("balance", f"{job.balance_before:g} before, {job.balance_after:g} after"))
    if job.task_id:
        pairs.append(("task id", clean(job.task_id)))
    if job.parent is not None:
        pairs.append(("from", f"#{job.parent}" + (f", picture {job.parent_index}" if job.parent_index else "")))
    if job.pictures:
        pairs.append(("pictures", saved(job)))
    if job.expires_at is not None and any(picture.state == "due" for picture in job.pictures):
        pairs.append(("kept", f"by the service for {left(job.expires_at, now)} more"))
    files = [(picture.index, Path(picture.path)) for picture in job.pictures if picture.path]
    folders = {path.parent for _, path in files}
    pairs += [("folder", clean(str(folder))) for folder in folders if len(folders) == 1]
    names = [(index, path.name if len(folders) == 1 else str(path)) for index, path in files]
    pairs += [(f"picture {index}", clean(name)) for index, name in names]
    pairs += [(f"picture {picture.index}", clean(picture.error)) for picture in job.pictures if picture.error]
    return facts + [_pair(name, text) for name, text in pairs]


def _request(job: Job) -> list[Content]:
    body = json.dumps(job.request, indent=2, ensure_ascii=False)
    head = Content.styled(f"POST {clean(job.endpoint)}", "$text-muted")
    return [Content(), head, Content(indented(body))]


def _log(log: Sequence[Event]) -> list[Content]:
    lines = [Content(), Content.styled("Log", "$text-muted")]
    for event in log:
        detail: dict[str, Any] = event.detail
        facts = "  ".join(f"{name}={value}" for name, value in detail.items() if value is not None)
        what = event.what.replace("_", " ")
        lines.append(
            Content.assemble((f"{_when(event.at)}  ", "$text-muted"), f"{what:<16}", (clean(facts), "$text-muted"))
        )
    return lines


def _pair(name: str, text: str) -> Content:
    return Content.assemble((f"{name:<11}", "$text-muted"), text)


def _when(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000):%Y-%m-%d %H:%M:%S}"
