"""What is sent to the terminal is what has changed, and it ends up showing the same as if all had been sent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mjtui.tui.painting import Painter, difference

STYLES = [Style(), Style(bold=True), Style(color="red"), Style(bgcolor="blue")]
WIDTH = 12

texts = st.text(st.sampled_from("ab c霧x"), min_size=1, max_size=6)
pieces = st.tuples(texts, st.sampled_from(STYLES)).map(lambda pair: Segment(*pair))
segments = st.lists(pieces, min_size=1, max_size=5)
strips = segments.map(lambda parts: Strip(parts).adjust_cell_length(WIDTH, STYLES[0]))


def cells(strip: Strip) -> list[tuple[str, Style | None]]:
    """Each character with its style, so that the borders between segments do not matter."""
    return [(character, segment.style) for segment in strip for character in segment.text]


@given(strips, strips)
def test_painting_the_difference_over_the_old_gives_the_new(old, new):
    changed = difference(old, new)
    if changed is None:
        assert cells(old) == cells(new)
        return
    start, end = changed
    painted = Strip.join([old.crop(0, start), new.crop(start, end), old.crop(end, WIDTH)])
    assert painted.cell_length == WIDTH
    assert [cell for cell in cells(painted) if cell[0] != " "] == [cell for cell in cells(new) if cell[0] != " "]


def test_one_more_letter_sends_little_more_than_a_letter(console):
    painter = Painter()
    line = "a paper lighthouse at dusk"
    painter.paint([(0, 0, Strip([Segment(line.ljust(80), STYLES[2])]))], console)
    sent = painter.paint([(0, 0, Strip([Segment((line + "!").ljust(80), STYLES[2])]))], console)
    assert "!" in sent
    assert len(sent) < 30


def test_what_is_the_same_is_not_sent(console):
    painter = Painter()
    strip = Strip([Segment("the same", STYLES[0])])
    assert painter.paint([(0, 0, strip)], console)
    assert painter.paint([(0, 0, Strip([Segment("the same", STYLES[0])]))], console) == ""
    painter.forget()
    assert painter.paint([(0, 0, strip)], console)


def test_a_line_is_sent_anew_where_something_else_was_over_it(console):
    painter = Painter()
    below = Strip([Segment("0123456789", STYLES[0])])
    painter.paint([(0, 0, below)], console)
    painter.paint([(3, 0, Strip([Segment("dialog", STYLES[1])]))], console)
    assert "0123456789" in painter.paint([(0, 0, below)], console)


def test_letters_that_join_others_are_sent_with_their_whole_line(console):
    painter = Painter()
    painter.paint([(0, 0, Strip([Segment("a 👩‍👩‍👧 b ", STYLES[0])]))], console)
    assert "👩‍👩‍👧" in painter.paint([(0, 0, Strip([Segment("a 👩‍👩‍👧 c ", STYLES[0])]))], console)
