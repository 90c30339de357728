"""From a draft to the request that it becomes, with everything that is to be said about it before money is spent."""

from __future__ import annotations

from collections.abc import Iterator

from mjtui.prompt.combinations import judge_combinations
from mjtui.prompt.draft import (
    FROM_PARENT,
    HAS_SPEED,
    KIND_NAMES,
    MOTIONS,
    NEEDS_IMAGE,
    SPEEDS,
    VIDEO_KINDS,
    Defaults,
    Draft,
    Edit,
    Finding,
    Kind,
    Motion,
    Plan,
    Request,
    Speed,
)
from mjtui.prompt.flags import judge_form, judge_kind, judge_text, round_chaos
from mjtui.prompt.models import choose_version
from mjtui.prompt.parser import parse
from mjtui.prompt.permutation import count_permutations, permute, shown
from mjtui.prompt.references import choose_references
from mjtui.prompt.rules import found
from mjtui.prompt.scene import Scene
from mjtui.prompt.sending import text_to_send
from mjtui.prompt.services import CAREFUL_IMAGES, MAX_PROMPT, MAX_WATERMARK, service
from mjtui.prompt.wording import judge_wording

_SPEEDS: dict[str | None, Speed] = {speed: speed for speed in SPEEDS}
_MOTIONS: dict[str | None, Motion] = {motion: motion for motion in MOTIONS}
_GRAVITY = {"error": 0, "warning": 1, "info": 2}
_DEFAULTS = Defaults()


def plan(draft: Draft, defaults: Defaults = _DEFAULTS, *, dialect: str = "kie") -> Plan:
    """The request of a draft and the findings about it, gravest first.

    Flags that have a field move into it and win over the form; the others stay in the text. The parent's task id at
    the service is not known here: whoever sends the request fills it in.
    """
    scene = _scene(draft, defaults, dialect)
    findings = [*_about_choices(draft, scene.kind, scene, dialect)]
    if draft.kind in ("upscale", "vary"):
        request = Request(kind=draft.kind, prompt=draft.prompt, watermark=draft.watermark or None, index=draft.index)
        return Plan(request, tuple(findings))
    judge_text(scene)
    judge_form(scene)
    judge_kind(scene)
    round_chaos(scene)
    judge_combinations(scene)
    request = _extension(scene) if draft.kind == "extend" else _request(scene)
    findings += (*scene.findings, *judge_wording(scene.prompt), *_about_request(scene, request))
    return Plan(request, tuple(sorted(findings, key=_order)))


def lint(text: str, *, version: str | None = None, kind: Kind = "txt2img") -> tuple[Finding, ...]:
    """The findings about a prompt by itself, for a model and a kind of request; images in the form are not missed."""
    findings = plan(Draft(prompt=text, kind=kind, version=version)).findings
    return tuple(finding for finding in findings if finding.rule not in ("image-missing", "parent-missing"))


def _scene(draft: Draft, defaults: Defaults, dialect: str) -> Scene:
    prompt = parse(draft.prompt)
    offer = service(dialect)
    version, about_version = choose_version(draft, defaults, prompt, offer)
    if draft.kind in FROM_PARENT:
        # The model is that of the job it starts from.
        about_version = []
    references = choose_references(draft, prompt)
    return Scene(
        draft=draft,
        defaults=defaults,
        service=offer,
        prompt=prompt,
        kind=references.kind,
        version=version,
        images=references.images,
        links_moved=references.links_moved,
        findings=[*about_version, *references.findings],
    )


