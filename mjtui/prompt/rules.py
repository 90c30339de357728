"""Every rule that a finding can name: how grave it is, what it says, and where it comes from.

Sources: D, G, K and T as in `parameters`, C habit of the community, M our own reasoning. Levels follow what is known:
an error is something that cannot work or cannot be sent, a warning something doubtful or about which sources disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mjtui.prompt.draft import Edit, Finding, Level


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    level: Level
    says: str
    source: str = "M"


_RULES = (
    # What does not go together.
    Rule("v-niji", "error", "--v and --niji exclude each other: keep one of them.", "G"),
    Rule("speed-one", "error", "{flags} are two speeds: keep one of them.", "M"),
    Rule("draft-oref", "error", "--draft does not work with an omni reference: take one of them out.", "D"),
    Rule("q4-oref", "error", "Quality 4 does not work with an omni reference: use 1 or 2.", "D"),
    Rule(
        "oref-fast",
        "warning",
        "Sources disagree whether an omni reference runs at the speed fast; the service chooses the speed by itself.",
        "D",
    ),
    Rule(
        "oref-one",
        "warning",
        "Midjourney documents one omni reference, here are {count}: the service took two in a test, more may fail.",
        "DT",
    ),
    Rule("oref-cost", "info", "An omni reference takes twice the time of Midjourney's machines.", "G"),
    Rule(
        "oref-followups", "info", "Results with an omni reference cannot be panned, zoomed or changed by region.", "D"
    ),
    Rule("ow-needs-oref", "warning", "--ow does nothing without an omni reference and is left out.", "M"),
    Rule("sw-needs-sref", "warning", "{flag} does nothing without a style reference: add --sref or take it out.", "M"),
    Rule("cw-needs-cref", "warning", "--cw does nothing without --cref: add it or take --cw out.", "M"),
    Rule("iw-needs-image", "warning", "--iw does nothing without an image prompt: add an image or take it out.", "D"),
    Rule("moodboard-sv-sw", "error", "The moodboard {code} does not work with {flag}: take one of them out.", "D"),
    Rule("edit-tile", "error", "--edit does not work with --tile: take one of them out.", "D"),
    Rule("edit-max", "error", "--edit takes four images at most, here are {count}: take some out.", "D"),
    Rule(
        "relax-multi",
        "info",
        "Midjourney itself refuses several jobs at the speed relaxed; mjtui sends them one by one, which works.",
        "D",
    ),
    Rule("weird-seed", "warning", "--weird and --seed do not go well together: the seed may not hold.", "G"),
    Rule("turbo-seed", "warning", "A seed is unreliable at the speed turbo: use fast to come near a result.", "G"),
    Rule(
        "multiprompt-v7",
        "error",
        "Weights with “::” end with V6.1 and niji 6, and this is {version}: take them out or use --v 6.1.",
        "D",
    ),
    Rule("weights-positive", "error", "The weights add up to {sum}: together they must be above zero.", "D"),
    Rule("exp-high", "info", "--exp above 50 tends to drown --s and --p.", "GC"),
    Rule("ow-high", "info", "An omni weight above 400 tends to spoil the picture unless --s or --exp is high.", "D"),
    Rule("raw-high-s", "info", "Raw and a stylize above 500 work against each other.", "GC"),
    Rule("video-only", "error", "{flag} does not go with a video: take it out.", "D"),
    Rule("loop-end", "error", "--loop and --end both fix the last frame: keep one of them.", "M"),
    Rule("params-last", "warning", "Flags go at the end: “{text}” stands behind one and is sent before them.", "D"),
    Rule("dash-typo", "warning", "“{written}” is taken for {flag}: write two hyphens.", "D"),
    Rule("ar-decimal", "warning", "{flag} {says}.", "G"),
    Rule(
        "kie-version", "error", "The service does not run {version}, it runs {versions}: write {better} instead.", "K"
    ),
    Rule("kie-ar", "error", "{flag} {says}.", "K"),
    Rule("kie-variety", "warning", "{flag} {value} becomes {better}: the service takes multiples of five.", "K"),
    Rule("kie-double", "warning", "{said} in the text wins over {other} in the form.", "M"),
    # What is wrong with a flag or its value.
    Rule("unknown-flag", "error", "Midjourney knows no {flag}: {advice}", "D"),
    Rule("legacy", "error", "{flag} is gone from all models: {advice}.", "D"),
    Rule("not-offered", "error", "{flag} {why}: {advice}.", "K"),
    Rule("doubtful-offer", "warning", "{flag} may do nothing, the service documents no such thing: {advice}.", "K"),
    Rule("wrong-version", "error", "{flag} does not run on {version}, it runs on {versions}: {advice}.", "D"),
    Rule("kind-version", "error", "{kind} does not run on {version}, it runs on {versions}: choose such a model.", "D"),
    Rule("doubtful-version", "warning", "Sources disagree whether {flag} runs on {version}: it is sent as it is.", "G"),
    Rule("doubtful-model", "warning", "Sources disagree whether the service runs {version}: it is sent as it is.", "K"),
    Rule("value-missing", "error", "{flag} has no value: {advice}.", "D"),
    Rule("value-wrong", "error", "{flag} {says}.", "D"),
    Rule("value-doubtful", "warning", "{flag} {says}.", "G"),
    Rule("out-of-range", "error", "{flag} {says}.", "D"),
    Rule("quality-word", "info", "{flag} {says}.", "M"),
    Rule("quality-three", "info", "{flag} {says}.", "G"),
    Rule("ar-colon", "warning", "{flag} {says}.", "M"),
    Rule("repeat-once", "info", "{flag} 1 is one job, as without it: it is left out.", "M"),
    Rule("repeated-flag", "warning", "{flag} is there more than once: the last one counts.", "M"),
    Rule("glued", "warning", "“{written}” is taken for “{better}”: put a blank behind the flag.", "M"),
    Rule("flag-case", "info", "{written} is sent as {flag}: flags are written in lower case.", "D"),
    Rule("stray-dash", "warning", "“{written}” is read as words, not as a flag: write “{better}”.", "M"),
    Rule(
        "many-flags",
        "error",
        "There are {count} flags, of which only the first {most} were looked at: take some out.",
        "M",
    ),
    Rule("no-words", "info", "--no reads each word alone: “{text}” means {words}.", "D"),
    Rule("own-profile", "warning", "A bare {flag} is the profile of the service's own account: name a code.", "K"),
    Rule("style-code-version", "warning", "Style codes work with --sv 4 and 6, not with {value}.", "G"),
    # What is wrong with the request.
    Rule("empty", "error", "There are no words to make a picture from: write a prompt.", "K"),
    Rule(
        "too-long",
        "error",
        "The prompt is {length} characters as sent, {over} more than the service takes: shorten it.",
        "K",
    ),
    Rule("not-text", "error", "The prompt has a character that is half of a pair: delete it and type it again.", "M"),
    Rule(
        "no-dialect-kind",
        "error",
        "The dialect {dialect} makes no {kind}: choose the dialect kie in the settings.",
        "K",
    ),
    Rule("image-missing", "error", "{kind} needs an image: add one.", "K"),
    Rule("image-one", "error", "{kind} takes exactly one image, and there are {count}: take some out.", "K"),
    Rule("image-count", "warning", "Sources allow five or ten images in a request, and there are {count}.", "K"),
    Rule("image-late", "warning", "Image links go before the words: move this one to the start.", "D"),
    Rule("image-type", "warning", "This link does not end like a picture (png, jpg, webp or gif).", "D"),
    Rule("reference-clash", "error", "One request carries one kind of reference: {kinds}; keep one of them.", "K"),
    Rule("kind-chosen", "info", "{what} makes it {kind}.", "K"),
    Rule("unused", "info", "{what} does not go with {kind} and is left out.", "K"),
    Rule("unused-flag", "warning", "{flag} does not go with {kind} and is left out.", "K"),
    Rule("video-flag", "error", "{flag} belongs to a video: choose the type video or take it out.", "D"),
    Rule("permutation", "error", "This is {jobs}.", "D"),
    Rule("stray-brace", "warning", "A brace without its partner is sent as it is: close it, or take it out.", "M"),
    Rule("parent-missing", "error", "{kind} starts from a picture of a finished job: choose one.", "K"),
    Rule("index-wrong", "error", "{kind} needs the number of a picture, 1 to 4.", "K"),
    Rule(
        "watermark-long",
        "error",
        "The watermark has {length} characters, and the service takes {most}: shorten it.",
        "K",
    ),
    Rule("negative-flag", "error", "The negative prompt in the form holds a flag: move it to the prompt.", "M"),
)

RULES: Mapping[str, Rule] = {rule.id: rule for rule in _RULES}


def found(
    rule: str,
    span: tuple[int, int] | None = None,
    *,
    flag: str | None = None,
    fix: Edit | None = None,
    **words: object,
) -> Finding:
    """The finding of a rule; `words` fill its sentence, `flag` among them."""
    entry = RULES[rule]
    message = entry.says.format(flag=flag, **words)
    return Finding(level=entry.level, rule=rule, message=message, flag=flag, span=span, fix=fix)
