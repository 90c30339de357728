"""Whatever the service sends is read, or refused with a ServiceError."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.api import callbacks, dialect, normalise, uploads
from mjtui.errors import ServiceError, TaskNotFound, Unclear

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["0", "1", "3", "{}"])
NAMES = st.text() | st.sampled_from(
    [
        "code",
        "msg",
        "data",
        "taskId",
        "successFlag",
        "resultInfoJson",
        "resultUrls",
        "resultUrl",
        "createTime",
        "completeTime",
        "url",
        "errorCode",
        "errorMessage",
        "status",
        "image_url",
        "task_id",
        "downloadUrl",
        "fileUrl",
    ]
)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "taskId": ANYTHING,
        "successFlag": st.integers(-2, 5) | ANYTHING,
        "resultInfoJson": st.fixed_dictionaries({"resultUrls": st.lists(ANYTHING)}) | ANYTHING,
        "createTime": ANYTHING,
        "completeTime": ANYTHING,
        "errorCode": ANYTHING,
        "errorMessage": ANYTHING,
    },
)
PAYLOADS = st.fixed_dictionaries({"code": ANYTHING, "data": RECORDS | ANYTHING}) | ANYTHING

LINKS = ("https://files.test/m/t_0_0.jpeg", "https://files.test/m/t_0_1.jpeg")


def record(**fields: Any) -> dict[str, Any]:
    return {"code": 200, "msg": "success", "data": {"taskId": "t1", "successFlag": 0} | fields}


@settings(deadline=None)
@given(PAYLOADS)
def test_no_payload_breaks_a_reader(payload: Any) -> None:
    for name in ("kie", "sketch"):
        spoken = dialect(name)
        for read in (spoken.accepted, spoken.report, spoken.balance, spoken.linked):
            try:
                read(payload)
            except ServiceError:
                continue
    for read in (callbacks.parse, lambda value: uploads.uploaded(value, now_ms=0)):
        try:
            read(payload)
        except ServiceError:
            continue


@settings(deadline=None)
@given(RECORDS)
def test_what_a_report_says_can_be_stored_and_shown(fields: dict[str, Any]) -> None:
    try:
        report = normalise.record({"data": fields})
    except ServiceError:
        return
    for url in report.urls:
        assert url.startswith(("http://", "https://"))
        assert url.isprintable()
    for line in (report.error_code, report.error_message):
        assert line is None or (line.isprintable() and 0 < len(line) <= 500)
    for time in (report.created_at, report.completed_at):
        assert time is None or 0 < time <= normalise.LATEST_MS


@settings(deadline=None)
@given(st.text() | st.binary())
def test_no_text_breaks_the_decoder(text: str | bytes) -> None:
    with suppress(ValueError):
        normalise.decoded(text)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 500 + "]" * 500, '{"a":' * 90 + "1" + "}" * 90, "1" * 5000, b"\xff"]
)
def test_hostile_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        normalise.decoded(text)


def test_numbers_that_json_does_not_know_become_null() -> None:
    assert normalise.decoded("[NaN, Infinity, -Infinity, 1e999, 1.5]") == [None, None, None, None, 1.5]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1767225846000, 1767225846000),
        (1767225846, 1767225846000),
        ("1767225846000", 1767225846000),
        (1767225846000.0, 1767225846000),
        ("2026-01-01T00:04:06Z", 1767225846000),
        ("2026-01-01T00:04:06.250Z", 1767225846250),
        ("2026-01-01T01:04:06+01:00", 1767225846000),
        ("2026-01-01 00:04:06", 1767225846000),
        (None, None),
        ("", None),
        ("soon", None),
        (0, None),
        (-5, None),
        (True, None),
        (float("nan"), None),
        (10**40, None),
        ({"time": 1}, None),
    ],
)
def test_times_come_in_many_forms(value: object, expected: int | None) -> None:
    assert normalise.time_ms(value) == expected


@pytest.mark.parametrize(
    "results",
    [
        {"resultUrls": [{"resultUrl": url} for url in LINKS]},
        json.dumps({"resultUrls": [{"resultUrl": url} for url in LINKS]}),
        {"resultUrls": list(LINKS)},
        {"resultUrls": json.dumps(LINKS)},
        list(LINKS),
    ],
)
def test_links_are_found_in_every_shape(results: object) -> None:
    report = normalise.record(record(successFlag=1, resultInfoJson=results))
    assert report.state == "succeeded"
    assert report.urls == LINKS


@pytest.mark.parametrize(
    ("items", "urls"),
    [
        ([None, LINKS[0], {"resultUrl": "file:///etc/passwd"}, {"url": LINKS[1]}], LINKS),
        (["not a link", LINKS[1]], ("", LINKS[1])),
        (
            [None, "https://files.test/a.png", 7, "https://files.test/b.png"],
            ("", "https://files.test/a.png", "", "https://files.test/b.png"),
        ),
    ],
)
def test_a_result_without_a_link_leaves_the_others_their_numbers(items: object, urls: tuple[str, ...]) -> None:
    assert normalise.record(record(successFlag=1, resultInfoJson={"resultUrls": items})).urls == urls


def test_a_flood_of_links_is_cut() -> None:
    flood = [f"https://files.test/{number}" for number in range(10_000)]
    assert len(normalise.record(record(successFlag=1, resultInfoJson={"resultUrls": flood})).urls) == 16


@pytest.mark.parametrize(
    ("flag", "state"), [(0, "running"), ("0", "running"), (2, "failed"), (3, "failed"), ("3", "failed"), (17, "failed")]
)
def test_flags_say_how_a_task_is(flag: object, state: str) -> None:
    assert normalise.record(record(successFlag=flag)).state == state


@pytest.mark.parametrize("flag", [-1, "done", None, True, 1.5, [1]])
def test_a_flag_that_means_nothing_is_no_end(flag: object) -> None:
    with pytest.raises(Unclear):
        normalise.record(record(successFlag=flag))


@pytest.mark.parametrize("results", [None, "", "{broken", {"resultUrls": []}, {"resultUrls": ["ftp://x/y"]}])
def test_a_task_may_be_done_without_links(results: object) -> None:
    report = normalise.record(record(successFlag=1, resultInfoJson=results))
    assert (report.state, report.urls) == ("succeeded", ())


@pytest.mark.parametrize(
    "payload", [{"code": 200, "data": None}, {"code": 200}, {"code": 200, "data": {}}, {"data": ""}]
)
def test_no_record_is_no_task(payload: object) -> None:
    with pytest.raises(TaskNotFound):
        normalise.record(payload)


def test_a_failed_task_keeps_the_words_of_the_service() -> None:
    failed = record(
        successFlag=3,
        createTime=1767225600000,
        completeTime="1767225616000",
        errorCode=500,
        errorMessage="internal error,\x1b[2J please\ntry again \u202elater.",
    )
    report = normalise.record(failed)
    assert (report.state, report.error_code) == ("failed", "500")
    assert report.error_message == "internal error, [2J please try again later."
    assert (report.created_at, report.completed_at) == (1767225600000, 1767225616000)


def test_a_record_may_be_a_string_of_json() -> None:
    assert normalise.record({"data": json.dumps({"successFlag": "0"})}).state == "running"


def test_long_messages_are_cut_to_500_characters() -> None:
    line = normalise.text("word " * 1000)
    assert len(line) == 500
    assert line.endswith("…")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x.png",
        "//h/x",
        "ftp://h/x",
        "https://",
        "https://h/a b",
        "https://h/\x1b[0m",
        "http://[::1/x",
        "http://h:99999/x",
        "http://h/\ud800",
        "javascript:alert(1)",
        "https://h/" + "x" * 5000,
        None,
        5,
    ],
)
def test_only_plain_web_addresses_are_links(url: object) -> None:
    assert normalise.web_url(url) is None


@pytest.mark.parametrize(("value", "expected"), [("mj_task_1", "mj_task_1"), (17, "17"), (" a1 ", "a1")])
def test_a_task_id_has_no_one_form(value: object, expected: str) -> None:
    assert normalise.identity(value) == expected


@pytest.mark.parametrize("value", ["", "  ", "a b", "a\nb", "\x1b[0m", None, True, 1.5, {}, "x" * 201])
def test_what_is_no_task_id(value: object) -> None:
    assert normalise.identity(value) is None
