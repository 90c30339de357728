"""The client sends each create once, keeps its key to itself, and turns every failure into an error with a receipt."""

from __future__ import annotations

import asyncio
import json
import shlex
import ssl
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mjtui import __version__
from mjtui.api import Call, Service, curl, dialect
from mjtui.api.service import MAX_ANSWER
from mjtui.errors import (
    InvalidRequest,
    NoKey,
    RateLimited,
    Refused,
    ServiceError,
    SettingsError,
    SwitchedOff,
    TaskNotFound,
    Unclear,
    Unreachable,
)
from mjtui.prompt.draft import KINDS, Kind, Request

KEY = "0123456789abcdef0123456789abcdef"
TASK = "5b1f0c0a7e8d4f1b9a6c2d3e4f506172"
ONE = ("https://img.test/1.png",)
REQUESTS: dict[Kind, tuple[Request, str]] = {
    "txt2img": (Request(kind="txt2img", prompt="a", speed="fast"), "/api/v1/mj/generate"),
    "img2img": (Request(kind="img2img", prompt="a", speed="fast", images=ONE), "/api/v1/mj/generate"),
    "style_reference": (Request(kind="style_reference", prompt="a", speed="fast", images=ONE), "/api/v1/mj/generate"),
    "omni_reference": (Request(kind="omni_reference", prompt="a", images=ONE), "/api/v1/mj/generate"),
    "video": (Request(kind="video", prompt="a", images=ONE, motion="low", batch_size=2), "/api/v1/mj/generate"),
    "video_hd": (Request(kind="video_hd", prompt="a", images=ONE, motion="high"), "/api/v1/mj/generate"),
    "upscale": (Request(kind="upscale", task_id=TASK, index=1), "/api/v1/mj/generateUpscale"),
    "vary": (Request(kind="vary", task_id=TASK, index=1), "/api/v1/mj/generateVary"),
    "extend": (Request(kind="extend", task_id=TASK, index=1), "/api/v1/mj/generateVideoExtend"),
}


async def failure(call: Any) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await call
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_is_one_post_with_a_task_id(kind: Kind, service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope({"taskId": TASK}))
    request, path = REQUESTS[kind]
    assert await service.submit(request) == TASK
    assert wire.paths == [path]
    assert wire.sent[0].method == "POST"
    assert wire.sent[0].headers["content-type"] == "application/json"
    assert wire.body() == service.compose(request).body


async def test_requests_name_the_program_and_carry_the_key_in_one_header(
    service: Service, wire: Any, envelope: Any, fox: Request
) -> None:
    wire.says(envelope({"taskId": TASK}))
    await service.submit(fox)
    sent = wire.sent[0]
    assert sent.headers["user-agent"].startswith(f"mjtui/{__version__} (")
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(sent.url)
    assert KEY.encode() not in sent.content


