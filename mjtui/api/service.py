"""The client: one HTTP connection pool, one key, one dialect; a create is sent once and never again."""

from __future__ import annotations

import asyncio
import json
import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import httpx
import stamina

from mjtui import __version__
from mjtui.api import answers, uploads
from mjtui.api.answers import Answer
from mjtui.api.dialects import Dialect
from mjtui.api.failures import Written, unanswered
from mjtui.api.limits import Limits
from mjtui.api.normalise import web_url
from mjtui.api.values import Call, Purpose, Report, Uploaded
from mjtui.errors import InvalidRequest, NoKey, Refused, ServiceError, SettingsError, Unclear, Unreachable
from mjtui.prompt.draft import Request

API_URL = "https://api.kie.ai"
UPLOAD_URL = "https://kieai.redpandaai.co"
USER_AGENT = f"mjtui/{__version__} (Midjourney in the terminal)"
# Python's own names are turned away by the guard in front of the service (403, error code 1010).

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MAX_CONNECTIONS = 8
MAX_ANSWER = 4 * 1024 * 1024
UPLOAD_DEADLINE = 600.0
UPLOAD_ANSWER = 120.0
"""Seconds for an answer after an upload: the service takes up to 30 to fetch a link, and more to store it."""
KEY_VARIABLE = "KIE_API_KEY"


def _passing(error: Exception) -> bool:
    """True for trouble that may be over in a moment; a service that says when to come back is not asked before."""
    return isinstance(error, Unreachable | Unclear) and error.retry_after is None


_patient = stamina.AsyncRetryingCaller(attempts=3, timeout=15.0, wait_initial=0.2, wait_max=2.0, wait_jitter=0.3)


