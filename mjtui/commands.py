"""The commands of the screen as plain data, in the order in which the help shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Scope = Literal["everywhere", "compose", "job", "list", "tasks", "preview", "history"]
"""Where a command's keys are in force; `job` is every pane that has a job chosen, `list` every list."""

SCOPE_NAMES: Final[dict[Scope, str]] = {
    "everywhere": "Everywhere",
    "compose": "Compose",
    "job": "On a job",
    "list": "In a list",
    "tasks": "Tasks",
    "preview": "Preview",
    "history": "History",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A command without its function: `short` is its word in the footer, `help` a sentence or two."""

    id: str
    scope: Scope
    title: str
    short: str
    keys: tuple[str, ...]
    help: str


COMMANDS: Final[tuple[Entry, ...]] = (
    Entry(
        "send",
        "compose",
        "Send the draft",
        "send",
        ("alt+enter", "f5", "ctrl+enter"),
        "Sends the draft for the price shown below it. The draft stays: change a word and send again.",
    ),
    Entry(
        "draft-request",
        "compose",
        "Show the exact request",
        "request",
        ("f3", "alt+p"),
        "The exact JSON that would be sent, as curl too, with its price. Sends nothing.",
    ),
    Entry(
        "draft-kind",
        "compose",
        "Choose what to make",
        "kind",
        ("alt+k",),
        "Text to image, image to image, style or omni reference, video, HD video.",
    ),
    Entry(
        "draft-form",
        "compose",
        "Go to the settings of the draft",
        "settings",
        ("f2", "alt+s"),
        "The line of version, ratio, speed and the rest: arrows choose and change, enter types a value.",
    ),
    Entry(
        "draft-image",
        "compose",
        "Add a reference image",
        "image",
        ("alt+i",),
        "By URL, or the path of a local file, which is uploaded when the draft is sent.",
    ),
    Entry(
        "draft-unimage",
        "compose",
        "Remove a reference image",
        "",
        ("alt+d",),
        "Takes the last reference image out of the draft.",
    ),
    Entry(
        "draft-fix",
        "compose",
        "Fix the first finding that can be",
        "fix",
        ("alt+q", "f7"),
        "Makes the change that a finding below the text proposes.",
    ),
    Entry(
        "draft-editor",
        "compose",
        "Write in your editor",
        "editor",
        ("f4", "alt+e"),
        "Opens the prompt in $VISUAL or $EDITOR. Saving there never sends.",
    ),
    Entry("draft-undo", "compose", "Undo", "undo", ("alt+z", "ctrl+underscore"), "Takes back the last change."),
    Entry("draft-redo", "compose", "Redo", "", ("alt+y", "ctrl+y"), "Makes an undone change again."),
    Entry(
        "draft-clear",
        "compose",
        "Clear the draft",
        "",
        ("alt+x",),
        "Empties text, settings and images; undo brings them back.",
    ),
    Entry("draft-copy", "compose", "Copy the prompt of the draft", "", ("alt+c",), "Copies the text to the clipboard."),
    Entry(
        "job-recall",
        "job",
        "Use the prompt again",
        "recall",
        ("r",),
        "Puts the job's prompt and settings into Compose, to change and send. Undo brings the old draft back.",
    ),
    Entry(
        "job-upscale",
        "job",
        "Upscale the picture",
        "upscale",
        ("u",),
        "Makes the chosen picture larger. Asks first where the service takes credits for it.",
    ),
    Entry(
        "job-vary",
        "job",
        "Vary the picture",
        "vary",
        ("v",),
        "Makes four variations of the chosen picture. Asks first where the service takes credits for it.",
    ),
    Entry(
        "job-animate",
        "job",
        "Animate the picture",
        "animate",
        ("a",),
        "Puts a video of the chosen picture into Compose, to be sent from there.",
    ),
    Entry(
        "job-extend",
        "job",
        "Extend the video",
        "extend",
        ("e",),
        "Puts a longer clip of the chosen video into Compose, to be sent from there.",
    ),
    Entry(
        "job-reference",
        "job",
        "Use the picture as reference",
        "",
        ("i",),
        "Adds the chosen picture to the draft as a reference image.",
    ),
    Entry("job-open", "job", "Show all about the job", "details", ("enter", "o"), "Request, times, cost and log."),
    Entry(
        "job-copy",
        "job",
        "Copy from the job",
        "copy",
        ("y",),
        "Copies its prompt, a picture's URL or file path, its task id or its request.",
    ),
    Entry("job-look", "job", "Look at the service now", "look", ("R",), "Asks the service for news of this job."),
    Entry(
        "job-save",
        "job",
        "Save the pictures again",
        "",
        ("w",),
        "Tries once more to save the pictures that could not be saved.",
    ),
    Entry(
        "job-cancel",
        "job",
        "Cancel before it is sent",
        "cancel",
        ("x",),
        "Takes back a job that was not sent yet; nothing is charged.",
    ),
    Entry(
        "job-release",
        "job",
        "Send a job that waits",
        "send it",
        ("p",),
        "Sends a job that an earlier sitting left unsent. Asks first.",
    ),
    Entry(
        "job-resolve",
        "job",
        "Settle an unknown job",
        "settle",
        ("s",),
        "A job without an answer: it arrived (paste its task id), send it again, or give it up.",
    ),
    Entry(
        "job-retry",
        "job",
        "Try again as a new job",
        "try again",
        ("t",),
        "Sends a job that failed, was refused or cancelled once more, as a new one. Asks first.",
    ),
    Entry(
        "job-parent", "job", "Go to the job it came from", "parent", ("P",), "Shows the job that this one goes on from."
    ),
    Entry(
        "job-next",
        "job",
        "Next job that is found",
        "",
        ("n",),
        "The next one in the history, or of what the search line finds, from any pane.",
    ),
    Entry("job-previous", "job", "Job found before", "", ("N",), "The one before in the history, from any pane."),
    Entry("picture-1", "job", "Choose picture 1", "", ("1",), "Upscale, vary and the others work on it."),
    Entry("picture-2", "job", "Choose picture 2", "", ("2",), "Upscale, vary and the others work on it."),
    Entry("picture-3", "job", "Choose picture 3", "", ("3",), "Upscale, vary and the others work on it."),
    Entry("picture-4", "job", "Choose picture 4", "", ("4",), "Upscale, vary and the others work on it."),
    Entry(
        "preview-large",
        "preview",
        "One picture or all four",
        "large",
        ("space", "f"),
        "Shows the chosen picture alone, or all four side by side.",
    ),
    Entry("picture-next", "preview", "Next picture", "", ("right", "l"), "Chooses the picture after this one."),
    Entry("picture-previous", "preview", "Picture before", "", ("left", "h"), "Chooses the picture before this one."),
    Entry("search", "everywhere", "Search the history", "search", ("slash", "alt+slash"), "Goes to the search line."),
    Entry("pane-compose", "everywhere", "Go to Compose", "", ("alt+1",), "The prompt, its settings and its price."),
    Entry("pane-tasks", "everywhere", "Go to Tasks", "", ("alt+2",), "What runs, waits or needs you."),
    Entry("pane-preview", "everywhere", "Go to Preview", "", ("alt+3",), "The pictures of the chosen job."),
    Entry("pane-history", "everywhere", "Go to History", "", ("alt+4",), "Everything that was ever made."),
    Entry("pane-next", "everywhere", "Next pane", "next", ("tab", "f6"), "Goes on to the next pane."),
    Entry("pane-previous", "everywhere", "Previous pane", "", ("shift+tab", "shift+f6"), "Goes back to the last pane."),
    Entry(
        "pane-zoom", "everywhere", "Pane to full screen and back", "zoom", ("z", "alt+m", "f11"), "Fills the screen."
    ),
    Entry(
        "pane-wider",
        "everywhere",
        "Make the pane wider",
        "",
        ("greater_than_sign", "alt+greater_than_sign"),
        "The pane beside it gives the room; remembered.",
    ),
    Entry(
        "pane-narrower",
        "everywhere",
        "Make the pane narrower",
        "",
        ("less_than_sign", "alt+less_than_sign"),
        "The pane beside it takes the room; remembered.",
    ),
    Entry(
        "pane-taller",
        "everywhere",
        "Make the pane taller",
        "",
        ("alt+plus", "alt+equals_sign"),
        "The pane below or above it gives the room; remembered.",
    ),
    Entry(
        "pane-lower",
        "everywhere",
        "Make the pane lower",
        "",
        ("alt+minus",),
        "The pane below or above it takes the room; remembered.",
    ),
    Entry("pane-reset", "everywhere", "Give all panes their usual size", "", (), "Takes back what was changed."),
    Entry("back", "everywhere", "Back", "back", ("escape",), "Leaves full screen."),
    Entry("jump", "everywhere", "Jump to a pane by letter", "jump", ("ctrl+o",), "Shows a letter on each place to go."),
    Entry(
        "help",
        "everywhere",
        "Help on what can be done here",
        "help",
        ("question_mark", "f1"),
        "Everything that applies here.",
    ),
    Entry(
        "palette", "everywhere", "All commands", "commands", ("ctrl+p",), "Finds any command by its name and runs it."
    ),
    Entry(
        "settings",
        "everywhere",
        "Settings, and where each came from",
        "",
        ("comma", "alt+comma"),
        "Lists them all; enter opens the settings file in your editor.",
    ),
    Entry("theme", "everywhere", "Choose a theme", "", (), "Colours, shown as you go through them."),
    Entry(
        "save-all",
        "everywhere",
        "Save all pictures that are missing",
        "",
        ("W",),
        "Tries at once to save every picture that is not saved yet, of all jobs.",
    ),
    Entry("key", "everywhere", "Enter an API key", "", (), "Connects mjtui with the service."),
    Entry("redraw", "everywhere", "Draw the screen again", "", ("ctrl+l",), "Cleans up what another program wrote."),
    Entry("suspend", "everywhere", "Suspend to the shell", "", (), "Until `fg`; work under way goes on after it."),
    Entry("quit", "everywhere", "Quit", "quit", ("ctrl+q",), "What was sent goes on at the service."),
    Entry(
        "tasks-filter",
        "tasks",
        "Show only one group of tasks",
        "filter",
        ("f",),
        "Goes through what needs you, runs, waits, failed and is done, then shows all again.",
    ),
    Entry("list-down", "list", "Down", "", ("j", "down"), "The next job."),
    Entry("list-up", "list", "Up", "", ("k", "up"), "The job before."),
    Entry("list-top", "list", "To the top", "", ("g", "home"), "The newest job; gg works too."),
    Entry("list-bottom", "list", "To the bottom", "", ("G", "end"), "The oldest job that is loaded."),
    Entry("list-half-down", "list", "Half a page down", "", ("ctrl+d", "pagedown"), "Moves by half of what is seen."),
    Entry("list-half-up", "list", "Half a page up", "", ("ctrl+u", "pageup"), "Moves by half of what is seen."),
)
