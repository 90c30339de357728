from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from mjtui.tui.themes import THEMES, in_terminal_colours

GROUNDS = ("background", "surface", "panel")
TEXTS = (
    "foreground",
    "text-muted",
    "text-primary",
    "text-success",
    "text-warning",
    "text-error",
    "text-accent",
    "footer-key-foreground",
    "footer-description-foreground",
)
PAIRS = (
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("foreground", "input-selection-background"),
    ("input-cursor-foreground", "input-cursor-background"),
    ("button-color-foreground", "primary"),
    ("button-color-foreground", "success"),
    ("button-color-foreground", "warning"),
    ("button-color-foreground", "error"),
)
"""Text, and what it stands on in some part of the screen."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.1), computed here and not by what is tested."""

    def luminance(name: str) -> float:
        channels = (value / 255 for value in Color.parse(name).rgb)
        linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(theme: Theme, text: str, ground: str) -> None:
    colours = theme.to_color_system().generate()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_cursor_line_stands_out_from_the_rows(theme: Theme) -> None:
    colours = theme.to_color_system().generate()
    focused = contrast(colours["block-cursor-background"], colours["background"])
    blurred = contrast(colours["block-cursor-blurred-background"], colours["background"])
    assert focused > blurred > 1.1


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_border_of_the_focused_pane_can_be_told_from_the_others(theme: Theme) -> None:
    colours = theme.to_color_system().generate()
    assert contrast(colours["border"], colours["border-blurred"]) >= 3


@pytest.mark.parametrize("theme", in_terminal_colours(), ids=lambda theme: theme.name)
def test_in_the_terminals_own_colours_the_cursor_line_is_seen_without_the_focus_too(theme: Theme) -> None:
    looks = theme.to_color_system().generate()
    assert looks["block-cursor-blurred-text-style"] == "underline"
    assert looks["block-cursor-background"] != looks["background"]
