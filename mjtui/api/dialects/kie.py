"""Midjourney as Kie.ai offers it under /api/v1/mj."""

from __future__ import annotations

from typing import Any

from mjtui.api import normalise, wire
from mjtui.api.dialects.account import Account
from mjtui.api.values import Call, Report
from mjtui.errors import SettingsError, Unclear
from mjtui.prompt.draft import KINDS, Request

GENERATE = "/api/v1/mj/generate"
UPSCALE = "/api/v1/mj/generateUpscale"
QUICKSTART_UPSCALE = "/api/v1/mj/upscale"
VARY = "/api/v1/mj/generateVary"
EXTEND = "/api/v1/mj/generateVideoExtend"
RECORD = "/api/v1/mj/record-info"


class Kie(Account):
    """`vary_index_base` is the number of the first picture where a variation is asked for: the service's pages say
    both 0 and 1. Upscales and extends count from 0."""

    name = "kie"
    kinds = frozenset(KINDS)
    generate_path = GENERATE
    callback_field = "callBackUrl"

    def __init__(self, *, vary_index_base: int = 1) -> None:
        if vary_index_base not in (0, 1):
            raise SettingsError(f"vary_index_base is {vary_index_base!r}; it must be 0 or 1.")
        self._vary_index_base = vary_index_base
        self._upscale_paths = (UPSCALE, QUICKSTART_UPSCALE)

    def submit(self, request: Request) -> Call:
        body = wire.body(request)
        match request.kind:
            case "upscale":
                return Call("POST", UPSCALE, _counted(body, "imageIndex", 0))
            case "vary":
                return Call("POST", VARY, _counted(body, "imageIndex", self._vary_index_base))
            case "extend":
                return Call("POST", EXTEND, _counted(body, "index", 0))
            case _:
                return Call("POST", GENERATE, body)

    def forms(self, call: Call) -> tuple[Call, ...]:
        """An upscale as the reference pages have it, then as the quickstart has it, until one is known to work."""
        if call.path != UPSCALE:
            return (call,)
        return tuple(call if path == UPSCALE else _quickstart(call) for path in self._upscale_paths)

    def settle(self, call: Call) -> None:
        if call.path in (UPSCALE, QUICKSTART_UPSCALE):
            self._upscale_paths = (call.path,)

    def hint(self, call: Call, code: str | None) -> str | None:
        if call.path != VARY or code != "422":
            return None
        other = 1 - self._vary_index_base
        return (
            "If it is about the index: the service's pages disagree whether variations count pictures from 0 or 1. "
            f"Set vary_index_base = {other} in the settings to use the other one."
        )

    def accepted(self, payload: object) -> str:
        data = normalise.mapping(normalise.mapping(payload).get("data"))
        task_id = normalise.identity(data.get("taskId"))
        if task_id is None:
            raise Unclear("The service said yes but gave no task id.")
        return task_id

    def look(self, task_id: str) -> Call:
        return Call("GET", RECORD, params={"taskId": task_id})

    def report(self, payload: object) -> Report:
        return normalise.record(payload)


def _counted(body: dict[str, Any], name: str, base: int) -> dict[str, Any]:
    """The body with its index counted from `base` in place of 1."""
    return body | {name: body[name] - 1 + base}


def _quickstart(call: Call) -> Call:
    """An upscale in the quickstart's form, which counts pictures from 1 in a field of another name."""
    body = dict(call.body or {})
    body["index"] = body.pop("imageIndex", 0) + 1
    return Call(call.method, QUICKSTART_UPSCALE, body)
