"""`mjtui imagine`: pictures and videos from a prompt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mjtui.cli.command import Command
from mjtui.cli.sending import Manner, send, sending_options
from mjtui.errors import InvalidRequest, UsageError
from mjtui.prompt.draft import GENERATED, MOTIONS, SPEEDS, Draft, Kind

if TYPE_CHECKING:
    from mjtui.engine.engine import Engine

TYPES: dict[str, Kind] = {
    **{kind.replace("_", "-"): kind for kind in GENERATED},
    "style": "style_reference",
    "omni": "omni_reference",
}


@click.command(
    cls=Command,
    examples=(
        'mjtui imagine "a paper lighthouse at dusk, soft fog --ar 16:9"',
        'mjtui imagine "a fox in snow" --stylize 250 --seed 7 --wait',
        'mjtui imagine "in this style" --image style.png --type style --json',
        'mjtui imagine "slow dolly in" --image frame.jpg --type video --clips 2',
        'mjtui imagine "a castle" --ar 7:4 --dry-run',
        "cat prompt.txt | mjtui imagine - --wait",
    ),
)
@click.argument("prompt", nargs=-1, required=True)
@click.option(
    "--image", "images", multiple=True, metavar="FILE|URL", help="Reference image; may be given several times."
)
@click.option(
    "--type",
    "kind",
    type=click.Choice(list(TYPES), case_sensitive=False),
    help="What to make; text to image, or image to image where there is an --image.",
)
@click.option("--speed", type=click.Choice(SPEEDS), help="How fast, and how dear.")
@click.option("--ar", "aspect_ratio", metavar="W:H", help="Aspect ratio.")
@click.option("--v", "--model", "version", metavar="VERSION", help="Midjourney version, such as 7 or niji6.")
@click.option("--stylize", type=int, metavar="N", help="How much style, 0 to 1000.")
@click.option("--chaos", type=int, metavar="N", help="How different the four pictures are, 0 to 100.")
@click.option("--weird", type=int, metavar="N", help="How strange, 0 to 3000.")
@click.option("--ow", "omni_weight", type=int, metavar="N", help="How strictly to follow an omni reference, 1 to 1000.")
@click.option("--seed", type=int, metavar="N", help="The same seed and prompt give similar pictures.")
@click.option("--quality", metavar="Q", help="Quality, as the version knows it.")
@click.option("--no", "negative", metavar="WORDS", help="What should not be there.")
@click.option("--motion", type=click.Choice(MOTIONS), help="How much a video moves.")
@click.option("--clips", "batch_size", type=int, metavar="N", help="Clips per video job: 1, 2 or 4.")
@click.option("--watermark", metavar="TEXT", help="A watermark.")
@click.option("--translate/--no-translate", default=None, help="Let the service translate the prompt to English.")
@sending_options
@click.pass_context
def imagine(
    ctx: click.Context,
    *,
    prompt: tuple[str, ...],
    images: tuple[str, ...],
    kind: str | None,
    again: bool,
    wait: bool,
    dry_run: bool,
    as_json: bool,
    **form: Any,
) -> None:
    """Make pictures or videos from PROMPT, or from stdin where that is “-”.

    Flags of Midjourney may stand in the prompt, in quotes; those with an option here may also be given as options.
    Prints the job's id when the service has accepted it; with --wait the paths of the saved results.
    """
    draft = Draft(prompt=_text(prompt), kind=_kind(kind, images), images=tuple(map(_image, images)), **form)

    async def compose(engine: Engine) -> Draft:
        return draft

    ctx.exit(send(compose, Manner(again=again, wait=wait, dry_run=dry_run, as_json=as_json)))


def _text(words: tuple[str, ...]) -> str:
    if words != ("-",):
        return " ".join(words)
    try:
        return sys.stdin.read().strip()
    except UnicodeDecodeError as error:
        raise UsageError(f"The prompt on stdin is no UTF-8 text ({error.reason} at byte {error.start}).") from error


def _kind(name: str | None, images: tuple[str, ...]) -> Kind:
    if name is not None:
        return TYPES[name]
    return "img2img" if images else "txt2img"


def _image(name: str) -> str:
    """A URL as it is, a file by its absolute path, so that it is found from any folder later."""
    if name.startswith(("http://", "https://")):
        return name
    path = Path(name).expanduser().absolute()
    if not path.is_file():
        raise InvalidRequest(f"There is no file {name}.", hint="Give the path of an image, or its URL.")
    return str(path)
