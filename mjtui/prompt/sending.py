"""The text of a prompt as it will be sent: without what went into fields, with the form's values that have none."""

from __future__ import annotations

from mjtui.prompt.parser import Flag
from mjtui.prompt.references import movable_links
from mjtui.prompt.scene import Scene
from mjtui.prompt.values import is_link

_DROPPED = ("version", "niji", "video")
_FORM_FLAGS = (("quality", "--q"), ("seed", "--seed"), ("no", "--no"))


def text_to_send(scene: Scene) -> str:
    """The words, then the flags that have no field, then the form's values that have no field either.

    Words behind flags go before them: once its neighbour is gone, a list such as --no would swallow them.
    """
    prompt = scene.prompt
    start = prompt.body.start if scene.links_moved else 0
    end = prompt.flags[0].start if prompt.flags else len(prompt.text)
    words = [prompt.text[start:end].strip(), *(stray.text for stray in prompt.strays)]
    flags = [_flag(scene, flag) for flag in prompt.flags]
    form = [
        f"{flag} {given.value}"
        for name, flag in _FORM_FLAGS
        if (given := scene.given.get(name)) is not None and given.flag is None
    ]
    return " ".join(piece for piece in (*words, *flags, *form) if piece)


def _flag(scene: Scene, flag: Flag) -> str:
    """A flag as it is sent: as it was written unless something about it must change, empty where it is left out."""
    parameter = flag.parameter
    written = scene.prompt.text[flag.start : flag.end]
    if parameter is None:
        return written
    if parameter.field is not None or parameter.name in _DROPPED or _is_single(scene, flag):
        return ""
    before = [value.text for value in flag.values]
    values = before
    if _is_moved(scene, flag):
        values = [value for value in before if not is_link(value)]
        if not values:
            return ""
    given = scene.given.get("quality")
    if given is not None and given.flag is flag:
        values = [str(given.value)]
    if values == before and flag.written == flag.name and not flag.glued:
        return written
    separator = ", " if parameter.takes == "words" else " "
    return f"{flag.name} {separator.join(values)}".rstrip()


def _is_single(scene: Scene, flag: Flag) -> bool:
    return flag.parameter is not None and flag.parameter.name == "repeat" and scene.number("repeat") == 1


def _is_moved(scene: Scene, flag: Flag) -> bool:
    """Whether the links of a reference flag are among the images of the request."""
    name = flag.parameter.name if flag.parameter is not None else ""
    fits = (name, scene.kind) in (("sref", "style_reference"), ("oref", "omni_reference"))
    return fits and bool(movable_links(flag))
