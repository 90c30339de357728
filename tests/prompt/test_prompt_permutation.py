"""Braces that stand for several prompts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.prompt import TooManyJobs, count_jobs, count_permutations, expand, permute

VECTORS = [
    ("a {red, green, yellow} bird", ["a red bird", "a green bird", "a yellow bird"]),
    (
        "a {red, green} bird in the {jungle, desert}",
        [
            "a red bird in the jungle",
            "a red bird in the desert",
            "a green bird in the jungle",
            "a green bird in the desert",
        ],
    ),
    ("hill --ar {3:2, 1:1}", ["hill --ar 3:2", "hill --ar 1:1"]),
    ("sea --v {5.2, 6 {, --raw}}", ["sea --v 5.2", "sea --v 6", "sea --v 6 --raw"]),
    (r"a {calm\, grey, loud} sea", ["a calm, grey sea", "a loud sea"]),
    (r"fox{::, ::2, \,} snow", ["fox:: snow", "fox::2 snow", "fox, snow"]),
    ("no groups", ["no groups"]),
    ("{one}", ["one"]),
]
PIECES = st.sampled_from(["{", "}", ",", r"\,", "a", " ", "\\", "--repeat 2", "霧"])


@pytest.mark.parametrize(("text", "prompts"), VECTORS)
def test_the_vectors_of_the_language(text: str, prompts: list[str]) -> None:
    assert permute(text) == prompts
    assert count_permutations(text) == len(prompts)


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a { b", ["a { b"]),
        ("a } b, c", ["a } b, c"]),
        ("} {a, b} {", ["} a {", "} b {"]),
        ("{ {a, b}", ["{ a", "{ b"]),
        (r"a\, b", [r"a\, b"]),
        ("{}", [""]),
        ("sea {, fog}", ["sea", "sea fog"]),
        ("{{{a}}}", ["a"]),
        ("  as it is ", ["  as it is "]),
    ],
)
def test_odd_braces(text: str, prompts: list[str]) -> None:
    assert permute(text) == prompts


@settings(deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_counting_and_building_agree(text: str) -> None:
    count = count_permutations(text)
    if count <= 200:
        assert len(permute(text)) == count
    else:
        with pytest.raises(TooManyJobs):
            permute(text, 200)


def test_a_count_is_known_without_building() -> None:
    assert count_permutations("{a,b}" * 1000) == 2**1000
    with pytest.raises(TooManyJobs) as caught:
        permute("{a,b}" * 1000, 10_000)
    assert caught.value.count == 2**1000
    assert "over a million jobs" in str(caught.value)


def test_the_limit_itself_is_allowed() -> None:
    text = "{1,2,3,4,5,6,7,8,9,10}" * 4
    assert len(permute(text, 10_000)) == 10_000
    with pytest.raises(TooManyJobs):
        permute(text, 9_999)


def test_deep_nesting_is_no_trouble() -> None:
    assert permute("{" * 5000 + "a" + "}" * 5000) == ["a"]


def test_repeat_multiplies_what_the_braces_make() -> None:
    text = "a {red, blue} fox --repeat 2 --ar 1:1"
    assert count_jobs(text) == 4
    assert expand(text) == ["a red fox --ar 1:1"] * 2 + ["a blue fox --ar 1:1"] * 2
    with pytest.raises(TooManyJobs):
        expand(text, 3)


def test_a_repeat_inside_of_braces_is_held_to_the_limit() -> None:
    assert len(expand("fox {--r 2, --r 3}")) == 5
    with pytest.raises(TooManyJobs):
        expand("fox {--r 2, --r 3}", 4)


@pytest.mark.parametrize("text", ["fox --repeat", "fox --repeat many", "fox --repeat 0", "fox --repeat 99"])
def test_a_repeat_that_cannot_be_read_stays_for_the_lint(text: str) -> None:
    assert expand(text) == [text]
