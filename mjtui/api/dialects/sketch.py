"""A second dialect of Kie.ai, /mj-api: text to image with model names, one picture for a task.

It is known from a second-hand description alone (one request, one answer, one status), so it is never the default.
Midjourney's flags for which it has fields (`--seed`, `--q`, `--no`) are moved out of the prompt, and values for which
it has none go into the prompt as flags.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from mjtui.api.dialects.account import Account
from mjtui.api.normalise import identity, listed, mapping, report, text, web_url
from mjtui.api.values import Call, Report, TaskState
from mjtui.api.wire import AspectRatio, Body, Prompt, given, written
from mjtui.errors import InvalidRequest, TaskNotFound, Unclear
from mjtui.prompt.draft import KIND_NAMES, Kind, Request, Speed

GENERATE = "/mj-api/generate-mj-image"
STATUS = "/mj-api/task-status"

MODEL_NAMES = {"7": "midjourney-v7", "6.1": "midjourney-v6.1", "niji6": "niji6"}
QUALITY_WORDS = {
    "7": {1.0: "low", 2.0: "medium", 4.0: "high"},
    "6.1": {0.5: "low", 1.0: "medium", 2.0: "high"},
    "niji6": {0.5: "low", 1.0: "medium", 2.0: "high"},
}
STATES: dict[str, TaskState] = {
    "completed": "succeeded",
    "succeeded": "succeeded",
    "success": "succeeded",
    "failed": "failed",
    "error": "failed",
    "cancelled": "failed",
}
"""Any other word (queued, processing, …) is taken for a task under way."""

FLAG = re.compile(r"(?:^|\s)--(seed|quality|q|no)\s+(.*?)(?=\s+--|\s*$)", re.IGNORECASE | re.DOTALL)
"""A flag that has a field here, with its value up to the next flag."""
FLAGS = {"stylize": "--s", "chaos": "--c", "weird": "--w"}
"""Values that have no field here, and the flags that say the same in a prompt."""


class Image(Body):
    """The one body of this dialect."""

    prompt: Prompt
    version: Literal["midjourney-v7", "midjourney-v6.1", "niji6"] = Field(serialization_alias="model")
    aspect_ratio: AspectRatio | None = None
    quality: str | None = None
    speed: Speed | None = Field(None, serialization_alias="mode")
    seed: Annotated[int, Field(ge=0, le=4_294_967_295)] | None = None
    negative: Annotated[str, Field(min_length=1)] | None = Field(None, serialization_alias="negative_prompt")


class Sketch(Account):
    """Text to image with the account of Kie.ai."""

    name = "sketch"
    kinds: frozenset[Kind] = frozenset({"txt2img"})
    generate_path = GENERATE
    callback_field = "callback_url"

    def submit(self, request: Request) -> Call:
        if request.kind not in self.kinds:
            raise InvalidRequest(
                f"kind: the dialect 'sketch' makes images from text alone and knows no {KIND_NAMES[request.kind]}.",
                hint="Choose the dialect 'kie' in the settings.",
            )
        if request.translate:
            raise InvalidRequest("translate: the dialect 'sketch' cannot translate a prompt.")
        values = given(request)
        del values["translate"]
        values.pop("task_id", None)
        values.pop("index", None)
        version = values.setdefault("version", "7")
        values["version"] = MODEL_NAMES.get(version, version)
        prompt, taken = _split(values.pop("prompt", ""), version)
        if prompt:
            flags = [f"{flag} {values.pop(name)}" for name, flag in FLAGS.items() if name in values]
            values["prompt"] = " ".join((prompt, *flags))
        return Call("POST", GENERATE, written(Image, values | taken, request.kind))

    def accepted(self, payload: object) -> str:
        task_id = identity(mapping(payload).get("task_id"))
        if task_id is None:
            raise Unclear("The service said yes but gave no task id.")
        return task_id

    def look(self, task_id: str) -> Call:
        return Call("GET", STATUS, params={"task_id": task_id})

    def report(self, payload: object) -> Report:
        fields = mapping(payload)
        if not fields or fields.get("status") is None:
            raise TaskNotFound("The service does not know this task.")
        state = STATES.get(text(fields["status"]).lower(), "running")
        urls = [url for item in (fields.get("image_url"), *listed(fields.get("image_urls"))) if (url := web_url(item))]
        message = fields.get("error") or fields.get("message") or fields.get("msg")
        return report(fields | {"resultUrls": urls}, state, code=fields.get("code"), message=message)


def _split(prompt: str, version: str) -> tuple[str, dict[str, Any]]:
    """A prompt without the flags that have a field, and the values of those fields; what has no match stays put."""
    values: dict[str, Any] = {}

    def take(match: re.Match[str]) -> str:
        name, value = match[1].lower(), match[2].strip()
        if name == "no" and value:
            values["negative"] = value
        elif name == "seed" and re.fullmatch(r"[0-9]{1,10}", value):
            values["seed"] = int(value)
        elif name in ("q", "quality") and (word := _quality(value, version)):
            values["quality"] = word
        else:
            return match[0]
        return ""

    return FLAG.sub(take, prompt).strip(), values


def _quality(value: str, version: str) -> str | None:
    if value.lower() in ("low", "medium", "high"):
        return value.lower()
    try:
        return QUALITY_WORDS.get(version, {}).get(float(value))
    except ValueError:
        return None
