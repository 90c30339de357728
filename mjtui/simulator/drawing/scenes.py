"""Which compositions a prompt is drawn as: four that differ, chosen by its words."""

from __future__ import annotations

from collections.abc import Callable

from mjtui.simulator.drawing.canvas import Canvas
from mjtui.simulator.drawing.city import harbour, skyline, street
from mjtui.simulator.drawing.forms import discs, marble, ribbons
from mjtui.simulator.drawing.land import dunes, peak, ranges, trunks, woods
from mjtui.simulator.drawing.palettes import Palette, words_of
from mjtui.simulator.drawing.stage import Stage
from mjtui.simulator.drawing.water import islands, lake, sea, swell

Scene = Callable[[Canvas, Palette, Stage], None]

FAMILIES: tuple[tuple[str, tuple[Scene, ...]], ...] = (
    (
        "city skyline street tokyo building skyscraper neon cyberpunk town architecture",
        (skyline, harbour, street, ribbons),
    ),
    ("sea ocean lighthouse boat ship coast beach island waves sail storm harbour harbor", (sea, swell, islands, lake)),
    ("forest woods tree trees pine jungle fox deer cabin bamboo moss garden", (woods, trunks, lake, ranges)),
    ("mountain mountains peak castle snow alps hill hills valley ridge misty", (ranges, peak, lake, woods)),
    ("desert dune dunes sand canyon mars sahara camel", (dunes, ranges, discs, peak)),
    ("lake river reflection pond water", (lake, ranges, woods, swell)),
    ("abstract pattern fluid ink marble texture swirl paint geometric", (marble, ribbons, discs, swell)),
    ("space planet galaxy cosmic moon orbit nebula astronaut robot", (discs, ranges, marble, dunes)),
)
ANY: tuple[Scene, ...] = (ranges, discs, sea, ribbons)


def scenes(prompt: str) -> tuple[Scene, ...]:
    """The four compositions for a prompt: those of the family that most of its words belong to."""
    words = words_of(prompt)
    hits = [sum(word in family.split() for word in words) for family, _ in FAMILIES]
    return FAMILIES[hits.index(max(hits))][1] if max(hits) else ANY
