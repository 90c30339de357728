"""From a draft to a request: what moves into a field, what stays in the text, and who wins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mjtui.prompt import Defaults, Draft, Plan, Request, lint, plan
from mjtui.prompt.draft import KINDS

IMAGE = "https://a.test/x.png"
OTHER = "https://a.test/y.png"
Ask = Callable[..., Plan]


def test_flags_with_a_field_move_into_it_and_leave_the_text(ask: Ask) -> None:
    planned = ask("a fox --ar 16:9 --s 250 --c 20 --w 5 --v 6.1 --turbo in snow")
    assert planned.sendable
    assert planned.request == Request(
        kind="txt2img",
        prompt="a fox in snow",
        speed="turbo",
        aspect_ratio="16:9",
        version="6.1",
        stylize=250,
        chaos=20,
        weird=5,
    )


@pytest.mark.parametrize(
    "flags",
    [
        "--seed 7",
        "--no red, blue hat",
        "--raw",
        "--tile",
        "--q 2",
        "--iw 2",
        "--sref 8812",
        "--sref random --sw 50 --sv 6",
        "--p abc12",
        "--draft",
        "--exp 10",
        "--style raw",
    ],
)
def test_flags_without_a_field_stay_in_the_text(ask: Ask, flags: str) -> None:
    assert ask(f"a fox {flags} --ar 1:1").request.prompt == f"a fox {flags}"


def test_text_that_needs_no_change_is_sent_as_it_was_written(ask: Ask) -> None:
    text = "two  blanks,\na new line; “quotes” 霧 🦊 --no  a,b --raw"
    assert ask(text).request.prompt == text


@pytest.mark.parametrize("kind", ["txt2img", "img2img", "style_reference", "omni_reference", "video", "video_hd"])
def test_the_version_is_always_written(ask: Ask, kind: str) -> None:
    assert ask("a fox", kind=kind, images=(IMAGE,)).request.version == "7"


def test_text_wins_over_form_and_form_over_defaults() -> None:
    defaults = Defaults(version="6.1", speed="relaxed", aspect_ratio="3:2", translate=True)
    bare = plan(Draft(prompt="a fox"), defaults).request
    assert (bare.version, bare.speed, bare.aspect_ratio, bare.translate) == ("6.1", "relaxed", "3:2", True)
    form = Draft(prompt="a fox", version="6", speed="fast", aspect_ratio="1:2", translate=False)
    asked = plan(form, defaults).request
    assert (asked.version, asked.speed, asked.aspect_ratio, asked.translate) == ("6", "fast", "1:2", False)
    text = plan(Draft(prompt="a fox --v 7 --turbo --ar 2:1", version="6", speed="fast", aspect_ratio="1:2")).request
    assert (text.version, text.speed, text.aspect_ratio) == ("7", "turbo", "2:1")


def test_a_conflict_names_the_winner(ask: Ask) -> None:
    planned = ask("a fox --s 250", stylize=100)
    assert planned.request.stylize == 250
    (double,) = planned.findings
    assert (double.level, double.flag, double.span) == ("warning", "--s", (6, 13))
    assert double.message == "--s 250 in the text wins over 100 in the form."


def test_fields_of_the_form_that_the_service_lacks_become_flags(ask: Ask) -> None:
    planned = ask("a fox --tile", seed=7, quality="high", negative="blurry,\n low-res", version="midjourney-v7")
    assert planned.sendable
    assert planned.request.prompt == "a fox --tile --q 4 --seed 7 --no blurry, low-res"
    assert planned.request.version == "7"


@pytest.mark.parametrize(
    ("version", "low", "medium", "high"),
    [
        ("7", "1", "2", "4"),
        ("6.1", "0.5", "1", "2"),
        ("6", "0.5", "1", "2"),
        ("niji6", "0.5", "1", "2"),
        ("5.2", "0.25", "0.5", "1"),
        ("5.1", "0.25", "0.5", "1"),
    ],
)
def test_quality_words_are_the_numbers_of_the_model(ask: Ask, version: str, low: str, medium: str, high: str) -> None:
    for word, number in (("low", low), ("medium", medium), ("High", high)):
        assert ask("a fox", version=version, quality=word).request.prompt == f"a fox --q {number}"
        assert ask(f"a fox --q {word} --raw", version=version).request.prompt == f"a fox --q {number} --raw"


def test_slips_of_the_pen_are_put_right_in_what_is_sent(ask: Ask) -> None:
    planned = ask("a fox —seed 7 --Tile --no=red, blue —ar 16:9")
    assert planned.sendable
    assert planned.request.prompt == "a fox --seed 7 --tile --no red, blue"
    assert planned.request.aspect_ratio == "16:9"


def test_an_odd_ratio_is_the_same_in_small_whole_numbers(ask: Ask) -> None:
    for written in ("32:18", "1.6:0.9", "16:9", "1920x1080"):
        assert ask(f"a fox --ar {written}").request.aspect_ratio == "16:9"


def test_images_at_the_start_make_it_image_to_image(ask: Ask) -> None:
    request = ask(f"{IMAGE} {OTHER}, a fox --iw 2").request
    assert (request.kind, request.images, request.prompt) == ("img2img", (IMAGE, OTHER), "a fox --iw 2")


def test_images_of_the_form_make_it_image_to_image(ask: Ask) -> None:
    request = ask(f"{OTHER} a fox", images=("fox.png",)).request
    assert (request.kind, request.images, request.prompt) == ("img2img", ("fox.png", OTHER), "a fox")


def test_a_style_link_makes_it_a_style_reference_and_codes_stay(ask: Ask) -> None:
    request = ask(f"a fox --sref {IMAGE} 8812 {OTHER} --sw 50").request
    assert (request.kind, request.images) == ("style_reference", (IMAGE, OTHER))
    assert request.prompt == "a fox --sref 8812 --sw 50"


def test_a_style_link_with_a_weight_stays_in_the_text(ask: Ask) -> None:
    request = ask(f"a fox --sref {IMAGE}::2 8812").request
    assert (request.kind, request.images) == ("txt2img", ())
    assert request.prompt == f"a fox --sref {IMAGE}::2 8812"


def test_an_omni_link_makes_it_an_omni_reference(ask: Ask) -> None:
    planned = ask(f"a fox --oref {IMAGE} --ow 200")
    request = planned.request
    assert (request.kind, request.images, request.omni_weight) == ("omni_reference", (IMAGE,), 200)
    assert request.prompt == "a fox"
    assert request.speed is None
    assert planned.sendable


def test_references_of_two_kinds_clash_and_are_named(ask: Ask) -> None:
    planned = ask(f"{IMAGE} a fox --oref {OTHER}")
    assert not planned.sendable
    (clash,) = [finding for finding in planned.findings if finding.rule == "reference-clash"]
    assert "image to image and omni reference" in clash.message
    assert clash.span == (27, 54)


def test_the_kind_that_was_chosen_takes_links_of_its_own(ask: Ask) -> None:
    request = ask(f"a fox --sref {OTHER}", kind="style_reference", images=(IMAGE,)).request
    assert (request.images, request.prompt) == ((IMAGE, OTHER), "a fox")


def test_a_video_starts_from_the_link_before_its_words(ask: Ask) -> None:
    planned = ask(f"{IMAGE} running --motion low --bs 2 --raw", kind="video")
    assert planned.sendable
    assert planned.request == Request(
        kind="video", prompt="running --raw", images=(IMAGE,), version="7", motion="low", batch_size=2
    )


def test_the_video_flag_makes_it_a_video(ask: Ask) -> None:
    request = ask(f"{IMAGE} running --video --ar 16:9").request
    assert (request.kind, request.prompt, request.aspect_ratio) == ("video", "running", "16:9")


def test_values_that_a_kind_does_not_know_are_left_out(ask: Ask) -> None:
    form: dict[str, Any] = {"speed": "fast", "stylize": 1, "chaos": 5, "weird": 1, "omni_weight": 9, "motion": "low"}
    video = ask("a fox", kind="video", images=(IMAGE,), **form).request
    assert (video.speed, video.stylize, video.chaos, video.weird, video.omni_weight) == (None,) * 5
    still = ask("a fox", **form, batch_size=2).request
    assert (still.omni_weight, still.motion, still.batch_size) == (None, None, None)


@pytest.mark.parametrize("kind", ["upscale", "vary"])
def test_upscale_and_vary_need_a_picture_and_no_words(ask: Ask, kind: str) -> None:
    planned = ask("", kind=kind, parent=3, index=2, watermark="me")
    assert planned.findings == ()
    assert planned.request == Request(kind=kind, index=2, watermark="me")
    kept = ask("{a} fox --foo --hd", kind=kind, parent=3, index=2, version="8.2", stylize=9999)
    assert kept.findings == ()
    assert kept.request == Request(kind=kind, prompt="{a} fox --foo --hd", index=2)


def test_an_extension_needs_a_video_and_may_have_words(ask: Ask) -> None:
    assert ask("", kind="extend", parent=3, index=1).findings == ()
    planned = ask(" running on ", kind="extend", parent=3, index=1)
    assert planned.sendable
    assert planned.request == Request(kind="extend", prompt="running on", index=1)


def test_rounding_is_said_and_done(ask: Ask) -> None:
    planned = ask("a fox --c 33")
    assert planned.sendable
    assert planned.request.chaos == 35


def test_the_length_that_counts_is_the_length_as_sent(ask: Ask) -> None:
    assert ask("a" * 2000 + " --ar 16:9 --s 250 --v 7").sendable
    assert not ask("a" * 1999, negative="b").sendable


def test_many_jobs_do_not_fit_in_one_request(ask: Ask) -> None:
    for text, count in (("a {red, blue} fox --repeat 3", "6 jobs"), ("{a,b}" * 400, "over a million jobs")):
        planned = ask(text)
        assert not planned.sendable
        assert any(finding.rule == "permutation" and count in finding.message for finding in planned.findings)


def test_values_in_braces_are_not_judged_before_they_are_known(broken: Callable[..., set[str]]) -> None:
    assert broken("a fox --ar {4:5, 1:1} --s {1, 2}000 --v {7, 9} --sref {a, b}") == {"permutation"}


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a fox --no red --ar 16:9 in snow", "a fox in snow --no red"),
        ("a fox --raw in snow --sref 12", "a fox in snow --raw --sref 12"),
        ("--tile --ar 16:9 a fox", "a fox --tile"),
        ("a fox, --s 100, in snow", "a fox, in snow"),
    ],
)
def test_words_behind_flags_are_never_swallowed_by_another_flag(ask: Ask, text: str, sent: str) -> None:
    assert ask(text).request.prompt == sent


def test_a_flag_that_is_there_twice_counts_as_the_last_one(ask: Ask) -> None:
    assert ask("a fox --ar 1:1 --ar 16:9").request.aspect_ratio == "16:9"


def test_linting_a_prompt_alone_misses_no_picture() -> None:
    assert lint("a fox --motion low", kind="video") == ()
    assert lint("a fox --q 2", version="6.1") == ()
    assert [finding.rule for finding in lint("a fox --stop 50")] == ["wrong-version"]


def test_every_kind_can_be_asked_for(ask: Ask) -> None:
    for kind in KINDS:
        images = () if kind == "txt2img" else (IMAGE,)
        assert ask("a fox", kind=kind, images=images, parent=1, index=1).request.kind == kind
