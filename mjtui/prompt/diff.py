"""What changed between two drafts: word by word, and parameter by parameter."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from mjtui.prompt.draft import KIND_NAMES, Draft, Request
from mjtui.prompt.parameters import BY_NAME
from mjtui.prompt.parser import parse
from mjtui.prompt.planning import plan

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts that are written without blanks; each of their characters is taken for a word."""
_WORD = re.compile(rf"\s*(?:(?P<single>[{_UNSPACED}])|(?P<word>[^\W{_UNSPACED}]+(?:['’-]\w+)*)|(?P<mark>[^\w\s]))|\s+")
_MOST_PAIRS = 40_000
"""Above this many pairs of words the changed middle is not looked into, so that no input is slow."""


class Change(NamedTuple):
    """A piece of text that stayed, went or came; pieces that stayed or came make up the new text."""

    kind: Literal["same", "removed", "added"]
    text: str


class ParameterChange(NamedTuple):
    """A parameter whose value changed; None is no value."""

    flag: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.new is None:
            return f"- {self.flag} {self.old}".rstrip()
        if self.old is None:
            return f"+ {self.flag} {self.new}".rstrip()
        return f"{self.flag} {self.old}>{self.new}"


def words(old: str, new: str) -> tuple[Change, ...]:
    """What changed from one text to another, by words; blanks alone are no change."""
    before, after = _words(old), _words(new)
    changes: list[Change] = []
    for kind, old_from, old_to, new_from, new_to in _operations(before, after):
        if kind == "equal":
            changes.append(Change("same", "".join(text for _, text in after[new_from:new_to])))
            continue
        removed = "".join(text for _, text in before[old_from:old_to])
        if removed and _is_spaced(before, old_to) and not _is_spaced(after, new_to):
            removed += " "
        added = "".join(text for _, text in after[new_from:new_to])
        changes += [change for change in (Change("removed", removed), Change("added", added)) if change.text]
    return tuple(changes)


def parameters(old: Draft | str, new: Draft | str) -> tuple[ParameterChange, ...]:
    """What changed in the parameters, wherever they were given: flag, form or default."""
    before, after = _parameters(old), _parameters(new)
    return tuple(
        ParameterChange(flag, before.get(flag), after.get(flag))
        for flag in dict.fromkeys((*before, *after))
        if before.get(flag) != after.get(flag)
    )


def summary(old: Draft | str, new: Draft | str) -> str:
    """Both kinds of change in one line, such as `dusk>dawn · --s 100>250`; empty where nothing changed."""
    pieces: list[str] = []
    changes = words(_plain_words(old), _plain_words(new))
    for index, change in enumerate(changes):
        text = " ".join(change.text.split())
        following = changes[index + 1] if index + 1 < len(changes) else None
        if change.kind == "removed" and following is not None and following.kind == "added":
            pieces.append(f"{text}>{' '.join(following.text.split())}")
        elif change.kind == "removed":
            pieces.append(f"- {text}")
        elif change.kind == "added" and (index == 0 or changes[index - 1].kind != "removed"):
            pieces.append(f"+ {text}")
    return " · ".join([*pieces, *(str(change) for change in parameters(old, new))])


def _words(text: str) -> list[tuple[str, str]]:
    """Each word with the blanks before it: what it is compared by, and the text itself."""
    return [(match[0].strip(), match[0]) for match in _WORD.finditer(text)]


def _is_spaced(words: list[tuple[str, str]], at: int) -> bool:
    """Whether a word has blanks before it."""
    return at < len(words) and words[at][1][:1].isspace()


def _operations(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> list[tuple[str, int, int, int, int]]:
    """How one list becomes the other, in the form of difflib's opcodes."""
    old = [key for key, _ in before]
    new = [key for key, _ in after]
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    old_end, new_end = len(old) - last, len(new) - last
    middle = [("replace", 0, old_end - first, 0, new_end - first)]
    if (old_end - first) * (new_end - first) <= _MOST_PAIRS:
        middle = SequenceMatcher(None, old[first:old_end], new[first:new_end], autojunk=False).get_opcodes()
    moved = [(kind, i + first, j + first, k + first, m + first) for kind, i, j, k, m in middle]
    ends = [("equal", 0, first, 0, first), *moved, ("equal", old_end, len(old), new_end, len(new))]
    return [step for step in ends if step[1] < step[2] or step[3] < step[4]]


def _plain_words(draft: Draft | str) -> str:
    """The words of a prompt without its flags."""
    prompt = parse(draft if isinstance(draft, str) else draft.prompt)
    return " ".join((prompt.body.text, *(stray.text for stray in prompt.strays))).strip()


def _parameters(draft: Draft | str) -> dict[str, str]:
    request = plan(Draft(prompt=draft) if isinstance(draft, str) else draft).request
    fields: dict[str, object] = {
        "type": KIND_NAMES[request.kind],
        "images": " ".join(request.images) or None,
        **_fields(request),
    }
    given = {flag: str(value) for flag, value in fields.items() if value is not None}
    for flag in parse(request.prompt).flags:
        name = flag.parameter.flag if flag.parameter is not None else flag.name
        given[name] = " ".join(value.text for value in flag.values)
    return given


def _fields(request: Request) -> dict[str, object]:
    return {
        "--v": request.version,
        "--ar": request.aspect_ratio,
        "speed": request.speed,
        **{
            BY_NAME[name].flag: getattr(request, name)
            for name in ("stylize", "chaos", "weird", "omni_weight", "motion", "batch_size")
        },
        "watermark": request.watermark,
        "translation": "on" if request.translate else None,
    }
