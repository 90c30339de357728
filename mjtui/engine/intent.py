"""From a draft to a job that can be written down: the exact request, its price and everything to be said about it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from mjtui.api.dialects import Dialect
from mjtui.api.values import Call
from mjtui.engine.draft_rows import draft_to_json
from mjtui.engine.money import Price, Prices, PriceTable, price
from mjtui.errors import InvalidRequest, UsageError
from mjtui.library.rows import Job, NewJob
from mjtui.prompt import plan
from mjtui.prompt.draft import FROM_PARENT, KIND_NAMES, Defaults, Draft, Finding, Plan
from mjtui.prompt.expansion import as_written


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending a draft would do: the plan, the exact call (None where a finding forbids it) and the price."""

    draft: Draft
    plan: Plan
    call: Call | None
    price: Price
    error: str | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.plan.findings


def preview(
    draft: Draft, parent: Job | None, *, dialect: Dialect, defaults: Defaults, prices: PriceTable | Prices
) -> Preview:
    """Plan a draft and compose its call; what the dialect cannot say becomes an error finding."""
    planned = plan(draft, defaults, dialect=dialect.name)
    if parent is not None and draft.kind in FROM_PARENT:
        planned = Plan(dataclasses.replace(planned.request, task_id=parent.task_id), planned.findings)
    call = None
    if planned.sendable:
        try:
            call = dialect.submit(planned.request)
        except InvalidRequest as error:
            finding = Finding(level="error", rule="service", message=error.message)
            planned = Plan(planned.request, (*planned.findings, finding))
    return Preview(draft, planned, call, price(planned.request, prices))


def with_findings(seen: Preview, findings: tuple[Finding, ...]) -> Preview:
    """The preview with more to be said; it cannot be sent where one of them is an error."""
    told = Plan(seen.plan.request, (*findings, *seen.findings))
    return dataclasses.replace(seen, plan=told, call=seen.call if told.sendable else None)


def told_of(seen: Preview, written: str) -> Preview:
    """The preview of a prompt whose fragments were put in, its findings told of the prompt as `written`."""
    findings = tuple(as_written(finding, written, seen.draft.prompt) for finding in seen.findings)
    return dataclasses.replace(seen, plan=Plan(seen.plan.request, findings))


def check_parent(draft: Draft, parent: Job) -> None:
    """Raise UsageError where the draft cannot start from that picture of that job."""
    if draft.kind not in FROM_PARENT:
        return
    doing = f"cannot {KIND_NAMES[draft.kind]} job #{parent.id}"
    if parent.state != "succeeded" or parent.task_id is None:
        raise UsageError(f"{doing}: it is {parent.state}.", hint="Wait until it has succeeded.")
    count = len(parent.pictures)
    if draft.index is None or not 1 <= draft.index <= count:
        raise UsageError(f"{doing}: it has {count} results.", hint=f"Name one of them, 1 to {count}.")
    is_video = parent.kind in ("video", "video_hd", "extend")
    if is_video != (draft.kind == "extend"):
        needed = "a video" if draft.kind == "extend" else "an image"
        raise UsageError(f"{doing}: it is no {needed.split()[-1]}.", hint=f"{KIND_NAMES[draft.kind]} needs {needed}.")


def new_job(seen: Preview, service: str) -> NewJob:
    """The row of a draft that can be sent; raises InvalidRequest with the first error where it cannot."""
    errors = [finding.message for finding in seen.findings if finding.level == "error"]
    if errors or seen.call is None:
        raise InvalidRequest(errors[0] if errors else "This request cannot be sent.")
    request = seen.plan.request
    body = seen.call.body or {}
    return NewJob(
        service=service,
        kind=request.kind,
        prompt=seen.draft.prompt,
        request=body,
        endpoint=seen.call.path,
        digest=digest(service, seen.call.path, body),
        files=request.images,
        draft=draft_to_json(seen.draft),
        speed=request.speed,
        version=request.version,
        aspect_ratio=request.aspect_ratio,
        stylize=request.stylize,
        cost=seen.price.credits,
        parent=seen.draft.parent,
        parent_index=seen.draft.index,
    )


def digest(service: str, path: str, body: dict[str, Any]) -> str:
    """The same text for the same request, whatever the order of its fields."""
    text = json.dumps([service, path, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
