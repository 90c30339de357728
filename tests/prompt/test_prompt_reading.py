"""Reading a prompt: nothing is lost, and every part knows its place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mjtui.prompt import Draft, lint, parse, plan
from mjtui.prompt.draft import KINDS
from mjtui.prompt.highlight import highlight

PIECES = st.sampled_from(
    [
        " ",
        "\n",
        "--",
        "—ar 16:9",
        "--ar",
        "16:9",
        "--v 6.1",
        "--niji",
        "--no a, b",
        "--sref https://a.test/x.png 12::2",
        "--oref",
        "--p",
        "::",
        "::-2",
        "https://a.test/x.png",
        "{",
        "}",
        "{a, b}",
        r"\,",
        '"hi',
        '"',
        "“",
        "”",
        "--s=9",
        "--repeat 3",
        "--q high",
        "霧の灯台",
        "🦊",
        "\ud800",
        "\x00",
        "fox",
        ",",
    ]
)
ANY_TEXT = st.text() | st.lists(PIECES, max_size=12).map("".join) | st.lists(PIECES, max_size=12).map(" ".join)


@settings(deadline=None)
@given(ANY_TEXT)
@example("a — b —ar 16:9")
@example("--P. --no= --ar=")
@example('"a" “b” {"c", {d}} }{')
def test_printing_what_was_read_gives_the_same_text(text: str) -> None:
    assert str(parse(text)) == text


@settings(deadline=None)
@given(ANY_TEXT)
def test_every_part_stands_where_it_says(text: str) -> None:
    prompt = parse(text)
    for token in prompt.tokens:
        assert text[token.start : token.end] == token.text
    for part in (
        *prompt.images,
        prompt.body,
        *prompt.strays,
        *(value for flag in prompt.flags for value in flag.values),
    ):
        assert text[part.start : part.end] == part.text
    for flag in prompt.flags:
        assert text[flag.start : flag.head_end] == flag.written


@settings(deadline=None)
@example("--P.", "txt2img", "kie")
@given(ANY_TEXT, st.sampled_from(KINDS), st.sampled_from(["kie", "sketch"]))
def test_no_text_is_too_strange_to_be_planned(text: str, kind: str, dialect: str) -> None:
    draft = Draft(prompt=text, kind=kind, negative=text, quality=text, aspect_ratio=text, version=text, seed=-1)
    for finding in plan(draft, dialect=dialect).findings:
        assert finding.message.strip()
        if finding.span is not None:
            assert 0 <= finding.span[0] <= finding.span[1] <= len(text)
        if finding.fix is not None:
            assert 0 <= finding.fix.start <= finding.fix.end <= len(text)


@settings(deadline=None)
@given(ANY_TEXT)
def test_coloured_spans_are_in_order_and_never_overlap(text: str) -> None:
    spans = highlight(text)
    for before, after in pairwise(spans):
        assert before.end <= after.start
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_values_belong_to_the_flag_before_them() -> None:
    prompt = parse("a fox --no red, blue hat --ar 16:9 --raw --sref 12::2 https://a.test/x.png --p")
    values = {flag.name: [value.text for value in flag.values] for flag in prompt.flags}
    assert values == {
        "--no": ["red", "blue hat"],
        "--ar": ["16:9"],
        "--raw": [],
        "--sref": ["12::2", "https://a.test/x.png"],
        "--p": [],
    }


def test_only_links_before_the_first_word_are_image_prompts() -> None:
    prompt = parse("https://a.test/1.png, <https://a.test/2.jpg> a fox https://a.test/3.png")
    assert [image.text for image in prompt.images] == ["https://a.test/1.png", "https://a.test/2.jpg"]
    assert prompt.body.text == "a fox https://a.test/3.png"


@pytest.mark.parametrize("text", ["a fox — running", "a fox—running fast", "snow —and fog", "a well--known fox"])
def test_dashes_of_prose_are_no_flags(text: str) -> None:
    assert parse(text).flags == ()


@pytest.mark.parametrize("dash", ["--", "—", "–", "——", "---"])
def test_a_phone_may_have_turned_two_hyphens_into_a_dash(dash: str) -> None:
    (flag,) = parse(f"a fox {dash}ar 16:9").flags
    assert (flag.name, flag.values[0].text) == ("--ar", "16:9")


def test_a_quote_never_swallows_a_flag() -> None:
    assert [flag.name for flag in parse('a 12" record --tile --no "text"').flags] == ["--tile", "--no"]


def test_spans_count_characters_whatever_their_width() -> None:
    text = "霧の灯台 🦊👨‍👩‍👧 --ar 7:3 --no 人, 🐟"
    (ratio,) = [finding for finding in lint(text) if finding.rule == "kie-ar"]
    assert ratio.span is not None
    assert text[slice(*ratio.span)] == "7:3"
    assert [text[span.start : span.end] for span in highlight(text)] == ["--ar", "7:3", "--no", "人", "🐟"]


def test_every_kind_of_part_has_a_colour() -> None:
    text = 'https://a.test/x.png fox::2 "hi" {a, b} { --ar 1:1 --foo 3 --sref https://a.test/y.png {1, 2}'
    assert [(span.kind, text[span.start : span.end]) for span in highlight(text)] == [
        ("image", "https://a.test/x.png"),
        ("weight", "::2"),
        ("quote", '"hi"'),
        ("group", "{a, b}"),
        ("brace", "{"),
        ("flag", "--ar"),
        ("value", "1:1"),
        ("unknown", "--foo"),
        ("value", "3"),
        ("flag", "--sref"),
        ("link", "https://a.test/y.png"),
        ("group", "{1, 2}"),
    ]
