"""What the services offer of Midjourney.

Source: the pages of Kie.ai's Midjourney API (docs.kie.ai/mj-api, quickstart; kie.ai/features/mj-api), read in 2026.
`sketch` is the second dialect of the same service, known from one description with three model names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mjtui.prompt.draft import KINDS, Kind

RATIOS = ("1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1")
MAX_PROMPT = 2000
MAX_WATERMARK = 100
CAREFUL_IMAGES = 5
"""One source allows ten image links in a request, another five; above five a warning says so."""
CHAOS_STEP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The models and kinds of request that a dialect has; `doubtful` models are named in some sources only."""

    versions: tuple[str, ...]
    doubtful: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = KINDS


KIE = Service(versions=("7", "6.1", "6", "5.2", "5.1", "niji6"), doubtful=("niji7",))
SKETCH = Service(versions=("7", "6.1", "niji6"), kinds=("txt2img",))


def service(dialect: str) -> Service:
    """What is known of a dialect; one that nothing is known of is taken for Kie.ai's own."""
    return SKETCH if dialect == "sketch" else KIE


def nearest_ratio(width: float, height: float) -> str:
    """The aspect ratio of the service whose shape comes nearest."""
    wanted = math.log(width / height)

    def distance(ratio: str) -> float:
        across, down = ratio.split(":")
        return abs(math.log(int(across) / int(down)) - wanted)

    return min(RATIOS, key=distance)
