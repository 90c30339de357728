"""Batches from the command line: the table, the money, the confirmation, stopping and going on."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Faces = Callable[..., Any]


@pytest.fixture
def word(request: pytest.FixtureRequest) -> str:
    """A word that no other test sends."""
    return f"word{abs(hash(request.node.nodeid))}"


def test_a_dry_run_lists_each_request_with_its_price(offline: Faces) -> None:
    done = offline("batch", "--prompt", "a {red, green} bird --ar {3:2, 1:1}", "--dry-run", "--json")
    assert done.code == 0, done.err
    rows = done.json
    assert [set(row) for row in rows] == [{"request", "endpoint", "cost", "findings", "already_made"}] * 4
    assert [row["request"]["prompt"] for row in rows] == ["a red bird"] * 2 + ["a green bird"] * 2
    assert [row["request"]["aspectRatio"] for row in rows] == ["3:2", "1:1"] * 2
    assert {row["cost"] for row in rows} == {8}
    assert {row["already_made"] for row in rows} == {None}
    assert "4 jobs, 4 to send for 32 credits (about $0.16)." in done.err
    assert offline("search", "--json").json == []


def test_a_row_with_an_error_ends_with_2_and_is_left_out(mjtui: Faces, word: str) -> None:
    line = ("batch", "--prompt", f"{word} --ar {{3:2, 7:5}}", "--json")
    dry = mjtui(*line, "--dry-run")
    assert dry.code == 2
    assert [row["request"] is None for row in dry.json] == [False, True]
    sent = mjtui(*line, "--yes")
    assert sent.code == 0, sent.err
    assert len(sent.json["jobs"]) == 1
    assert "1 with errors" in sent.err


def test_a_batch_is_sent_waited_for_and_not_made_twice(mjtui: Faces, simulator: Any, word: str) -> None:
    before = len(simulator.charges())
    line = ("batch", "--prompt", f"{word} {{one, two, three}} --repeat 2", "--yes")
    done = mjtui(*line, "--wait")
    assert done.code == 0, done.err
    assert len(done.lines) == 24
    assert all(Path(path).is_file() for path in done.lines)
    assert len(simulator.charges()) - before == 6
    again = mjtui(*line)
    assert again.code == 2
    assert "6 already made" in again.err
    assert "Every row that can be sent was already made" in again.err
    more = mjtui("batch", "--prompt", f"{word} {{one, four}}", "--dry-run", "--json")
    assert [row["already_made"] is not None for row in more.json] == [True, False]
    assert len(simulator.charges()) - before == 6
    assert mjtui(*line, "--again").code == 0
    assert len(simulator.charges()) - before == 12


def test_without_a_terminal_nothing_is_sent_unless_yes_is_said(mjtui: Faces, simulator: Any, word: str) -> None:
    before = len(simulator.charges())
    done = mjtui("batch", "--prompt", f"{word} {{a, b}}", "--json")
    assert done.code == 2
    assert "--yes" in done.json["error"]["hint"]
    assert len(simulator.charges()) == before


def test_a_batch_above_the_limit_is_counted_and_refused(offline: Faces, environ: dict[str, str]) -> None:
    ten = "{1,2,3,4,5,6,7,8,9,10}"
    done = offline("batch", "--prompt", f"a {ten} {ten} {ten} {ten}", "--dry-run")
    assert done.code == 2
    assert "This batch has 10 000 jobs; the limit is 200." in done.err
    assert offline("batch", "--prompt", f"a {ten} {ten}", "--dry-run", "--limit", "99").code == 2
    environ["MJTUI_BATCH_LIMIT"] = "5"
    assert offline("batch", "--prompt", f"a {ten}", "--dry-run").code == 2


@pytest.mark.parametrize("variable", ["MJTUI_BUDGET_PER_BATCH", "MJTUI_BUDGET_PER_DAY"])
def test_a_budget_stops_all_of_a_batch_or_none(
    mjtui: Faces, environ: dict[str, str], simulator: Any, word: str, variable: str
) -> None:
    before = len(simulator.charges())
    environ[variable] = "30"
    done = mjtui("batch", "--prompt", f"{word} {{a, b, c, d}}", "--yes", "--json")
    assert done.code == 4
    assert done.json["error"]["code"] == "over_budget"
    assert mjtui("search", "--json").json == []
    assert len(simulator.charges()) == before
    assert mjtui("batch", "--prompt", f"{word} {{a, b, c}}", "--yes").code == 0


def test_a_table_with_columns_makes_prompts_fields_and_tags(offline: Faces, tmp_path: Path) -> None:
    file = tmp_path / "animals.csv"
    file.write_text("animal,place,ar,stylize,tags,mood\nfox,snow,3:2,100,a b,x\nowl,fog,1:1,nope,,y\n", "utf-8-sig")
    done = offline("batch", str(file), "--template", "a $animal in ${place}", "--dry-run", "--json")
    assert done.code == 2
    first, second = done.json
    assert first["request"]["prompt"] == "a fox in snow"
    assert (first["request"]["aspectRatio"], first["request"]["stylization"]) == ("3:2", 100)
    assert second["request"] is None
    assert second["findings"][0]["message"] == "Line 3: stylize is a whole number, not “nope”."
    assert "“mood” is not used" in done.err


def test_tags_of_a_file_are_on_the_jobs(mjtui: Faces, word: str) -> None:
    lines = [json.dumps({"prompt": f"{word} {name}", "tags": ["client/acme", name]}) for name in ("one", "two")]
    done = mjtui("batch", "-", "--yes", "--json", given="\n".join(lines))
    assert done.code == 0, done.err
    assert [job["tags"] for job in done.json["jobs"]] == [["client/acme", "one"], ["client/acme", "two"]]
    assert done.json["batch"]["expression"] == "stdin"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"prompt\na fox\n\xff\xfe\n", "Line 3 is no UTF-8 text"),
        ("a.csv", "prompt\nfox\n".encode("utf-16"), "UTF-16"),
        ("a.csv", b"animal,place\nfox,snow\n", "no column “prompt”"),
        ("a.csv", b"prompt\nfox, in snow\n", "Line 2 has 2 cells"),
        ("a.jsonl", b'{"prompt": "fox"}\n{"prompt"\n', "Line 2 is not JSON"),
        ("a.jsonl", b"[1]\n", "Line 1 is no JSON object"),
        ("a.txt", b"# nothing\n\n", "no rows"),
        ("a.txt", b"a fox\n" * 10_001, "10 001 jobs"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    offline: Faces, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    done = offline("batch", str(tmp_path / name), "--dry-run")
    assert (done.code, done.out) == (2, "")
    assert says in done.err


def test_a_file_that_is_not_there_is_named(offline: Faces) -> None:
    assert offline("batch", "nowhere.csv", "--dry-run").code == 2
    assert offline("batch", "--dry-run").code == 2


def test_a_service_that_cannot_be_reached_leaves_the_batch_to_be_continued(
    offline: Faces, mjtui: Faces, environ: dict[str, str], nowhere: str, simulator: Any, word: str
) -> None:
    before = len(simulator.charges())
    url, environ["MJTUI_API_URL"] = environ["MJTUI_API_URL"], nowhere
    done = offline("batch", "--prompt", f"{word} {{a, b, c}}", "--yes", "--json")
    assert done.code == 3
    assert "mjtui batches continue 1" in done.json["error"]["hint"]
    (batch,) = offline("batches", "list", "--json").json
    assert (batch["stopped"], batch["waiting"], batch["jobs"]) == (True, 3, 3)
    assert batch["expression"] == f"{word} {{a, b, c}}"
    environ["MJTUI_API_URL"] = url
    went = mjtui("batches", "continue", "1", "--json")
    assert went.code == 0, went.err
    assert went.json["batch"]["waiting"] == 0
    assert len(simulator.charges()) - before == 3
    assert mjtui("batches", "continue", "1").code == 2


def test_what_is_left_can_be_cancelled(offline: Faces, account: None, environ: dict[str, str], nowhere: str) -> None:
    environ["MJTUI_API_URL"] = nowhere
    assert offline("batch", "--prompt", "a {b, c}", "--yes").code == 3
    done = offline("batches", "cancel", "1", "--json")
    assert done.json["states"] == {"cancelled": 2}
    assert offline("batches", "stop", "9").code == 2


def test_on_a_terminal_the_number_of_jobs_has_to_be_typed(
    account: None, environ: dict[str, str], simulator: Any, word: str
) -> None:
    before = len(simulator.charges())
    codes = []
    for typed in ("\n", "y\n", "3\n"):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "mjtui", "batch", "--prompt", f"{word} {{a, b, c}}"],
            env=environ,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        os.write(ours, typed.encode())
        said = b""
        while chunk := _read(ours):
            said += chunk
        codes.append(process.wait(timeout=60))
        assert b"Type 3 to send them" in said
        assert process.stdout is not None
        process.stdout.close()
        os.close(ours)
    assert codes == [2, 2, 0]
    assert len(simulator.charges()) - before == 3


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


def test_interrupted_a_batch_stops_and_goes_on_after_a_restart(
    account: None, environ: dict[str, str], mjtui: Faces, simulator: Any, word: str
) -> None:
    before = len(simulator.charges())
    simulator.fault("submit:slow=0.4")
    numbers = ",".join(map(str, range(16)))
    process = subprocess.Popen(
        [sys.executable, "-m", "mjtui", "batch", "--prompt", f"{word} {{{numbers}}}", "--yes"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "sent" in line and " of 16 " in line:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "mjtui batches continue 1" in err
    simulator.heal()
    made = len(simulator.charges()) - before
    assert 0 < made < 16
    (batch,) = mjtui("batches", "list", "--json").json
    assert batch["stopped"]
    assert batch["waiting"] == 16 - made
    done = mjtui("batches", "continue", "1", "--json")
    assert done.code == 0, done.err
    assert len(simulator.charges()) - before == 16


def test_another_window_stops_a_batch(
    account: None, environ: dict[str, str], mjtui: Faces, simulator: Any, word: str
) -> None:
    before = len(simulator.charges())
    simulator.fault("submit:slow=0.4")
    numbers = ",".join(map(str, range(16)))
    process = subprocess.Popen(
        [sys.executable, "-m", "mjtui", "batch", "--prompt", f"{word} {{{numbers}}}", "--yes", "--json"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "sent" in line and " of 16 " in line:
            break
    assert mjtui("batches", "stop", "1").code == 0
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3, err
    told = json.loads(out)
    assert told["batch"]["stopped"]
    states = [job["state"] for job in told["jobs"]]
    assert states.count("running") == len(simulator.charges()) - before < 16
    assert states.count("planned") == told["batch"]["waiting"] > 0