@pytest.mark.parametrize(
    ("broken", "expected", "receipt"),
    [
        (httpx.ConnectError("[Errno -2] Name or service not known"), Unreachable, "not_received"),
        (httpx.ConnectTimeout("timed out"), Unreachable, "not_received"),
        (httpx.PoolTimeout("timed out"), Unreachable, "not_received"),
        (httpx.ProxyError("403 Forbidden"), Unreachable, "not_received"),
        (httpx.UnsupportedProtocol("no such protocol"), Unreachable, "not_received"),
        (httpx.ReadError(""), Unclear, "unknown"),
        (httpx.ReadTimeout("timed out"), Unclear, "unknown"),
        (httpx.WriteError("broken pipe"), Unclear, "unknown"),
        (httpx.WriteTimeout("timed out"), Unclear, "unknown"),
        (httpx.CloseError("close"), Unclear, "unknown"),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Unclear, "unknown"),
        (httpx.LocalProtocolError("too much data"), Unclear, "unknown"),
        (httpx.DecodingError("bad gzip"), Unclear, "unknown"),
        (TimeoutError(), Unclear, "unknown"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
async def test_what_a_lost_connection_proves(
    service: Service, wire: Any, fox: Request, broken: Exception, expected: type, receipt: str
) -> None:
    wire.says(broken)
    error = await failure(service.submit(fox))
    assert type(error) is expected
    assert error.receipt == receipt
    assert error.retryable
    assert ("may have been received" in error.meaning) == (receipt == "unknown")
    assert len(wire.sent) == 1


async def test_a_handshake_that_fails_says_so(service: Service, wire: Any, fox: Request) -> None:
    broken = httpx.ConnectError("certificate verify failed")
    broken.__cause__ = ssl.SSLCertVerificationError("expired")
    wire.says(broken)
    assert "not safe" in (await failure(service.submit(fox))).hint


@pytest.mark.parametrize("code", [400, 401, 402, 404, 408, 422, 429, 433, 455, 500, 501, 505, 550])
@pytest.mark.parametrize("kind", ["txt2img", "vary", "extend"])
async def test_a_create_is_sent_once_whatever_the_answer(
    service: Service, wire: Any, envelope: Any, kind: Kind, code: int
) -> None:
    for status in (200, code):
        wire.sent.clear()
        wire.says(envelope(code=code, msg="no", status=status))
        await failure(service.submit(REQUESTS[kind][0]))
        assert len(wire.sent) == 1


async def test_a_yes_without_a_task_id_is_unknown(service: Service, wire: Any, envelope: Any, fox: Request) -> None:
    wire.says(envelope(None))
    assert (await failure(service.submit(fox))).receipt == "unknown"


async def test_an_answer_without_an_end_is_unknown(service: Service, wire: Any, fox: Request) -> None:
    wire.says(httpx.Response(200, content=b" " * (MAX_ANSWER + 1)))
    assert (await failure(service.submit(fox))).receipt == "unknown"


async def test_a_service_that_drips_is_given_up(connect: Callable[..., Service], fox: Request) -> None:
    async def drip(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    slow = connect(transport=httpx.MockTransport(drip), timeout=0.01)
    assert (await failure(slow.submit(fox))).receipt == "unknown"


async def test_redirects_are_not_followed(service: Service, wire: Any, fox: Request) -> None:
    wire.says(httpx.Response(307, headers={"location": "https://elsewhere.test/"}))
    assert type(await failure(service.submit(fox))) is Refused
    assert [request.url.host for request in wire.sent] == ["api.kie.ai"]


def forms(first: httpx.Response, second: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: first if request.url.path.endswith("generateUpscale") else second


@pytest.mark.parametrize("status", [200, 404])
async def test_an_upscale_takes_the_quickstarts_form_where_the_route_is_missing(
    service: Service, wire: Any, envelope: Any, status: int
) -> None:
    wire.route = forms(envelope(code=404, msg="Not Found", status=status), envelope({"taskId": TASK}))
    request = Request(kind="upscale", task_id=TASK, index=3)
    assert await service.submit(request) == TASK
    assert wire.paths == ["/api/v1/mj/generateUpscale", "/api/v1/mj/upscale"]
    assert wire.body(0) == {"taskId": TASK, "imageIndex": 2}
    assert wire.body(1) == {"taskId": TASK, "index": 3}
    await service.submit(request)
    assert wire.paths[2:] == ["/api/v1/mj/upscale"]


async def test_an_upscale_that_has_worked_has_no_other_form(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope({"taskId": TASK}), envelope(code=404, msg="no such task"))
    request = Request(kind="upscale", task_id=TASK, index=1)
    await service.submit(request)
    await failure(service.submit(request))
    assert wire.paths == ["/api/v1/mj/generateUpscale"] * 2


async def test_the_quickstarts_form_is_tried_once(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope(code=404, msg="Not Found"))
    request = Request(kind="upscale", task_id=TASK, index=1)
    error = await failure(service.submit(request))
    assert type(error) is Refused
    await failure(service.submit(request))
    assert wire.paths == ["/api/v1/mj/generateUpscale", "/api/v1/mj/upscale", "/api/v1/mj/generateUpscale"]


@pytest.mark.parametrize("code", [400, 402, 422, 429, 500, 501])
async def test_an_upscale_has_no_second_form_after_any_other_answer(
    service: Service, wire: Any, envelope: Any, code: int
) -> None:
    wire.says(envelope(code=code, msg="no"))
    await failure(service.submit(Request(kind="upscale", task_id=TASK, index=1)))
    assert len(wire.sent) == 1


async def test_an_unclear_second_form_stays_unknown(service: Service, wire: Any, envelope: Any) -> None:
    wire.route = forms(envelope(code=404), httpx.Response(502))
    error = await failure(service.submit(Request(kind="upscale", task_id=TASK, index=1)))
    assert (error.receipt, len(wire.sent)) == ("unknown", 2)


async def test_a_refused_variation_speaks_of_the_index(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope(code=422, msg="imageIndex is wrong"))
    assert "vary_index_base = 0" in (await failure(service.submit(REQUESTS["vary"][0]))).hint


async def test_a_service_without_midjourney_has_its_own_message(service: Service, wire: Any, fox: Request) -> None:
    wire.says(httpx.Response(404, json={"status": 404, "error": "Not Found", "path": "/api/v1/mj/generate"}))
    error = await failure(service.submit(fox))
    assert type(error) is SwitchedOff
    assert "switched off" in error.message


async def test_a_local_file_must_be_uploaded_first(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope({"taskId": TASK}))
    call = service.compose(Request(kind="img2img", prompt="a", speed="fast", images=("/home/me/fox.png", *ONE)))
    with pytest.raises(InvalidRequest, match=r"fox\.png"):
        await service.send(call)
    assert not wire.sent
    await service.send(call.with_files({"/home/me/fox.png": "https://up.test/fox.png"}))
    assert wire.body()["fileUrls"] == ["https://up.test/fox.png", *ONE]


async def test_the_address_to_call_back_is_added_on_the_way_out(
    connect: Callable[..., Service], wire: Any, envelope: Any, fox: Request
) -> None:
    wire.says(envelope({"taskId": TASK}))
    for name, field in (("kie", "callBackUrl"), ("sketch", "callback_url")):
        service = connect(name, callback_url="https://me.test/hook")
        wire.says(envelope({"taskId": TASK}) if name == "kie" else httpx.Response(200, json={"task_id": TASK}))
        await service.submit(fox)
        assert wire.body()[field] == "https://me.test/hook"
        assert field not in (service.compose(fox).body or {})


async def test_a_look_reports_the_task(service: Service, wire: Any, envelope: Any) -> None:
    links = [{"resultUrl": f"https://files.test/{TASK}_0_{number}.jpeg"} for number in range(4)]
    wire.says(
        envelope({"taskId": TASK, "successFlag": 0, "createTime": 1767225600000, "resultInfoJson": None}),
        envelope({"taskId": TASK, "successFlag": 1, "resultInfoJson": {"resultUrls": links}}),
    )
    assert (await service.look(TASK)).state == "running"
    report = await service.look(TASK)
    assert (report.state, len(report.urls)) == ("succeeded", 4)
    assert wire.sent[0].url.params["taskId"] == TASK


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"code": 422, "msg": "The record does not exist", "data": None}),
        httpx.Response(200, json={"code": 200, "msg": "success", "data": None}),
        httpx.Response(200, json={"code": 404, "msg": "Task not found"}),
        httpx.Response(404, json={"code": 404, "msg": "Task not found"}),
        httpx.Response(200, json={"code": 422, "msg": "recordInfo is null"}),
    ],
)
async def test_all_four_ways_to_know_no_task(service: Service, wire: Any, answer: httpx.Response) -> None:
    wire.says(answer)
    assert type(await failure(service.look(TASK))) is TaskNotFound
    assert len(wire.sent) == 1


