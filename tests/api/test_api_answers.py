"""Every code means the same in a 200 body and as an HTTP status, and says what it means for the money."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.api.answers import Answer, read, retry_after
from mjtui.errors import (
    NoCredits,
    RateLimited,
    Refused,
    ServiceError,
    SwitchedOff,
    TaskNotFound,
    Unclear,
    WrongKey,
)

NOW = 1_767_225_600.0
PURPOSES = ("generate", "follow", "look", "account", "upload")
CREDIT_TEXT = "Credits insufficient : Your current balance isn't enough to run this request."


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def failure(body: Any, status: int = 200, purpose: Any = "generate", secret: str = "", **headers: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        read(answer(body, status, **headers), purpose, now=NOW, secret=secret)
    return caught.value


@pytest.mark.parametrize("as_status", [False, True], ids=["in a 200 body", "as HTTP status"])
@pytest.mark.parametrize(
    ("purpose", "code", "said", "expected", "receipt", "retryable"),
    [
        ("generate", 400, "bad request", Refused, "refused", False),
        ("generate", 401, "You do not have access permissions", WrongKey, "refused", False),
        ("generate", 402, "pay first", NoCredits, "refused", False),
        ("generate", 403, "ip not allowed", Refused, "refused", False),
        ("generate", 404, "no such path", SwitchedOff, "refused", False),
        ("follow", 404, "no such path", Refused, "refused", False),
        ("look", 404, "Task not found", TaskNotFound, "refused", False),
        ("account", 404, "no such path", Refused, "refused", False),
        ("upload", 405, "method not allowed", Refused, "refused", False),
        ("generate", 408, "upstream is silent", Unclear, "unknown", True),
        ("generate", 422, "The speed parameter is incorrect.", Refused, "refused", False),
        ("generate", 422, "The model version 8 is not supported", Refused, "refused", False),
        ("generate", 422, "The aspectRatio is not supported", Refused, "refused", False),
        ("generate", 422, "The model name you specified is not supported.", SwitchedOff, "refused", False),
        ("generate", 422, "Midjourney is currently unavailable", SwitchedOff, "refused", False),
        ("follow", 422, "imageIndex is out of range", Refused, "refused", False),
        ("look", 422, "The record does not exist", TaskNotFound, "refused", False),
        ("account", 422, "url is wrong", Refused, "refused", False),
        ("generate", 429, "call frequency is too high", RateLimited, "not_received", True),
        ("look", 429, "call frequency is too high", RateLimited, "not_received", True),
        ("generate", 433, "sub-key limit", Refused, "refused", False),
        ("generate", 451, "image cannot be fetched", Refused, "refused", False),
        ("generate", 455, "maintenance", SwitchedOff, "refused", True),
        ("look", 455, "maintenance", Unclear, "unknown", True),
        ("generate", 500, "Server exception", Unclear, "unknown", True),
        ("generate", 500, CREDIT_TEXT, NoCredits, "refused", False),
        ("generate", 501, "generation failed", Refused, "refused", False),
        ("look", 501, "generation failed", Unclear, "unknown", True),
        ("follow", 505, "feature disabled", SwitchedOff, "refused", False),
        ("generate", 505, "feature disabled", SwitchedOff, "refused", False),
        ("generate", 550, "queue is full", Unclear, "unknown", True),
        ("upload", 400, "Missing required parameter: uploadPath", Refused, "refused", False),
    ],
)
def test_every_code_has_its_error(
    purpose: Any, code: int, said: str, expected: type, receipt: str, retryable: bool, as_status: bool
) -> None:
    body = {"msg": said, "data": None} if as_status else {"code": code, "msg": said, "data": None}
    error = failure(body, code if as_status else 200, purpose)
    assert type(error) is expected
    assert (error.receipt, error.retryable, error.service_code) == (receipt, retryable, str(code))
    assert said in error.message


def test_the_code_in_the_body_comes_before_the_http_status() -> None:
    assert type(failure({"code": "422", "msg": "prompt is wrong"}, 500)) is Refused
    assert type(failure({"code": 500, "msg": "oops"}, 400)) is Unclear


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"<html>welcome to the hotel</html>", 200),
        (b'{"code":200,"data":{"taskId":"5b', 200),
        ([1, 2], 200),
        ("text", 200),
        ({"code": "odd", "data": {"taskId": "t"}}, 200),
        ({"code": True}, 200),
        ({"code": 0}, 200),
        ({"code": 200, "data": {"taskId": "t"}}, 500),
        ({"code": 200, "data": {"taskId": "t"}}, 403),
        (b"<html>502 Bad Gateway</html>", 502),
        (b"<html>505</html>", 505),
        (b"", 503),
        (b"", 302),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_a_create_unknown(body: Any, status: int) -> None:
    error = failure(body, status)
    assert type(error) is Unclear
    assert error.receipt == "unknown"
    assert "may have been received" in error.meaning


def test_a_page_in_place_of_a_look_does_not_lose_the_task() -> None:
    assert type(failure(b"<html>404</html>", 404, "look")) is Unclear
    assert failure(b"<html>404</html>", 404, "look").meaning == ""


def test_a_page_at_the_route_of_creates_says_that_it_is_gone() -> None:
    assert type(failure(b"<html>404</html>", 404, "generate")) is SwitchedOff


def test_the_guard_in_front_of_the_service_is_named() -> None:
    error = failure(b"error code: 1010", 403)
    assert type(error) is Refused
    assert "Cloudflare" in error.message
    assert "1010" in error.message


def test_a_moved_address_is_not_followed_and_told() -> None:
    error = failure(b"", 308, location="https://elsewhere.test/")
    assert type(error) is Refused
    assert "MJTUI_API_URL" in error.hint


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 1.0),
        ("1e9", 3600.0),
        (formatdate(NOW + 25, usegmt=True), 25.0),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after(header, now=NOW) == seconds


def test_a_429_waits_a_whole_window_unless_told_otherwise() -> None:
    assert failure({"code": 429}).retry_after == 10.0
    assert failure({"code": 429}, retry_after="3").retry_after == 3.0
    assert failure({"msg": "busy"}, 503, retry_after="120").retry_after == 120.0


def test_words_of_the_service_are_cleaned_and_the_key_in_them_is_masked() -> None:
    error = failure({"code": 401, "msg": "key s3cret-key is\x1b]0;pwned\x07 wrong " + "x" * 900}, secret="s3cret-key")
    assert "s3cret-key" not in error.message
    assert error.message.isprintable()
    assert len(error.message) < 600


@settings(deadline=None)
@given(
    body=st.binary() | st.dictionaries(st.sampled_from(["code", "msg", "data", "error"]), st.integers() | st.text()),
    status=st.integers(100, 599),
    purpose=st.sampled_from(PURPOSES),
    wait=st.text(),
)
def test_no_answer_breaks_the_reader(body: Any, status: int, purpose: Any, wait: str) -> None:
    try:
        payload = read(answer(body, status, retry_after=wait), purpose, now=NOW)
    except ServiceError as error:
        assert error.message.isprintable()
        assert error.retry_after is None or 1.0 <= error.retry_after <= 3600.0
    else:
        assert payload
