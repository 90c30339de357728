"""What prompts may name, from the settings folder: `fragments/*.toml` and `wildcards/**/*.txt`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from mjtui.paths import Paths
from mjtui.prompt.expansion import Shelf
from mjtui.prompt.fragment_files import Mistake, gather, read
from mjtui.prompt.fragments import Fragment
from mjtui.prompt.table import TableError, decode
from mjtui.prompt.wildcards import WildcardError, lines_of


def read_fragments(folder: Path) -> tuple[dict[str, Fragment], list[Mistake]]:
    """All fragments by name, from the files in the order of their names, and what is wrong with the others."""
    fragments: list[Fragment] = []
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            facts = path.stat()
            found, wrong = _read_file(path, facts.st_mtime_ns, facts.st_size)
        except OSError as error:
            found, wrong = [], [Mistake(str(path), f"cannot be read ({error.strerror})")]
        fragments += found
        mistakes += wrong
    named, twice = gather(fragments)
    return named, mistakes + twice


@lru_cache(maxsize=256)
def _read_file(path: Path, changed_ns: int, size: int) -> tuple[list[Fragment], list[Mistake]]:
    """The fragments of a file as it was at that time: a prompt that names some is planned at every key press."""
    try:
        return read(str(path), decode(path.read_bytes()))
    except TableError as error:
        return [], [Mistake(str(path), str(error))]


def read_lines(folder: Path, name: str) -> list[str] | None:
    """The lines of a wildcard, None where there is no such file; raises WildcardError where it cannot be read."""
    path = folder / f"{name}.txt"
    try:
        return lines_of(decode(path.read_bytes()))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WildcardError(f"The wildcard file {path} cannot be read: {error.strerror}.") from error
    except TableError as error:
        raise WildcardError(f"The wildcard file {path}: {error}") from error


def wildcard_names(folder: Path) -> list[str]:
    """The names of all wildcards, those in folders below with a slash."""
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.txt"))


def shelf(paths: Paths) -> Shelf:
    """Everything that a prompt may name now; wildcards are read when one is named."""
    return Shelf(
        read_fragments(paths.fragments)[0],
        lambda name: read_lines(paths.wildcards, name),
        lambda: wildcard_names(paths.wildcards),
    )
