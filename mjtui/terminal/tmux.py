"""Escape sequences for the terminal outside of tmux."""

from __future__ import annotations


def passthrough(sequence: str) -> str:
    """The sequence wrapped so that tmux hands it on to its terminal, where its option allow-passthrough is on."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