def _request(scene: Scene) -> Request:
    """The request of a kind that is made from a prompt; values that it does not know stay None."""
    draft, defaults, kind = scene.draft, scene.defaults, scene.kind
    is_video = kind in VIDEO_KINDS
    # A video has the shape of its image unless another one is asked for.
    shape = None if is_video else defaults.aspect_ratio
    return Request(
        kind=kind,
        prompt=text_to_send(scene),
        images=scene.images,
        speed=_SPEEDS.get(_text(scene, "speed"), defaults.speed) if kind in HAS_SPEED else None,
        aspect_ratio=_text(scene, "aspect") or shape,
        version=scene.version,
        stylize=None if is_video else _whole(scene, "stylize"),
        chaos=None if is_video else _whole(scene, "chaos"),
        weird=None if is_video else _whole(scene, "weird"),
        omni_weight=_whole(scene, "omni_weight") if kind == "omni_reference" else None,
        motion=_MOTIONS.get(_text(scene, "motion"), defaults.motion) if is_video else None,
        batch_size=(_whole(scene, "batch_size") or defaults.batch_size) if is_video else None,
        watermark=draft.watermark or None,
        translate=defaults.translate if draft.translate is None else draft.translate,
    )


def _extension(scene: Scene) -> Request:
    draft = scene.draft
    return Request(kind="extend", prompt=draft.prompt.strip(), watermark=draft.watermark or None, index=draft.index)


def _about_choices(draft: Draft, kind: Kind, scene: Scene, dialect: str) -> Iterator[Finding]:
    """What is wrong with the form's choices that are no parameters."""
    name = KIND_NAMES[kind]
    if kind not in scene.service.kinds:
        yield found("no-dialect-kind", dialect=dialect, kind=name)
    if kind in FROM_PARENT:
        if draft.parent is None:
            yield found("parent-missing", kind=_sentence(name))
        if draft.index is None or not 1 <= draft.index <= 4:
            yield found("index-wrong", kind=_sentence(name))
    if draft.watermark and len(draft.watermark) > MAX_WATERMARK:
        yield found("watermark-long", length=len(draft.watermark), most=MAX_WATERMARK)
    if draft.negative and "--" in draft.negative:
        yield found("negative-flag", flag="--no")


def _about_request(scene: Scene, request: Request) -> Iterator[Finding]:
    """What is wrong with the request as a whole."""
    text, kind = scene.prompt.text, scene.kind
    name = _sentence(KIND_NAMES[kind])
    group = next((token for token in scene.prompt.tokens if token.kind == "group"), None)
    repeats = _whole(scene, "repeat") or 1
    if group is not None or repeats > 1:
        jobs = repeats * (count_permutations(text) if group is not None else 1)
        span = (group.start, group.end) if group is not None else scene.span("repeat")
        yield found("permutation", span, jobs=_jobs(jobs), fix=_without_braces(text) if jobs == 1 else None)
    if kind != "extend" and not scene.prompt.has_words:
        yield found("empty")
    over = len(request.prompt) - MAX_PROMPT
    if over > 0:
        yield found("too-long", (max(0, len(text) - over), len(text)), length=len(request.prompt), over=over)
    if not request.prompt.isascii() and any("\ud800" <= char <= "\udfff" for char in request.prompt):
        yield found("not-text")
    if kind in VIDEO_KINDS:
        if kind != "extend" and len(scene.images) > 1:
            yield found("image-one", kind=name, count=len(scene.images))
    elif len(scene.images) > CAREFUL_IMAGES:
        yield found("image-count", count=len(scene.images))
    if kind in NEEDS_IMAGE and not scene.images:
        yield found("image-missing", kind=name)


def _jobs(count: int) -> str:
    if count == 1:
        return "one job written with braces: take them out"
    return f"{shown(count)} jobs at once: send them as a batch"


def _without_braces(text: str) -> Edit:
    return Edit(0, len(text), permute(text)[0])


def _order(finding: Finding) -> tuple[int, int]:
    return _GRAVITY[finding.level], finding.span[0] if finding.span is not None else -1


def _text(scene: Scene, name: str) -> str | None:
    given = scene.given.get(name)
    return str(given.value) if given is not None else None


def _whole(scene: Scene, name: str) -> int | None:
    number = scene.number(name)
    return int(number) if number is not None else None


def _sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
