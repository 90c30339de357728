"""Sending from the command line, end to end: the money, the outcome, the exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Faces = Callable[..., Any]


@pytest.fixture
def prompt(request: pytest.FixtureRequest) -> str:
    """A prompt of its own for each test, so that its charges can be told from others'."""
    return f"a paper lighthouse, {request.node.name}"


def charged(simulator: Any, prompt: str) -> int:
    """How often the service made something of this prompt."""
    return sum(task["params"].get("prompt", "").startswith(prompt) for task in simulator.get("tasks"))


def submits(simulator: Any) -> int:
    return sum(seen["path"].endswith("/generate") for seen in simulator.get("requests"))


def only_job(mjtui: Faces) -> dict[str, Any]:
    jobs = mjtui("search", "--json").json
    assert len(jobs) == 1
    return jobs[0]


def test_imagine_wait_ends_with_four_files(account: None, process: Faces, prompt: str, home: Path) -> None:
    done = process("imagine", prompt, "--ar", "16:9", "--wait", "--json")
    assert done.code == 0, done.err
    job = done.json
    assert (job["state"], job["kind"], job["cost"], job["error"]) == ("succeeded", "txt2img", 8, None)
    assert [image["index"] for image in job["images"]] == [1, 2, 3, 4]
    for image in job["images"]:
        path = Path(image["path"])
        assert path.parent == home / "pictures"
        assert path.stat().st_size > 10_000
        assert image["width"] > image["height"]
    assert "8 cr" in done.err


def test_imagine_prints_the_id_and_sync_saves_the_results(mjtui: Faces, prompt: str) -> None:
    done = mjtui("imagine", *prompt.split())
    assert (done.code, done.lines) == (0, ["1"])
    synced = mjtui("sync", "--wait")
    assert synced.code == 0, synced.err
    assert synced.lines == ["1 finished, 4 results saved; 0 running, 0 results still to be saved."]
    paths = mjtui("download", "last").lines
    assert len(paths) == 4
    assert all(Path(path).is_file() for path in paths)


def test_the_prompt_may_come_from_stdin(mjtui: Faces, prompt: str) -> None:
    done = mjtui("imagine", "-", "--dry-run", "--json", given=f"{prompt}\n")
    assert done.json["request"]["prompt"].startswith(prompt)
    broken = mjtui("imagine", "-", "--dry-run", given="")
    assert broken.code == 2


def test_a_dry_run_shows_the_exact_request_and_sends_nothing(offline: Faces, prompt: str, home: Path) -> None:
    done = offline("imagine", f"{prompt} --ar 3:2", "--speed", "turbo", "--dry-run", "--json")
    assert done.code == 0, done.err
    assert done.json["request"]["taskType"] == "mj_txt2img"
    assert done.json["request"]["aspectRatio"] == "3:2"
    assert done.json["request"]["speed"] == "turbo"
    assert done.json["endpoint"] == "/api/v1/mj/generate"
    assert done.json["cost"] == 16
    assert offline("search", "--json").json == []


def test_a_dry_run_in_words_has_price_and_body(offline: Faces, prompt: str) -> None:
    done = offline("imagine", prompt, "--dry-run")
    assert done.code == 0
    assert done.lines[0] == "text to image, 8 cr (about $0.04)"
    assert done.lines[1] == "POST /api/v1/mj/generate"


def test_an_impossible_ratio_ends_with_2_and_is_explained(mjtui: Faces, prompt: str, simulator: Any) -> None:
    dry = mjtui("imagine", prompt, "--ar", "banana", "--dry-run", "--json")
    assert dry.code == 2
    assert dry.json["request"] is None
    errors = [finding for finding in dry.json["findings"] if finding["level"] == "error"]
    assert errors
    assert set(errors[0]) == {"level", "rule", "flag", "span", "message", "fix"}
    done = mjtui("imagine", prompt, "--ar", "banana")
    assert (done.code, done.out) == (2, "")
    assert "banana" in done.err
    assert "Nothing was sent" in done.err
    assert charged(simulator, prompt) == 0


