"""Keys as terminals without kitty's keyboard protocol send them, tmux among them: alt is an escape before the key.

Textual 8.2 takes `alt+enter` for enter, `alt+/` for a slash and `alt+2` for ™ in that form, and waits a tenth of a
second for more before it takes `alt+k` for what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser

ESCAPE: Final = "\x1b"

MODIFIED: Final = re.compile(r"\x1b\[27;(\d+);(\d+)~")
"""xterm's modifyOtherKeys, which tmux sends too: CSI 27 ; modifiers ; character ~."""

BEGINNINGS: Final = "[OPNX]^_\x1b\x7f\tbf"
"""What an escape before it makes another thing of than the key with alt: sequences, and keys that Textual knows."""


class KeyParser(XTermParser):
    """Textual's parser, with alt understood on every key."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if (modified := MODIFIED.fullmatch(sequence)) is not None:
            sequence = f"\x1b[{modified[2]};{modified[1]}u"
        elif len(sequence) == 2 and sequence[0] == ESCAPE and sequence[1] not in BEGINNINGS:
            sequence, alt = sequence[1], True
        for event in super()._sequence_to_key_events(sequence, alt):
            if alt and not event.key.startswith("alt+"):
                yield events.Key(f"alt+{event.key}", None)
            elif alt:
                # Without its character: an unbound alt+w must not write a w.
                yield events.Key(event.key, None)
            else:
                yield event
