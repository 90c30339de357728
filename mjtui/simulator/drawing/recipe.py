"""Result files made from a recipe: deterministic pictures, and short clips that move across one."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace

from PIL import Image

from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.film import clip
from mjtui.simulator.drawing.palettes import MOODS, choose, mixed
from mjtui.simulator.drawing.scenes import scenes
from mjtui.simulator.drawing.stage import Stage

PIXELS = 1024 * 1024
JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides what a picture shows. `index` is 0 to 3, `scale` 2 for an upscale.

    Two recipes that differ in `variation` alone give related pictures, and in `scale` alone the same one.
    """

    prompt: str
    seed: str
    ratio: float = 1.0
    index: int = 0
    scale: int = 1
    variation: str = ""

    def upscaled(self) -> Recipe:
        return replace(self, scale=2)

    def varied(self, variation: str) -> Recipe:
        return replace(self, variation=f"{self.variation}{variation} ", scale=1)


def encode(recipe: Recipe, extension: str) -> bytes:
    """The bytes of a `jpeg`, `png` or `mp4` file."""
    image = draw(recipe)
    if extension == "mp4":
        return clip(image, random.Random(recipe.seed))
    out = io.BytesIO()
    if extension == "png":
        image.save(out, "PNG", compress_level=1)
    else:
        image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def size(recipe: Recipe) -> tuple[int, int]:
    """Width and height: about one megapixel, sides divisible by 16, before scaling."""
    height = (PIXELS / recipe.ratio) ** 0.5
    return _side(height * recipe.ratio) * recipe.scale, _side(height) * recipe.scale


def draw(recipe: Recipe) -> Image.Image:
    """The picture itself."""
    name = f"{recipe.seed} {recipe.prompt} {recipe.index}"
    detail = random.Random(f"{name} {recipe.variation}")
    palette = choose(recipe.prompt, recipe.index, random.Random(recipe.seed))
    if recipe.variation:
        palette = mixed(palette, MOODS[detail.choice(list(MOODS))], 0.2)
    canvas = Canvas(*size(recipe), detail)
    stage = Stage(recipe.prompt, random.Random(name), detail if recipe.variation else None)
    scenes(recipe.prompt)[recipe.index % 4](canvas, palette, stage)
    if stage.has("snow", "snowy", "blizzard", "winter"):
        canvas.flakes(260, (255, 255, 255))
    canvas.frame()
    return canvas.image


def _side(length: float) -> int:
    return 16 * round(length / 16)
