"""Judging every flag of the text and every value of the form by itself: spelling, model, kind of request, value."""

from __future__ import annotations

from collections.abc import Iterator

from mjtui.prompt.draft import KIND_NAMES, Draft, Edit, Finding
from mjtui.prompt.parameters import BY_NAME, Parameter, References
from mjtui.prompt.parser import Flag, Value
from mjtui.prompt.rules import found
from mjtui.prompt.scene import Given, Scene, excerpt, removal
from mjtui.prompt.services import CHAOS_STEP
from mjtui.prompt.spelling import nearest_flag
from mjtui.prompt.values import Read, Reading, read
from mjtui.prompt.versions import VERSIONS, label, listed

MAX_FLAGS = 100
SPEEDS = {"fast": "fast", "relax": "relaxed", "turbo": "turbo"}


def judge_text(scene: Scene) -> None:
    """Find what is wrong with the flags of the text, and fill `given` with what they say."""
    flags = scene.prompt.flags
    for flag in flags[:MAX_FLAGS]:
        scene.findings += _spelling(scene, flag)
        if flag.parameter is None:
            scene.findings.append(_unknown(scene, flag))
            continue
        fit = _misfit(scene, flag.parameter, flag)
        scene.findings += fit
        if flag.parameter.legacy:
            continue
        _take(scene, flag, flag.parameter, quiet=any(finding.level == "error" for finding in fit))
    if len(flags) > MAX_FLAGS:
        span = (flags[MAX_FLAGS].start, flags[-1].end)
        scene.findings.append(found("many-flags", span, count=len(flags), most=MAX_FLAGS))


def judge_form(scene: Scene) -> None:
    """Find what is wrong with the values of the form, and add those to `given` that the text does not give."""
    for name, parameter, text in _form_values(scene.draft):
        in_text = scene.given.get(name)
        if not _used(scene, parameter):
            what = f"{name.replace('_', ' ')} {excerpt(text)}"
            scene.findings.append(found("unused", flag=parameter.flag, what=what, kind=KIND_NAMES[scene.kind]))
            continue
        reading = Reading(text) if name == "speed" else read(parameter, text, scene.version)
        if in_text is not None and in_text.flag is not None:
            if str(in_text.value) != str(reading.value):
                scene.findings.append(_double(in_text.flag, excerpt(text)))
            continue
        scene.findings += _misfit(scene, parameter, None)
        if reading.rule is not None:
            scene.findings.append(found(reading.rule, flag=parameter.flag, says=f"{reading.says} (in the form)"))
        if reading.value is not None:
            scene.given[name] = Given(parameter, reading.value, None)


def judge_kind(scene: Scene) -> None:
    """Find that the model knows nothing of the kind of request."""
    for parameter in (BY_NAME[name] for name in scene.implied if name in BY_NAME):
        if not runs(parameter, scene.version) and parameter.name not in scene.given:
            kind = KIND_NAMES[scene.kind].capitalize()
            versions = listed(_versions(scene, parameter))
            finding = found("kind-version", kind=kind, version=label(scene.version), versions=versions)
            scene.findings.append(finding)


def round_chaos(scene: Scene) -> None:
    """Chaos goes into a field that takes multiples of five."""
    given = scene.given.get("chaos")
    if scene.is_video or given is None or not isinstance(given.value, int) or given.value % CHAOS_STEP == 0:
        return
    better = CHAOS_STEP * round(given.value / CHAOS_STEP)
    flag = given.flag
    fix = Edit(flag.values[0].start, flag.values[0].end, str(better)) if flag is not None else None
    name = flag.name if flag is not None else given.parameter.flag
    scene.findings.append(
        found("kie-variety", scene.span("chaos"), flag=name, value=given.value, better=better, fix=fix)
    )
    scene.given["chaos"] = Given(given.parameter, better, flag)


