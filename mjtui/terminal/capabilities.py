"""What the environment says about the terminal; a pure function, so that doctor can show each reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Colours = Literal[16777216, 256, 16, 0]

TRUE_COLOUR_TERMS: Final = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "rio")
TRUE_COLOUR_PROGRAMS: Final = ("iTerm.app", "WezTerm", "ghostty", "vscode", "WarpTerminal", "rio", "Hyper", "Tabby")
TRUE_COLOUR_VARIABLES: Final = ("KITTY_WINDOW_ID", "KONSOLE_VERSION", "WT_SESSION", "ALACRITTY_WINDOW_ID")
"""Set by terminals that show 24 bit colour; not asked inside tmux, where they may be those of another terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What may be sent to this terminal; `reasons` has a sentence for each of the other fields."""

    tty: bool
    colours: Colours
    utf8: bool
    tmux: bool
    ssh: bool
    reasons: Mapping[str, str]


def capabilities(environ: Mapping[str, str], isatty: bool) -> Capabilities:
    """What can be told without asking the terminal itself."""
    tmux = _first(environ, "TMUX") or ("TERM" if environ.get("TERM", "").startswith("tmux") else None)
    ssh = _first(environ, "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
    colours, why_colours = _colours(environ, isatty, inside_tmux=tmux is not None)
    utf8, why_utf8 = _utf8(environ)
    return Capabilities(
        tty=isatty,
        colours=colours,
        utf8=utf8,
        tmux=tmux is not None,
        ssh=ssh is not None,
        reasons={
            "tty": "Output goes to a terminal." if isatty else "Output does not go to a terminal.",
            "colours": why_colours,
            "utf8": why_utf8,
            "tmux": f"{tmux} says so." if tmux else "TMUX is not set.",
            "ssh": f"{ssh} is set." if ssh else "SSH_CONNECTION is not set.",
        },
    )


def _colours(environ: Mapping[str, str], isatty: bool, *, inside_tmux: bool) -> tuple[Colours, str]:
    term = environ.get("TERM", "")
    program = environ.get("TERM_PROGRAM", "")
    if not isatty:
        return 0, "Output does not go to a terminal."
    if environ.get("NO_COLOR"):
        return 0, "NO_COLOR is set."
    if term in ("", "dumb"):
        return 0, f"TERM is {term!r}."
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return 16777216, f"COLORTERM is {environ['COLORTERM']}."
    if term.startswith(TRUE_COLOUR_TERMS) or term.endswith("-direct"):
        return 16777216, f"TERM is {term}."
    if program in TRUE_COLOUR_PROGRAMS:
        return 16777216, f"TERM_PROGRAM is {program}."
    if not inside_tmux and (name := _first(environ, *TRUE_COLOUR_VARIABLES)):
        return 16777216, f"{name} is set."
    if "256color" in term or inside_tmux:
        return 256, f"TERM is {term}, and nothing says that there are more."
    return 16, f"TERM is {term}, and nothing says that there are more."


def _utf8(environ: Mapping[str, str]) -> tuple[bool, str]:
    name = _first(environ, "LC_ALL", "LC_CTYPE", "LANG")
    charset = environ[name].partition(".")[2].partition("@")[0] if name else ""
    if name is None or not charset:
        # SSH and containers lose the locale far more often than a terminal lacks UTF-8.
        return True, "The locale names no character set; UTF-8 is assumed."
    return charset.lower().replace("-", "") == "utf8", f"{name} is {environ[name]}."


def _first(environ: Mapping[str, str], *names: str) -> str | None:
    return next((name for name in names if environ.get(name)), None)
