"""Callbacks are believed only as far as their signature reaches."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.api.callbacks import parse, signature, verify
from mjtui.errors import Unclear

KEY = "whk_example_key"
TASK = "9f47c52047dda21bb3df0488736cce57"
SIGNED = 1769670760
HEADERS = {"X-Webhook-Timestamp": str(SIGNED), "X-Webhook-Signature": "XKTCDg8zxtODlzpvgEP7L65lZuGbC39eP8kWtezq7X8="}
LINK = "https://files.test/m/a_0_0.jpeg"


def test_the_signature_of_the_published_example() -> None:
    assert signature(KEY, TASK, str(SIGNED)) == HEADERS["X-Webhook-Signature"]


@pytest.mark.parametrize(
    "payload",
    [
        {"data": {"taskId": TASK}},
        {"data": {"task_id": TASK}},
        {"taskId": TASK, "data": {}},
        {"task_id": TASK},
        {"taskId": TASK, "data": {"task_id": "another"}},
    ],
)
def test_the_id_is_found_wherever_it_stands(payload: Any) -> None:
    assert verify(payload, HEADERS, key=KEY, now=SIGNED + 5) == TASK


@pytest.mark.parametrize("lag", [-301, 301, 1e9])
def test_an_old_signature_is_worth_nothing(lag: float) -> None:
    assert verify({"taskId": TASK}, HEADERS, key=KEY, now=SIGNED + lag) is None
    assert verify({"taskId": TASK}, HEADERS, key=KEY, now=SIGNED + 300) == TASK


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Webhook-Timestamp": str(SIGNED)},
        HEADERS | {"X-Webhook-Signature": ""},
        HEADERS | {"X-Webhook-Signature": "ünicode"},
        HEADERS | {"X-Webhook-Signature": HEADERS["X-Webhook-Signature"].lower()},
        HEADERS | {"X-Webhook-Timestamp": str(SIGNED + 1)},
        HEADERS | {"X-Webhook-Timestamp": f"{SIGNED}.0"},
        HEADERS | {"X-Webhook-Timestamp": "9" * 5000},
    ],
)
def test_a_signature_must_fit(headers: dict[str, str]) -> None:
    assert verify({"taskId": TASK}, headers, key=KEY, now=SIGNED) is None


def test_another_key_or_task_does_not_fit() -> None:
    assert verify({"taskId": TASK}, HEADERS, key="whk_other", now=SIGNED) is None
    assert verify({"taskId": "b" * 32}, HEADERS, key=KEY, now=SIGNED) is None


def test_header_names_have_no_case() -> None:
    lower = {name.lower(): value for name, value in HEADERS.items()}
    assert verify({"taskId": TASK}, lower, key=KEY, now=SIGNED) == TASK


def test_a_success_with_plain_links() -> None:
    found = parse({"code": 200, "msg": "success", "data": {"taskId": TASK, "promptJson": "{}", "resultUrls": [LINK]}})
    assert found.task_id == TASK
    assert found.report is not None
    assert (found.report.state, found.report.urls) == ("succeeded", (LINK,))


def test_a_failure_keeps_its_words() -> None:
    found = parse({"code": "500", "msg": "Image generation failed", "data": {"taskId": TASK, "resultUrls": []}})
    assert found.report is not None
    assert (found.report.state, found.report.error_code) == ("failed", "500")
    assert found.report.error_message == "Image generation failed"


def test_the_shape_of_a_record() -> None:
    data = {"taskId": TASK, "successFlag": 1, "resultInfoJson": {"resultUrls": [{"resultUrl": LINK}]}}
    found = parse({"code": 200, "data": data})
    assert found.report is not None
    assert found.report.urls == (LINK,)
    failed = parse({"code": 200, "data": {"taskId": TASK, "successFlag": 3, "errorCode": "GENERATE_FAILED"}}).report
    assert failed is not None
    assert (failed.state, failed.error_code) == ("failed", "GENERATE_FAILED")


@pytest.mark.parametrize(
    "payload",
    [
        {"code": 200, "data": {"taskId": TASK}},
        {"code": 200, "data": {"taskId": TASK, "successFlag": 0}},
        {"code": 200, "data": {"taskId": TASK, "successFlag": 1}},
        {"task_id": TASK, "status": "queued"},
    ],
)
def test_a_callback_before_the_end_tells_of_no_end(payload: Any) -> None:
    assert parse(payload).report is None


@pytest.mark.parametrize("payload", [None, [], {}, {"data": {"taskId": ""}}, {"code": 200, "data": "x"}])
def test_a_callback_without_a_task_is_refused(payload: Any) -> None:
    with pytest.raises(Unclear):
        parse(payload)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["taskId", "task_id", "data"]), st.text() | st.integers()), st.text(), st.text())
def test_nothing_forged_is_believed(payload: dict[str, Any], timestamp: str, shown: str) -> None:
    headers = {"X-Webhook-Timestamp": timestamp, "X-Webhook-Signature": shown}
    assert verify(payload, headers, key=KEY, now=SIGNED) is None
