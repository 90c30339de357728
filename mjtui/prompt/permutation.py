r"""Expanding `{a, b}` into one prompt for each combination.

    prompt := (text | group)*
    group  := '{' option (',' option)* '}'
    option := (text | group | '\,')*

Options may be empty and are trimmed; groups multiply and may be nested; the leftmost group varies slowest. A brace
without a partner is plain text. (Midjourney's page on permutation prompts; the order is our own convention.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mjtui.prompt.lexer import partners
from mjtui.prompt.parameters import BY_NAME
from mjtui.prompt.parser import parse
from mjtui.prompt.scene import removal
from mjtui.prompt.values import read

_PIECE = re.compile(r"\\,|[{},]|[^\\{},]+|\\")


class TooManyJobs(ValueError):
    """A prompt stands for more jobs than the limit; nothing was built."""

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(f"This prompt stands for {shown(count)} jobs; the limit is {limit}.")
        self.count = count
        self.limit = limit


def count_permutations(text: str) -> int:
    """How many prompts `permute` would give, counted without building any."""
    products = [1]
    sums: list[int] = []
    for kind, _ in _pieces(text):
        match kind:
            case "open":
                sums.append(0)
                products.append(1)
            case "next":
                sums[-1] += products.pop()
                products.append(1)
            case "close":
                options = sums.pop() + products.pop()
                products[-1] *= options
            case _:
                pass
    return products[0]


def permute(text: str, limit: int = 10_000) -> list[str]:
    """Every prompt that the text stands for, the leftmost group varying slowest; raises TooManyJobs."""
    count = count_permutations(text)
    if count > limit:
        raise TooManyJobs(count, limit)
    built: list[list[str]] = [[""]]
    options: list[list[str]] = []
    for kind, piece in _pieces(text):
        match kind:
            case "open":
                options.append([])
                built.append([""])
            case "next":
                options[-1] += _trimmed(built.pop())
                built.append([""])
            case "close":
                group = options.pop() + _trimmed(built.pop())
                built[-1] = [start + option for start in built[-1] for option in group]
            case _:
                built[-1] = [start + piece for start in built[-1]]
    return _trimmed(built[0]) if "{" in text else built[0]


def expand(text: str, limit: int = 10_000) -> list[str]:
    """Every job that the text stands for: its permutations, each as often as its --repeat says; raises TooManyJobs."""
    count = count_jobs(text)
    if count > limit:
        raise TooManyJobs(count, limit)
    jobs: list[str] = []
    for prompt in permute(text, limit):
        words, times = repeats(prompt)
        if len(jobs) + times > limit:
            raise TooManyJobs(len(jobs) + times, limit)
        jobs += [words] * times
    return jobs


def count_jobs(text: str) -> int:
    """Permutations times --repeat, counted without building any; a --repeat inside of a group is not counted."""
    return count_permutations(text) * repeats(text)[1]


def repeats(text: str) -> tuple[str, int]:
    """A prompt without its --repeat, and how often it is to be made; one that cannot be read stays in the text."""
    prompt = parse(text)
    flags = prompt.named("repeat")
    if not flags or not flags[-1].values:
        return text, 1
    flag = flags[-1]
    times = read(BY_NAME["repeat"], flag.values[0].text, "").value
    if not isinstance(times, int):
        return text, 1
    return removal(text, flag).apply(text).rstrip(), times


def shown(count: int) -> str:
    """A count for people; beyond a million the exact number says nothing."""
    return f"{count:,}".replace(",", " ") if count <= 1_000_000 else "over a million"


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Text and the marks of groups (open, next, close), escapes resolved."""
    closing = partners(text)
    closed_at = set(closing.values())
    depth = 0
    for match in _PIECE.finditer(text):
        piece, start = match[0], match.start()
        if piece == "{" and start in closing:
            depth += 1
            yield "open", piece
        elif piece == "}" and start in closed_at:
            depth -= 1
            yield "close", piece
        elif piece == "," and depth:
            yield "next", piece
        elif piece == "\\,":
            yield "text", "," if depth else piece
        else:
            yield "text", piece


def _trimmed(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts]