def _spelling(scene: Scene, flag: Flag) -> Iterator[Finding]:
    if not flag.written.startswith("--") or flag.written.startswith("---"):
        head = Edit(flag.start, flag.head_end, flag.name)
        yield found("dash-typo", flag.span, flag=flag.name, written=flag.written, fix=head)
    elif flag.written != flag.name and flag.parameter is not None:
        head = Edit(flag.start, flag.head_end, flag.name)
        yield found("flag-case", flag.span, flag=flag.name, written=flag.written, fix=head)
    if flag.glued and flag.parameter is not None:
        first = flag.values[0]
        better = f"{flag.name} {first.text}"
        written = scene.prompt.text[flag.start : first.end]
        fix = Edit(flag.start, first.end, better)
        yield found("glued", flag.span, flag=flag.name, written=excerpt(written), better=excerpt(better), fix=fix)


def _unknown(scene: Scene, flag: Flag) -> Finding:
    near = nearest_flag(flag.word)
    if near is None:
        advice, fix = "take it out.", removal(scene.prompt.text, flag)
    else:
        advice, fix = f"did you mean {near}?", Edit(flag.start, flag.head_end, near)
    return found("unknown-flag", flag.span, flag=excerpt(flag.name), advice=advice, fix=fix)


def _misfit(scene: Scene, parameter: Parameter, flag: Flag | None) -> list[Finding]:
    """What speaks against a parameter in this request, whatever its value."""
    if parameter.offered == "yes" and runs(parameter, scene.version) and _used(scene, parameter):
        return []
    span = flag.span if flag is not None else None
    name = flag.name if flag is not None else parameter.flag
    fix = removal(scene.prompt.text, flag) if flag is not None else None
    advice = parameter.instead or "take it out"
    if parameter.legacy:
        return [found("legacy", span, flag=name, advice=advice, fix=fix)]
    if parameter.offered == "no":
        needs = [label(version) for version in VERSIONS if version in parameter.runs]
        why = (
            f"needs {listed(needs, 'or')}, which the service does not run" if needs else "is not offered by the service"
        )
        return [found("not-offered", span, flag=name, why=why, advice=advice, fix=fix)]
    if scene.is_video and not _used(scene, parameter):
        if parameter.field == "speed":
            return [found("unused-flag", span, flag=name, kind=KIND_NAMES[scene.kind], fix=fix)]
        return [found("video-only", span, flag=name, fix=fix)]
    if not scene.is_video and parameter.stage == "video":
        return [found("video-flag", span, flag=name, fix=fix)]
    findings: list[Finding] = []
    if parameter.field == "speed" and not _used(scene, parameter):
        findings.append(found("unused-flag", span, flag=name, kind=KIND_NAMES[scene.kind], fix=fix))
    if not runs(parameter, scene.version):
        findings.append(_wrong_version(scene, parameter, name, span, fix))
    if parameter.offered == "doubtful":
        findings.append(found("doubtful-offer", span, flag=name, advice=advice, fix=fix))
    return findings


def runs(parameter: Parameter, version: str) -> bool:
    """Whether a model knows a parameter for certain; nothing is known against it for a model that nobody knows."""
    return (
        version in parameter.runs
        or version not in VERSIONS
        or parameter.field == "version"
        or parameter.stage == "video"
    )


def _wrong_version(
    scene: Scene, parameter: Parameter, name: str, span: tuple[int, int] | None, fix: Edit | None
) -> Finding:
    version = label(scene.version)
    if scene.version in parameter.doubtful:
        return found("doubtful-version", span, flag=name, version=version)
    versions = listed(_versions(scene, parameter))
    advice = parameter.instead or "take it out, or choose such a model"
    return found("wrong-version", span, flag=name, version=version, versions=versions, advice=advice, fix=fix)


def _versions(scene: Scene, parameter: Parameter) -> list[str]:
    """The models that know a parameter: those that the service runs, or all where it runs none of them."""
    offered = [*scene.service.versions, *scene.service.doubtful]
    known = [version for version in offered if version in parameter.runs]
    return [label(version) for version in known or VERSIONS if version in parameter.runs]


def _used(scene: Scene, parameter: Parameter) -> bool:
    """Whether a parameter can say anything in this kind of request."""
    if parameter.field == "speed":
        return scene.kind in ("txt2img", "img2img", "style_reference")
    if scene.is_video:
        return parameter.stage != "image" or parameter.field == "version"
    if parameter.field == "omni_weight":
        return scene.kind == "omni_reference"
    return parameter.stage != "video"


