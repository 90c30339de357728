"""Every command explains itself, and its examples are command lines that it takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from mjtui import __version__
from mjtui.cli.app import SECTIONS, mjtui
from mjtui.cli.command import Command, LazyGroup

Faces = Callable[..., Any]


def commands(group: LazyGroup = mjtui, *before: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that lead to it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, LazyGroup):
            yield from commands(command, *before, name)
        else:
            yield (*before, name), command


ALL = dict(commands())


def mjtui_lines(example: str) -> Iterator[list[str]]:
    """The arguments of each call of `mjtui` in a line of shell."""
    lexer = shlex.shlex(example.replace('"$(', "( ").replace(')"', " )"), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, "|"]:
        if set(word) <= set("();<>|&"):
            if "mjtui" in words:
                yield words[words.index("mjtui") + 1 :]
            words = []
        else:
            words.append(word)


def test_the_commands_of_the_design_are_there() -> None:
    promised = (
        "imagine upscale vary animate extend tasks show wait resolve search export import download sync credits "
        "doctor locate config keys completion simulator"
    )
    assert set(promised.split()) <= {name for section in SECTIONS.values() for name in section}


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_says_what_it_does_and_ends_with_examples(words: tuple[str, ...], offline: Faces) -> None:
    done = offline(*words, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: mjtui {' '.join(words)}")
    assert re.search(r"Examples:\n  \S", done.out)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_examples_are_command_lines_that_are_taken(words: tuple[str, ...], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.jsonl").touch()
    command = ALL[words]
    assert isinstance(command, Command)
    lines = [line for example in command.examples for line in mjtui_lines(example) if line[: len(words)] == list(words)]
    for line in lines:
        command.make_context("mjtui", line[len(words) :]).close()
    assert lines


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_option_and_command_has_a_sentence(words: tuple[str, ...]) -> None:
    for parameter in ALL[words].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.help.endswith(".")


def test_every_summary_is_a_sentence_that_fits_on_a_line() -> None:
    for section in SECTIONS.values():
        for entry in section.values():
            assert entry.summary.endswith(".")
            assert len(entry.summary) <= 66


def test_version_is_told_on_one_line(offline: Faces) -> None:
    done = offline("--version")
    assert (done.code, done.out, done.err) == (0, f"mjtui {__version__}\n", "")


def test_a_misspelt_command_is_guessed(offline: Faces) -> None:
    done = offline("imagin", "a fox")
    assert (done.code, done.out) == (2, "")
    assert "Did you mean “imagine”?" in done.err


@pytest.mark.parametrize(
    "line", [["tasks", "--nope"], ["show"], ["upscale", "1", "9"], ["imagine", "x", "--type", "y"]]
)
def test_a_wrong_command_line_ends_with_2_and_says_so_on_stderr(line: list[str], offline: Faces) -> None:
    done = offline(*line)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err


def test_an_unknown_flag_of_the_prompt_is_sent_into_the_quotes(offline: Faces) -> None:
    done = offline("imagine", "a", "fox", "--sref", "123")
    assert done.code == 2
    assert "in the quoted prompt" in done.err


def test_options_of_the_screen_take_no_command(offline: Faces) -> None:
    done = offline("--demo", "tasks")
    assert done.code == 2
    assert "open the workstation" in done.err


def test_without_a_terminal_the_workstation_says_what_to_do(offline: Faces) -> None:
    done = offline()
    assert done.code == 2
    assert "needs a terminal" in done.err
    assert "mjtui --help" in done.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str, offline: Faces) -> None:
    done = offline("completion", shell)
    assert done.code == 0
    assert f"_MJTUI_COMPLETE={shell}_complete" in done.out


def test_completion_offers_commands_and_choices(process: Faces, environ: dict[str, str]) -> None:
    environ |= {"_MJTUI_COMPLETE": "bash_complete", "COMP_WORDS": "mjtui do", "COMP_CWORD": "1"}
    assert process().lines == ["plain,download", "plain,doctor"]
    environ |= {"COMP_WORDS": "mjtui locate l", "COMP_CWORD": "2"}
    assert process().lines == ["plain,logs", "plain,library", "plain,log"]
