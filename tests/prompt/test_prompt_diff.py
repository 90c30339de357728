"""What changed between two drafts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.prompt import Draft, diff
from mjtui.prompt.diff import Change, ParameterChange

WORDS = st.lists(st.sampled_from(["fox", "snow", ",", "at dusk", "霧", "🦊", " "]), max_size=12).map(" ".join)


def test_one_word_that_changed_is_named() -> None:
    assert diff.words("a lighthouse at dusk, soft fog", "a lighthouse at dawn, soft fog") == (
        Change("same", "a lighthouse at"),
        Change("removed", " dusk"),
        Change("added", " dawn"),
        Change("same", ", soft fog"),
    )
    assert diff.summary("a lighthouse at dusk, soft fog", "a lighthouse at dawn, soft fog") == "dusk>dawn"


def test_words_that_came_and_went_are_named() -> None:
    assert diff.summary("a fox", "a red fox in snow") == "+ red · + in snow"
    assert diff.summary("a red fox, in snow", "a fox") == "- red · - , in snow"
    assert diff.summary("a fox", "a  fox ") == ""


def test_scripts_without_blanks_are_compared_by_character() -> None:
    assert diff.summary("霧の灯台と夜", "霧の灯台と朝") == "夜>朝"


def test_parameters_are_compared_wherever_they_stand() -> None:
    assert diff.parameters("a fox --s 100", Draft(prompt="a fox", stylize=100)) == ()
    assert diff.parameters("a fox --s 100 --no red", "a fox --ar 16:9 --s 250 --raw") == (
        ParameterChange("--ar", "1:1", "16:9"),
        ParameterChange("--s", "100", "250"),
        ParameterChange("--no", "red", None),
        ParameterChange("--raw", None, ""),
    )


def test_kind_images_and_model_are_parameters_too() -> None:
    changed = diff.parameters(Draft(prompt="a fox"), Draft(prompt="a fox --v 6.1", images=("fox.png",), speed="turbo"))
    assert [str(change) for change in changed] == [
        "type text to image>image to image",
        "--v 7>6.1",
        "speed fast>turbo",
        "+ images fox.png",
    ]


def test_one_line_says_both() -> None:
    old = "a lighthouse at dusk --s 100 --seed 7"
    assert diff.summary(old, "a lighthouse at dawn --s 250") == "dusk>dawn · --s 100>250 · - --seed 7"
    assert diff.summary(old, old) == ""


@settings(deadline=None)
@given(WORDS, WORDS)
def test_what_stayed_and_came_is_the_new_text(old: str, new: str) -> None:
    changes = diff.words(old, new)
    assert "".join(change.text for change in changes if change.kind != "removed") == new
    kept = "".join(change.text for change in changes if change.kind != "added")
    assert kept.split() == old.split()


def test_long_texts_that_share_nothing_are_one_change() -> None:
    old, new = "a " * 5000, "b " * 5000
    assert [change.kind for change in diff.words(old, new)][:2] == ["removed", "added"]
