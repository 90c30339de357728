from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.terminal.text import cell_width, clean, fit_cells

FAMILY = "👨‍👩‍👧‍👦"
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b[]P\\\x07\x9b\x9d\x9c;0m\u200d\ufe0f\u202e\u0301\ud83d\t\r\n灯👩e\u0e33\u1100"),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a paper [lighthouse] at dusk", "a paper [lighthouse] at dusk"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b1;31mred", "red"),
        ("\x1b]0;title\x07fog", "fog"),
        ("\x1b]52;c;aGk=\x1b\\fog", "fog"),
        ("\x1b_Gi=1;AAAA\x1b\\fog", "fog"),
        ("\x1bP+q544e\x1b\\fog", "fog"),
        ("\x1bcfog", "fog"),
        ("\x1b]0;unfinished", "0;unfinished"),
        ("\x1b", ""),
        ("one\r\ntwo\nthree\u2028four", "one two three four"),
        ("a\tb", "a b"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("in\u200bvis\u2060ible\ufeff", "invisible"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        ("half \ud83d", "half �"),
        ("\U0010eeee", "�"),
        ("灯塔 été ½", "灯塔 été ½"),
        (FAMILY, FAMILY),
        ("❤️ 1️⃣ 🏳️‍🌈 👍🏽 🇩🇪", "❤️ 1️⃣ 🏳️‍🌈 👍🏽 🇩🇪"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db\u200cc\ufe0f", "abc"),
        ("z" + "\u0301" * 30, "z" + "\u0301" * 4),
    ],
)
def test_only_what_can_be_shown_is_left(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_lines_can_be_kept() -> None:
    assert clean("one\r\ntwo\x1b[2J\u2029three", newline="\n") == "one\ntwo\nthree"


@given(HOSTILE)
def test_nothing_that_steers_a_terminal_comes_out(text: str) -> None:
    shown = clean(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
    assert not any(unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "LRI") for character in shown)
    assert clean(shown) == shown
    shown.encode()


@pytest.mark.parametrize(
    ("text", "width"),
    [("fog", 3), ("灯塔", 4), (FAMILY, 2), ("e\u0301", 1), ("❤️", 2), ("", 0), ("🇩🇪", 2)],
)
def test_a_width_is_counted_in_cells(text: str, width: int) -> None:
    assert cell_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("lighthouse", 10, "lighthouse"),
        ("lighthouse", 9, "lighthou…"),
        ("light house", 7, "light…"),
        ("灯塔在雾中", 6, "灯塔…"),
        (f"{FAMILY}{FAMILY}", 3, f"{FAMILY}…"),
        ("e" + "\u0323" * 90 + "f", 2, "e" + "\u0323" * 4 + "f"),
        ("灯" * 500, 5, "灯灯…"),
        ("fox", 1, "…"),
        ("fox", 0, ""),
        ("a\nb\x1b[31mc", 5, "a bc"),
    ],
)
def test_a_line_is_cut_to_its_cells(text: str, width: int, shown: str) -> None:
    assert fit_cells(text, width) == shown


def test_another_sign_can_tell_that_something_was_cut() -> None:
    assert fit_cells("lighthouse", 8, "...") == "light..."
    assert fit_cells("lighthouse", 2, "...") == "li"


@given(HOSTILE, st.integers(0, 40))
def test_a_line_never_takes_more_cells_than_it_may(text: str, width: int) -> None:
    assert cell_width(fit_cells(text, width)) <= width
