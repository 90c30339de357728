"""Where the style sheets are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

import mjtui


def sheets() -> list[Path]:
    """Every style sheet of the app; `app.tcss` comes first, the others may build on it."""
    package = Path(mjtui.__file__).parent
    folder = next(folder for folder in (package / "styles", package.parent / "styles") if folder.is_dir())
    return sorted(folder.glob("*.tcss"), key=lambda sheet: (sheet.name != "app.tcss", sheet.name))