async def test_a_look_is_repeated_when_the_network_stumbles(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(httpx.ReadError("cut"), httpx.Response(502), envelope({"successFlag": 0}))
    assert (await service.look(TASK)).state == "running"
    assert len(wire.sent) == 3


async def test_a_look_gives_up_after_three(service: Service, wire: Any) -> None:
    wire.says(httpx.ConnectError("down"))
    assert type(await failure(service.look(TASK))) is Unreachable
    assert len(wire.sent) == 3


async def test_a_look_does_not_press_a_service_that_asked_to_wait(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope(code=429, msg="call frequency is too high"))
    error = await failure(service.look(TASK))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 10.0
    wire.says(httpx.Response(503, headers={"retry-after": "60"}))
    assert (await failure(service.look(TASK))).retry_after == 60.0
    assert len(wire.sent) == 2


@pytest.mark.parametrize(("data", "credits"), [(100, 100.0), (5916.25, 5916.25), ("60.62", 60.62), (0, 0.0)])
async def test_credits_are_a_number(service: Service, wire: Any, envelope: Any, data: Any, credits: float) -> None:
    wire.says(envelope(data))
    assert await service.credits() == credits
    assert wire.paths == ["/api/v1/chat/credit"]


@pytest.mark.parametrize("data", [None, "many", {"credits": 5}, True])
async def test_credits_that_are_no_number_are_unclear(service: Service, wire: Any, envelope: Any, data: Any) -> None:
    wire.says(envelope(data))
    assert type(await failure(service.credits())) is Unclear


async def test_a_download_link_is_asked_for_once(service: Service, wire: Any, envelope: Any) -> None:
    wire.says(envelope("https://files.test/signed?x=1"))
    assert await service.download_url("https://files.test/a.jpeg") == "https://files.test/signed?x=1"
    assert wire.body() == {"url": "https://files.test/a.jpeg"}
    wire.says(httpx.Response(500))
    await failure(service.download_url("https://files.test/a.jpeg"))
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"code": 401, "msg": f"Unauthorized: key {KEY} is unknown"}),
        httpx.Response(500, json={"error": KEY}),
        httpx.Response(403, text=f"bad key {KEY}"),
        httpx.ConnectError("down"),
        httpx.LocalProtocolError("cut"),
    ],
)
async def test_the_key_is_in_no_error(service: Service, wire: Any, fox: Request, answer: Any) -> None:
    wire.says(answer)
    error = await failure(service.submit(fox))
    told = "".join(traceback.format_exception(error)) + repr(error) + error.sentences()
    assert KEY not in told
    assert KEY not in repr(service)
    assert KEY not in str(service.compose(fox))


