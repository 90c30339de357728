"""Two dialects write the same wish in their own words."""

from __future__ import annotations

from typing import Any

import pytest

from mjtui.api import DIALECTS, Dialect, dialect
from mjtui.errors import InvalidRequest, SettingsError, TaskNotFound, Unclear
from mjtui.prompt.draft import KINDS, Request


def body(spoken: Dialect, **values: Any) -> dict[str, Any]:
    return spoken.submit(Request(**({"kind": "txt2img", "prompt": "a fox", "speed": "fast"} | values))).body or {}


def test_the_first_dialect_knows_every_kind() -> None:
    assert dialect().name == "kie"
    assert dialect().kinds == frozenset(KINDS)


def test_an_unknown_dialect_is_named_with_a_guess() -> None:
    with pytest.raises(SettingsError, match="Did you mean 'sketch'"):
        dialect("skech")


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(SettingsError, match="vary_index_base"):
        dialect("sketch", vary_index_base=1)


@pytest.mark.parametrize(("base", "first", "last"), [(1, 1, 4), (0, 0, 3)])
def test_variations_count_from_what_the_settings_say(base: int, first: int, last: int) -> None:
    spoken = dialect("kie", vary_index_base=base)
    for index, sent in ((1, first), (4, last)):
        assert body(spoken, kind="vary", task_id="t", index=index, prompt="", speed=None)["imageIndex"] == sent


def test_a_base_that_cannot_be_is_refused() -> None:
    with pytest.raises(SettingsError):
        dialect("kie", vary_index_base=2)


@pytest.mark.parametrize(("kind", "field"), [("upscale", "imageIndex"), ("extend", "index")])
def test_upscales_and_extends_count_from_nought(kind: str, field: str) -> None:
    for index in (1, 4):
        assert body(dialect(), kind=kind, task_id="t", index=index, prompt="", speed=None)[field] == index - 1


def test_both_dialects_are_named_as_they_are_chosen() -> None:
    assert all(DIALECTS[name]().name == name for name in DIALECTS)


def test_the_sketch_has_fields_for_flags() -> None:
    call = dialect("sketch").submit(
        Request(
            kind="txt2img",
            prompt="a fox --no hat, scarf --tile --seed 12 --q 4",
            speed="relaxed",
            aspect_ratio="16:9",
            version="7",
            stylize=250,
            chaos=10,
            weird=5,
        )
    )
    assert call.path == "/mj-api/generate-mj-image"
    assert call.body == {
        "prompt": "a fox --tile --s 250 --c 10 --w 5",
        "model": "midjourney-v7",
        "aspect_ratio": "16:9",
        "quality": "high",
        "mode": "relaxed",
        "seed": 12,
        "negative_prompt": "hat, scarf",
    }


@pytest.mark.parametrize(
    ("version", "model"), [(None, "midjourney-v7"), ("6.1", "midjourney-v6.1"), ("niji6", "niji6")]
)
def test_the_sketch_has_names_for_models(version: str | None, model: str) -> None:
    assert body(dialect("sketch"), version=version)["model"] == model


@pytest.mark.parametrize(
    ("prompt", "left"),
    [
        ("a fox --seed soon", "a fox --seed soon"),
        ("a fox --q 3", "a fox --q 3"),
        ("a fox --q best", "a fox --q best"),
        ("a fox --no", "a fox --no"),
        ("a --nosy fox", "a --nosy fox"),
    ],
)
def test_flags_that_the_sketch_cannot_say_stay_in_the_prompt(prompt: str, left: str) -> None:
    sent = body(dialect("sketch"), prompt=prompt)
    assert sent["prompt"] == left
    assert not {"seed", "quality", "negative_prompt"} & sent.keys()


def test_words_for_quality_are_taken_as_they_are() -> None:
    assert body(dialect("sketch"), prompt="a fox --quality High")["quality"] == "high"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "upscale", "task_id": "t", "index": 1}, "knows no upscale"),
        ({"kind": "video", "motion": "low"}, "knows no video"),
        ({"translate": True}, "translate"),
        ({"watermark": "me"}, "watermark does not go with"),
        ({"images": ("https://img.test/1.png",)}, "images does not go with"),
        ({"version": "5.2"}, "version is '5.2'; it must be"),
        ({"aspect_ratio": "7:5"}, "aspect ratio is '7:5'"),
        ({"prompt": "x" * 2001}, "2001 characters"),
        ({"prompt": "--seed 5"}, "prompt is"),
        ({"prompt": ""}, "prompt is missing"),
        ({"prompt": "a --seed 9999999999"}, "seed is 9999999999"),
    ],
)
def test_what_the_sketch_cannot_do(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        body(dialect("sketch"), **values)


def test_the_sketch_reads_its_answers() -> None:
    spoken = dialect("sketch")
    assert spoken.accepted({"task_id": "mj_12345abc", "status": "queued", "eta": "25s"}) == "mj_12345abc"
    assert spoken.look("mj_1").params == {"task_id": "mj_1"}
    assert spoken.report({"status": "queued", "eta": "25s"}).state == "running"
    assert spoken.report({"status": "processing"}).state == "running"
    done = spoken.report({"status": "Completed", "image_url": "https://cdn.test/mj_1.png"})
    assert (done.state, done.urls) == ("succeeded", ("https://cdn.test/mj_1.png",))
    failed = spoken.report({"status": "failed", "error": "refused by the filter"})
    assert (failed.state, failed.error_message) == ("failed", "refused by the filter")


@pytest.mark.parametrize("payload", [{"status": "completed"}, {"status": "completed", "image_url": "soon"}])
def test_the_sketch_may_be_done_without_a_link(payload: dict[str, Any]) -> None:
    report = dialect("sketch").report(payload)
    assert (report.state, report.urls) == ("succeeded", ())


@pytest.mark.parametrize("payload", [None, {}, {"image_url": "https://cdn.test/x.png"}])
def test_the_sketch_knows_no_task_without_a_status(payload: Any) -> None:
    with pytest.raises(TaskNotFound):
        dialect("sketch").report(payload)


def test_a_yes_without_an_id_is_unclear() -> None:
    for name in DIALECTS:
        with pytest.raises(Unclear):
            dialect(name).accepted({"code": 200, "data": {}})
