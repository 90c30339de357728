"""From an HTTP answer to its payload or to the error that it means.

The code in the body comes first, the HTTP status where there is none: the service answers most refusals with 200.

| code | on a create | elsewhere |
| --- | --- | --- |
| 401, 402, 403, 429 | WrongKey, NoCredits, Refused, RateLimited | the same |
| 404 | SwitchedOff for a prompt, else Refused | TaskNotFound on a look, else Refused |
| 422 | SwitchedOff where it speaks of the model, else Refused | TaskNotFound on a look, else Refused |
| 455, 505 | SwitchedOff | Unclear, SwitchedOff |
| 501 | Refused: the generation failed | Unclear |
| other 4xx | Refused | Refused |
| 408, other 5xx, anything unreadable | Unclear | Unclear |
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from mjtui.api.normalise import decoded, mapping, real, text, whole
from mjtui.api.values import CREATES, Purpose
from mjtui.errors import (
    NoCredits,
    RateLimited,
    Refused,
    ServiceError,
    SwitchedOff,
    TaskNotFound,
    Unclear,
    WrongKey,
)

RATE_WINDOW = 10.0
"""Seconds to wait after a 429 that does not say how long: the service counts creates per 10 s."""
MAX_WAIT = 3600.0
MAINTENANCE_WAIT = 60.0

MAYBE_CHARGED = "It may have been received and charged; mjtui will not send it again by itself."

SAYING = ("msg", "message", "error", "detail")
"""The fields that hold a refusal's words, the service's own first."""

NO_CREDITS = re.compile(
    r"credits?\s+(is |are )?(insufficient|not enough)|(insufficient|not enough|out of) (credit|balance)"
    r"|balance (isn'?t|is not|not) enough",
    re.IGNORECASE,
)
OFF_SUBJECT = re.compile(r"\b(model|midjourney|service|feature|function|interface|api)\b", re.IGNORECASE)
OFF_VERDICT = re.compile(
    r"\b(unsupported|unavailable|offline|disabled|discontinued|deprecated|closed|(not|no longer) (currently )?"
    r"(be )?(supported|available|exist|offered|found)|not support|does ?n[o']t exist)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer read to its end; header names are in any case that the mapping accepts."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read(answer: Answer, purpose: Purpose, *, now: float, secret: str = "") -> dict[str, Any]:
    """The JSON object of an answer that says yes; raises the ServiceError of any other.

    `now` is in epoch seconds. `secret` is masked in what the error quotes of the answer.
    """
    try:
        fields = mapping(decoded(answer.body))
    except ValueError:
        fields = {}
    wait = retry_after(answer.headers.get("retry-after"), now=now)
    fine = 200 <= answer.status < 300
    if not fields:
        if fine or answer.status >= 500:
            raise _unclear(f"The service's answer cannot be read (HTTP {answer.status}).", purpose, wait, None)
        raise _failure(answer.status, _masked(_plain(answer.body), secret), purpose, wait, readable=False)
    given = fields.get("code")
    code = answer.status if given is None else whole(given)
    if fine and (given is None or code == 200):
        return fields
    said = _masked(next((value for name in SAYING if isinstance(value := fields.get(name), str) and value), ""), secret)
    if code is None or code == 200:
        raise _unclear(_sentence("The service's answer contradicts itself", answer.status, said), purpose, wait, code)
    raise _failure(code, said, purpose, wait, readable=True)


def retry_after(value: str | None, *, now: float) -> float | None:
    """Seconds from a Retry-After header, given in seconds or as a date (RFC 9110, 10.2.3); between 1 and an hour."""
    if not value:
        return None
    seconds = real(value)
    if seconds is None:
        try:
            moment = parsedate_to_datetime(value)
            seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return min(max(seconds, 1.0), MAX_WAIT)


def _failure(code: int, said: str, purpose: Purpose, wait: float | None, *, readable: bool) -> ServiceError:
    """The error that a code means; `readable` tells the service's own answers from those of whatever is in between."""
    creates = purpose in CREATES
    given = str(code)
    if code == 402 or NO_CREDITS.search(said):
        return NoCredits(_sentence("There are not enough credits", code, said), service_code=given)
    if code == 401:
        return WrongKey(_sentence("The service does not accept the API key", code, said), service_code=given)
    if code == 403:
        return _forbidden(said, given)
    if code == 429:
        lead = "The service asks for fewer requests"
        return RateLimited(_sentence(lead, code, said), retry_after=wait or RATE_WINDOW, service_code=given)
    if purpose == "look" and code in (404, 422) and readable:
        return TaskNotFound(_sentence("The service does not know this task", code, said), service_code=given)
    if purpose == "look" and code == 404:
        return _unclear("The address of the service answers 404.", purpose, wait, code)
    if code == 455:
        return _maintenance(_sentence("The service is under maintenance", code, said), purpose, wait)
    if code == 505 or (purpose == "generate" and (code == 404 or (code == 422 and _about_the_model(said)))):
        lead = "Midjourney is switched off at the service"
        return SwitchedOff(_sentence(lead, code, said), service_code=given)
    if code == 501 and creates:
        lead = "The service could not make it"
        return Refused(
            _sentence(lead, code, said),
            meaning="The service says that it gives the credits of failed tasks back.",
            service_code=given,
        )
    if code in (301, 307, 308):
        return Refused(
            f"The service's address has moved (HTTP {code}), and mjtui does not take its key elsewhere.",
            hint="Check the address of the service in the settings (MJTUI_API_URL, MJTUI_UPLOAD_URL).",
            service_code=given,
        )
    if 400 <= code < 500 and code != 408:
        return Refused(_sentence("The service refused the request", code, said), hint=_way_on(code), service_code=given)
    return _unclear(_sentence("The service had an error", code, said), purpose, wait, code)


