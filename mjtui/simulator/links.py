"""Links to results: how they are made, read back, and signed for a while."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from starlette.requests import Request

from mjtui.simulator.state import Task
from mjtui.simulator.world import World

UPLOADS = "/kieai/"

_RESULT = re.compile(r"/m/(?P<id>[0-9a-z_]{8,64})_0_(?P<index>[0-9])\.(?P<extension>jpeg|mp4)")
_SKETCH = re.compile(r"/midjourney/(?P<id>mj_[0-9a-z]{4,32})\.(?P<extension>png)")
_TEMPORARY = re.compile(r"/t/(?P<until>[0-9]+)-(?P<signature>[0-9a-f]{32})(?P<path>/.*)")


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a task; `index` counts from 0."""

    task: Task
    index: int
    extension: str

    @property
    def name(self) -> str:
        return f"{self.task.id}_0_{self.index}.{self.extension}"


def base_url(request: Request) -> str:
    """The address that the client came to, without a slash at its end."""
    return str(request.base_url).rstrip("/")


def result_links(task: Task, base: str) -> list[str]:
    """The links of all results of a task, in their order."""
    if task.dialect == "sketch":
        return [f"{base}/midjourney/{task.id}.png"]
    return [f"{base}/m/{task.id}_0_{index}.{task.extension}" for index in range(task.results)]


def find_result(world: World, path: str) -> Result | None:
    """The result that a path names, whether or not it is finished or gone."""
    if match := _RESULT.fullmatch(path):
        task = world.tasks.get(match["id"])
        index = int(match["index"])
        if task and index < task.results and task.extension == match["extension"]:
            return Result(task, index, task.extension)
    elif match := _SKETCH.fullmatch(path):
        task = world.tasks.get(match["id"])
        if task and task.dialect == "sketch":
            return Result(task, 0, match["extension"])
    return None


def ready(world: World, result: Result) -> bool:
    """Whether the file of a result exists now: its task is done, and not so long ago that it was deleted."""
    task = result.task
    if world.status(task) != 1 or task.finish_at is None:
        return False
    return world.now() < task.finish_at + world.switches.result_seconds * 1000


def own_path(url: str) -> str:
    """The path of a link, whatever port the simulator had when it gave it out; empty for what is no link."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def temporary(world: World, path: str) -> str:
    """A path that is good for the time of a download link."""
    until = world.now() + round(world.switches.link_seconds * 1000)
    return f"/t/{until}-{_signature(world, until, path)}{path}"


def behind_temporary(world: World, path: str) -> str | None:
    """The path behind a download link; None where it is too old or forged."""
    match = _TEMPORARY.fullmatch(path)
    if match is None or world.now() > int(match["until"]):
        return None
    good = hmac.compare_digest(match["signature"], _signature(world, int(match["until"]), match["path"]))
    return match["path"] if good else None


def _signature(world: World, until: int, path: str) -> str:
    return hmac.new(world.link_key, f"{until}{path}".encode(), hashlib.sha256).hexdigest()[:32]
