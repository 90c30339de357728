"""What does not go together: rules about several parameters, or about a parameter and the kind of request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from mjtui.prompt.draft import Edit, Finding
from mjtui.prompt.lexer import Token
from mjtui.prompt.rules import found
from mjtui.prompt.scene import Scene, removal
from mjtui.prompt.values import is_link
from mjtui.prompt.versions import label

_NO_MULTI_PROMPTS = ("7", "8.1", "8.2", "niji7")
_CODE_VERSIONS = ("4", "6")

Condition = Callable[[Scene], bool]


def _uses(*names: str) -> Condition:
    return lambda scene: all(scene.uses(name) for name in names)


def _over(name: str, limit: float) -> Condition:
    return lambda scene: (scene.number(name) or 0) > limit


def _without(name: str, needed: str) -> Condition:
    return lambda scene: name in scene.given and not scene.uses(needed)


def _speed(value: str) -> Condition:
    return lambda scene: "speed" in scene.given and scene.given["speed"].value == value


def _raw(scene: Scene) -> bool:
    return "raw" in scene.given or ("style" in scene.given and scene.given["style"].value == "raw")


_PAIRS: dict[str, tuple[tuple[str, Condition], ...]] = {
    "draft": (("draft-oref", _uses("draft", "oref")),),
    "quality": (("q4-oref", lambda scene: scene.uses("oref") and scene.number("quality") == 4),),
    "speed": (
        ("oref-fast", lambda scene: scene.uses("oref") and _speed("fast")(scene)),
        ("relax-multi", lambda scene: _speed("relaxed")(scene) and _is_many(scene)),
    ),
    "oref": (
        ("oref-cost", _uses("oref")),
        ("oref-followups", _uses("oref")),
    ),
    "omni_weight": (
        ("ow-needs-oref", _without("omni_weight", "oref")),
        ("ow-high", _over("omni_weight", 400)),
    ),
    "style_weight": (("sw-needs-sref", _without("style_weight", "sref")),),
    "style_version": (("sw-needs-sref", _without("style_version", "sref")),),
    "character_weight": (("cw-needs-cref", _without("character_weight", "cref")),),
    "image_weight": (("iw-needs-image", _without("image_weight", "image_prompt")),),
    "tile": (("edit-tile", _uses("edit", "tile")),),
    "weird": (("weird-seed", lambda scene: "seed" in scene.given and _over("weird", 0)(scene)),),
    "seed": (("turbo-seed", lambda scene: "seed" in scene.given and _speed("turbo")(scene)),),
    "exp": (("exp-high", _over("exp", 50)),),
    "stylize": (("raw-high-s", lambda scene: _raw(scene) and _over("stylize", 500)(scene)),),
    "repeat": (("repeat-once", lambda scene: scene.number("repeat") == 1),),
    "loop": (("loop-end", _uses("loop", "end")),),
}
"""For each parameter the rules that point at it, and when they are broken."""
_REMOVABLE = ("sw-needs-sref", "cw-needs-cref", "iw-needs-image", "ow-needs-oref")


def judge_combinations(scene: Scene) -> None:
    """Find what does not go together."""
    for name in dict.fromkeys((*scene.given, *scene.implied)):
        for rule, is_broken in _PAIRS.get(name, ()):
            if is_broken(scene):
                scene.findings.append(_pointing(scene, rule, name))
    scene.findings += _moodboard(scene)
    scene.findings += _style_codes(scene)
    scene.findings += _too_many_references(scene)
    scene.findings += _multi_prompt(scene)
    scene.findings += _words_of_no(scene)


def _pointing(scene: Scene, rule: str, name: str) -> Finding:
    given = scene.given.get(name)
    flag = given.flag if given is not None else None
    shown = flag.name if flag is not None else given.parameter.flag if given is not None else None
    fix = removal(scene.prompt.text, flag) if flag is not None and rule in _REMOVABLE else None
    return found(rule, flag.span if flag is not None else None, flag=shown, fix=fix)


def _is_many(scene: Scene) -> bool:
    return (scene.number("repeat") or 1) > 1 or any(token.kind == "group" for token in scene.prompt.tokens)


def _moodboard(scene: Scene) -> Iterator[Finding]:
    given = scene.given.get("personalize")
    codes = str(given.value).split() if given is not None else []
    moodboards = [code for code in codes if code.lower().startswith("m")]
    for name in ("style_version", "style_weight"):
        other = scene.given.get(name)
        if moodboards and other is not None and other.flag is not None:
            yield found("moodboard-sv-sw", other.flag.span, flag=other.flag.name, code=moodboards[0][:40])


def _style_codes(scene: Scene) -> Iterator[Finding]:
    given, version = scene.given.get("sref"), scene.given.get("style_version")
    if given is None or version is None or str(version.value) in _CODE_VERSIONS:
        return
    if any(not is_link(item) for item in str(given.value).split()):
        yield found("style-code-version", scene.span("style_version"), flag="--sv", value=version.value)


def _too_many_references(scene: Scene) -> Iterator[Finding]:
    omni = scene.given.get("oref")
    in_text = len(str(omni.value).split()) if omni is not None else 0
    count = max(in_text, len(scene.images) if scene.kind == "omni_reference" else 0)
    if count > 1:
        yield found("oref-one", scene.span("oref"), flag="--oref", count=count)
    edit = scene.given.get("edit")
    if edit is not None and len(str(edit.value).split()) > 4:
        yield found("edit-max", scene.span("edit"), flag="--edit", count=len(str(edit.value).split()))


def _multi_prompt(scene: Scene) -> Iterator[Finding]:
    weights = [token for token in scene.prompt.tokens if token.kind == "weight" and scene.prompt.in_text(token)]
    if not weights:
        return
    first, last = weights[0], weights[-1]
    span = (first.start, last.end)
    if scene.version in _NO_MULTI_PROMPTS:
        fix = Edit(*span, _without_weights(scene.prompt.text, weights, scene.prompt.body.end))
        yield found("multiprompt-v7", span, version=label(scene.version), fix=fix)
        return
    total = round(sum(_weight(token) for token in weights), 6)
    if scene.prompt.text[last.end : scene.prompt.body.end].strip():
        total += 1
    if total <= 0:
        yield found("weights-positive", span, sum=f"{total:g}")


def _without_weights(text: str, weights: list[Token], body_end: int) -> str:
    """The text from the first weight to the last with commas in place of weights; nothing in place of the last."""
    pieces: list[str] = []
    for token, following in pairwise(weights):
        pieces += [",", text[token.end : following.start]]
    goes_on = text[weights[-1].end : body_end].strip()
    return "".join(pieces) + ("," if goes_on else "")


def _weight(token: Token) -> float:
    number = token.text[2:]
    return float(number[:300]) if number else 1.0


def _words_of_no(scene: Scene) -> Iterator[Finding]:
    given = scene.given.get("no")
    if given is None or given.flag is None:
        return
    for value in given.flag.values:
        words = value.text.split()
        if 1 < len(words) < 5 and not value.open:
            yield found(
                "no-words",
                (value.start, value.end),
                flag="--no",
                text=value.text[:60],
                words=" and ".join(f"no {word[:20]}" for word in words),
            )
            return
