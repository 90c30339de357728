"""The service's words: envelopes, messages, and a task as record-info and callbacks tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from mjtui.simulator import hostile
from mjtui.simulator.checks import param_json
from mjtui.simulator.state import Task

MESSAGES: dict[int, str] = {
    200: "success",
    400: "Invalid request",
    401: "You do not have access permissions",
    402: "Credits insufficient : Your current balance isn't enough to run this request. Please top up.",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Upstream service is currently experiencing issues. No result has been returned for over 10 minutes.",
    422: "Validation Error",
    429: "Your call frequency is too high. Please try again later.",
    433: "The request limit of this key is exceeded.",
    451: "Failed to fetch the image.",
    455: "Service is currently undergoing maintenance.",
    500: "internal error, please try again later.",
    501: "Generation failed.",
    505: "This feature is currently disabled.",
    550: "The task was rejected because the upstream queue is full.",
}


class Answer(Response):
    """A JSON answer as the service writes it."""

    media_type = "application/json;charset=UTF-8"

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def envelope(
    code: int,
    message: str | None = None,
    data: Any = None,
    *,
    true_status: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The envelope of an answer; a code 401 has no data. HTTP status 200 unless `true_status`."""
    content: dict[str, Any] = {"code": code, "msg": message or MESSAGES.get(code, "error")}
    if code != 401:
        content["data"] = data
    status = code if true_status and 100 <= code <= 599 else 200
    return Answer(content, status_code=status, headers=headers)


def record(task: Task, flag: int, links: list[str], shapes: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The data of record-info, fields in the captured order, times in whole seconds; `flag` is the task's flag now."""
    done = flag == 1
    failed = flag > 1
    urls: list[Any] = result_urls(task, links)
    if "string-urls" not in shapes:
        urls = [{"resultUrl": url} for url in urls]
    results: Any = {"resultUrls": urls} if done else None
    error_code: Any = (task.error_code or 500) if failed else None
    flag_value: Any = flag
    if "json-results" in shapes and results is not None:
        results = json.dumps(results)
    if "string-errors" in shapes and error_code is not None:
        error_code = str(error_code)
    if "string-numbers" in shapes:
        flag_value = str(flag)
    return {
        "taskId": task.id,
        "taskType": task.type,
        "paramJson": param_json(task.params),
        "completeTime": _time(task.finish_at, shapes) if flag else None,
        "resultInfoJson": results,
        "successFlag": flag_value,
        "createTime": _time(task.created_at, shapes),
        "errorCode": error_code,
        "errorMessage": error_text(task) if failed else None,
    }


def callback_body(task: Task, flag: int, links: list[str], *, as_record: bool) -> dict[str, Any]:
    """The body of a callback: results as plain strings, or the shape of record-info."""
    good = flag == 1
    code, message = (200, "success") if flag < 2 else (500, "Image generation failed")
    if as_record:
        data = record(task, flag, links, frozenset({"string-errors"}))
    else:
        urls: list[Any] = result_urls(task, links) if good else []
        data = {"taskId": task.id, "promptJson": param_json(task.params), "resultUrls": urls}
    return {"code": code, "msg": message, "data": data}


def result_urls(task: Task, links: list[str]) -> list[Any]:
    """The links of a task's results, or what its oddity makes of them."""
    if task.oddity == "no-urls":
        return []
    if task.oddity == "bad-urls":
        return [*links[:1], None, 7, "", {"href": "x"}, *links[1:]]
    if task.oddity == "hostile-urls":
        return [*hostile.URLS]
    return [*links]


def error_text(task: Task) -> str:
    """What a failed task says of itself."""
    if task.oddity in hostile.TEXTS:
        return hostile.TEXTS[task.oddity]
    return task.error_message or MESSAGES[500]


def _time(at: int | None, shapes: frozenset[str]) -> Any:
    if at is None:
        return None
    if "iso-times" in shapes:
        return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    whole = at // 1000 * 1000
    return str(whole) if "string-numbers" in shapes else whole
