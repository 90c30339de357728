"""The files behind results: what each shows, drawn in a thread when it is first asked for, and kept."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from mjtui.simulator.drawing.recipe import Recipe, encode
from mjtui.simulator.links import Result, find_result, own_path
from mjtui.simulator.state import Task
from mjtui.simulator.world import World

_RATIO = re.compile(r"--(?:ar|aspect)\s+(\d{1,3}):(\d{1,3})")
_SEED = re.compile(r"--seed\s+(\d+)")
_FLAGS = re.compile(r"\s--?[a-z].*$", re.DOTALL)


class Pictures:
    """The finished files of a world; each is drawn once, however many ask for it at the same time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._drawing: dict[str, asyncio.Task[bytes]] = {}
        self._workers = asyncio.Semaphore(2)

    async def content(self, result: Result) -> bytes:
        """The bytes of a result's file."""
        kept = self._world.pictures.get(result.name)
        if kept is not None:
            return kept
        if result.name not in self._drawing:
            task = asyncio.create_task(self._draw(result))
            self._drawing[result.name] = task
            task.add_done_callback(lambda _: self._drawing.pop(result.name))
        return await asyncio.shield(self._drawing[result.name])

    async def _draw(self, result: Result) -> bytes:
        recipe = recipe_of(self._world, result.task, result.index)
        async with self._workers:
            content = await asyncio.to_thread(encode, recipe, result.extension)
        self._world.pictures.put(result.name, content)
        return content


def recipe_of(world: World, task: Task, index: int) -> Recipe:
    """What to draw for one result (`index` from 0): a picture of its own, or one related to its parent's."""
    parent = world.tasks.get(task.parent or "")
    if parent is not None:
        recipe = recipe_of(world, parent, task.parent_index)
        if task.type == "mj_upscale":
            return recipe.upscaled()
        if task.type == "mj_vary":
            return recipe.varied(f"{task.id} {index}")
        return recipe
    if start := _start_picture(world, task):
        return start
    prompt = str(task.params.get("prompt", ""))
    seed = _SEED.search(prompt)
    return Recipe(
        prompt=_FLAGS.sub("", prompt).encode(errors="replace").decode(),
        ratio=_ratio(task.params, prompt),
        seed=f"seed {seed[1]}" if seed else task.id,
        index=index,
    )


def _start_picture(world: World, task: Task) -> Recipe | None:
    """What a video starts from, where that is a picture of this simulator."""
    if task.extension != "mp4":
        return None
    urls: list[Any] = task.params.get("fileUrls") or [task.params.get("fileUrl") or ""]
    start = find_result(world, own_path(str(urls[0])))
    if start is None or start.extension == "mp4" or start.task.id == task.id:
        return None
    return recipe_of(world, start.task, start.index)


def _ratio(params: dict[str, Any], prompt: str) -> float:
    match = _RATIO.search(prompt)
    width, height = match.groups() if match else str(params.get("aspectRatio", "1:1")).split(":")
    return min(3.0, max(1 / 3, max(1, int(width)) / max(1, int(height))))
