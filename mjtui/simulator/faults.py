"""Faults on demand: a small language that says what goes wrong, where, and how often.

    SPEC  = RULE { ("," | ";" | blank) RULE }
    RULE  = PLACE ":" NAME [ "=" VALUE ] [ ":" TIMES ]
    TIMES = a number of requests (1 where nothing is said) | "always" | a chance such as "25%"

    submit:drop-after            accept and charge the next request, then cut the connection
    submit:429=7:3               refuse three requests with code 429 and "Retry-After: 7"
    file:half:always             cut every download in the middle
    task:refused:10%             one task in ten is refused for its prompt

| place | where |
| --- | --- |
| submit | every request that makes a task |
| look | record-info and task-status |
| credits, link, upload | the balance, download-url, the three uploads |
| any | each of the five above |
| task | what becomes of a task that was accepted; remembered with it |
| file | result files and uploaded files |
| callback | callbacks |

A NAME that ends with `-after` happens after the request was carried out (a task is made and charged, a file kept);
without that ending, or with `-before`, the request is not carried out at all. Any code can be a NAME: `429` is the
code in a 200 body, `http-429` the HTTP status too; its VALUE becomes the Retry-After header.
"""

from __future__ import annotations

import difflib
import random
import re
from dataclasses import dataclass

API_PLACES = ("submit", "look", "credits", "link", "upload")

ANSWERS: dict[str, str] = {
    "drop": "cut the connection without an answer",
    "timeout": "never answer (=seconds: answer nothing for so long, then cut)",
    "slow": "answer as usual, later (=seconds, 2)",
    "html": "a web page with status 200",
    "cut-json": "half of a JSON text with status 200",
    "half": "half of the answer's bytes, then the connection is cut",
    "empty": "no body with status 200",
    "garbage": "bytes that are no text",
    "not-json": "a sentence where JSON should be",
    "array": "a JSON array where an object should be",
    "null": "the JSON text null",
    "null-data": "code 200 with data null",
    "no-data": "code 200 without data",
    "wrong-types": "code 200 with data of other types than usual",
    "deep": "a hundred thousand nested arrays",
    "huge": "an error message of megabytes (=megabytes, 8)",
    "escape": "an error message full of terminal escape sequences",
    "markup": "an error message full of markup",
    "bidi": "an error message with overrides of the writing direction",
    "403-1010": "Cloudflare's refusal of a User-Agent, plain text",
    "402-as-500": "no credits, said with code 500",
}

LOOKS: dict[str, str] = {
    "flag": "the task has this successFlag (=number)",
    "running": "the task still runs",
    "unknown": "the service does not know the task (=422, 404 or null)",
    "documented": "times as ISO text, results as JSON text, and so on, as the pages show",
    "iso-times": "times as ISO text",
    "string-numbers": "numbers as text",
    "string-errors": "the error code as text",
    "json-results": "results as JSON text",
    "string-urls": "results as plain strings",
    "hostile-urls": "results that point at files, odd schemes and private names",
    "no-urls": "done, and no results",
    "bad-urls": "some of the results are no links",
}

TASKS: dict[str, str] = {
    "fail": "fails with flag 3 and code 500",
    "fail2": "fails with flag 2",
    "refused": "fails with flag 3 and Midjourney's title for banned words",
    "filtered": "fails with flag 3, stopped by the output filter",
    "escape": "fails with a message full of terminal escape sequences",
    "markup": "fails with a message full of markup",
    "bidi": "fails with a message that overrides the writing direction",
    "stuck": "never ends",
    "slow": "takes longer (=seconds, 600)",
    "hidden": "is not known to record-info for a while (=seconds, 5)",
    "forgotten": "is never known to record-info",
    "no-urls": "succeeds without results",
    "bad-urls": "succeeds, and some of the results are no links",
    "hostile-urls": "succeeds with links to files, odd schemes and private names",
    "fewer": "succeeds with one result less",
}

FILES: dict[str, str] = {
    "half": "the connection is cut in the middle",
    "short": "half of the bytes, with a length that agrees",
    "wrong-length": "a Content-Length that says more than comes",
    "html": "a web page with status 200",
    "html-as-picture": "a web page that calls itself a picture",
    "wrong-type": "the picture, called application/octet-stream",
    "png-as-jpeg": "another format than name and type say",
    "garbage": "random bytes that call themselves a picture",
    "bomb": "a small file that unpacks to 40,000 × 40,000 pixels",
    "empty": "no bytes with status 200",
    "slow": "the first byte comes late (=seconds, 2)",
    "drip": "one small piece at a time (=seconds between them, 0.05)",
    "timeout": "never an answer",
    "drop": "the connection is cut without an answer",
    "endless": "bytes without end and without a length",
    "no-ranges": "a range is answered with the whole file, status 200",
    "wrong-range": "a range that starts elsewhere than asked",
    "changed": "another file under the same name",
    "redirect": "status 302 to the same file under another path",
    "redirect-loop": "status 302 to itself",
}

