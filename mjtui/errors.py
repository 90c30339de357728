"""The tree of errors that a person may see.

    MjtuiError
    ├── UsageError            what was asked for cannot be asked for (exit 2)
    │   ├── NoSuchJob
    │   └── InvalidRequest    a request that the service would refuse, found before it is sent
    ├── SettingsError         a setting is wrong; names file, line and key (exit 2)
    │   └── NoKey             there is no API key
    ├── MoneyError            refused for money (exit 4)
    │   ├── OverBudget
    │   ├── SameRequest       the same request was sent a short time ago
    │   └── NoCredits         the service says that the balance is too small
    ├── OutcomeUnknown        a request was sent and nobody knows whether it arrived (exit 5)
    ├── ServiceError          the service or the network (exit 3); says whether the request was received
    │   ├── Unreachable       certainly not received
    │   ├── RateLimited       refused for now; nothing was charged
    │   ├── WrongKey
    │   ├── Refused           the service said no before it accepted anything
    │   ├── SwitchedOff       Midjourney is not offered by the service now
    │   ├── TaskNotFound
    │   └── Unclear           time-out, cut connection, 5xx, a body that cannot be read
    ├── PictureError          a file is no picture, or not one that can be shown safely
    └── LibraryError          the library cannot be opened or written
        └── NewerLibrary

Each error says what happened (`str(error)`), what it means for money and pictures (`meaning`) and what to do (`hint`).
"""

from __future__ import annotations

from typing import ClassVar, Literal

Receipt = Literal["not_received", "refused", "unknown"]
"""What is known of a request that failed: it never reached the service, it was turned down, or nobody can tell."""


class MjtuiError(Exception):
    """An error with a sentence for the person, its meaning for money and pictures, and a way on."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    meaning: str = ""
    hint: str = ""

    def __init__(self, message: str, *, meaning: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if meaning is not None:
            self.meaning = meaning
        if hint is not None:
            self.hint = hint

    def sentences(self) -> str:
        """Everything there is to say, as one line of text."""
        return " ".join(part for part in (self.message, self.meaning, self.hint) if part)


class UsageError(MjtuiError):
    code = "usage"
    exit_code = 2
    meaning = "Nothing was sent."


class NoSuchJob(UsageError):
    code = "no_such_job"
    meaning = ""


class InvalidRequest(UsageError):
    code = "invalid_request"


class SettingsError(MjtuiError):
    code = "settings"
    exit_code = 2


class NoKey(SettingsError):
    code = "no_key"
    meaning = "Nothing was sent."
    hint = "Set KIE_API_KEY, start `mjtui` and type the key in, or try everything without one: `mjtui --demo`."


class MoneyError(MjtuiError):
    code = "money"
    exit_code = 4
    meaning = "Nothing was sent and nothing was charged."


class OverBudget(MoneyError):
    code = "over_budget"


class SameRequest(MoneyError):
    code = "same_request"
    hint = "Send again if you want it twice."

    def __init__(self, message: str, *, job_id: int) -> None:
        super().__init__(message)
        self.job_id = job_id


class OutcomeUnknown(MjtuiError):
    code = "unknown"
    exit_code = 5
    meaning = "It may have been charged; mjtui will not send it again by itself."


class ServiceError(MjtuiError):
    """A call to the service that did not give what was asked for.

    `service_code` is the code that the service gave, as text; `retry_after` is in seconds.
    """

    code = "service"
    exit_code = 3
    receipt: Receipt = "unknown"
    retryable: bool = False

    def __init__(
        self,
        message: str,
        *,
        meaning: str | None = None,
        hint: str | None = None,
        receipt: Receipt | None = None,
        retry_after: float | None = None,
        service_code: str | None = None,
    ) -> None:
        super().__init__(message, meaning=meaning, hint=hint)
        if receipt is not None:
            self.receipt = receipt
        self.retry_after = retry_after
        self.service_code = service_code


class Unreachable(ServiceError):
    code = "unreachable"
    receipt = "not_received"
    retryable = True
    meaning = "The request did not leave this machine; nothing was charged."


class RateLimited(ServiceError):
    code = "rate_limited"
    receipt = "not_received"
    retryable = True
    meaning = "Nothing was charged; it waits for its turn."


class WrongKey(ServiceError):
    code = "wrong_key"
    receipt = "refused"
    meaning = "Nothing was charged."
    hint = "Check the API key at kie.ai/api-key and give it to mjtui again."


class Refused(ServiceError):
    code = "refused"
    receipt = "refused"
    meaning = "Nothing was charged."


class NoCredits(Refused):
    code = "no_credits"
    exit_code = 4
    hint = "Add credits at kie.ai, then send again."


class SwitchedOff(Refused):
    code = "switched_off"
    hint = (
        "The service does not offer Midjourney at the moment; see its status page, or choose another `service.dialect`."
    )


class TaskNotFound(ServiceError):
    code = "task_not_found"
    receipt = "refused"


class Unclear(ServiceError):
    code = "unclear"
    receipt = "unknown"
    retryable = True


class PictureError(MjtuiError):
    code = "picture"


class LibraryError(MjtuiError):
    code = "library"


class NewerLibrary(LibraryError):
    code = "newer_library"
    hint = "Install the newer mjtui again, or point MJTUI_HOME at another folder."
