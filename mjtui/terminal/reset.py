"""The bytes that leave a terminal as it was, for a program that ends while it has the screen."""

from __future__ import annotations

from typing import Final

MODES: Final = (1000, 1002, 1003, 1006, 1015, 1016, 1004, 2004, 2048)
"""Mouse reports of all kinds, focus events, bracketed paste, reports of a new size."""

RESET: Final = (
    "\x1b\\"  # ends a sequence that was cut in the middle
    "\x1b[?2026l"  # shows what a started synchronised update holds back
    "\x1b[<u"  # kitty's keyboard, whose stack belongs to the alternate screen and goes before it
    + "".join(f"\x1b[?{mode}l" for mode in MODES)
    + "\x1b[?7h"  # lines wrap
    "\x1b(B\x0f"  # letters, not line drawing
    "\x1b[?1049l"  # back from the alternate screen
    "\x1b[0m\x1b[?25h"
).encode("ascii")
"""To be written while the program has the screen: outside of it the cursor would jump."""