CALLBACKS: dict[str, str] = {
    "lost": "not sent",
    "duplicate": "sent twice",
    "unsigned": "sent without a signature",
    "forged": "sent with a wrong signature",
    "stale": "signed an hour ago",
    "early": "one more before the task is done, without results",
    "hostile": "with links to files, odd schemes and private names",
}

_CODE = re.compile(r"(http-)?[45]\d\d")
_AMOUNT = re.compile(r"\d+(\.\d+)?", re.ASCII)
_ACCEPTED_FIRST = "-after"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong now; `after` says that the request is carried out first."""

    name: str
    value: str | None = None
    after: bool = False

    def number(self, default: float) -> float:
        return default if self.value is None else float(self.value)


@dataclass(slots=True)
class Rule:
    """One rule of a spec; `left` None means always."""

    place: str
    name: str
    value: str | None
    left: int | None
    chance: float = 1.0

    def __str__(self) -> str:
        value = "" if self.value is None else f"={self.value}"
        times = f"{self.chance * 100:g}%" if self.chance < 1 else "always" if self.left is None else str(self.left)
        return f"{self.place}:{self.name}{value}:{times}"


class Faults:
    """The rules in force, in the order in which they were given; the first that fits a request is used."""

    def __init__(self, spec: str = "", *, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self.rules: list[Rule] = []
        self.add(spec)

    def __str__(self) -> str:
        return ",".join(map(str, self.rules))

    def add(self, spec: str) -> None:
        """Add the rules of `spec`; raises ValueError, and adds none, where one is wrong."""
        self.rules.extend(parse(spec))

    def clear(self, place: str | None = None) -> None:
        """Forget the rules of one place, or all."""
        self.rules = [rule for rule in self.rules if place is not None and rule.place != place]

    def take(self, place: str) -> Fault | None:
        """The fault for one more request at this place, if any."""
        for rule in self.rules:
            fits = rule.place == place or (rule.place == "any" and place in API_PLACES)
            if not fits or (rule.chance < 1 and self._random.random() >= rule.chance):
                continue
            if rule.left is not None:
                rule.left -= 1
                if not rule.left:
                    self.rules.remove(rule)
            name, after = _split(rule.name)
            return Fault(name, rule.value, after)
        return None


def parse(spec: str) -> list[Rule]:
    """The rules of a spec; raises ValueError with a sentence for the person who wrote it."""
    return [_rule(word) for word in re.split(r"[,;\s]+", spec) if word]


def names(place: str) -> dict[str, str]:
    """The faults of a place, each with what it does; numbers such as 429 and http-503 are not listed."""
    if place in ("task", "file", "callback"):
        return {"task": TASKS, "file": FILES, "callback": CALLBACKS}[place]
    return ANSWERS | LOOKS if place == "look" else ANSWERS


def _rule(word: str) -> Rule:
    parts = word.split(":")
    if len(parts) not in (2, 3) or not all(parts):
        raise ValueError(f"{word!r} is not PLACE:NAME[=VALUE][:TIMES]")
    place = parts[0]
    places = (*API_PLACES, "any", "task", "file", "callback")
    if place not in places:
        raise ValueError(f"no place is called {place!r}; there are {', '.join(places)}")
    name, sign, value = parts[1].partition("=")
    _check_name(place, name)
    if sign and name == "unknown" and value not in ("422", "404", "null"):
        raise ValueError("unknown is 422, 404 or null")
    if sign and name != "unknown" and not _AMOUNT.fullmatch(value):
        raise ValueError(f"{value!r} is not a number")
    rule = Rule(place, name, value if sign else None, 1)
    if len(parts) == 3:
        _set_times(rule, parts[2])
    return rule


def _check_name(place: str, name: str) -> None:
    base, after = _split(name)
    known = names(place)
    numbers = place in (*API_PLACES, "any", "file")
    if (base in known or (numbers and _CODE.fullmatch(base))) and not (after and place in ("task", "file", "callback")):
        return
    near = difflib.get_close_matches(base, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
    raise ValueError(f"{place} has no fault {name!r}; {hint}")


def _set_times(rule: Rule, text: str) -> None:
    if text == "always":
        rule.left = None
    elif text.endswith("%") and _AMOUNT.fullmatch(text[:-1]):
        rule.left = None
        rule.chance = min(1.0, float(text[:-1]) / 100)
    elif text.isascii() and text.isdecimal() and int(text) > 0:
        rule.left = int(text)
    else:
        raise ValueError(f"{text!r} is not a number of requests, `always` or a chance such as 25%")


def _split(name: str) -> tuple[str, bool]:
    if name.endswith(_ACCEPTED_FIRST):
        return name.removesuffix(_ACCEPTED_FIRST), True
    return name.removesuffix("-before"), False
