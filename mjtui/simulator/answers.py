"""The faults of the API places: what comes in place of a proper answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from mjtui.simulator import hostile
from mjtui.simulator.connection import Cut, Pieces, whole
from mjtui.simulator.faults import Fault
from mjtui.simulator.wire import MESSAGES, Answer, envelope

FOREVER = 3600.0
NO_CREDITS = MESSAGES[402]

Carry = Callable[[], Awaitable[Response]]


async def spoiled(fault: Fault, carry_out: Carry, *, true_status: bool) -> Response:
    """The answer that a fault gives; `carry_out` does what was asked for and gives the proper answer."""
    if fault.name == "slow":
        await asyncio.sleep(fault.number(2))
        return await carry_out()
    proper = await carry_out() if fault.after else None
    if fault.name in ("half", "cut-json"):
        return _half(fault.name, bytes((proper or _sample()).body))
    return _coded(fault, true_status) or _BODIES[fault.name](fault)


def refuses_agent(request: Request) -> Response | None:
    """Cloudflare's answer to a User-Agent that it does not like."""
    if request.headers.get("user-agent", "").startswith("Python-urllib"):
        return _cloudflare()
    return None


def retry_after(fault: Fault) -> dict[str, str]:
    """The header that a fault with a value carries."""
    return {} if fault.value is None else {"Retry-After": fault.value}


def _coded(fault: Fault, true_status: bool) -> Response | None:
    code = fault.name.removeprefix("http-")
    if not code.isdecimal():
        return None
    as_status = true_status or fault.name.startswith("http-")
    return envelope(int(code), true_status=as_status, headers=retry_after(fault))


def _half(name: str, body: bytes) -> Response:
    part = body[: max(1, len(body) // 2)]
    if name == "cut-json":
        return Response(part, media_type=Answer.media_type)
    return Pieces(whole(part), length=len(body), headers={"content-type": str(Answer.media_type)})


def _sample() -> Response:
    return envelope(200, data={"taskId": "0" * 32, "successFlag": 0})


def _cloudflare() -> Response:
    return PlainTextResponse("error code: 1010", status_code=403)


def _raw(body: bytes) -> Response:
    return Response(body, media_type=Answer.media_type)


def _text(name: str) -> Response:
    return envelope(422, hostile.TEXTS[name])


def _huge(fault: Fault) -> Response:
    return envelope(422, "all work and no play " * round(fault.number(8) * 50_000))


_WRONG_TYPES: dict[str, Any] = {
    "taskId": ["x"],
    "successFlag": {"a": 1},
    "resultInfoJson": 7,
    "createTime": "yesterday",
    "completeTime": [],
    "errorCode": {},
    "errorMessage": 9.5,
}

_BODIES: dict[str, Callable[[Fault], Response]] = {
    "drop": lambda fault: Cut(),
    "timeout": lambda fault: Cut(fault.number(FOREVER)),
    "html": lambda fault: HTMLResponse(hostile.PAGE),
    "empty": lambda fault: _raw(b""),
    "garbage": lambda fault: _raw(hostile.garbage()),
    "not-json": lambda fault: _raw(b"The service is busy, please come back later."),
    "array": lambda fault: _raw(b'[{"code":200}]'),
    "null": lambda fault: _raw(b"null"),
    "null-data": lambda fault: envelope(200),
    "no-data": lambda fault: _raw(b'{"code":200,"msg":"success"}'),
    "wrong-types": lambda fault: envelope(200, data=_WRONG_TYPES),
    "deep": lambda fault: _raw(hostile.deep()),
    "huge": _huge,
    "escape": lambda fault: _text("escape"),
    "markup": lambda fault: _text("markup"),
    "bidi": lambda fault: _text("bidi"),
    "403-1010": lambda fault: _cloudflare(),
    "402-as-500": lambda fault: envelope(500, NO_CREDITS),
}
