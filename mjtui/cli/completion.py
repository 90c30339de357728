"""`mjtui completion`: what a shell needs to complete this command line."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from mjtui.cli.command import Command


@click.command(
    cls=Command,
    examples=(
        'eval "$(mjtui completion bash)"   # a line for ~/.bashrc',
        'eval "$(mjtui completion zsh)"    # a line for ~/.zshrc, after compinit',
        "mjtui completion fish > ~/.config/fish/completions/mjtui.fish",
    ),
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print the completion script of SHELL."""
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(ctx.find_root().command, {}, "mjtui", "_MJTUI_COMPLETE").source())
