"""The colours of a picture, chosen by the words of its prompt."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours from the top of the sky to the ground; `light` is the sun, moon or lamp, `accent` what stands out."""

    top: Color
    middle: Color
    horizon: Color
    light: Color
    far: Color
    near: Color
    accent: Color
    dark: bool = False

    def ramp(self) -> list[Color]:
        """The colours in an order that reads as one scale."""
        return [self.near, self.far, self.top, self.middle, self.accent, self.horizon, self.light]


def _hex(text: str, *, dark: bool = False) -> Palette:
    colors: list[Color] = []
    for word in text.split():
        red, green, blue = bytes.fromhex(word)
        colors.append((red, green, blue))
    return Palette(*colors, dark=dark)


MOODS: dict[str, Palette] = {
    "dusk": _hex("2a2560 a1527f f9a06a ffe0a3 7d4f86 1b1233 ff7b54", dark=True),
    "dawn": _hex("5f8fcb efb9bb ffdfa8 fff4cf 8a9cc2 2b3a55 f08a6b"),
    "day": _hex("2c79c9 86c0ee eaf5f2 fffbe0 86aec4 1c5447 f4b942"),
    "night": _hex("060b22 11265a 3b5c94 eef3ff 1e3262 04070f ffcf6b", dark=True),
    "storm": _hex("1d252d 4b5965 a3b0b3 e3ecec 596871 12171b d9b44a", dark=True),
    "snow": _hex("7ea6d1 c4d9ea fbefe6 fffdf5 aec4da 4f6a88 e07a5f"),
    "autumn": _hex("5b84a8 eac59a fbe3b4 fff3cf c4783f 4d1d12 e4572e"),
    "neon": _hex("0c0326 43106b ff2f8a ffd166 4d1577 090112 22e0ff", dark=True),
    "desert": _hex("3e74ab f2b680 fde6b8 fff6dc d98b59 64291a c8553d"),
    "jade": _hex("8fbfa6 cfe5cf f4f5df fffdee 79a58e 0f3326 e9b44c"),
    "ink": _hex("ded8ca efe9dc fbf6ea c8402f b3ab9c 24211e c8402f"),
    "pastel": _hex("a9bbee f4c3d9 ffe8d3 fffaf0 bda2d6 5d5089 ff9aa2"),
    "aurora": _hex("030b1d 07304a 147a6e d9fff2 0c3440 020a10 7bf0a8", dark=True),
    "sea": _hex("11507e 3f97b5 cdeae0 fff7d6 2c7894 06283d f2a65a"),
    "ember": _hex("220808 7d1d14 f2641f ffd27a 5a1a18 120404 ffb347", dark=True),
    "rose": _hex("6c3d70 d9809b ffd3c2 fff1e6 9d5f88 32162f f25f5c"),
}

WORDS: dict[str, str] = {
    "dusk": "dusk sunset twilight evening golden dramatic cinematic",
    "dawn": "dawn sunrise morning misty mist soft gentle early",
    "day": "day noon summer bright sunny meadow spring field clear blue",
    "night": "night midnight moon moonlit stars starry dark space galaxy",
    "storm": "storm stormy rain rainy thunder grey gray tempest gloomy",
    "snow": "snow snowy winter ice icy frozen arctic frost glacier white",
    "autumn": "autumn fall october harvest leaves orange amber",
    "neon": "neon cyberpunk futuristic synthwave vaporwave hologram arcade robot",
    "desert": "desert dunes dune sand canyon mesa sahara mars western",
    "jade": "forest jade green jungle bamboo tea moss garden zen woods",
    "ink": "ink sumi-e woodcut monochrome black-and-white minimal minimalist sketch noir",
    "pastel": "pastel dream dreamy watercolor watercolour cute kawaii candy cloud clouds",
    "aurora": "aurora northern-lights borealis teal emerald",
    "sea": "sea ocean coast beach waves underwater turquoise harbour harbor lagoon",
    "ember": "fire lava volcano ember flame dragon inferno red crimson",
    "rose": "rose pink purple violet lavender cherry blossom sakura wine",
}

_MOOD_OF = {word: mood for mood, words in WORDS.items() for word in words.split()}


def words_of(prompt: str) -> list[str]:
    """The words of a prompt in lower case; words joined by a hyphen are one."""
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", prompt.lower())


def choose(prompt: str, index: int, chance: random.Random) -> Palette:
    """The palette of picture `index`: the moods that the words name, shaded otherwise for each of the four."""
    named = list(dict.fromkeys(_MOOD_OF[word] for word in words_of(prompt) if word in _MOOD_OF))
    if not named:
        order = list(MOODS)
        chance.shuffle(order)
        return MOODS[order[index % len(order)]]
    palette = MOODS[named[index % len(named)] if index < 3 else named[0]]
    if len(named) > 1:
        palette = mixed(palette, MOODS[named[(index + 1) % len(named)]], 0.25)
    return _shade(palette, index)


def mixed(one: Palette, other: Palette, share: float) -> Palette:
    """One palette with a share (0 to 1) of another in it; it stays as dark as it was."""
    return replace(
        one,
        **{
            name: blend(getattr(one, name), getattr(other, name), share)
            for name in ("top", "middle", "horizon", "far", "near", "accent")
        },
    )


def blend(one: Color, other: Color, share: float) -> Color:
    """A colour between two: `share` 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _shade(palette: Palette, index: int) -> Palette:
    if index == 1:
        return replace(mixed(palette, MOODS["dusk" if palette.dark else "desert"], 0.3), light=palette.light)
    if index == 2:
        return mixed(palette, MOODS["night" if palette.dark else "sea"], 0.3)
    if index == 3:
        return replace(palette, top=palette.horizon, horizon=blend(palette.middle, palette.light, 0.3))
    return palette