def test_the_same_request_again_is_stopped_until_it_is_wanted(mjtui: Faces, prompt: str, simulator: Any) -> None:
    assert mjtui("imagine", prompt).code == 0
    again = mjtui("imagine", prompt, "--json")
    assert again.code == 4
    assert again.json["error"]["code"] == "same_request"
    assert "--again" in again.json["error"]["hint"]
    assert charged(simulator, prompt) == 1
    assert mjtui("imagine", prompt, "--again").code == 0
    assert charged(simulator, prompt) == 2


def test_a_cut_connection_leaves_the_outcome_unknown_and_sends_nothing_more(
    mjtui: Faces, prompt: str, simulator: Any
) -> None:
    simulator.fault("submit:drop-after")
    done = mjtui("imagine", prompt, "--json")
    assert done.code == 5
    assert done.json["state"] == "unknown"
    assert "mjtui resolve 1" in done.err
    assert mjtui("sync").code == 0
    assert charged(simulator, prompt) == 1


def test_an_unknown_job_that_arrived_is_resolved_with_its_task_id(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("submit:drop-after")
    assert mjtui("imagine", prompt).lines == ["1"]
    (task,) = [task for task in simulator.get("tasks") if task["params"].get("prompt", "").startswith(prompt)]
    wrong = mjtui("resolve", "1", "--task-id", "0" * 32)
    assert wrong.code == 3
    assert only_job(mjtui)["state"] == "unknown"
    done = mjtui("resolve", "1", "--task-id", task["id"])
    assert (done.code, done.lines) == (0, ["1"])
    assert mjtui("sync", "--wait").code == 0
    assert [image["state"] for image in only_job(mjtui)["images"]] == ["saved"] * 4
    assert charged(simulator, prompt) == 1


def test_an_unknown_job_is_sent_again_only_by_the_person(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("submit:drop")
    assert mjtui("imagine", prompt).code == 5
    assert mjtui("resolve", "last").code == 2
    done = mjtui("resolve", "last", "--resend", "--json")
    assert (done.code, done.json["state"]) == (0, "running")
    assert charged(simulator, prompt) == 1
    assert mjtui("resolve", "last", "--give-up").code == 2


def test_an_unknown_job_can_be_given_up(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("submit:drop")
    mjtui("imagine", prompt)
    done = mjtui("resolve", "#1", "--give-up", "--json")
    assert (done.code, done.json["state"]) == (0, "failed")
    assert charged(simulator, prompt) == 0


def test_no_credits_ends_with_4(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("submit:402")
    done = mjtui("imagine", prompt, "--json")
    assert done.code == 4
    assert (done.json["state"], done.json["error"]["code"]) == ("rejected", "no_credits")
    assert "costs nothing" in done.err


def test_a_budget_stops_it_before_it_is_sent(
    mjtui: Faces, prompt: str, simulator: Any, environ: dict[str, str]
) -> None:
    environ["MJTUI_BUDGET_PER_DAY"] = "10"
    assert mjtui("imagine", prompt).code == 0
    done = mjtui("imagine", f"{prompt}, another", "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "over_budget")
    assert charged(simulator, prompt) == 1


def test_a_misspelt_budget_stops_everything_that_costs(
    mjtui: Faces, prompt: str, simulator: Any, environ: dict[str, str]
) -> None:
    environ["MJTUI_BUDGET_PER_DAY"] = "ten"
    done = mjtui("imagine", prompt)
    assert done.code == 2
    assert "MJTUI_BUDGET_PER_DAY" in done.err
    assert charged(simulator, prompt) == 0


def test_a_service_that_nobody_knows_is_a_wrong_setting(mjtui: Faces, prompt: str, environ: dict[str, str]) -> None:
    environ["MJTUI_SERVICE_DIALECT"] = "kei"
    done = mjtui("imagine", prompt, "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "settings")
    assert done.err.count("kei") == 1


def test_a_wrong_key_is_told_and_costs_nothing(mjtui: Faces, prompt: str, environ: dict[str, str]) -> None:
    environ["KIE_API_KEY"] = "some-other-key-that-is-wrong"
    done = mjtui("imagine", prompt, "--json")
    assert done.code == 3
    assert done.json["error"]["code"] == "wrong_key"
    assert mjtui("credits").code == 3


def test_without_a_key_the_way_to_one_is_told(offline: Faces, prompt: str) -> None:
    done = offline("imagine", prompt, "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "no_key")
    assert "KIE_API_KEY" in done.err


def test_an_unreachable_service_leaves_nothing_behind_that_may_cost_later(
    mjtui: Faces, prompt: str, environ: dict[str, str], nowhere: str
) -> None:
    environ["MJTUI_API_URL"] = nowhere
    done = mjtui("imagine", prompt, "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "unreachable")
    assert "Nothing was sent and nothing was charged." in done.err
    assert only_job(mjtui)["state"] == "cancelled"
    assert mjtui("imagine", prompt).code == 3


def test_a_service_that_asks_for_time_leaves_nothing_behind_either(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("submit:429")
    done = mjtui("imagine", prompt, "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "rate_limited")
    assert only_job(mjtui)["state"] == "cancelled"
    assert mjtui("imagine", prompt).code == 0
    assert charged(simulator, prompt) == 1


def test_a_failed_job_ends_with_1_and_the_reason(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("task:refused")
    assert mjtui("imagine", prompt).code == 0
    done = mjtui("wait", "last", "--json")
    assert done.code == 1
    assert [job["state"] for job in done.json] == ["failed"]
    assert done.json[0]["error"]["message"] in done.err


@pytest.mark.parametrize("line", [["there-is-no.png"], ["text.txt"]])
def test_a_reference_that_is_no_image_is_told_before_it_costs(
    line: list[str], mjtui: Faces, prompt: str, simulator: Any, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_text("no image")
    done = mjtui("imagine", prompt, "--image", str(tmp_path / line[0]))
    assert done.code == 2
    assert line[0] in done.err
    assert charged(simulator, prompt) == 0


def test_one_picture_leads_to_the_next(mjtui: Faces, prompt: str) -> None:
    assert mjtui("imagine", prompt).code == 0
    early = mjtui("upscale", "1", "2")
    assert early.code == 2
    assert "it is running" in early.err
    assert mjtui("sync", "--wait").code == 0
    assert mjtui("upscale", "1", "2").lines == ["2"]
    assert mjtui("vary", "1", "3").lines == ["3"]
    assert mjtui("animate", "1", "4", "the fog drifts", "--clips", "2").lines == ["4"]
    assert mjtui("sync", "--wait").code == 0
    assert mjtui("extend", "4", "1").lines == ["5"]
    assert mjtui("extend", "1", "1").code == 2
    children = mjtui("search", "parent:1", "--json").json
    assert {(job["kind"], len(job["images"])) for job in children} == {("upscale", 1), ("vary", 4), ("video", 2)}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interruption_while_sending_waits_for_the_answer(
    number: signal.Signals, mjtui: Faces, environ: dict[str, str], prompt: str, simulator: Any
) -> None:
    simulator.fault("submit:slow=1")
    before = submits(simulator)
    process = subprocess.Popen(
        [sys.executable, "-m", "mjtui", "imagine", prompt, "--wait", "--json"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while submits(simulator) == before:
        assert process.poll() is None
    os.kill(process.pid, number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "goes on at the service" in err
    assert only_job(mjtui)["state"] == "running"
    assert charged(simulator, prompt) == 1


def test_an_interruption_while_waiting_says_how_to_go_on(
    mjtui: Faces, environ: dict[str, str], prompt: str, simulator: Any
) -> None:
    simulator.fault("task:stuck")
    process = subprocess.Popen(
        [sys.executable, "-m", "mjtui", "imagine", prompt, "--wait"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "#1 is at the service" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "`mjtui wait 1`" in err
    assert only_job(mjtui)["state"] == "running"


@pytest.mark.slow
def test_somebody_who_waits_anyway_waits_for_the_turn_too(mjtui: Faces, prompt: str, simulator: Any) -> None:
    simulator.fault("submit:429")
    done = mjtui("imagine", prompt, "--wait")
    assert (done.code, len(done.lines)) == (0, 4)
    assert "waits for its turn" in done.err
    assert charged(simulator, prompt) == 1
