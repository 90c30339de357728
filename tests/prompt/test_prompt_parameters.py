"""Every parameter: its spellings, the models that know it, and both sides of its limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mjtui.prompt import Draft, Finding, Plan, plan
from mjtui.prompt.parameters import BY_FLAG, BY_NAME, PARAMETERS
from mjtui.prompt.versions import as_flag, canonical

MODELS = ("5.1", "5.2", "6", "6.1", "7", "8.1", "8.2", "niji5", "niji6", "niji7")
LINK = "https://a.test/x.png"

# Known (y), not known (-) and sources disagree (?), for each of MODELS in turn.
STILL = [
    ("style", "--style", "raw", "yyyyyyyyy?"),
    ("raw", "--raw", "", "yyyyyyy-y?"),
    ("exp", "--exp", "10", "----yyy--?"),
    ("aspect", "--ar --aspect", "16:9", "yyyyyyyyyy"),
    ("stylize", "--s --stylize", "250", "yyyyyyyyyy"),
    ("chaos", "--c --chaos", "20", "yyyyyyyyyy"),
    ("weird", "--w --weird", "100", "yyyyyyyyyy"),
    ("quality", "--q --quality", "1", "yyyyy--y??"),
    ("seed", "--seed", "7", "yyyyyyyyyy"),
    ("no", "--no", "text", "yyyyy??yyy"),
    ("tile", "--tile", "", "yyyyyyyy??"),
    ("stop", "--stop", "50", "yyyy---yy-"),
    ("repeat", "--r --repeat", "2", "yyyyyyyyyy"),
    ("image_weight", "--iw", "1", "yyyyyyyy?y"),
    ("sref", "--sref", "1234", "--yyyyy-yy"),
    ("style_weight", "--sw", "100", "--yyyyy-yy"),
    ("style_version", "--sv", "4", "--yyyy?-??"),
    ("oref", "--oref", LINK, "----y-----"),
    ("omni_weight", "--ow", "100", "----y-----"),
    ("cref", "--cref", LINK, "--yy----y-"),
    ("character_weight", "--cw", "50", "--yy----y-"),
    ("personalize", "--p --profile", "abc12", "--yyyyy-?y"),
    ("draft", "--draft", "", "----y??---"),
    ("fast", "--fast", "", "yyyyyyyyyy"),
    ("relax", "--relax", "", "yyyyyyyyyy"),
    ("turbo", "--turbo", "", "yyyyy--yyy"),
    ("stealth", "--stealth", "", "yyyyyyyyyy"),
    ("public", "--public", "", "yyyyyyyyyy"),
]
NOT_OFFERED = ("--hd", "--sd", "--preview", f"--edit {LINK}", "--zoom 1.5")
VIDEO = ("--video", "--motion low", "--loop", f"--end {LINK}", "--bs 2")
DEAD = (
    *("width", "height", "h", "vibe", "upanime", "hq", "newclip", "nostretch", "old", "upbeta"),
    *("sameseed", "uplight", "creative", "test", "testp"),
)
LIMITS = [
    # flag, model, lowest, highest, too low, too high
    ("--s", "7", "0", "1000", "-1", "1001"),
    ("--c", "7", "0", "100", "-5", "105"),
    ("--w", "7", "0", "3000", "-1", "3001"),
    ("--exp", "7", "0", "100", "-1", "101"),
    ("--seed", "7", "0", "4294967295", "-1", "4294967296"),
    ("--stop", "6.1", "10", "100", "9", "101"),
    ("--repeat", "7", "1", "40", "0", "41"),
    ("--iw", "5.2", "0.5", "2", "0.4", "2.1"),
    ("--iw", "6.1", "0", "3", "-0.1", "3.1"),
    ("--iw", "7", "0", "3", "-0.1", "3.1"),
    ("--iw", "niji5", "0.2", "2", "0.1", "2.1"),
    ("--iw", "niji7", "0", "2", "-0.1", "2.1"),
    ("--sw", "7", "0", "1000", "-1", "1001"),
    ("--ow", "7", "1", "1000", "0", "1001"),
    ("--cw", "6.1", "0", "100", "-1", "101"),
]
CHOICES = [
    # flag, model, all that it takes, some that it does not
    ("--q", "5.1", ".25 0.25 .5 1", "2 4 0"),
    ("--q", "5.2", ".25 .5 1", "2 4"),
    ("--q", "niji5", ".25 .5 1", "2"),
    ("--q", "6", ".5 1 2", ".25 4"),
    ("--q", "6.1", ".5 1 1.0 2", ".25 4"),
    ("--q", "7", "1 2 4", ".25 .5 5"),
    ("--sv", "6", "1 2 3 4", "5 0"),
    ("--sv", "6.1", "1 2 3 4", "5"),
    ("--sv", "7", "1 2 3 4 5 6", "7 0"),
    ("--sv", "8.1", "4 6 7", "5"),
]


def _value_findings(flag: str, value: str, model: str) -> set[str]:
    rules = {"out-of-range", "value-wrong", "value-doubtful", "value-missing"}
    kind = "omni_reference" if flag == "--ow" else "txt2img"
    return {
        finding.rule for finding in plan(Draft(prompt=f"a fox {flag} {value}", version=model, kind=kind)).findings
    } & rules


@pytest.mark.parametrize(("name", "spellings", "value", "known"), STILL)
def test_each_model_knows_what_it_knows(name: str, spellings: str, value: str, known: str) -> None:
    for spelling in spellings.split():
        for model, expected in zip(MODELS, known, strict=True):
            found = {
                finding.rule
                for finding in plan(Draft(prompt=f"a fox {spelling} {value}", version=model)).findings
                if finding.flag == spelling
            }
            assert ("wrong-version" in found) is (expected == "-"), (spelling, model)
            assert ("doubtful-version" in found) is (expected == "?"), (spelling, model)
    assert BY_NAME[name].flags == tuple(spellings.split())


@pytest.mark.parametrize(("flag", "model", "low", "high", "below", "above"), LIMITS)
def test_a_number_may_reach_its_limits_and_not_pass_them(
    flag: str, model: str, low: str, high: str, below: str, above: str
) -> None:
    assert not _value_findings(flag, low, model)
    assert not _value_findings(flag, high, model)
    for outside, nearest in ((below, low), (above, high)):
        assert _value_findings(flag, outside, model) == {"out-of-range"}
        text = f"a fox {flag} {outside}"
        kind = "omni_reference" if flag == "--ow" else "txt2img"
        found = plan(Draft(prompt=text, version=model, kind=kind)).findings
        fix = next(finding.fix for finding in found if finding.rule == "out-of-range")
        assert fix is not None
        assert fix.apply(text) == f"a fox {flag} {nearest}"


@pytest.mark.parametrize(("flag", "model", "good", "bad"), CHOICES)
def test_a_choice_takes_its_own_values_for_each_model(flag: str, model: str, good: str, bad: str) -> None:
    for value in good.split():
        assert not _value_findings(flag, value, model), value
    for value in bad.split():
        assert _value_findings(flag, value, model) == {"value-wrong"}, value


@pytest.mark.parametrize("text", NOT_OFFERED)
@pytest.mark.parametrize("model", ["7", "8.2"])
def test_what_the_service_cannot_do_is_said_with_a_way_out(
    finding: Callable[..., Finding], text: str, model: str
) -> None:
    found = finding("not-offered", f"a fox {text}", version=model)
    assert found.level == "error"
    assert found.fix is not None
    assert found.fix.apply(f"a fox {text}") == "a fox"


@pytest.mark.parametrize("text", VIDEO)
def test_flags_of_videos_go_with_videos_alone(broken: Callable[..., set[str]], text: str) -> None:
    assert "video-flag" not in broken(f"a fox {text}", kind="video", images=(LINK,))
    assert "video-flag" in broken(f"a fox {text}", kind="omni_reference", images=(LINK,))


@pytest.mark.parametrize("name", DEAD)
def test_flags_that_are_gone_are_named(broken: Callable[..., set[str]], name: str) -> None:
    assert broken(f"a fox --{name} 3") == {"legacy"}


def test_the_tests_above_know_every_parameter() -> None:
    tested = {flag for _, flags, _, _ in STILL for flag in flags.split()} | {f"--{name}" for name in DEAD}
    tested |= {text.split()[0] for text in (*NOT_OFFERED, *VIDEO)} | {"--v", "--version", "--niji"}
    assert tested == set(BY_FLAG)
    assert len({parameter.name for parameter in PARAMETERS}) == len(PARAMETERS) == 55


@pytest.mark.parametrize(("value", "good"), [("low", True), ("high", True), ("medium", False), ("0", False)])
def test_motion_is_low_or_high(broken: Callable[..., set[str]], value: str, good: bool) -> None:
    assert ("value-wrong" not in broken(f"a fox --motion {value}", kind="video", images=(LINK,))) is good


@pytest.mark.parametrize(("value", "good"), [("1", True), ("2", True), ("4", True), ("3", False), ("0", False)])
def test_a_job_makes_one_two_or_four_videos(broken: Callable[..., set[str]], value: str, good: bool) -> None:
    assert ("value-wrong" not in broken(f"a fox --bs {value}", kind="video", images=(LINK,))) is good


@pytest.mark.parametrize(
    ("model", "value", "rule"),
    [
        ("niji5", "cute", None),
        ("niji5", "scenic", None),
        ("niji6", "cute", "value-doubtful"),
        ("7", "4b", "value-doubtful"),
    ],
)
def test_styles_that_sources_disagree_about_only_warn(
    broken: Callable[..., set[str]], model: str, value: str, rule: str | None
) -> None:
    assert _value_findings("--style", value, model) == ({rule} if rule else set())


@pytest.mark.parametrize("flag", ["--ar", "--s", "--seed", "--no", "--sref", "--oref", "--v", "--q"])
def test_a_flag_without_its_value_is_an_error(finding: Callable[..., Finding], flag: str) -> None:
    assert finding("value-missing", f"a fox {flag}").level == "error"
    assert finding("value-missing", f"a fox {flag} --raw").flag == flag


@pytest.mark.parametrize("value", ["many", "1e3", "٣", "12a"])
def test_words_are_no_numbers(finding: Callable[..., Finding], value: str) -> None:
    assert finding("value-wrong", f"a fox --s {value}").level == "error"


def test_a_whole_number_has_no_decimals(ask: Callable[..., Plan], finding: Callable[..., Finding]) -> None:
    text = "a fox --s 250.5"
    fix = finding("value-wrong", text).fix
    assert fix is not None
    assert fix.apply(text) == "a fox --s 250"
    assert ask("a fox --s 250.0").request.stylize == 250


def test_a_number_of_five_thousand_digits_is_only_out_of_range(broken: Callable[..., set[str]]) -> None:
    assert broken("a fox --seed " + "9" * 5000) >= {"out-of-range"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("midjourney-v7", "7"),
        ("midjourney-v6.1", "6.1"),
        ("niji6", "niji6"),
        ("niji 6", "niji6"),
        ("Niji-7", "niji7"),
        ("V7", "7"),
        ("7.0", "7"),
        ("v 5.2", "5.2"),
        (" 6 ", "6"),
        ("banana", "banana"),
    ],
)
def test_models_may_be_named_in_any_usual_way(written: str, name: str) -> None:
    assert canonical(written) == name


def test_a_model_can_be_written_as_a_flag() -> None:
    assert as_flag("7") == "--v 7"
    assert as_flag("niji6") == "--niji 6"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("--stylise 9", "--stylize 9"),
        ("--sede 9", "--seed 9"),
        ("--tille", "--tile"),
        ("--chaoss 5", "--chaos 5"),
        ("--quallity 1", "--quality 1"),
        ("--aspect-ratio 1:1", "--ar 1:1"),
        ("--negative fog", "--no fog"),
        ("--relaxed", "--relax"),
    ],
)
def test_a_misspelt_flag_is_put_right_with_one_key(finding: Callable[..., Finding], written: str, meant: str) -> None:
    found = finding("unknown-flag", f"a fox {written}")
    assert found.level == "error"
    assert found.fix is not None
    assert found.fix.apply(f"a fox {written}") == f"a fox {meant}"
    assert f"did you mean {meant.split()[0]}?" in found.message


def test_a_flag_that_is_like_no_other_is_to_be_taken_out(finding: Callable[..., Finding]) -> None:
    found = finding("unknown-flag", "a fox --frobnicate 3 --ar 1:1")
    assert found.fix is not None
    assert found.fix.apply("a fox --frobnicate 3 --ar 1:1") == "a fox --ar 1:1"
