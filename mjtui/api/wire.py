"""The bodies of the service's own dialect, checked before anything is sent (docs.kie.ai/mj-api, quickstart).

Fields bear the names of a Request and are written under those of the service. A body has only the fields that its
kind knows, so whatever does not go with the kind is found, too.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from mjtui.errors import InvalidRequest
from mjtui.prompt.draft import KIND_NAMES, Kind, Motion, Request, Speed

MAX_PROMPT = 2000

AspectRatio = Literal["1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1"]
Prompt = Annotated[str, Field(min_length=1, max_length=MAX_PROMPT)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Link = Annotated[str, Field(min_length=1, max_length=4096)]


class Body(BaseModel):
    """What every body has in common: no unknown field, and no value that would have to be converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Generate(Body):
    """What all kinds that start from a prompt can say."""

    task_type: str = Field(serialization_alias="taskType")
    prompt: Prompt
    aspect_ratio: AspectRatio | None = Field(None, serialization_alias="aspectRatio")
    version: Annotated[str, Field(min_length=1, max_length=16)] | None = None
    stylize: Annotated[int, Field(ge=0, le=1000)] | None = Field(None, serialization_alias="stylization")
    weird: Annotated[int, Field(ge=0, le=3000)] | None = Field(None, serialization_alias="weirdness")
    chaos: Annotated[int, Field(ge=0, le=100, multiple_of=5)] | None = Field(None, serialization_alias="variety")
    watermark: Name | None = Field(None, serialization_alias="waterMark")
    # The service translates where nothing is said, whatever its pages say, so this is always sent.
    translate: bool = Field(serialization_alias="enableTranslation")


class TextToImage(Generate):
    """The speed is needed in spite of the service's pages: without one it refuses the request."""

    speed: Speed


class FromImages(Generate):
    """Image to image and style reference."""

    images: list[Link] = Field(min_length=1, serialization_alias="fileUrls")
    speed: Speed


class OmniReference(Generate):
    """A speed is not known here; the service runs it as fast."""

    images: list[Link] = Field(min_length=1, serialization_alias="fileUrls")
    omni_weight: Annotated[int, Field(ge=1, le=1000)] | None = Field(None, serialization_alias="ow")


class Video(Generate):
    """A speed makes the service refuse it ("The speed parameter is incorrect")."""

    images: list[Link] = Field(min_length=1, max_length=1, serialization_alias="fileUrls")
    motion: Motion
    batch_size: Literal[1, 2, 4] | None = Field(None, serialization_alias="videoBatchSize")


class Follow(Body):
    """A task that starts from a picture of a finished one; indexes are 1 to 4 here."""

    task_id: Name = Field(serialization_alias="taskId")
    index: Annotated[int, Field(ge=1, le=4)] = Field(serialization_alias="imageIndex")
    watermark: Name | None = Field(None, serialization_alias="waterMark")


class Extend(Body):
    task_type: str = Field(serialization_alias="taskType")
    task_id: Name = Field(serialization_alias="taskId")
    index: Annotated[int, Field(ge=1, le=4)]
    prompt: Prompt | None = None
    watermark: Name | None = Field(None, serialization_alias="waterMark")


MODELS: dict[Kind, type[Body]] = {
    "txt2img": TextToImage,
    "img2img": FromImages,
    "style_reference": FromImages,
    "omni_reference": OmniReference,
    "video": Video,
    "video_hd": Video,
    "upscale": Follow,
    "vary": Follow,
    "extend": Extend,
}


def given(request: Request) -> dict[str, Any]:
    """The values of a request that say something, without its kind."""
    values: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    del values["kind"]
    values["images"] = list(request.images)
    if not request.prompt.strip():
        del values["prompt"]
    return {name: value for name, value in values.items() if value is not None and value != []}


def body(request: Request) -> dict[str, Any]:
    """The JSON body of a request, with indexes still counted from 1; raises InvalidRequest naming every wrong field."""
    kind = request.kind
    values = given(request)
    if kind in ("upscale", "vary", "extend"):
        del values["translate"]
    if kind in ("upscale", "vary"):
        # The prompt of the picture that it starts from, kept for the person; the service takes none.
        values.pop("prompt", None)
    elif kind == "extend":
        values["task_type"] = "mj_video_extend_manual" if "prompt" in values else "mj_video_extend_auto"
    else:
        # An earlier job may be where a prompt came from; the service need not know.
        values.pop("task_id", None)
        values.pop("index", None)
        values["task_type"] = f"mj_{kind}"
    return written(MODELS[kind], values, kind)


def written(model: type[Body], values: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """The checked values under the names of the service; raises InvalidRequest."""
    try:
        return model.model_validate(values).model_dump(by_alias=True, exclude_none=True)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=True)
        raise InvalidRequest(" ".join(_sentence(problem, kind) for problem in problems)) from None


def _sentence(problem: ErrorDetails, kind: Kind) -> str:
    name = str(problem["loc"][0]).replace("_", " ")
    what = KIND_NAMES[kind]
    value = problem["input"]
    limits = problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return f"{name} is missing: {what} needs it."
        case "extra_forbidden":
            return f"{name} does not go with {what}."
        case "greater_than_equal":
            return f"{name} is {value}; it must be at least {limits['ge']}."
        case "less_than_equal":
            return f"{name} is {value}; it must be at most {limits['le']}."
        case "multiple_of":
            return f"{name} is {value}; it must be a multiple of {limits['multiple_of']}."
        case "literal_error":
            return f"{name} is {value!r}; it must be {limits['expected']}."
        case "string_too_long":
            return f"{name} has {len(value)} characters; the service takes at most {limits['max_length']}."
        case "string_too_short":
            return f"{name} is empty."
        case "too_long":
            return f"{name}: {what} takes {limits['max_length']}, and there are {len(value)}."
        case "string_unicode":
            return f"{name} has characters that are no text (half of a surrogate pair)."
        case _:
            return f"{name}: {problem['msg']}."
