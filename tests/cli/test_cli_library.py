"""Reading and keeping: tasks, show, search, download, sync, export, doctor, key."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mjtui.cli.doctor import PACKAGES

Faces = Callable[..., Any]

SHAPE = {
    *("id", "task_id", "kind", "state", "prompt", "request", "parent", "cost", "created_at", "finished_at"),
    *("expires_at", "rating", "tags", "note", "error", "images"),
}


@pytest.fixture
def made(mjtui: Faces) -> Faces:
    """A library with two finished jobs."""
    assert mjtui("imagine", "a fox in snow, 雪の狐 [bold]").code == 0
    assert mjtui("imagine", "a castle on a misty peak", "--ar", "16:9").code == 0
    assert mjtui("sync", "--wait").code == 0
    return mjtui


def test_search_finds_by_words_and_filters_in_every_form(made: Faces) -> None:
    assert [job["id"] for job in made("search", "--json").json] == [2, 1]
    assert [job["id"] for job in made("search", "fox", "snow", "--json").json] == [1]
    assert [job["id"] for job in made("search", "ar:16:9", "-fox", "--json").json] == [2]
    assert made("search", "nothing-like-that", "--json").json == []
    assert made("search", "fo").out == ""
    lines = [json.loads(line) for line in made("search", "--jsonl").lines]
    assert [set(job) for job in lines] == [SHAPE, SHAPE]
    rows = list(csv.DictReader(io.StringIO(made("search", "fox", "--csv").out)))
    assert [(row["id"], row["prompt"]) for row in rows] == [("1", "a fox in snow, 雪の狐 [bold]")]
    assert len(rows[0]["paths"].splitlines()) == 4
    plain = made("search", "castle").lines
    assert plain[0].split("\t")[:3] == ["2", "succeeded", "4/4"]
    assert plain[0].endswith("\ta castle on a misty peak")
    assert len(made("search", "--limit", "1").lines) == 1


def test_a_wrong_filter_ends_with_2_and_a_sentence(offline: Faces) -> None:
    done = offline("search", "is:broken", "--jsonl")
    assert done.code == 2
    assert json.loads(done.out)["error"]["code"] == "usage"
    assert "succeeded" in done.err


def test_show_tells_the_request_the_results_and_the_log(made: Faces) -> None:
    plain = made("show", "1").out
    assert "prompt\ta fox in snow, 雪の狐 [bold]\n" in plain
    assert "result 4\t" in plain
    job = made("show", "last", "--log", "--json").json
    assert job["id"] == 2
    assert [event["what"] for event in job["log"]][:3] == ["planned", "submitting", "accepted"]
    assert made("show", job["task_id"][:8], "--json").json["id"] == 2
    assert "accepted" in made("show", "2", "--log").out


def test_a_job_that_is_not_there_ends_with_2(offline: Faces) -> None:
    done = offline("show", "99", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "no_such_job")


def test_tasks_lists_what_runs_and_what_is_done(made: Faces, simulator: Any) -> None:
    simulator.fault("task:stuck")
    assert made("imagine", "a bridge").code == 0
    rows = [line.split("\t") for line in made("tasks").lines]
    assert [(row[0], row[1]) for row in rows] == [("3", "running"), ("2", "succeeded"), ("1", "succeeded")]
    assert [job["id"] for job in made("tasks", "--json").json] == [3, 2, 1]


def test_tasks_watch_tells_each_change_and_ends_with_the_last(mjtui: Faces) -> None:
    assert mjtui("imagine", "a harbour").code == 0
    told = [json.loads(line) for line in mjtui("tasks", "--watch", "--json").lines]
    assert told[0]["state"] == "running"
    assert [image["state"] for image in told[-1]["images"]] == ["saved"] * 4


def test_sync_says_in_one_line_that_nothing_happens(mjtui: Faces) -> None:
    done = mjtui("sync")
    assert (done.code, done.err) == (0, "")
    assert done.lines == ["Nothing to do: no job is running and every result is saved."]
    assert mjtui("sync", "--json").json == {
        "finished": [],
        "saved": [],
        "running": 0,
        "due": 0,
        "planned": 0,
        "unknown": 0,
    }


def test_sync_rescues_a_result_that_could_not_be_saved(mjtui: Faces, simulator: Any) -> None:
    assert mjtui("imagine", "a wreck").code == 0
    simulator.fault("file:half:4")
    first = mjtui("sync", "--json")
    assert first.code == 3
    assert first.json["due"] == 4
    simulator.heal()
    second = mjtui("sync", "--json")
    assert second.code == 0, second.err
    assert len(second.json["saved"]) == 4
    assert all(Path(path).is_file() for path in second.json["saved"])


def test_sync_without_a_service_ends_with_3(mjtui: Faces, environ: dict[str, str], nowhere: str) -> None:
    assert mjtui("imagine", "a storm").code == 0
    environ["MJTUI_API_URL"] = nowhere
    done = mjtui("sync")
    assert done.code == 3
    assert "1 running" in done.out
    assert "Cannot look at running jobs" in done.err


def test_download_tries_again_and_prints_the_paths(mjtui: Faces, simulator: Any) -> None:
    assert mjtui("imagine", "a mast").code == 0
    simulator.fault("file:html:always")
    assert mjtui("sync").code == 3
    assert mjtui("download", "--json").code == 3
    simulator.heal()
    done = mjtui("download")
    assert done.code == 0, done.err
    assert len(done.lines) == 4
    assert all(Path(path).is_file() for path in done.lines)
    assert mjtui("download", "--all").lines == []
    assert len(mjtui("download", "1").lines) == 4
    assert mjtui("download", "--expiring").lines == []
    assert mjtui("download", "1", "--all").code == 2


def test_what_was_exported_is_imported_elsewhere(made: Faces, environ: dict[str, str], tmp_path: Path) -> None:
    done = made("export")
    records = [json.loads(line) for line in done.lines]
    assert [record["id"] for record in records] == [1, 2]
    assert set(records[0]) >= SHAPE
    environ["MJTUI_HOME"] = str(tmp_path / "elsewhere")
    assert made("import", "-", "--json", given=done.out).json == {"imported": 2}
    assert made("import", "-", "--json", given=done.out).json == {"imported": 0}
    assert [job["prompt"] for job in made("search", "fox", "--json").json] == ["a fox in snow, 雪の狐 [bold]"]


def test_search_goes_on_over_many_pages(made: Faces) -> None:
    record = json.loads(made("export", "fox").out)
    many = [
        record | {"task_id": f"{number:032}", "record": record["record"] | {"uid": f"u{number}"}}
        for number in range(450)
    ]
    lines = "\n".join(json.dumps(one) for one in many)
    assert made("import", "-", "--json", given=lines).json == {"imported": 450}
    found = [json.loads(line)["id"] for line in made("search", "fox", "--limit", "420", "--jsonl").lines]
    assert len(found) == 420
    assert found == sorted(set(found), reverse=True)
    assert len(made("search", "--limit", "1000").lines) == 452


def test_a_broken_import_names_the_line(offline: Faces) -> None:
    done = offline("import", "-", given='\n{"id": 1\n')
    assert done.code == 2
    assert "Line 2 is not JSON" in done.err
    assert offline("import", "/there/is/no.jsonl").code == 2


def test_credits_prints_a_number(mjtui: Faces) -> None:
    done = mjtui("credits")
    assert (done.code, done.err) == (0, "")
    assert float(done.out) > 0
    assert set(mjtui("credits", "--json").json) == {"credits", "spent_today", "budget", "prices"}


def test_a_key_is_tried_then_kept_for_its_owner_alone(mjtui: Faces, environ: dict[str, str], home: Path) -> None:
    key = environ.pop("KIE_API_KEY")
    assert mjtui("key", given="not-the-right-key\n").code == 3
    assert not (home / "config" / "key").exists()
    assert mjtui("key", given="").code == 2
    done = mjtui("key", "--json", given=f"{key}\n")
    assert done.json == {"kept_in": str(home / "config" / "key")}
    assert stat.S_IMODE((home / "config" / "key").stat().st_mode) == 0o600
    assert mjtui("credits").code == 0


def test_doctor_finds_all_well(mjtui: Faces, environ: dict[str, str]) -> None:
    environ["TMUX"] = "/run/tmux,1,0"
    done = mjtui("doctor", "--json")
    assert done.code == 0, done.json["problems"]
    facts = done.json
    assert set(PACKAGES) <= set(facts["software"])
    assert facts["terminal"]["tmux"] is True
    assert facts["folders"]["pictures"]["writable"] is True
    assert facts["library"]["schema"] >= 1
    assert facts["key"]["source"] == "environment KIE_API_KEY"
    assert facts["service"]["credits"] > 0
    assert facts["problems"] == []
    assert "All is well." in mjtui("doctor").out


def test_doctor_names_what_is_wrong_and_looks_at_the_rest(offline: Faces, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "mjtui.toml").write_text("[budgt]\n")
    done = offline("doctor", "--offline")
    assert done.code == 2
    assert any(line.startswith("! ") and "budgt" in line for line in done.lines)
    assert any(line.startswith("! There is no API key.") for line in done.lines)
    assert any(line.startswith("library schema\t") for line in done.lines)


def test_doctor_survives_a_library_that_is_none(offline: Faces, home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "library.db").write_bytes(b"this is no database, and was never one" * 100)
    done = offline("doctor", "--offline", "--json")
    assert done.code != 0
    assert len(done.json["problems"]) >= 2


def test_output_that_nobody_reads_is_no_error(offline: Faces, environ: dict[str, str]) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [
            "sh",
            "-c",
            f'"{sys.executable}" -m mjtui config init --print | true; "{sys.executable}" -m mjtui keys | true',
        ],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
