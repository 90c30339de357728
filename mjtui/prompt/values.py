"""Reading the value of a parameter for a model: what it is, or what is wrong with it and what would be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import gcd

from mjtui.prompt.parameters import Choice, Number, Parameter, Ratio, References
from mjtui.prompt.services import RATIOS, nearest_ratio
from mjtui.prompt.versions import label, listed

Read = int | float | str
QUALITY_WORDS = ("low", "medium", "high")

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_RATIO = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)([:x×/])([0-9]{1,6}(?:\.[0-9]{1,6})?)")
_CODE = re.compile(r"[0-9]{1,12}|random", re.IGNORECASE)
_WEIGHT = re.compile(r"::-?[0-9]*\.?[0-9]*$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, and the rule that it broke with the words for it; `better` is what should be written instead.

    Without a rule all is well. With a rule and a value, the value is the one that will be used.
    """

    value: Read | None
    rule: str | None = None
    says: str = ""
    better: str | None = None


def read(parameter: Parameter, text: str, version: str) -> Reading:
    """Read one value as the model would; `version` is a canonical name and may be one that nobody knows."""
    match parameter.value:
        case Number():
            return _number(parameter.value, text, version)
        case Choice() if parameter.name == "quality":
            return _quality(parameter.value, text, version)
        case Choice():
            return _choice(parameter.value, text, version)
        case Ratio():
            return _ratio(text)
        case References():
            return _reference(parameter.value, text)
        case None:
            return Reading(text)


def is_link(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def weightless(text: str) -> str:
    """A reference without its weight: `1234::2` is `1234`."""
    return _WEIGHT.sub("", text)


def _number(kind: Number, text: str, version: str) -> Reading:
    low, high = kind.limits(version)
    span = f"{low:g} to {high:.0f}" if high > 1e5 else f"{low:g} to {high:g}"
    if not _NUMBER.fullmatch(text):
        return Reading(None, "value-wrong", f"{_quoted(text)} is no number; it goes from {span}")
    number = float(text)
    if not low <= number <= high:
        nearest = low if number < low else high
        return Reading(None, "out-of-range", f"{_short(text)} is outside of {span}", f"{nearest:.12g}")
    if not kind.whole:
        return Reading(number)
    if number != int(number):
        return Reading(None, "value-wrong", f"{_short(text)} is no whole number", str(round(number)))
    return Reading(int(number))


def _choice(kind: Choice, text: str, version: str) -> Reading:
    choices = kind.choices(version)
    value = _plain(text)
    if value in choices:
        return Reading(value)
    if kind.open:
        says = f"{_quoted(text)} is not known everywhere for {label(version)}; {listed(choices, 'or')} is"
        return Reading(text, "value-doubtful", says)
    better = choices[0] if len(choices) == 1 else None
    return Reading(None, "value-wrong", f"{_quoted(text)} is none of {listed(choices, 'or')}", better)


def _quality(kind: Choice, text: str, version: str) -> Reading:
    """A number of the model, or one of three words for the least, the middle and the most of them."""
    choices = kind.choices(version)
    word = text.lower()
    if word in QUALITY_WORDS:
        scale = choices if len(choices) == len(QUALITY_WORDS) else ("0.5", "1", "2")
        value = scale[QUALITY_WORDS.index(word)]
        return Reading(value, "quality-word", f"{word} is written {value} for {label(version)}", value)
    value = _plain(text)
    if version == "7" and value == "3":
        return Reading("4", "quality-three", "3 is taken for 4 by V7", "4")
    return _choice(kind, text, version)


def _ratio(text: str) -> Reading:
    match = _RATIO.fullmatch(text)
    if match is None:
        return Reading(None, "value-wrong", f"{_quoted(text)} is no ratio such as 16:9")
    width, height = float(match[1]), float(match[3])
    if not width or not height:
        return Reading(None, "value-wrong", f"{text} has a side of nothing", "1:1")
    ratio = _reduced(match[1], match[3])
    if ratio not in RATIOS:
        better = nearest_ratio(width, height)
        return Reading(None, "kie-ar", f"{text} is not offered by the service; {better} comes nearest", better)
    if "." in text:
        return Reading(ratio, "ar-decimal", f"{text} is written {ratio}, in whole numbers", ratio)
    if match[2] != ":":
        return Reading(ratio, "ar-colon", f"{text} is written {ratio}", ratio)
    return Reading(ratio)


def _reduced(width: str, height: str) -> str:
    """The ratio in the smallest whole numbers."""
    places = max(len(side.partition(".")[2]) for side in (width, height))
    across, down = (round(float(side) * 10**places) for side in (width, height))
    common = gcd(across, down)
    return f"{across // common}:{down // common}"


def _reference(kind: References, text: str) -> Reading:
    bare = weightless(text)
    if is_link(bare) or (kind.codes and _CODE.fullmatch(bare)):
        return Reading(text)
    wanted = "neither a link nor a style code" if kind.codes else "no link (http:// or https://)"
    return Reading(None, "value-wrong", f"{_quoted(text)} is {wanted}")


def _plain(text: str) -> str:
    """A number without superfluous characters (`.5` is `0.5`, `1.0` is `1`), other words in lower case."""
    if len(text) <= 12 and _NUMBER.fullmatch(text):
        return f"{float(text):g}"
    return text.lower()


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _quoted(text: str) -> str:
    return f"“{_short(text)}”"
