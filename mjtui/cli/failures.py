"""Failures as sentences, as JSON and as exit codes.

With --json an error is `{"error": {"code", "message", "hint"}}` on stdout, beside the sentence on stderr; a job that
went wrong is printed as the job that it is, with its own "error".
"""

from __future__ import annotations

from typing import Any

from mjtui.engine import Job, Trouble
from mjtui.errors import (
    MjtuiError,
    NoCredits,
    OutcomeUnknown,
    OverBudget,
    PictureError,
    RateLimited,
    ServiceError,
    SwitchedOff,
    Unreachable,
    UsageError,
    WrongKey,
)

REJECTED: dict[str, int] = {error.code: error.exit_code for error in (NoCredits, OverBudget, WrongKey, SwitchedOff)} | {
    PictureError.code: UsageError.exit_code
}
"""Exit codes of jobs that were turned down, by the code of their trouble; a reference that is no picture is usage."""

JOB_FAILED = 1


def sentence(error: MjtuiError) -> str:
    """What happened, what it means and what to do."""
    return error.sentences()


def error_json(error: MjtuiError) -> dict[str, Any]:
    """The error as its JSON object; `message` holds what happened and what it means."""
    message = f"{error.message} {error.meaning}".strip()
    return {"error": {"code": error.code, "message": message, "hint": error.hint}}


def exit_code(job: Job) -> int:
    """How a command that was about this job ends."""
    match job.state:
        case "failed" | "lost":
            return JOB_FAILED
        case "rejected":
            return REJECTED.get(job.trouble.code if job.trouble else "", JOB_FAILED)
        case "unknown":
            return OutcomeUnknown.exit_code
        case _:
            return JOB_FAILED if any(picture.state == "lost" for picture in job.pictures) else 0


def job_sentence(job: Job) -> str | None:
    """What went wrong with a job and what to do about it; None where nothing did."""
    trouble = job.trouble or Trouble(code="", message="the reason is not known")
    match job.state:
        case "unknown":
            return (
                f"#{job.id}: nobody knows whether it arrived ({trouble.message}). It may have been charged; it is not "
                f"sent again by itself. Decide: `mjtui resolve {job.id}` with --task-id ID, --resend or --give-up."
            )
        case "rejected":
            return f"#{job.id} was not made and costs nothing: {_ended(trouble.message)} {trouble.hint}".rstrip()
        case "failed":
            return f"#{job.id} failed: {_ended(trouble.message)} {trouble.hint}".rstrip()
        case "lost":
            return f"#{job.id} is lost: {_ended(trouble.message)} {trouble.hint}".rstrip()
        case _:
            lost = [picture for picture in job.pictures if picture.state == "lost"]
            if not lost:
                return None
            names = ", ".join(str(picture.index) for picture in lost)
            reason = _ended(lost[0].error or "its link is gone")
            return (
                f"#{job.id} is done, but result {names} could not be saved: {reason} "
                f"`mjtui download {job.id}` tries again."
            )


def not_sent(trouble: Trouble, *, hint: str) -> ServiceError:
    """The error of a request that certainly did not reach the service."""
    kind = {error.code: error for error in (Unreachable, RateLimited)}.get(trouble.code, ServiceError)
    return kind(trouble.message, meaning="Nothing was sent and nothing was charged.", hint=hint)


def _ended(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."