def _forbidden(said: str, given: str) -> Refused:
    if "1010" in said:
        return Refused(
            "The guard in front of the service (Cloudflare) turned this program away: error code 1010.",
            hint="It judges programs and networks: try without a proxy or VPN, and look for a newer mjtui.",
            service_code=given,
        )
    hint = "The key may be limited to other addresses or products: see kie.ai/api-key."
    return Refused(_sentence("The service does not allow this", 403, said), hint=hint, service_code=given)


def _maintenance(message: str, purpose: Purpose, wait: float | None) -> ServiceError:
    if purpose not in CREATES:
        return _unclear(message, purpose, wait or MAINTENANCE_WAIT, 455)
    error = SwitchedOff(message, hint="Send it again later.", retry_after=wait or MAINTENANCE_WAIT, service_code="455")
    error.retryable = True
    return error


def _unclear(message: str, purpose: Purpose, wait: float | None, code: int | None) -> Unclear:
    return Unclear(
        message,
        meaning=MAYBE_CHARGED if purpose in CREATES else "",
        retry_after=wait,
        service_code=None if code is None else str(code),
    )


def _about_the_model(said: str) -> bool:
    # "The model version 8 is not supported" is about a parameter of this request.
    return bool(OFF_SUBJECT.search(said) and OFF_VERDICT.search(said)) and "version" not in said.lower()


def _way_on(code: int) -> str | None:
    return {
        404: "The task or picture that this starts from may be gone, or the service no longer offers this.",
        433: "A limit of this API key is reached: see kie.ai/api-key.",
        451: "The service could not fetch an image: it must be reachable for everyone, or be uploaded again.",
    }.get(code)


def _plain(body: bytes) -> str:
    """The words of an answer that is no JSON, where they are a short plain text."""
    words = body[:200].decode("utf-8", "replace")
    return "" if "<" in words else words


def _masked(words: str, secret: str) -> str:
    return text(words.replace(secret, "***") if secret else words)


def _sentence(lead: str, code: int, said: str) -> str:
    if not said:
        return f"{lead} ({code})."
    return f'{lead} ({code}): "{said}"' + ("" if said.endswith((".", "!", "?", "…")) else ".")
