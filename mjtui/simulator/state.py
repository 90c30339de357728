"""What the simulated service remembers: a journal that only grows, and the bytes of files."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MEMORY_FILES = 64


@dataclass(slots=True, kw_only=True)
class Task:
    """One accepted request. Times are milliseconds; `finish_at` None means that it never ends.

    `flag` is the successFlag that it will have when it ends. `oddity` is the name of the task fault that its answers
    show. `parent` and `parent_index` (from 0) name the picture that it starts from. `deliveries` counts callbacks
    that were tried, and `next_delivery` is when the next is due.
    """

    id: str
    type: str
    params: dict[str, Any]
    created_at: int
    finish_at: int | None
    results: int
    dialect: str = "kie"
    extension: str = "jpeg"
    visible_at: int = 0
    flag: int = 1
    error_code: int | None = None
    error_message: str | None = None
    oddity: str | None = None
    parent: str | None = None
    parent_index: int = 0
    cost: float = 0.0
    refunded: bool = False
    callback_url: str | None = None
    deliveries: int = 0
    next_delivery: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line of the ledger; a refund has a negative amount. `digest` is the same for two bodies that are the same."""

    at: int
    task_id: str
    amount: float
    what: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was given to the service; `path` is the end of its link."""

    path: str
    media_type: str
    size: int
    uploaded_at: int
    expires_at: int


@dataclass(slots=True)
class Memory:
    """Everything that a journal says, replayed."""

    opening: float | None = None
    clock_offset: int = 0
    port: int | None = None
    tasks: dict[str, Task] = field(default_factory=dict[str, Task])
    ledger: list[Charge] = field(default_factory=list[Charge])
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])


class Journal:
    """A file of JSON lines, each written at once, so that a killed simulator forgets nothing that it answered.

    Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / "journal.jsonl"
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, what: str, value: Any) -> None:
        if self._path is None:
            return
        line = json.dumps({what: value}, separators=(",", ":")) + "\n"
        with self._path.open("ab", buffering=0) as file:
            file.write(line.encode())

    def task(self, task: Task) -> None:
        self.write("task", asdict(task))

    def charge(self, charge: Charge) -> None:
        self.write("charge", asdict(charge))

    def upload(self, upload: Upload) -> None:
        self.write("upload", asdict(upload))

    def replay(self) -> Memory:
        """What was written so far; a last line that was cut by a kill is left out."""
        memory = Memory()
        for record in self._records():
            ((what, value),) = record.items()
            if what == "task":
                memory.tasks[value["id"]] = Task(**value)
            elif what == "charge":
                memory.ledger.append(Charge(**value))
            elif what == "upload":
                memory.uploads[value["path"]] = Upload(**value)
            elif what == "opening":
                memory.opening = value
            elif what == "clock":
                memory.clock_offset = value
            elif what == "port":
                memory.port = value
        return memory

    def _records(self) -> Iterator[dict[str, Any]]:
        if self._path is None or not self._path.exists():
            return
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            with self._path.open("r+b") as file:
                file.truncate(len(whole))
        for line in whole.splitlines():
            yield json.loads(line)


class Blobs:
    """Bytes by name: files in a folder, or the last few in memory. A name never becomes a path."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, name: str) -> bytes | None:
        if self._folder is None:
            return self._memory.get(name)
        path = self._folder / _file_name(name)
        return path.read_bytes() if path.exists() else None

    def put(self, name: str, content: bytes) -> None:
        if self._folder is None:
            self._memory[name] = content
            while len(self._memory) > MEMORY_FILES:
                self._memory.popitem(last=False)
            return
        path = self._folder / _file_name(name)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)


def _file_name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:40]