class Service:
    """A Midjourney service, as one account of it.

    `timeout` is how long to wait, in seconds, for a connection, for room to write and for more of an answer; an
    exchange as a whole has twice that. `clock` gives epoch seconds. Raises NoKey and SettingsError for a key or an
    address that cannot be used.
    """

    def __init__(
        self,
        *,
        key: str,
        dialect: Dialect,
        api_url: str = API_URL,
        upload_url: str = UPLOAD_URL,
        callback_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 30.0,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.dialect = dialect
        self.api_url = _checked_url(api_url, "api_url")
        self.upload_url = _checked_url(upload_url, "upload_url")
        self._callback_url = _checked_url(callback_url, "callback_url") if callback_url else None
        self._key = _checked_key(key)
        self._timeout = timeout
        self._clock = clock
        self._limits = limits or Limits()
        self._client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(timeout),
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
            follow_redirects=False,
            transport=transport,
            # A proxy for the web cannot reach a simulator on this machine.
            trust_env=httpx.URL(self.api_url).host not in LOOPBACK,
        )

    def __repr__(self) -> str:
        return f"<Service {self.dialect.name} at {self.api_url}>"

    async def aclose(self) -> None:
        await self._client.aclose()

    def compose(self, request: Request) -> Call:
        """The exact call for a request, without key and callback address; raises InvalidRequest."""
        return self.dialect.submit(request)

    async def submit(self, request: Request) -> str:
        """Ask for a request, once, and return the task id; raises InvalidRequest or a ServiceError with its receipt."""
        return await self.send(self.compose(request))

    async def send(self, call: Call) -> str:
        """Send a composed call, once, and return the task id; raises as `submit` does.

        Only a route that answers 404, which proves that nothing was accepted, is followed by another form of the call.
        """
        for name in call.files:
            if web_url(name) is None:
                raise InvalidRequest(
                    f"images: {name!r} is no web address, and it has not been uploaded.",
                    hint="Give a link that starts with https://, or a file that mjtui can upload.",
                )
        forms = self.dialect.forms(call)
        refusals: list[ServiceError] = []
        for form in forms:
            try:
                task_id = await self._create(form)
            except ServiceError as error:
                if error.service_code != "404" or error.receipt != "refused":
                    raise
                refusals.append(error)
            else:
                self.dialect.settle(form)
                return task_id
        self.dialect.settle(forms[0])
        raise refusals[0]

    async def turn(self) -> None:
        """Wait until one more create is within the service's limits.

        It is apart from `send`, so that the intent is written down after the wait and not before it.
        """
        await self._limits.creates.acquire()

    async def look(self, task_id: str) -> Report:
        """What the service says of a task; raises TaskNotFound, RateLimited and other ServiceErrors."""
        return self.dialect.report(await self._again(self.dialect.look(task_id), "look"))

    async def credits(self) -> float:
        """The credits that are left."""
        return self.dialect.balance(await self._again(self.dialect.credits(), "account"))

    async def download_url(self, url: str) -> str:
        """A link for a result of this service that downloads it without the key, good for 20 minutes."""
        return self.dialect.linked(await self._ask(self.dialect.link(url), "account"))

    async def upload(self, path: Path, *, folder: str = "mjtui") -> Uploaded:
        """Give a local file to the service: as base64 up to 10 MB, as a stream up to 100 MB; raises InvalidRequest."""
        try:
            size = (await asyncio.to_thread(path.stat)).st_size
            if size <= uploads.BASE64_MAX:
                return await self.upload_bytes(await asyncio.to_thread(path.read_bytes), path.name, folder=folder)
            if size > uploads.STREAM_MAX:
                raise InvalidRequest(f"images: {path.name} has {size // 1_000_000} MB; the service takes at most 100.")
            file = await asyncio.to_thread(path.open, "rb")
        except OSError as error:
            raise InvalidRequest(f"images: {path} cannot be read: {error.strerror or error}.") from error
        try:
            return await self._upload_stream(file, path.name, folder)
        finally:
            file.close()

    async def upload_bytes(self, data: bytes, name: str, *, folder: str = "mjtui") -> Uploaded:
        """Give the bytes of a file to the service; `name` is for its ending alone."""
        if not data:
            raise InvalidRequest(f"images: {name} is empty.")
        call = uploads.base64_call(data, uploads.fresh_name(name), uploads.checked_folder(folder))
        return await self._upload(self._request(call, self.upload_url))

    async def upload_from_url(self, url: str, *, folder: str = "mjtui") -> Uploaded:
        """Let the service fetch a file from the web and keep it."""
        name = uploads.fresh_name(httpx.URL(url).path) if web_url(url) else ""
        call = uploads.url_call(url, name, uploads.checked_folder(folder))
        return await self._upload(self._request(call, self.upload_url))

    async def _upload_stream(self, file: IO[bytes], name: str, folder: str) -> Uploaded:
        fresh = uploads.fresh_name(name)
        fields = {"uploadPath": uploads.checked_folder(folder), "fileName": fresh}
        url = self.upload_url + uploads.STREAM_PATH
        request = self._client.build_request(
            "POST", url, headers=self._authorization(), data=fields, files={"file": (fresh, file)}
        )
        return await self._upload(request)

    async def _upload(self, request: httpx.Request) -> Uploaded:
        request.extensions["timeout"] = httpx.Timeout(self._timeout, read=UPLOAD_ANSWER).as_dict()
        payload = await self._exchange(request, "upload", UPLOAD_DEADLINE)
        return uploads.uploaded(payload, now_ms=int(self._clock() * 1000))

    async def _create(self, call: Call) -> str:
        purpose: Purpose = "generate" if call.path == self.dialect.generate_path else "follow"
        body = dict(call.body or {})
        if self._callback_url:
            body[self.dialect.callback_field] = self._callback_url
        request = self._request(Call(call.method, call.path, body, call.params), self.api_url)
        try:
            return self.dialect.accepted(await self._exchange(request, purpose, 2 * self._timeout))
        except Refused as error:
            error.hint = self.dialect.hint(call, error.service_code) or error.hint
            raise

    async def _again(self, call: Call, purpose: Purpose) -> dict[str, Any]:
        """Ask, and ask again where the network or the service stumbled: only for calls that change nothing."""
        return await _patient(_passing, self._ask, call, purpose)

    async def _ask(self, call: Call, purpose: Purpose) -> dict[str, Any]:
        request = self._request(call, self.api_url)
        await self._limits.looks.acquire()
        return await self._exchange(request, purpose, 2 * self._timeout)

    def _request(self, call: Call, base: str) -> httpx.Request:
        if not call.path.startswith("/"):
            # "https://api.kie.ai" + "@elsewhere/" would be another host.
            raise InvalidRequest(f"{call.path!r} is no path at the service.")
        try:
            return self._client.build_request(
                call.method, base + call.path, params=call.params or None, json=call.body, headers=self._authorization()
            )
        except (ValueError, TypeError, httpx.InvalidURL) as error:
            raise InvalidRequest(f"The request cannot be written: {type(error).__name__}.") from error

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"}

    async def _exchange(self, request: httpx.Request, purpose: Purpose, deadline: float) -> dict[str, Any]:
        """Send one request and read its answer; whatever goes wrong is a ServiceError."""
        written = request.extensions["trace"] = Written()
        try:
            async with asyncio.timeout(deadline):
                response = await self._client.send(request, stream=True)
                try:
                    body = await _body(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, TimeoutError) as error:
            raise unanswered(error, purpose, host=request.url.host, refused=written.refused) from error
        answer = Answer(response.status_code, response.headers, body)
        return answers.read(answer, purpose, now=self._clock(), secret=self._key)


def curl(call: Call, api_url: str) -> str:
    """The call as a command for a shell, with the key left to the environment."""
    url = httpx.URL(api_url.rstrip("/") + call.path, params=call.params or None)
    lines = [f"curl -X {call.method} {shlex.quote(str(url))}", f'-H "Authorization: Bearer ${KEY_VARIABLE}"']
    if call.body is not None:
        text = json.dumps(call.body, ensure_ascii=False)
        if not text.isprintable():
            text = json.dumps(call.body)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(text)}"]
    return " \\\n  ".join(lines)


async def _body(response: httpx.Response) -> bytes:
    """The bytes of an answer; one that is cut because it is too large is no JSON any more, and so is unclear."""
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MAX_ANSWER:
            return b""
    return bytes(body)


def _checked_key(key: str) -> str:
    plain = key.strip()
    if not plain:
        raise NoKey("There is no API key.")
    if not (plain.isascii() and plain.isprintable() and " " not in plain):
        raise SettingsError("The API key has spaces or letters that no key has.", hint="Copy it again, whole.")
    return plain


def _checked_url(url: str, name: str) -> str:
    """The address without a slash at its end; raises SettingsError where it is none or would send a password."""
    if web_url(url) is None or "@" in url:
        raise SettingsError(f"{name} is {url!r}; it must be an address that starts with http:// or https://.")
    return url.strip().rstrip("/")
