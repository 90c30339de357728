"""Every rule on both sides of its limit: what breaks it, and the nearest thing that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mjtui.prompt import Finding
from mjtui.prompt.rules import RULES

IMAGE = "https://a.test/x.png"
OTHER = "https://a.test/y.png"
OMNI: dict[str, Any] = {"kind": "omni_reference", "images": (IMAGE,)}
STYLE: dict[str, Any] = {"kind": "style_reference", "images": (IMAGE,)}
VIDEO: dict[str, Any] = {"kind": "video", "images": (IMAGE,)}

Side = str | tuple[str, dict[str, Any]]

CASES: list[tuple[str, str, Side, Side]] = [
    # The rules of the language.
    ("v-niji", "error", "a fox --v 7 --niji 6", "a fox --niji 6"),
    ("speed-one", "error", "a fox --fast --turbo", "a fox --turbo"),
    ("draft-oref", "error", ("a fox --draft", OMNI), ("a fox", OMNI)),
    ("draft-oref", "error", f"a fox --draft --oref {IMAGE}", "a fox --draft"),
    ("q4-oref", "error", ("a fox --q 4", OMNI), ("a fox --q 2", OMNI)),
    ("q4-oref", "error", ("a fox", {**OMNI, "quality": "high"}), ("a fox", {**OMNI, "quality": "medium"})),
    ("oref-fast", "warning", ("a fox --fast", OMNI), ("a fox --relax", OMNI)),
    ("oref-one", "warning", ("a fox", {**OMNI, "images": (IMAGE, OTHER)}), ("a fox", OMNI)),
    ("oref-one", "warning", f"a fox --oref {IMAGE} {OTHER}", f"a fox --oref {IMAGE}"),
    ("oref-cost", "info", ("a fox", OMNI), "a fox"),
    ("oref-followups", "info", ("a fox", OMNI), ("a fox", STYLE)),
    ("ow-needs-oref", "warning", "a fox --ow 100", ("a fox --ow 100", OMNI)),
    ("sw-needs-sref", "warning", "a fox --sw 100", "a fox --sw 100 --sref 12"),
    ("sw-needs-sref", "warning", "a fox --sv 4", ("a fox --sv 4", STYLE)),
    ("cw-needs-cref", "warning", "a fox --v 6.1 --cw 9", f"a fox --v 6.1 --cw 9 --cref {IMAGE}"),
    ("iw-needs-image", "warning", "a fox --iw 2", f"{IMAGE} a fox --iw 2"),
    ("moodboard-sv-sw", "error", "a fox --p m123 --sref 1 --sw 9", "a fox --p abc --sref 1 --sw 9"),
    ("moodboard-sv-sw", "error", "a fox --p m123 --sref 1 --sv 4", "a fox --p m123 --sref 1"),
    ("edit-tile", "error", f"a fox --edit {IMAGE} --tile --v 8.2", f"a fox --edit {IMAGE} --v 8.2"),
    ("edit-max", "error", f"a fox --edit {' '.join([IMAGE] * 5)}", f"a fox --edit {' '.join([IMAGE] * 4)}"),
    ("relax-multi", "info", "a {red, blue} fox --relax", "a {red, blue} fox --fast"),
    ("relax-multi", "info", ("a fox --repeat 2", {"speed": "relaxed"}), ("a fox", {"speed": "relaxed"})),
    ("weird-seed", "warning", "a fox --w 1 --seed 0", "a fox --w 0 --seed 0"),
    ("weird-seed", "warning", ("a fox", {"weird": 9, "seed": 1}), ("a fox", {"weird": 9})),
    ("turbo-seed", "warning", "a fox --turbo --seed 1", "a fox --fast --seed 1"),
    ("multiprompt-v7", "error", "hot::2 dog", "hot::2 dog --v 6.1"),
    ("multiprompt-v7", "error", "hot:: dog --niji 7", "hot:: dog --niji 6"),
    ("weights-positive", "error", "hot::1 dog::-1 --v 6.1", "hot::1 dog::-0.9 --v 6.1"),
    ("weights-positive", "error", "hot::-1 dog --v 6", "hot::-0.5 dog --v 6"),
    ("weights-positive", "error", "hot::0.1 dog::0.2 run::-0.3 --v 6", "hot::0.1 dog::0.2 run::-0.2 --v 6"),
    ("exp-high", "info", "a fox --exp 51", "a fox --exp 50"),
    ("ow-high", "info", ("a fox --ow 401", OMNI), ("a fox --ow 400", OMNI)),
    ("raw-high-s", "info", "a fox --raw --s 501", "a fox --raw --s 500"),
    ("raw-high-s", "info", "a fox --style raw --s 501", "a fox --s 501"),
    ("video-only", "error", ("a fox --s 100", VIDEO), ("a fox --raw --motion low --ar 16:9 --v 7", VIDEO)),
    ("loop-end", "error", (f"a fox --loop --end {OTHER}", VIDEO), (f"a fox --end {OTHER}", VIDEO)),
    ("params-last", "warning", "a fox --ar 16:9 in snow", "a fox in snow --ar 16:9"),
    ("dash-typo", "warning", "a fox —ar 16:9", "a fox --ar 16:9"),
    ("ar-decimal", "warning", "a fox --ar 1.5:1", "a fox --ar 3:2"),
    ("kie-version", "error", "a fox --v 8.2", "a fox --v 7"),
    ("kie-version", "error", "a fox --v 5", "a fox --v 5.1"),
    ("kie-version", "error", "a fox --niji 5", "a fox --niji 6"),
    ("kie-version", "error", ("a fox", {"version": "8.1"}), ("a fox", {"version": "6"})),
    ("kie-version", "error", ("a fox --v 6", {"dialect": "sketch"}), ("a fox --v 6.1", {"dialect": "sketch"})),
    ("kie-ar", "error", "a fox --ar 4:5", "a fox --ar 5:6"),
    ("kie-ar", "error", ("a fox", {"aspect_ratio": "21:9"}), ("a fox", {"aspect_ratio": "2:1"})),
    ("kie-variety", "warning", "a fox --c 33", "a fox --c 35"),
    ("kie-variety", "warning", ("a fox", {"chaos": 99}), ("a fox", {"chaos": 100})),
    ("kie-double", "warning", ("a fox --s 250", {"stylize": 100}), ("a fox --s 250", {"stylize": 250})),
    ("kie-double", "warning", ("a fox --turbo", {"speed": "fast"}), ("a fox --turbo", {"speed": "turbo"})),
    ("kie-double", "warning", ("a fox --v 7", {"version": "6"}), ("a fox --v 7", {"version": "midjourney-v7"})),
    # Flags and their values.
    ("unknown-flag", "error", "a fox --foo", "a fox --tile"),
    ("legacy", "error", "a fox --uplight", "a fox --raw"),
    ("not-offered", "error", "a fox --hd", "a fox"),
    ("doubtful-offer", "warning", "a fox --stealth", "a fox --relax"),
    ("doubtful-offer", "warning", "a fox --draft", "a fox --fast"),
    ("wrong-version", "error", f"a fox --cref {IMAGE}", f"a fox --cref {IMAGE} --v 6.1"),
    ("kind-version", "error", ("a fox", {**OMNI, "version": "6.1"}), ("a fox", {**OMNI, "version": "7"})),
    ("kind-version", "error", ("a fox", {**STYLE, "version": "5.2"}), ("a fox", {**STYLE, "version": "6"})),
    ("doubtful-model", "warning", "a fox --niji 7", "a fox --niji 6"),
    ("doubtful-version", "warning", "a fox --niji 6 --q 1", "a fox --v 6 --q 1"),
    ("value-missing", "error", "a fox --seed", "a fox --seed 1"),
    ("value-wrong", "error", "a fox --ar wide", "a fox --ar 2:1"),
    ("value-wrong", "error", "a fox --v banana", "a fox --v 7"),
    ("value-wrong", "error", "a fox --v niji6", "a fox --niji 6"),
    ("value-wrong", "error", "a fox --sref fog", "a fox --sref random"),
    ("value-wrong", "error", "a fox --oref 1234", f"a fox --oref {IMAGE}"),
    ("value-doubtful", "warning", "a fox --style cute --niji 6", "a fox --style raw --niji 6"),
    ("out-of-range", "error", "a fox --s 1001", "a fox --s 1000"),
    ("out-of-range", "error", ("a fox", {"stylize": 1001}), ("a fox", {"stylize": 1000})),
    ("quality-word", "info", "a fox --q high", "a fox --q 4"),
    ("quality-three", "info", "a fox --q 3", "a fox --q 2"),
    ("ar-colon", "warning", "a fox --ar 16x9", "a fox --ar 16:9"),
    ("repeat-once", "info", "a fox --repeat 1", "a fox --repeat 2"),
    ("repeated-flag", "warning", "a fox --s 1 --s 2", "a fox --s 2"),
    ("repeated-flag", "warning", "a fox --no a --no b", "a fox --no a, b"),
    ("glued", "warning", "a fox --ar=16:9", "a fox --ar 16:9"),
    ("glued", "warning", "a fox --v6.1", "a fox --v 6.1"),
    ("flag-case", "info", "a fox --AR 16:9", "a fox --ar 16:9"),
    ("stray-dash", "warning", "a fox -ar 16:9", "a fox -and a hen"),
    ("stray-dash", "warning", "a fox--tile", "a fox--and a hen"),
    ("stray-dash", "warning", "a fox -- ar 16:9", "a fox -- at 16:9"),
    ("many-flags", "error", "a fox" + " --raw" * 101, "a fox" + " --raw" * 100),
    ("no-words", "info", "a fox --no modern clothing", "a fox --no clothing"),
    ("own-profile", "warning", "a fox --p", "a fox --p abc12"),
    ("style-code-version", "warning", "a fox --sref 12 --sv 5", "a fox --sref 12 --sv 6"),
    # The request.
    ("empty", "error", "  ", "fox"),
    ("empty", "error", "--raw --ar 16:9", "🦊 --raw"),
    ("too-long", "error", "a" * 2001, "a" * 2000),
    ("too-long", "error", "a" * 1994 + " --tile", "a" * 1993 + " --tile --ar 16:9 --s 100"),
    ("not-text", "error", "a fox \ud83e", "a fox 🦊"),
    ("no-dialect-kind", "error", ("a fox", {**STYLE, "dialect": "sketch"}), ("a fox", {"dialect": "sketch"})),
    ("image-missing", "error", ("a fox", {"kind": "img2img"}), ("a fox", {"kind": "img2img", "images": (IMAGE,)})),
    ("image-missing", "error", ("a fox", {"kind": "video"}), (f"{IMAGE} a fox", {"kind": "video"})),
    ("image-one", "error", ("a fox", {**VIDEO, "images": (IMAGE, OTHER)}), ("a fox", VIDEO)),
    ("image-count", "warning", ("a fox", {"images": tuple("123456")}), ("a fox", {"images": tuple("12345")})),
    ("image-late", "warning", f"a fox {IMAGE}", f"{IMAGE} a fox"),
    ("image-type", "warning", "https://a.test/x.html a fox", "https://a.test/x.JPG?w=1 a fox"),
    ("reference-clash", "error", f"{IMAGE} a fox --sref {OTHER}", f"{IMAGE} a fox --sref 12"),
    ("reference-clash", "error", (f"a fox --oref {OTHER}", STYLE), (f"a fox --sref {OTHER}", STYLE)),
    ("kind-chosen", "info", f"{IMAGE} a fox", "a fox"),
    ("unused", "info", ("a fox", {"motion": "low"}), ("a fox", {**VIDEO, "motion": "low"})),
    ("unused", "info", ("a fox", {"omni_weight": 9}), ("a fox", {**OMNI, "omni_weight": 9})),
    ("unused", "info", ("a fox", {**VIDEO, "speed": "fast"}), ("a fox", {"speed": "fast"})),
    ("unused-flag", "warning", ("a fox --turbo", VIDEO), "a fox --turbo"),
    ("unused-flag", "warning", ("a fox --turbo", OMNI), ("a fox --turbo", STYLE)),
    ("video-flag", "error", "a fox --motion low", ("a fox --motion low", VIDEO)),
    ("permutation", "error", "a {red, blue} fox", r"a red\, blue fox"),
    ("permutation", "error", "a fox --repeat 2", "a fox --repeat 1"),
    ("stray-brace", "warning", "a fox }", "a fox {}"),
    ("parent-missing", "error", ("", {"kind": "vary", "index": 1}), ("", {"kind": "vary", "parent": 1, "index": 1})),
    ("index-wrong", "error", ("", {"kind": "vary", "parent": 1, "index": 5}), ("", {"kind": "vary", "index": 4})),
    ("index-wrong", "error", ("", {"kind": "extend", "parent": 1, "index": 0}), ("", {"kind": "extend", "index": 1})),
    ("watermark-long", "error", ("a fox", {"watermark": "w" * 101}), ("a fox", {"watermark": "w" * 100})),
    ("negative-flag", "error", ("a fox", {"negative": "fog --v 6"}), ("a fox", {"negative": "fog, rain"})),
]


def _side(side: Side) -> tuple[str, dict[str, Any]]:
    return (side, {}) if isinstance(side, str) else side


@pytest.mark.parametrize(("rule", "level", "breaks", "keeps"), CASES)
def test_a_rule_speaks_where_it_is_broken_and_only_there(
    finding: Callable[..., Finding], broken: Callable[..., set[str]], rule: str, level: str, breaks: Side, keeps: Side
) -> None:
    text, choices = _side(breaks)
    assert finding(rule, text, **choices).level == level
    text, choices = _side(keeps)
    assert rule not in broken(text, **choices)


def test_every_rule_is_tested_above() -> None:
    assert {rule for rule, *_ in CASES} == set(RULES)


@pytest.mark.parametrize("breaks", [case[2] for case in CASES])
def test_a_finding_is_one_sentence_about_a_place_in_the_text(ask: Callable[..., Any], breaks: Side) -> None:
    text, choices = _side(breaks)
    for entry in ask(text, **choices).findings:
        assert entry.message[-1] in ".?"
        assert len(entry.message) < 200
        assert "{" not in entry.message.replace("{red, blue}", "")
        if entry.span is not None:
            assert 0 <= entry.span[0] < entry.span[1] <= len(text)


@pytest.mark.parametrize(
    ("rule", "text", "mended"),
    [
        ("dash-typo", "a fox —ar 16:9", "a fox --ar 16:9"),
        ("ar-decimal", "a fox --ar 1.5:1", "a fox --ar 3:2"),
        ("kie-version", "a fox --v 8.2 --tile", "a fox --v 7 --tile"),
        ("kie-version", "a fox --niji 5", "a fox --niji 6"),
        ("kie-version", "a fox --v 4", "a fox --v 5.1"),
        ("kie-ar", "a fox --ar 4:5", "a fox --ar 5:6"),
        ("kie-ar", "a fox --ar 21:9", "a fox --ar 2:1"),
        ("kie-ar", "a fox --ar 1:9", "a fox --ar 1:2"),
        ("kie-variety", "a fox --c 33", "a fox --c 35"),
        ("kie-variety", "a fox --c 1", "a fox --c 0"),
        ("params-last", "a fox --ar 16:9 in snow --raw at dusk", "a fox in snow at dusk --ar 16:9 --raw"),
        ("multiprompt-v7", "hot::2 dog::1 run --tile", "hot, dog, run --tile"),
        ("multiprompt-v7", "hot:: dog::-1 --tile", "hot, dog --tile"),
        ("glued", "a fox --ar=16:9.", "a fox --ar 16:9."),
        ("flag-case", "a fox --Tile", "a fox --tile"),
        ("repeated-flag", "a fox --s 1 --s 2", "a fox --s 2"),
        ("not-offered", "--hd a fox", "a fox"),
        ("value-missing", "a fox --niji", "a fox --niji 6"),
        ("value-wrong", "a fox --v niji6", "a fox --niji 6"),
        ("quality-word", "a fox --q high", "a fox --q 4"),
        ("stray-dash", "a fox--tile", "a fox --tile"),
        ("stray-dash", "a fox -s 100", "a fox --s 100"),
        ("permutation", "{a fox}", "a fox"),
    ],
)
def test_a_fix_mends_what_it_belongs_to(
    finding: Callable[..., Finding], broken: Callable[..., set[str]], rule: str, text: str, mended: str
) -> None:
    fix = finding(rule, text).fix
    assert fix is not None
    assert fix.apply(text) == mended
    assert rule not in broken(mended)


def test_a_wrong_version_names_the_versions_that_would_do(finding: Callable[..., Finding]) -> None:
    message = finding("wrong-version", f"a fox --cref {IMAGE}").message
    assert "V7" in message
    assert "V6.1, V6 and niji 6" in message
    assert "--oref" in message


def test_graver_findings_come_first(ask: Callable[..., Any]) -> None:
    levels = [entry.level for entry in ask("a fox --AR 16:9 --draft --s 5000 --no red fog --hd").findings]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)
    assert set(levels) == {"error", "warning", "info"}


def test_a_plain_prompt_has_nothing_to_find(ask: Callable[..., Any]) -> None:
    assert ask("a paper lighthouse at dusk, soft fog --ar 16:9 --s 250 --sref 8812 --seed 7 --no text").findings == ()
