"""What every composition is told, and the sky that most of them share."""

from __future__ import annotations

import random

from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.palettes import Palette, blend, words_of

SWAY = 0.5


class Stage:
    """What a composition is told: the words, and a generator that gives related pictures the same large forms."""

    def __init__(self, prompt: str, plan: random.Random, sway: random.Random | None) -> None:
        self.words = set(words_of(prompt))
        self._plan = plan
        self._sway = sway

    def has(self, *words: str) -> bool:
        return not self.words.isdisjoint(words)

    def between(self, low: float, high: float) -> float:
        """A measure of the composition; in a variation it is moved a little."""
        value = self._plan.uniform(low, high)
        if self._sway is not None:
            value += self._sway.uniform(-SWAY, SWAY) * (high - low)
        return min(high, max(low, value))


def heavens(canvas: Canvas, palette: Palette, stage: Stage, x: float, y: float, *, large: bool = False) -> None:
    """A sky with its sun or moon at a point, stars where it is dark, and clouds."""
    canvas.sky(palette.top, palette.middle, palette.horizon, until=0.68)
    if palette.dark:
        canvas.stars(150, 0.5, palette.light)
    if stage.has("aurora", "borealis", "northern-lights"):
        for _ in range(3):
            canvas.clouds(palette.accent, canvas.chance.uniform(-0.1, 0.1), canvas.chance.uniform(0.45, 0.6), 0.42, 0.5)
    canvas.glow(x, y, 0.85 if large else 0.65, palette.light, 0.7)
    canvas.disc(x, y, stage.between(0.09, 0.13) if large else stage.between(0.045, 0.075), palette.light)
    canvas.clouds(blend(palette.light, palette.horizon, 0.45), 0.02, 0.5, stage.between(0.3, 0.5), 0.55)
    canvas.clouds(blend(palette.middle, palette.near, 0.25), 0.2, 0.6, stage.between(0.25, 0.4), 0.35)
