"""Parts of a file: what a Range header asks for, and whether it may be given."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.utils import formatdate

_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it is served; `changed_at` is in milliseconds."""

    content: bytes
    media_type: str
    changed_at: int

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.content, usedforsecurity=False).hexdigest()}"'

    @property
    def last_modified(self) -> str:
        return formatdate(self.changed_at // 1000, usegmt=True)


class Unsatisfiable(Exception):
    """A range that lies outside of the file."""


def asked_part(stored: Stored, range_header: str | None, if_range: str | None) -> tuple[int, int] | None:
    """First byte and end of the part to send, or None for the whole file; raises Unsatisfiable.

    Several ranges at once, and a range that makes no sense, are answered with the whole file, which RFC 9110 (14.2)
    allows.
    """
    if range_header is None or (if_range is not None and if_range not in (stored.etag, stored.last_modified)):
        return None
    match = _RANGE.fullmatch(range_header.strip())
    if match is None or not any(match.groups()):
        return None
    size = len(stored.content)
    first, last = match.groups()
    if first and last and int(last) < int(first):
        return None
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
    if start >= size:
        raise Unsatisfiable
    return start, end
