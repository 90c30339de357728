"""The top of the command line: the list of commands, and how a run ends.

exit code  meaning
---------  --------------------------------------------------
0          done
1          the job failed, or something here is broken
2          the command line or a setting is wrong
3          the service or the network; try again
4          refused for money: budget, credits, a repetition
5          nobody knows whether a request arrived
130        interrupted
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from mjtui import __version__
from mjtui.cli.command import Entry, LazyGroup
from mjtui.errors import MjtuiError, UsageError

INTERRUPTED = 130

SECTIONS = {
    "Make": {
        "imagine": Entry("imagine:imagine", "Make pictures or videos from a prompt."),
        "batch": Entry("batch:batch", "Make many pictures from one expression or one file."),
        "upscale": Entry("onward:upscale", "Make one picture of a job larger."),
        "vary": Entry("onward:vary", "Make four variations of one picture of a job."),
        "animate": Entry("onward:animate", "Make a video that begins with one picture of a job."),
        "extend": Entry("onward:extend", "Make one video of a job longer."),
    },
    "Watch": {
        "tasks": Entry("tasks:tasks", "List what is under way and what finished last."),
        "show": Entry("show:show", "Show all that is known of a job."),
        "wait": Entry("tasks:wait", "Wait until jobs are done and their pictures saved."),
        "batches": Entry("batches:batches", "List batches, stop them and let them go on."),
        "resolve": Entry("resolve:resolve", "Decide about a job that waits for you."),
        "sync": Entry("saving:sync", "Look at every running job once and save every missing picture."),
    },
    "Find and keep": {
        "search": Entry("search:search", "Find jobs by words and filters."),
        "download": Entry("saving:download", "Save pictures that are not saved yet."),
        "verify": Entry("verify:verify", "Check every saved result, and fetch again what is not as it was."),
        "export": Entry("carrying:export", "Write jobs to stdout, one JSON object a line."),
        "import": Entry("carrying:import_", "Add jobs that were exported."),
    },
    "Set up": {
        "credits": Entry("account:credits_left", "Print the credits left at the service."),
        "key": Entry("account:key", "Enter the API key."),
        "config": Entry("config:config", "Write, show and check the settings."),
        "fragments": Entry("fragments:fragments", "List and check the pieces that prompts are made of."),
        "locate": Entry("locate:locate", "Print where something is kept."),
        "doctor": Entry("doctor:doctor", "Check this installation and say what is wrong."),
        "keys": Entry("keys:keys", "List the keys of the workstation."),
        "completion": Entry("completion:completion", "Print the completion script of a shell."),
        "simulator": Entry("simulate:simulator", "Run a local service that costs nothing."),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to open the workstation; None leaves it to the settings."""

    demo: bool
    keep: bool
    preview: str | None
    theme: str | None


@click.group(
    cls=LazyGroup,
    sections=SECTIONS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="mjtui", message="%(prog)s %(version)s")
@click.option("--demo", is_flag=True, help="Try everything on a built-in simulator: no key, no network, no cost.")
@click.option("--keep", is_flag=True, help="With --demo: keep its library for the next time.")
@click.option(
    "--preview", type=click.Choice(["auto", "halfblock", "ascii", "off"]), help="How pictures are drawn on the screen."
)
@click.option("--theme", metavar="NAME", help="The colours of the screen.")
@click.pass_context
def mjtui(ctx: click.Context, demo: bool, keep: bool, preview: str | None, theme: str | None) -> None:
    """A terminal workstation for making pictures with Midjourney.

    Without a command the workstation opens. Commands print data to stdout and all else to stderr.
    """
    launch = Launch(demo=demo, keep=keep, preview=preview, theme=theme)
    if ctx.invoked_subcommand is not None:
        if launch != Launch(demo=False, keep=False, preview=None, theme=None):
            raise click.UsageError("--demo, --keep, --preview and --theme open the workstation; they take no command.")
    elif keep and not demo:
        raise click.UsageError("--keep goes with --demo; your own library is always kept.")
    elif not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The workstation needs a terminal.", meaning="", hint="`mjtui --help` lists the commands that need none."
        )
    else:
        ctx.exit(ctx.obj(launch))


def run(arguments: Sequence[str] | None = None, *, workstation: Callable[[Launch], int]) -> int:
    """Run one command line (of the process where none is given) and return its exit code.

    `workstation` opens the screen. Errors become sentences on stderr.
    """
    try:
        code = mjtui.main(
            None if arguments is None else list(arguments), prog_name="mjtui", standalone_mode=False, obj=workstation
        )
        sys.stdout.flush()
    except click.Abort as abort:
        _say(str(abort.__cause__ or "") or "interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and error.ctx and error.ctx.command.name == "imagine":
            _say("flags that have no option here belong in the quoted prompt, with the words.")
        return UsageError.exit_code
    except MjtuiError as error:
        from mjtui.cli.failures import sentence

        _say(sentence(error))
        return error.exit_code
    except BrokenPipeError:
        _discard_stdout()
        return 0
    except OSError as error:
        if error.filename is None:
            raise
        _say(f"{error.filename}: {error.strerror}")
        return 1
    return code if isinstance(code, int) else 0


def _say(text: str) -> None:
    from mjtui.cli.output import narrate

    narrate(text)


def _discard_stdout() -> None:
    """Nobody reads stdout any more: keep Python from trying once more to write what is left, and complaining."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
