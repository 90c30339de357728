"""mjtui's own two themes: calm grounds, one accent, and text that can be read on all of them; and Textual's."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from textual.theme import BUILTIN_THEMES, Theme

DARK: Final = Theme(
    name="mjtui-dark",
    dark=True,
    primary="#7aa2c8",
    secondary="#8fb3a6",
    accent="#d9a86c",
    foreground="#d5d9e0",
    background="#14171c",
    surface="#191d23",
    panel="#21262e",
    success="#8fbf8a",
    warning="#d9b36c",
    error="#e58a86",
    variables={
        "text-muted": "#8f98a5",
        "text-disabled": "#747d8a",
        "foreground-muted": "#8f98a5",
        "text-primary": "#8fb4d8",
        "text-success": "#8fbf8a",
        "text-warning": "#d9b36c",
        "text-error": "#e58a86",
        "text-accent": "#d9a86c",
        "border": "#7aa2c8",
        "border-blurred": "#333a45",
        "block-cursor-foreground": "#f2f5f9",
        "block-cursor-background": "#2f4a66",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "#d5d9e0",
        "block-cursor-blurred-background": "#272d37",
        "block-cursor-blurred-text-style": "none",
        "input-cursor-background": "#d5d9e0",
        "input-cursor-foreground": "#14171c",
        "input-selection-background": "#2f4a66",
        "footer-background": "#14171c",
        "footer-key-foreground": "#d9a86c",
        "footer-description-foreground": "#8f98a5",
        "button-color-foreground": "#14171c",
    },
)

LIGHT: Final = Theme(
    name="mjtui-light",
    dark=False,
    primary="#2f6690",
    secondary="#3f7566",
    accent="#8d5416",
    foreground="#262b33",
    background="#f7f6f3",
    surface="#f2f0ec",
    panel="#e8e5df",
    success="#3d6b35",
    warning="#85590b",
    error="#a83632",
    variables={
        "text-muted": "#5f6670",
        "text-disabled": "#737a83",
        "foreground-muted": "#5f6670",
        "text-primary": "#2f6690",
        "text-success": "#3d6b35",
        "text-warning": "#85590b",
        "text-error": "#a83632",
        "text-accent": "#8d5416",
        "border": "#2f6690",
        "border-blurred": "#cdc8bf",
        "block-cursor-foreground": "#14222e",
        "block-cursor-background": "#c3d8e8",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": "#262b33",
        "block-cursor-blurred-background": "#e3e0d9",
        "block-cursor-blurred-text-style": "none",
        "input-cursor-background": "#262b33",
        "input-cursor-foreground": "#f7f6f3",
        "input-selection-background": "#c3d8e8",
        "footer-background": "#f7f6f3",
        "footer-key-foreground": "#8d5416",
        "footer-description-foreground": "#5f6670",
        "button-color-foreground": "#f7f6f3",
    },
)

THEMES: Final = (DARK, LIGHT)

SEEN: Final = {"block-cursor-blurred-text-style": "underline", "border-blurred": "ansi_bright_black"}
"""The terminal's own colours have no second ground for the row of a list without the focus, and Textual's borders of
what has no focus are of the terminal's own ground."""


def in_terminal_colours() -> list[Theme]:
    """Textual's themes that leave the colours to the terminal, with a cursor row that is seen everywhere."""
    return [replace(theme, variables=theme.variables | SEEN) for theme in BUILTIN_THEMES.values() if theme.ansi]


def about(theme: Theme) -> str:
    """What one wants to know of a theme before choosing it."""
    if theme.ansi:
        return "The colours that your terminal is set to; for terminals of 16 colours too."
    own = " of mjtui's own" if theme in THEMES else ""
    return f"A {'dark' if theme.dark else 'light'} theme{own}."
