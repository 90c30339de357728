"""The text of a prompt as it will be sent: without what went into fields, with the form's values that have none."""

from __future__ import annotations

from mjtui.prompt.draft import Edit
from mjtui.prompt.parser import Flag
from mjtui.prompt.references import movable_links
from mjtui.prompt.scene import Scene, removal
from mjtui.prompt.values import is_link

_DROPPED = ("version", "niji", "video")
_FORM_FLAGS = (("quality", "--q"), ("seed", "--seed"), ("no", "--no"))


def text_to_send(scene: Scene) -> str:
    """The words, then the flags that have no field, then the form's values that have no field either."""
    text = scene.prompt.text
    edits = [edit for flag in scene.prompt.flags if (edit := _edit(scene, flag)) is not None]
    if scene.links_moved:
        edits.insert(0, Edit(0, scene.prompt.body.start, ""))
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : max(done, edit.start)], edit.text)
        done = max(done, edit.end)
    pieces.append(text[done:])
    words = "".join(pieces).strip()
    flags = [
        f"{flag} {given.value}"
        for name, flag in _FORM_FLAGS
        if (given := scene.given.get(name)) is not None and given.flag is None
    ]
    return " ".join([words, *flags] if words else flags)


def _edit(scene: Scene, flag: Flag) -> Edit | None:
    """What becomes of a flag: None where it is sent as it is written."""
    parameter = flag.parameter
    if parameter is None:
        return None
    if parameter.field is not None or parameter.name in _DROPPED or _is_single(scene, flag):
        return removal(scene.prompt.text, flag)
    values = [value.text for value in flag.values]
    if _is_moved(scene, flag):
        values = [value for value in values if not is_link(value)]
        if not values:
            return removal(scene.prompt.text, flag)
    if parameter.name == "quality" and (given := scene.given.get("quality")) is not None and given.flag is flag:
        values = [str(given.value)]
    tidy = values == [value.text for value in flag.values] and flag.written == flag.name and not flag.glued
    if tidy:
        return None
    separator = ", " if parameter.takes == "words" else " "
    return Edit(flag.start, flag.end, " ".join([flag.name, separator.join(values)] if values else [flag.name]))


def _is_single(scene: Scene, flag: Flag) -> bool:
    return flag.parameter is not None and flag.parameter.name == "repeat" and scene.number("repeat") == 1


def _is_moved(scene: Scene, flag: Flag) -> bool:
    """Whether the links of a reference flag are among the images of the request."""
    name = flag.parameter.name if flag.parameter is not None else ""
    fits = (name, scene.kind) in (("sref", "style_reference"), ("oref", "omni_reference"))
    return fits and bool(movable_links(flag))
