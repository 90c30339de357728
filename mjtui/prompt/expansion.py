"""From a prompt as written to the prompts of its jobs: fragments, wildcards, groups in braces, --repeat.

written    <noir> {fox, owl} on __place__ --repeat 2
fragments  their text in place, their parameters at the end of the prompts that hold them
wildcards  a group with a line for each option
groups     one prompt for each combination
--repeat   each as often as it says
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from mjtui.prompt.draft import Edit, Finding
from mjtui.prompt.fragments import Fragment, has_fragment, insert, settle
from mjtui.prompt.permutation import TooManyJobs, count_jobs, count_permutations, permute, repeats
from mjtui.prompt.wildcards import Lines, WildcardError, has_wildcard, spread


def _no_lines(name: str) -> None:
    return None


def _no_names() -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What prompts may name: fragments, and the lines of wildcards with the names of all of them."""

    fragments: Mapping[str, Fragment] = field(default_factory=dict[str, Fragment])
    lines: Lines = _no_lines
    names: Callable[[], Collection[str]] = _no_names


@dataclass(frozen=True, slots=True)
class Opened:
    """A prompt in which nothing is named any more; its groups are still to be built.

    `count` is the number of jobs, known without building them.
    """

    text: str
    count: int
    findings: tuple[Finding, ...] = ()


def names_something(text: str) -> bool:
    """True where a prompt may name a fragment or a wildcard."""
    return has_fragment(text) or has_wildcard(text)


def open_up(text: str, shelf: Shelf) -> Opened:
    """Put fragments and wildcards in the places of their names, and count what the prompt stands for."""
    inserted, findings = insert(text, shelf.fragments)
    if findings:
        return Opened(text, 1, tuple(findings))

    def lines(name: str) -> list[str] | None:
        found = shelf.lines(name)
        return None if found is None else [_line(line, name, shelf) for line in found]

    names = shelf.names() if has_wildcard(inserted) else ()
    opened, findings = spread(inserted, lines, names)
    if findings:
        moved = inserted != text
        return Opened(text, 1, tuple(replace(finding, span=None) if moved else finding for finding in findings))
    return Opened(opened, count_jobs(opened))


def _line(line: str, name: str, shelf: Shelf) -> str:
    inserted, findings = insert(line, shelf.fragments)
    if findings:
        raise WildcardError(f"The wildcard __{name}__: {findings[0].message}")
    return inserted


def build(opened: Opened, limit: int) -> list[str]:
    """The prompt of each job, the leftmost group varying slowest; raises TooManyJobs."""
    if opened.count > limit:
        raise TooManyJobs(opened.count, limit)
    prompts: list[str] = []
    for variant in permute(opened.text, limit):
        words, times = repeats(settle(variant))
        if len(prompts) + times > limit:
            raise TooManyJobs(len(prompts) + times, limit)
        prompts += [words] * times
    return prompts


def for_one(text: str, shelf: Shelf) -> tuple[str, tuple[Finding, ...]]:
    """A prompt that is to be one job; where it stands for several its groups stay, for the lint to tell of."""
    opened = open_up(text, shelf)
    if opened.findings:
        return text, opened.findings
    return settle(permute(opened.text)[0] if _is_single(text, opened) else opened.text), ()


def _is_single(text: str, opened: Opened) -> bool:
    """True where the only groups are those of wildcards and fragments, and stand for one prompt."""
    return "{" not in text and count_permutations(opened.text) == 1


def as_written(finding: Finding, written: str, sent: str) -> Finding:
    """A finding about the text with its fragments, told of the text as written.

    Its place is known where it lies before the first change or behind the last one; elsewhere it has none.
    """
    before = _alike(written, sent)
    behind = min(_alike(written[::-1], sent[::-1]), min(len(written), len(sent)) - before)
    shift = len(written) - len(sent)

    def place(start: int, end: int) -> tuple[int, int] | None:
        if end <= before:
            return start, end
        return (start + shift, end + shift) if start >= len(sent) - behind else None

    span = place(*finding.span) if finding.span else None
    fix = finding.fix
    at = place(fix.start, fix.end) if fix else None
    return replace(finding, span=span, fix=Edit(*at, fix.text) if fix and at else None)


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, yours) in pairs if mine != yours), min(len(one), len(other)))
