"""Opening the workstation: the engine starts during the slow imports, and begins its work after the first paint."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from mjtui import keymap, settings_file
from mjtui.engine import EngineEvent, Handle, Options
from mjtui.terminal.capabilities import capabilities
from mjtui.tui.lifecycle import garbage

if TYPE_CHECKING:
    from mjtui.tui.app import MjtuiApp


FEW_COLOURS: Final = 16


def run(options: Options, *, demo: bool = False, keep: bool = False) -> int:
    """Open the screen on an engine with these options and stay until the person leaves; returns the exit code.

    Raises LibraryError where the library cannot be opened.
    """
    garbage.hold()
    relay = _Relay()
    handle = Handle(options)
    handle.listen(relay)
    handle.start()
    try:
        from mjtui.tui import opening

        first = handle.ask(opening.read)
        from mjtui.tui.app import MjtuiApp
        from mjtui.tui.face import Face

        settings = settings_file.read(options.paths.settings)
        face = Face(**_quick_settings(settings, options.flags), demo=demo, keep=keep, scratch=options.paths.state)
        app = relay.app = MjtuiApp(handle, first.result(), face)
        app.run(mouse=_mouse(settings))
        # The terminal is given back: what is still under way may take its time.
        app.last_resort.disarm()
    finally:
        handle.stop()
        # At its end Python looks through all objects for cycles, a tenth of a second for nothing.
        gc.freeze()
    if app.return_value:
        sys.stdout.write(app.return_value + "\n")
    return app.return_code or 0


class _Relay:
    """Hands the engine's events to the app as soon as there is one; before, its rows are read anyway."""

    app: MjtuiApp | None = None

    def __call__(self, events: tuple[EngineEvent, ...]) -> None:
        if self.app is not None:
            from mjtui.tui.messages import EngineEvents

            self.app.post_message(EngineEvents(events))


def _quick_settings(settings: settings_file.SettingsFile, flags: Mapping[str, Any]) -> dict[str, Any]:
    """The few settings that the first paint needs; whether they are right is checked later."""
    from mjtui.terminal import drivers
    from mjtui.tui import ringing

    terminal = capabilities(os.environ, sys.stdout.isatty())
    theme = _found("screen.theme", settings, flags)
    preview = _found("screen.preview", settings, flags)
    how = preview if preview in ("auto", "halfblock", "ascii", "off") else "auto"
    chosen = settings.tables.get("keys", {})
    return {
        "keys": keymap.keymap(cast("dict[str, Any]", chosen) if isinstance(chosen, dict) else {}, settings.where),
        "theme": theme,
        # What two dozen shades become in sixteen colours cannot be read.
        "usual_theme": "ansi-dark" if terminal.colours == FEW_COLOURS else "mjtui-dark",
        "pictures": drivers.choose(how, terminal).driver,
        "tmux": terminal.tmux,
        "notify": ringing.way(_found("screen.notify", settings, flags), os.environ),
    }


def _mouse(settings: settings_file.SettingsFile) -> bool:
    return _found("screen.mouse", settings, {}) not in ("False", "false", "0", "no", "off")


def _found(name: str, settings: settings_file.SettingsFile, flags: Mapping[str, Any]) -> str | None:
    if flags.get(name) is not None:
        return str(flags[name])
    found = settings_file.find(name, settings)
    return None if found is None else str(found.value)