@pytest.mark.parametrize("path", ["@evil.test/", ".evil.test/", ":81/", "https://evil.test/", ""])
async def test_the_key_goes_to_no_other_host(service: Service, wire: Any, path: str) -> None:
    with pytest.raises(InvalidRequest, match="no path"):
        await service.send(Call("POST", path, {}))
    assert not wire.sent


@pytest.mark.parametrize("path", ["//evil.test/", "/@evil.test/", "/\\evil.test/"])
async def test_a_path_stays_at_the_service(service: Service, wire: Any, envelope: Any, path: str) -> None:
    wire.says(envelope({"taskId": TASK}))
    await service.send(Call("POST", path, {}))
    assert wire.sent[0].url.host == "api.kie.ai"


async def test_a_body_that_is_no_json_is_not_sent(service: Service, wire: Any) -> None:
    for value in (float("nan"), "half \ud800", object()):
        with pytest.raises(InvalidRequest):
            await service.send(Call("POST", "/api/v1/mj/generate", {"prompt": value}))
    assert not wire.sent


@pytest.mark.parametrize("key", ["", "  \n"])
def test_a_service_needs_a_key(key: str) -> None:
    with pytest.raises(NoKey):
        Service(key=key, dialect=dialect("kie"))


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "esc\x1b"])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Service(key=key, dialect=dialect("kie"))
    assert key not in caught.value.sentences()


@pytest.mark.parametrize("url", ["api.kie.ai", "ftp://api.kie.ai", "https://me:word@api.kie.ai", "https://"])
@pytest.mark.parametrize("name", ["api_url", "upload_url", "callback_url"])
def test_an_address_must_be_one(name: str, url: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Service(key=KEY, dialect=dialect("kie"), **{name: url})


async def test_another_server_may_be_named(connect: Callable[..., Service], wire: Any, envelope: Any) -> None:
    wire.says(envelope(5))
    await connect(api_url="http://127.0.0.1:8000/").credits()
    assert str(wire.sent[0].url) == "http://127.0.0.1:8000/api/v1/chat/credit"


async def test_creates_may_go_side_by_side(service: Service, wire: Any, envelope: Any, fox: Request) -> None:
    wire.says(envelope({"taskId": TASK}))
    assert await asyncio.gather(*(service.submit(fox) for _ in range(20))) == [TASK] * 20
    assert len(wire.sent) == 20


def test_curl_is_a_command_without_the_key() -> None:
    call = Call("POST", "/api/v1/mj/generate", {"prompt": "it's a fox; $(rm) 狐\x1b[0m\nnext"})
    line = curl(call, "https://api.kie.ai")
    words = shlex.split(line)
    assert words[:4] == ["curl", "-X", "POST", "https://api.kie.ai/api/v1/mj/generate"]
    assert json.loads(words[words.index("-d") + 1]) == call.body
    assert '"Authorization: Bearer $KIE_API_KEY"' in line
    assert "\x1b" not in line


def test_curl_writes_a_look_with_its_question() -> None:
    line = curl(dialect("kie").look("a&b"), "https://api.kie.ai")
    assert shlex.split(line)[3] == "https://api.kie.ai/api/v1/mj/record-info?taskId=a%26b"
    assert "-d" not in shlex.split(line)
