"""Which model will run: the last --v or --niji of the text, else the form's, else the default."""

from __future__ import annotations

from mjtui.prompt.draft import Defaults, Draft, Edit, Finding
from mjtui.prompt.parser import Flag, Prompt
from mjtui.prompt.rules import found
from mjtui.prompt.services import Service
from mjtui.prompt.versions import as_flag, canonical, label, listed, nearest


def choose_version(draft: Draft, defaults: Defaults, prompt: Prompt, service: Service) -> tuple[str, list[Finding]]:
    """The canonical name of the model, and what is to be said about it."""
    findings: list[Finding] = []
    form = canonical(draft.version) if draft.version else None
    version = form or canonical(defaults.version)
    flags = [flag for flag in prompt.named("version", "niji") if flag.values and not flag.open]
    winner = flags[-1] if flags else None
    if winner is not None:
        written = _written(winner)
        if written is None:
            findings.append(_no_model(winner, service))
            winner = None
        else:
            if form is not None and form != written:
                said = f"{winner.name} {winner.values[0].text}"
                findings.append(found("kie-double", winner.span, flag=winner.name, said=said, other=label(form)))
            version = written
    if len({flag.parameter.name for flag in prompt.named("version", "niji") if flag.parameter}) > 1:
        findings.append(found("v-niji", flags[0].span if flags else None, flag="--niji"))
    if finding := _offered(version, winner, service):
        findings.append(finding)
    return version, findings


def _written(flag: Flag) -> str | None:
    """The model that a flag names; None where it names none."""
    word = flag.values[0].text
    name = canonical(word)
    if flag.word == "niji" and not name.startswith("niji"):
        name = f"niji{name}"
    number = name.removeprefix("niji")
    return name if number.replace(".", "", 1).isdigit() else None


def _no_model(flag: Flag, service: Service) -> Finding:
    names = listed([label(name) for name in service.versions])
    says = f"“{flag.values[0].text[:20]}” is no model; the service runs {names}"
    return found("value-wrong", flag.span, flag=flag.name, says=says)


def _offered(version: str, flag: Flag | None, service: Service) -> Finding | None:
    span = flag.span if flag is not None else None
    name = flag.name if flag is not None else as_flag(version).split()[0]
    if version in service.versions:
        if flag is not None and as_flag(version).split()[0] == "--niji" and flag.word != "niji":
            fix = Edit(*flag.span, as_flag(version))
            return found("value-wrong", span, flag=name, says=f"is written {as_flag(version)} here", fix=fix)
        return None
    if version in service.doubtful:
        return found("doubtful-model", span, flag=name, version=label(version))
    better = as_flag(nearest(version, service.versions))
    return found(
        "kie-version",
        span,
        flag=name,
        version=label(version),
        versions=listed([label(known) for known in service.versions]),
        better=better,
        fix=Edit(*flag.span, better) if flag is not None else None,
    )
