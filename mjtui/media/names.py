"""File names that a person can read and every file system takes.

A template is text with fields in braces:

    {date} {time}   when the job was made, local: 20261121 and 1432
    {slug}          the words of the prompt, at most 60 bytes
    {task}          the first 8 characters of the task id
    {index}         1 to 4
    {kind}          -u for an upscale, -v for a variation, -e for an extended video, else nothing
    {ext}           jpg, png, webp, gif, mp4; added where the template does not end with it
"""

from __future__ import annotations

import difflib
import re
import string
import unicodedata
from datetime import datetime, tzinfo
from typing import Final

from mjtui.errors import SettingsError
from mjtui.prompt.draft import Kind

DEFAULT_TEMPLATE: Final = "{date}-{time}_{slug}_{task}_{index}{kind}.{ext}"
SAMPLE: Final = {
    "date": "20261121",
    "time": "1432",
    "slug": "",
    "task": "7f3a9c21",
    "index": "2",
    "kind": "-u",
    "ext": "webp",
}
"""Each field at its longest, but for the slug, which takes the room that is left."""

SLUG_BYTES: Final = 60
NAME_BYTES: Final = 119
LEAST_SLUG_BYTES: Final = 16
"""A template leaves at least so much room for the words of the prompt."""

KIND_SUFFIXES: Final[dict[Kind, str]] = {"upscale": "-u", "vary": "-v", "extend": "-e"}

LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
FLAGS: Final = re.compile(r"(?:^|\s)(?:--|—)(?=[a-z]).*", re.IGNORECASE | re.DOTALL)
WEIGHT: Final = re.compile(r"::-?[\d.]*")
SERVICE_PREFIX: Final = re.compile(r"^mj(?:_[a-z]+)?_")
"""What some task ids of the service start with, the same for all."""

INVISIBLE: Final = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Marks that are not seen: selectors of variants, and the joiner of graphemes."""

FIRST_PICTOGRAPH: Final = "\U0001f000"
"""Emoji from here on are kept; older symbols part words."""

FORBIDDEN: Final = frozenset('<>:"/\\|?*')
"""Characters that Windows and its file systems do not take in names."""

RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *\.", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows the first dot."""


def picture_name(
    template: str | None = None,
    *,
    created_at: int,
    prompt: str,
    task_id: str,
    index: int,
    kind: Kind,
    extension: str,
    zone: tzinfo | None = None,
) -> str:
    """The name for the file of one picture: no folder in it, shorter than 120 bytes.

    `created_at` is in milliseconds UTC and told in `zone`, or in local time. Raises SettingsError for a template that
    `check_template` refuses.
    """
    template = DEFAULT_TEMPLATE if template is None else template
    check_template(template)
    template = _with_extension(template)
    moment = datetime.fromtimestamp(created_at / 1000, zone)
    values = {
        "date": f"{moment:%Y%m%d}",
        "time": f"{moment:%H%M}",
        "task": re.sub(r"[^0-9A-Za-z]", "", SERVICE_PREFIX.sub("", task_id))[:8],
        "index": str(index),
        "kind": KIND_SUFFIXES.get(kind, ""),
        "ext": extension,
    }
    room = NAME_BYTES - len(template.format(**values, slug="").encode())
    name = template.format(**values, slug=slug(prompt, min(room, SLUG_BYTES))).lstrip(" .-")
    return f"_{name}" if RESERVED.match(name) else name


def check_template(template: str) -> None:
    """Raise SettingsError with what is wrong with a template for file names."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        raise SettingsError(
            f"The file name template {template!r} has a brace without its partner.", hint="Write {{ for a brace."
        ) from None
    for literal, field, spec, conversion in parts:
        if bad := [character for character in literal if character in FORBIDDEN or not character.isprintable()]:
            raise SettingsError(
                f"The file name template {template!r} holds {bad[0]!r}, which some file systems do not take.",
                hint="Letters, digits, hyphens, underscores and dots are safe; folders cannot be made here.",
            )
        if field is not None and (field not in SAMPLE or spec or conversion):
            near = difflib.get_close_matches(field, SAMPLE, n=1)
            known = ", ".join(f"{{{name}}}" for name in SAMPLE)
            raise SettingsError(
                f"The file name template {template!r} has a field that is not known: {{{field}}}.",
                hint=f"Did you mean {{{near[0]}}}?" if near else f"There are {known}.",
            )
    fields = [field for _, field, _, _ in parts]
    if "task" not in fields or "index" not in fields or fields.count("slug") > 1:
        raise SettingsError(
            f"The file name template {template!r} does not tell pictures apart.",
            hint="Put {task} and {index} into it, and {slug} at most once.",
        )
    if len(_with_extension(template).format(**SAMPLE).encode()) > NAME_BYTES - LEAST_SLUG_BYTES:
        raise SettingsError(
            f"The file name template {template!r} is too long.",
            hint=f"A whole name has at most {NAME_BYTES} bytes, {LEAST_SLUG_BYTES} of them for the prompt.",
        )


def slug(prompt: str, limit: int = SLUG_BYTES) -> str:
    """The words of a prompt joined by hyphens, without flags, links and weights, in at most `limit` bytes of UTF-8."""
    text = WEIGHT.sub(" ", FLAGS.sub("", LINK.sub(" ", prompt)))
    words = "".join(_letter(character) for character in unicodedata.normalize("NFC", text).lower()).split()
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word
        if len(longer.encode()) > limit:
            # A long word, as in scripts without spaces, is cut where dropping it would leave next to nothing.
            return _cut(longer, limit) if len(name.encode()) < limit // 2 else name
        name = longer
    return name or "untitled"


def _with_extension(template: str) -> str:
    return template if template.endswith("{ext}") else template + ".{ext}"


def _letter(character: str) -> str:
    """What a character of a prompt is in a file name: itself, a break between words, or nothing."""
    category = unicodedata.category(character)
    if character.isspace() or category[0] in "PZ":
        return "" if character in "'’" else " "
    if category[0] in "LNM" and category != "Me" and not INVISIBLE.match(character):
        return character
    if category == "So" and character >= FIRST_PICTOGRAPH:
        return character
    return " " if category in ("Sc", "Sm", "So") else ""


def _cut(word: str, limit: int) -> str:
    """The start of a word in at most `limit` bytes, no letter parted from its accents."""
    kept = word.encode()[:limit].decode(errors="ignore")
    while len(kept) < len(word) and unicodedata.category(word[len(kept)])[0] == "M":
        kept = kept[:-1]
    return kept
