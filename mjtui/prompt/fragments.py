r"""Fragments: pieces of prompts with a name, variables and parameters, put in the place of `<name variable=value>`.

Angle brackets mean nothing to Midjourney, and links and `<3` are no names, so nothing that is meant for it is taken for
a fragment; a backslash leaves one as it is: `\<name>`. Inside a fragment `$variable` or `${variable}` is filled in.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mjtui.prompt.draft import Finding
from mjtui.prompt.parser import parse
from mjtui.prompt.wildcards import as_option, in_group

DEEPEST = 8

_REFERENCE = re.compile(
    r"""
    \\ (?P<plain> < (?=[A-Za-z]) )
  | < (?P<name> [A-Za-z][\w-]* ) (?P<given> (?: \s+ [A-Za-z][\w-]* = (?: "[^"]*" | [^\s">]+ ) )* ) \s* >
    """,
    re.VERBOSE,
)
_GIVEN = re.compile(r'([A-Za-z][\w-]*)=(?:"([^"]*)"|([^\s">]+))')
_BLANK = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<braced>[A-Za-z][\w-]*)\}|(?P<bare>[A-Za-z]\w*))")
# Two characters that no text holds mark the parameters of a fragment until they can go to the end of the prompt.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_ATTACHED = re.compile(rf"\s*{_OPEN}([^{_CLOSE}]*){_CLOSE}")

VariableType = Literal["choice", "int", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A blank of a fragment: one of some choices, a whole number within bounds, or any text.

    Without a default it must be given.
    """

    name: str
    type: VariableType
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    default: str | None = None

    def wrong(self, value: str) -> str | None:
        """What is wrong with a value, as the end of a sentence; None where nothing is."""
        if self.type == "choice" and value not in self.choices:
            return f"is one of {', '.join(self.choices)}, not “{value}”"
        if self.type == "int":
            if not re.fullmatch(r"-?[0-9]{1,18}", value):
                return f"is a whole number, not “{value}”"
            if self.least is not None and int(value) < self.least:
                return f"is at least {self.least}, not {value}"
            if self.most is not None and int(value) > self.most:
                return f"is at most {self.most}, not {value}"
        return None


@dataclass(frozen=True, slots=True)
class Promise:
    """A test of a fragment: with these values it has no errors and no warnings on these versions."""

    versions: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of a prompt; `parameters` are flags that go to the end of the prompt, `where` is its file and line."""

    name: str
    text: str
    parameters: str = ""
    about: str = ""
    variables: Mapping[str, Variable] = field(default_factory=dict[str, Variable])
    promises: tuple[Promise, ...] = ()
    where: str = ""

    @property
    def usage(self) -> str:
        """How it is written, with the variables that must be given."""
        needed = [f" {name}=…" for name, variable in self.variables.items() if variable.default is None]
        return f"<{self.name}{''.join(needed)}>"


class FragmentError(ValueError):
    """A reference to a fragment that cannot be followed, as a sentence."""


def has_fragment(text: str) -> bool:
    """True where `insert` would change the text."""
    return _REFERENCE.search(text) is not None


def insert(text: str, fragments: Mapping[str, Fragment]) -> tuple[str, list[Finding]]:
    """The text with the fragments in their places, and what is wrong with those that stay as they are.

    Their parameters are marked and have to be put in their place with `settle`, when the groups in braces are
    resolved: a fragment in one option brings its parameters to the prompts of this option alone.
    """
    findings: list[Finding] = []
    text = text.replace(_OPEN, "").replace(_CLOSE, "")

    def put(match: re.Match[str]) -> str:
        if match["plain"]:
            return match["plain"]
        try:
            whole = _whole(match, fragments, ())
        except FragmentError as error:
            findings.append(Finding(level="error", rule="fragment", message=str(error), span=match.span()))
            return match[0]
        return as_option(whole) if in_group(text, match.start()) else whole

    return _REFERENCE.sub(put, text), findings


def settle(text: str) -> str:
    """The text with the parameters of its fragments at the end; what the prompt says itself wins over them."""
    attached = [found.strip() for found in _ATTACHED.findall(text)]
    if not attached:
        return text
    rest = _ATTACHED.sub("", text).strip()
    said = {flag.parameter.name for flag in parse(rest).flags if flag.parameter is not None}
    added: list[str] = []
    for parameters in attached:
        for flag in parse(parameters).flags:
            written = parameters[flag.start : flag.end]
            if (flag.parameter is None or flag.parameter.name not in said) and written not in added:
                added.append(written)
    return " ".join([rest, *added])


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with `$name` and `${name}` replaced; `$$` is a dollar, and a dollar before no letter stays.

    A value inside of a group in braces stays one option. Raises KeyError with the name that has no value.
    """

    def put(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        value = values[match["braced"] or match["bare"]]
        return as_option(value) if in_group(template, match.start()) else value

    return _BLANK.sub(put, template)


def blanks(template: str) -> list[str]:
    """The names that a template asks for, each once."""
    names = [match["braced"] or match["bare"] for match in _BLANK.finditer(template) if not match["dollar"]]
    return list(dict.fromkeys(names))


def _whole(match: re.Match[str], fragments: Mapping[str, Fragment], inside: tuple[str, ...]) -> str:
    name = match["name"]
    if name in inside:
        raise FragmentError(f"The fragment <{name}> stands in itself: {' > '.join((*inside, name))}.")
    if len(inside) == DEEPEST:
        raise FragmentError(f"The fragment <{inside[0]}> holds others more than {DEEPEST} deep.")
    fragment = fragments.get(name)
    if fragment is None:
        near = difflib.get_close_matches(name, fragments, 1)
        guess = f"did you mean <{near[0]}>?" if near else "`mjtui fragments list` lists them."
        raise FragmentError(f"There is no fragment <{name}>; {guess}")
    values = _values(fragment, match["given"])

    def inner(reference: re.Match[str]) -> str:
        return reference["plain"] or _whole(reference, fragments, (*inside, name))

    text = _REFERENCE.sub(inner, fill(fragment.text, values))
    if not fragment.parameters:
        return text
    return f"{text} {_OPEN}{fill(fragment.parameters, values)}{_CLOSE}"


def _values(fragment: Fragment, given: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, quoted, bare in _GIVEN.findall(given):
        variable = fragment.variables.get(name)
        if variable is None:
            known = ", ".join(fragment.variables) or "none"
            raise FragmentError(f"The fragment <{fragment.name}> has no variable {name}; it has: {known}.")
        if wrong := variable.wrong(quoted or bare):
            raise FragmentError(f"{name} of the fragment <{fragment.name}> {wrong}.")
        values[name] = quoted or bare
    for name, variable in fragment.variables.items():
        if name not in values:
            if variable.default is None:
                raise FragmentError(f"The fragment <{fragment.name}> needs {name}: write <{fragment.name} {name}=…>.")
            values[name] = variable.default
    return values
