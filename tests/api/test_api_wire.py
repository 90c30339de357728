"""What is wrong with a request is said in a sentence before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.api import wire
from mjtui.errors import InvalidRequest
from mjtui.prompt.draft import KINDS, Kind, Request

ONE = ("https://img.test/1.png",)
GOOD: dict[Kind, Request] = {
    "txt2img": Request(kind="txt2img", prompt="a fox", speed="relaxed"),
    "img2img": Request(kind="img2img", prompt="a fox", speed="fast", images=ONE),
    "style_reference": Request(kind="style_reference", prompt="a fox", speed="turbo", images=ONE * 2),
    "omni_reference": Request(kind="omni_reference", prompt="a fox", images=ONE * 2),
    "video": Request(kind="video", prompt="it turns", images=ONE, motion="low"),
    "video_hd": Request(kind="video_hd", prompt="it turns", images=ONE, motion="high"),
    "upscale": Request(kind="upscale", task_id="t1", index=1),
    "vary": Request(kind="vary", task_id="t1", index=4),
    "extend": Request(kind="extend", task_id="t1", index=2),
}


def complaint(kind: Kind, **changes: Any) -> str:
    with pytest.raises(InvalidRequest) as caught:
        wire.body(replace(GOOD[kind], **changes))
    return caught.value.message


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_body_with_only_what_was_said(kind: Kind) -> None:
    body = wire.body(GOOD[kind])
    assert None not in body.values()
    if kind in ("upscale", "vary"):
        assert "taskType" not in body
    else:
        assert body["taskType"] == ("mj_video_extend_auto" if kind == "extend" else f"mj_{kind}")


def test_a_full_request_has_the_names_of_the_service() -> None:
    request = Request(
        kind="omni_reference",
        prompt="the same fox --sref 8812",
        images=ONE,
        aspect_ratio="16:9",
        version="niji7",
        stylize=1,
        chaos=15,
        weird=3000,
        omni_weight=400,
        watermark="me",
        translate=True,
    )
    assert wire.body(request) == {
        "taskType": "mj_omni_reference",
        "prompt": "the same fox --sref 8812",
        "fileUrls": list(ONE),
        "aspectRatio": "16:9",
        "version": "niji7",
        "stylization": 1,
        "variety": 15,
        "weirdness": 3000,
        "ow": 400,
        "waterMark": "me",
        "enableTranslation": True,
    }


def test_translation_is_always_said() -> None:
    assert wire.body(GOOD["txt2img"])["enableTranslation"] is False


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("txt2img", {"prompt": ""}, "prompt is missing: text to image needs it"),
        ("txt2img", {"prompt": " \n"}, "prompt is missing"),
        ("txt2img", {"speed": None}, "speed is missing"),
        ("img2img", {"speed": None}, "speed is missing"),
        ("style_reference", {"speed": None}, "speed is missing"),
        ("img2img", {"images": ()}, "images is missing: image to image needs it"),
        ("style_reference", {"images": ()}, "images is missing"),
        ("omni_reference", {"images": ()}, "images is missing"),
        ("video", {"images": ()}, "images is missing"),
        ("video_hd", {"images": ONE * 2}, "images: HD video takes 1, and there are 2"),
        ("video", {"motion": None}, "motion is missing"),
        ("video", {"prompt": ""}, "prompt is missing"),
        ("upscale", {"task_id": None}, "task id is missing"),
        ("vary", {"index": None}, "index is missing"),
        ("extend", {"index": None}, "index is missing"),
    ],
)
def test_what_a_kind_needs(kind: Kind, changes: dict[str, Any], words: str) -> None:
    assert words in complaint(kind, **changes)


FOREIGN: dict[Kind, list[str]] = {
    "txt2img": ["images", "omni_weight", "motion", "batch_size"],
    "img2img": ["omni_weight", "motion", "batch_size"],
    "style_reference": ["omni_weight", "motion", "batch_size"],
    "omni_reference": ["speed", "motion", "batch_size"],
    "video": ["speed", "omni_weight"],
    "video_hd": ["speed", "omni_weight"],
    "upscale": ["images", "speed", "motion", "batch_size", "omni_weight", "version", "aspect_ratio", "stylize"],
    "vary": ["images", "speed", "motion", "batch_size", "omni_weight", "version", "aspect_ratio", "chaos"],
    "extend": ["images", "speed", "motion", "batch_size", "omni_weight", "version", "aspect_ratio", "weird"],
}
SAMPLES: dict[str, Any] = {
    "images": ONE,
    "omni_weight": 100,
    "motion": "low",
    "batch_size": 1,
    "speed": "fast",
    "version": "7",
    "aspect_ratio": "1:1",
    "stylize": 100,
    "chaos": 5,
    "weird": 5,
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in FOREIGN.items() for name in names])
def test_what_does_not_go_with_a_kind(kind: Kind, name: str) -> None:
    assert f"{name.replace('_', ' ')} does not go with" in complaint(kind, **{name: SAMPLES[name]})


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("txt2img", {"prompt": "x" * 2001}, "prompt has 2001 characters; the service takes at most 2000"),
        ("txt2img", {"aspect_ratio": "7:5"}, "aspect ratio is '7:5'; it must be '1:2'"),
        ("txt2img", {"stylize": 1001}, "stylize is 1001; it must be at most 1000"),
        ("txt2img", {"stylize": -1}, "stylize is -1; it must be at least 0"),
        ("txt2img", {"weird": 3001}, "weird is 3001"),
        ("txt2img", {"chaos": 105}, "chaos is 105; it must be at most 100"),
        ("txt2img", {"chaos": 7}, "chaos is 7; it must be a multiple of 5"),
        ("txt2img", {"speed": "Relax"}, "speed is 'Relax'; it must be 'relaxed', 'fast' or 'turbo'"),
        ("txt2img", {"version": ""}, "version is empty"),
        ("txt2img", {"prompt": "half \ud800"}, "prompt has characters that are no text"),
        ("omni_reference", {"omni_weight": 0}, "omni weight is 0; it must be at least 1"),
        ("omni_reference", {"omni_weight": 1001}, "omni weight is 1001"),
        ("img2img", {"images": ("",)}, "images is empty"),
        ("video", {"motion": "wild"}, "motion is 'wild'; it must be 'low' or 'high'"),
        ("video", {"batch_size": 3}, "batch size is 3; it must be 1, 2 or 4"),
        ("upscale", {"index": 0}, "index is 0; it must be at least 1"),
        ("vary", {"index": 5}, "index is 5; it must be at most 4"),
        ("extend", {"prompt": "x" * 2001}, "prompt has 2001 characters"),
    ],
)
def test_what_is_out_of_range(kind: Kind, changes: dict[str, Any], words: str) -> None:
    assert words in complaint(kind, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "x" * 2000},
        {"stylize": 0, "weird": 0, "chaos": 0},
        {"stylize": 1000, "weird": 3000, "chaos": 100},
        {"version": "8"},
    ],
)
def test_the_ends_of_the_ranges_are_inside(changes: dict[str, Any]) -> None:
    wire.body(replace(GOOD["txt2img"], **changes))


def test_every_mistake_is_named_at_once() -> None:
    message = complaint("video", speed="fast", motion=None, images=ONE * 3)
    assert all(words in message for words in ("speed does not", "motion is missing", "there are 3"))


def test_an_extend_with_a_prompt_is_a_manual_one() -> None:
    body = wire.body(replace(GOOD["extend"], prompt="it rises"))
    assert (body["taskType"], body["prompt"]) == ("mj_video_extend_manual", "it rises")


def test_the_origin_of_a_prompt_and_the_prompt_of_an_origin_are_not_sent() -> None:
    assert "taskId" not in wire.body(replace(GOOD["txt2img"], task_id="t1", index=2))
    assert "prompt" not in wire.body(replace(GOOD["vary"], prompt="a fox"))


@settings(deadline=None)
@given(
    st.builds(
        Request,
        kind=st.sampled_from(KINDS),
        prompt=st.text(),
        images=st.lists(st.text()).map(tuple),
        speed=st.none() | st.text(),
        chaos=st.none() | st.integers() | st.text() | st.booleans(),
        stylize=st.none() | st.integers() | st.floats(),
        task_id=st.none() | st.text(),
        index=st.none() | st.integers(),
        version=st.none() | st.text() | st.integers(),
    )
)
def test_a_request_is_written_or_refused_with_a_sentence(request_: Request) -> None:
    try:
        body = wire.body(request_)
    except InvalidRequest as error:
        assert error.message.endswith(".")
    else:
        assert body
