"""The three ways to give the service a file (docs.kie.ai/file-upload-api): as base64, as a stream, as a link."""

from __future__ import annotations

import re
import uuid
from base64 import b64encode
from mimetypes import guess_type
from pathlib import PurePath

from mjtui.api.normalise import mapping, web_url
from mjtui.api.values import Call, Uploaded
from mjtui.errors import InvalidRequest, Unclear

BASE64_PATH = "/api/file-base64-upload"
STREAM_PATH = "/api/file-stream-upload"
URL_PATH = "/api/file-url-upload"

BASE64_MAX = 10 * 1024 * 1024
STREAM_MAX = 100 * 1024 * 1024

LIFE_MS = 24 * 3600 * 1000
"""How long an uploaded file is counted on: the service's pages say 3 days in one place and 24 hours in another."""

FOLDER = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


def base64_call(data: bytes, name: str, folder: str) -> Call:
    media_type = guess_type(name)[0] or "application/octet-stream"
    encoded = f"data:{media_type};base64,{b64encode(data).decode('ascii')}"
    return Call("POST", BASE64_PATH, {"base64Data": encoded, "uploadPath": folder, "fileName": name})


def url_call(url: str, name: str, folder: str) -> Call:
    """Raises InvalidRequest where the address is none that the service could read."""
    if web_url(url) is None:
        raise InvalidRequest(f"images: {url!r} is no web address.")
    return Call("POST", URL_PATH, {"fileUrl": url, "uploadPath": folder, "fileName": name})


def fresh_name(name: str) -> str:
    """A name that no other file has, with the ending of `name`: a second file of the same name replaces the first,
    and the names of a person's files are their own business."""
    suffix = PurePath(name).suffix.lower()
    return uuid.uuid4().hex + (suffix if SUFFIX.fullmatch(suffix) else "")


def checked_folder(folder: str) -> str:
    """The folder without outer slashes; raises InvalidRequest where it is no plain path."""
    plain = folder.strip("/")
    if not FOLDER.fullmatch(plain):
        raise InvalidRequest(f"folder: {folder!r} may only have letters, digits, '-', '_' and '/'.")
    return plain


def uploaded(payload: object, *, now_ms: int) -> Uploaded:
    """The link in an answer: `downloadUrl` as seen, else `fileUrl` as the quickstart says; raises Unclear."""
    data = mapping(mapping(payload).get("data"))
    url = web_url(data.get("downloadUrl")) or web_url(data.get("fileUrl"))
    if url is None:
        raise Unclear("The service took the file but gave no link to it.")
    return Uploaded(url, now_ms + LIFE_MS)
