"""What the service checks in a request before it accepts it, in its order, and what it then remembers of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

IMAGE_TYPES = ("mj_txt2img", "mj_img2img", "mj_style_reference", "mj_omni_reference")
VIDEO_TYPES = ("mj_video", "mj_video_hd")
EXTEND_TYPES = ("mj_video_extend_manual", "mj_video_extend_auto")
SPEEDS = ("relaxed", "fast", "turbo")
RATIOS = ("1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1")
VERSIONS = ("7", "6.1", "6", "5.2", "5.1", "niji6", "niji7")
MAX_PROMPT = 2000

Body = Mapping[str, Any]


class Refusal(Exception):
    """A request that is not accepted: the code and message of the answer."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request that passed the checks."""

    type: str
    params: dict[str, Any]
    results: int
    extension: str = "jpeg"
    parent: str | None = None
    parent_index: int = 0
    callback_url: str | None = None
    dialect: str = "kie"


def generate(body: Body) -> Order:
    """The order of `POST /api/v1/mj/generate`; raises Refusal with code 422."""
    task_type = body.get("taskType")
    if not task_type:
        raise _wrong("taskType cannot be empty")
    if task_type not in IMAGE_TYPES + VIDEO_TYPES:
        raise _wrong("The taskType parameter is incorrect.")
    is_video = task_type in VIDEO_TYPES
    _check_prompt(body)
    _check_speed(task_type, body.get("speed"))
    _check_files(task_type, body)
    _check_values(body)
    count = int(body.get("videoBatchSize") or 1) if is_video else 4
    return Order(
        type=task_type,
        params=_params(body, task_type),
        results=count,
        extension="mp4" if is_video else "jpeg",
        callback_url=body.get("callBackUrl") or None,
    )


def picture(body: Body, task_type: str, index_name: str, base: int) -> Order:
    """The order of an upscale or vary, whose picture index counts from `base`; raises Refusal with code 422."""
    parent = _task_id(body)
    index = _integer(body, index_name, base, base + 3, required=True)
    return Order(
        type=task_type,
        params=_kept(body),
        results=1 if task_type == "mj_upscale" else 4,
        parent=parent,
        parent_index=index - base,
        callback_url=_text(body, "callBackUrl"),
    )


def extend(body: Body) -> Order:
    """The order of `POST /api/v1/mj/generateVideoExtend`; raises Refusal with code 422."""
    task_type = body.get("taskType")
    if not task_type:
        raise _wrong("taskType cannot be empty")
    if task_type not in EXTEND_TYPES:
        raise _wrong("The taskType parameter is incorrect.")
    parent = _task_id(body)
    index = _integer(body, "index", 0, 3, required=True)
    if task_type == "mj_video_extend_manual":
        _check_prompt(body)
    return Order(
        type=task_type,
        params=_kept(body),
        results=1,
        extension="mp4",
        parent=parent,
        parent_index=index,
        callback_url=_text(body, "callBackUrl"),
    )


def param_json(params: Mapping[str, Any]) -> str:
    """Parameters as record-info echoes them: compact JSON with sorted keys."""
    return json.dumps(dict(params), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check_prompt(body: Body) -> None:
    prompt = body.get("prompt")
    if not isinstance(prompt, str) or not prompt.strip():
        raise _wrong("prompt cannot be empty")
    if len(prompt) > MAX_PROMPT:
        raise _wrong(f"The prompt cannot exceed {MAX_PROMPT} characters.")


def _check_speed(task_type: str, speed: object) -> None:
    if task_type in VIDEO_TYPES:
        fits = speed is None
    elif task_type == "mj_omni_reference":
        fits = speed is None or speed in SPEEDS
    else:
        fits = speed in SPEEDS
    if not fits:
        raise _wrong("The speed parameter is incorrect.")


def _check_files(task_type: str, body: Body) -> None:
    files = images(body)
    if task_type == "mj_txt2img":
        return
    if not files:
        raise _wrong("fileUrls cannot be empty")
    if task_type in VIDEO_TYPES and len(files) != 1:
        raise _wrong("Exactly one image is needed for a video.")
    for url in files:
        if not url.startswith(("http://", "https://")):
            raise _wrong("The fileUrls parameter is incorrect.")


def images(body: Body) -> list[str]:
    """The image links of a request, from `fileUrls` or the older `fileUrl`."""
    urls = body.get("fileUrls")
    if urls is None:
        urls = [body["fileUrl"]] if body.get("fileUrl") else []
    if not isinstance(urls, list):
        raise _wrong("The fileUrls parameter is incorrect.")
    found: list[Any] = urls  # pyright: ignore[reportUnknownVariableType]
    if not all(isinstance(url, str) for url in found):
        raise _wrong("The fileUrls parameter is incorrect.")
    return [url for url in found if url]


def _check_values(body: Body) -> None:
    _one_of(body, "aspectRatio", RATIOS)
    version = body.get("version")
    if version not in (None, "") and str(version) not in VERSIONS:
        raise _wrong("The version parameter is incorrect.")
    variety = _integer(body, "variety", 0, 100)
    if variety % 5:
        raise _wrong("The variety parameter is incorrect.")
    _integer(body, "stylization", 0, 1000)
    _integer(body, "weirdness", 0, 3000)
    _integer(body, "ow", 1, 1000)
    _one_of(body, "motion", ("high", "low"))
    _one_of(body, "videoBatchSize", (1, 2, 4))
    for name in ("waterMark", "callBackUrl"):
        _text(body, name)
    if body.get("enableTranslation") not in (None, True, False):
        raise _wrong("The enableTranslation parameter is incorrect.")


def _params(body: Body, task_type: str) -> dict[str, Any]:
    params: dict[str, Any] = {"enableTranslation": True, "motion": "high", "videoBatchSize": 1}
    if task_type == "mj_omni_reference":
        params["speed"] = "fast"
    params |= _kept(body)
    if "version" in params:
        params["version"] = str(params["version"])
    return params


def _kept(body: Body) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value not in (None, "")}


def _task_id(body: Body) -> str:
    task_id = _text(body, "taskId")
    if task_id is None:
        raise _wrong("taskId cannot be empty")
    return task_id


def _text(body: Body, name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise _wrong(f"The {name} parameter is incorrect.")
    return value or None


def _integer(body: Body, name: str, least: int, most: int, *, required: bool = False) -> int:
    value = body.get(name)
    if value is None and not required:
        return least
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _wrong(f"The {name} parameter is incorrect.")
    return value


def _one_of(body: Body, name: str, values: tuple[object, ...]) -> None:
    if body.get(name) not in (None, "", *values):
        raise _wrong(f"The {name} parameter is incorrect.")


def _wrong(message: str) -> Refusal:
    return Refusal(422, message)
