"""Reading fragments from TOML and keeping their promises: every mistake is named with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from mjtui.prompt.fragments import Fragment, Promise, Variable, VariableType, blanks, insert, settle
from mjtui.prompt.permutation import TooManyJobs, permute
from mjtui.prompt.planning import lint
from mjtui.prompt.versions import VERSIONS, canonical

NAME = re.compile(r"[A-Za-z][\w-]*")
_FIELDS = ("text", "parameters", "about", "variables", "tests")
_TYPES: tuple[VariableType, ...] = ("choice", "int", "text")
MOST_VARIANTS = 200


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong with a fragment: file and line, and a sentence."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class _Wrong(ValueError):
    """A mistake within a fragment: the key at which it is, and a sentence."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def read(source: str, text: str) -> tuple[list[Fragment], list[Mistake]]:
    """The fragments of one file and what is wrong with the others; `source` is the name of the file."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = line[1] if line else max(1, len(text.splitlines()))
        return [], [Mistake(f"{source}:{at}", f"not valid TOML ({error})")]
    fragments: list[Fragment] = []
    mistakes: list[Mistake] = []
    for name, table in tables.items():
        try:
            fragments.append(_fragment(name, table, f"{source}:{_line(text, name)}"))
        except _Wrong as wrong:
            mistakes.append(Mistake(f"{source}:{_line(text, name, wrong.key)}", f"{name}: {wrong}"))
    return fragments, mistakes


def gather(fragments: Iterable[Fragment]) -> tuple[dict[str, Fragment], list[Mistake]]:
    """The fragments by name; of two with one name the first one is kept."""
    found: dict[str, Fragment] = {}
    mistakes: list[Mistake] = []
    for fragment in fragments:
        if first := found.get(fragment.name):
            mistakes.append(Mistake(fragment.where, f"{fragment.name}: there is one of this name in {first.where}"))
        else:
            found[fragment.name] = fragment
    return found, mistakes


def check(fragments: Mapping[str, Fragment]) -> Iterator[Mistake]:
    """Every promise that a fragment does not keep, and every reference that leads nowhere."""
    for fragment in fragments.values():
        for promise in fragment.promises or (Promise((), {}),):
            for message in _broken(fragment, promise, fragments):
                yield Mistake(fragment.where, f"{fragment.name}: {message}")


def _broken(fragment: Fragment, promise: Promise, fragments: Mapping[str, Fragment]) -> Iterator[str]:
    given = {name: variable.default for name, variable in fragment.variables.items()} | dict(promise.values)
    if not fragment.promises and any(value is None for value in given.values()):
        return
    reference = "".join(f' {name}="{value}"' for name, value in promise.values.items())
    text, findings = insert(f"<{fragment.name}{reference}>", fragments)
    yield from (finding.message for finding in findings)
    if findings:
        return
    try:
        variants = permute(text, MOST_VARIANTS)
    except TooManyJobs as error:
        yield f"{error}"
        return
    for version in promise.versions:
        for variant in dict.fromkeys(map(settle, variants)):
            for finding in lint(variant, version=version):
                if finding.level != "info":
                    yield f"on {version}, “{variant}”: {finding.message}"


def _fragment(name: str, table: Any, where: str) -> Fragment:
    if not isinstance(table, dict):
        raise _Wrong("", f'is no table: write [{name}] and text = "…" below it')
    if not NAME.fullmatch(name):
        raise _Wrong("", "is no name: letters, digits, - and _, beginning with a letter")
    values = cast("dict[str, Any]", table)
    for key in values:
        if key not in _FIELDS:
            raise _Wrong(key, f"knows no “{key}”, only {', '.join(_FIELDS)}")
    text = _string(values, "text")
    if not text.strip():
        raise _Wrong("text", "needs a text")
    parameters = _string(values, "parameters").strip()
    if parameters and not parameters.startswith("--"):
        raise _Wrong("parameters", "parameters begin with a flag, such as --s 250")
    variables = {key: _variable(key, value) for key, value in _table(values, "variables").items()}
    for blank in blanks(f"{text} {parameters}"):
        if blank not in variables:
            raise _Wrong("text", f"asks for ${blank}, which is no variable of it; $$ is a dollar")
    return Fragment(
        name=name,
        text=text.strip(),
        parameters=parameters,
        about=_string(values, "about"),
        variables=variables,
        promises=tuple(_promises(values.get("tests", []), variables)),
        where=where,
    )


def _variable(name: str, table: Any) -> Variable:
    key = f"variables.{name}"
    if not isinstance(table, dict) or not NAME.fullmatch(name):
        raise _Wrong(key, f'the variable {name} is written {name} = {{ type = "choice", choices = ["…"] }}')
    values = cast("dict[str, Any]", table)
    kind = values.get("type", "text")
    allowed = {"choice": ("choices",), "int": ("min", "max"), "text": ()}
    if kind not in _TYPES:
        raise _Wrong(key, f"the variable {name} has the type {kind!r}, not choice, int or text")
    for word in values:
        if word not in ("type", "default", *allowed[kind]):
            raise _Wrong(key, f"the variable {name} of type {kind} knows no “{word}”")
    choices = values.get("choices", [])
    if kind == "choice" and not (isinstance(choices, list) and choices):
        raise _Wrong(key, f"the variable {name} needs its choices, as a list")
    default = values.get("default")
    variable = Variable(
        name=name,
        type=kind,
        choices=tuple(map(str, cast("list[Any]", choices))),
        least=_bound(values, "min", key),
        most=_bound(values, "max", key),
        default=None if default is None else str(default),
    )
    if variable.default is not None and (wrong := variable.wrong(variable.default)):
        raise _Wrong(key, f"the default: {name} {wrong}")
    return variable


def _promises(tests: Any, variables: Mapping[str, Variable]) -> Iterator[Promise]:
    if not isinstance(tests, list):
        raise _Wrong("tests", 'tests are a list, such as [{ versions = ["7", "niji6"] }]')
    for test in cast("list[Any]", tests):
        values = cast("dict[str, Any]", test) if isinstance(test, dict) else {}
        versions = values.get("versions")
        if not isinstance(versions, list) or not versions or set(values) - {"versions", "with"}:
            raise _Wrong("tests", 'a test is { versions = ["7"], with = { variable = "value" } }, `with` may be absent')
        names = tuple(canonical(str(version)) for version in cast("list[Any]", versions))
        for name in names:
            if name not in VERSIONS:
                raise _Wrong("tests", f"there is no version {name}; there are {', '.join(VERSIONS)}")
        given = {key: str(value) for key, value in _table(values, "with").items()}
        for key, value in given.items():
            if key not in variables:
                raise _Wrong("tests", f"a test sets {key}, which is no variable of it")
            if wrong := variables[key].wrong(value):
                raise _Wrong("tests", f"a test: {key} {wrong}")
        yield Promise(names, given)


def _string(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key, "")
    if not isinstance(value, str):
        raise _Wrong(key, f"{key} is a text in quotes")
    return value


def _table(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = values.get(key, {})
    if not isinstance(value, dict):
        raise _Wrong(key, f"{key} is a table")
    return cast("dict[str, Any]", value)


def _bound(values: Mapping[str, Any], word: str, key: str) -> int | None:
    value = values.get(word)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _Wrong(key, f"{word} is a whole number")
    return value


def _line(text: str, name: str, key: str = "") -> int:
    """The line (from 1) of a fragment, or of a key in it where that can be found."""
    table = rf"(?:{re.escape(name)}|\"{re.escape(name)}\")"
    header, first = 1, key.split(".")[0]
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[+\s*([^\]]*?)\s*\]+", line):
            inside = re.match(rf"{table}(?:\.|$)", found[1]) is not None
            if inside and "." not in found[1]:
                header = number
            if inside and first and re.match(rf"{table}\.{re.escape(key)}$", found[1]):
                return number
        elif re.match(rf"\s*{table}\s*[=.]", line) and not inside:
            header = number
        elif inside and first and re.match(rf"\s*(?:{re.escape(key)}|{re.escape(first)})\s*=", line):
            return number
    return header