def _take(scene: Scene, flag: Flag, parameter: Parameter, *, quiet: bool) -> None:
    """Read the value of a flag into `given`; `quiet` where an error about the flag itself says enough."""
    name = "speed" if parameter.field == "speed" else parameter.name
    findings: list[Finding] = []
    value: Read | None = None
    if parameter.takes == "nothing":
        value = SPEEDS.get(parameter.name, "yes")
    elif not flag.values:
        if parameter.bare:
            value = ""
            findings.append(found("own-profile", flag.span, flag=flag.name))
        else:
            findings.append(_missing(parameter, flag))
    else:
        value = _value(scene, flag, parameter, findings)
    if not quiet:
        scene.findings += findings
    if value is None:
        return
    earlier = scene.given.get(name)
    if earlier is not None and earlier.flag is not None:
        scene.findings.append(_again(scene, earlier.flag, flag))
    scene.given[name] = Given(parameter, value, flag)


def _again(scene: Scene, earlier: Flag, flag: Flag) -> Finding:
    fix = removal(scene.prompt.text, earlier)
    if flag.parameter is not earlier.parameter:
        return found("speed-one", earlier.span, flag=earlier.name, flags=f"{earlier.name} and {flag.name}", fix=fix)
    return found("repeated-flag", earlier.span, flag=earlier.name, fix=fix)


def _missing(parameter: Parameter, flag: Flag) -> Finding:
    fix = None
    advice = "write one behind it, or take it out"
    if parameter.name == "niji":
        advice = "write --niji 6"
        fix = Edit(flag.start, flag.head_end, "--niji 6")
    elif parameter.default and parameter.default != "random":
        advice = f"write one behind it, such as {parameter.default}"
    return found("value-missing", flag.span, flag=flag.name, advice=advice, fix=fix)


def _value(scene: Scene, flag: Flag, parameter: Parameter, findings: list[Finding]) -> Read | None:
    if parameter.field == "version":
        return flag.values[0].text
    if flag.open:
        return None
    readings = [(value, read(parameter, value.text, scene.version)) for value in flag.values]
    problems = [(value, reading) for value, reading in readings if reading.rule is not None]
    if problems:
        findings.append(_about(flag, *problems[0]))
    good = [reading.value for _, reading in readings if reading.value is not None]
    if not good:
        return None
    if parameter.takes in ("list", "words") or isinstance(parameter.value, References):
        return (", " if parameter.takes == "words" else " ").join(str(value) for value in good)
    return good[0]


def _about(flag: Flag, value: Value, reading: Reading) -> Finding:
    rule = reading.rule or "value-wrong"
    fix = Edit(value.start, value.end, reading.better) if reading.better is not None else None
    says = reading.says if fix is None else f"{reading.says}: write {flag.name} {reading.better}"
    return found(rule, (value.start, value.end), flag=flag.name, says=says, fix=fix)


def _double(flag: Flag, other: str) -> Finding:
    said = excerpt(" ".join((flag.name, *(value.text for value in flag.values))))
    return found("kie-double", flag.span, flag=flag.name, said=said, other=other)


def _form_values(draft: Draft) -> Iterator[tuple[str, Parameter, str]]:
    """What the form gives: the name in `given`, the parameter, and the value as text."""
    for name, speed in SPEEDS.items():
        if draft.speed == speed:
            yield "speed", BY_NAME[name], speed
    values: dict[str, object] = {
        "aspect": draft.aspect_ratio,
        "stylize": draft.stylize,
        "chaos": draft.chaos,
        "weird": draft.weird,
        "omni_weight": draft.omni_weight,
        "motion": draft.motion,
        "batch_size": draft.batch_size,
        "seed": draft.seed,
        "quality": draft.quality,
        "no": draft.negative,
    }
    for name, value in values.items():
        if value is not None and str(value).strip():
            yield name, BY_NAME[name], " ".join(str(value).split())
