"""`mjtui verify` as a person runs it."""

from __future__ import annotations

from pathlib import Path


def test_verify_repairs_what_was_deleted_and_what_was_changed(mjtui):
    made = mjtui("imagine", "a paper lighthouse to verify", "--wait", "--json")
    assert made.code == 0, made.err
    job = made.json if isinstance(made.json, dict) else made.json[0]
    paths = [Path(image["path"]) for image in job["images"]]

    whole = mjtui("verify")
    assert (whole.code, len(whole.lines)) == (0, 1)
    assert "4 results read" in whole.out

    before = paths[0].read_bytes()
    paths[0].write_bytes(b"not what it was")
    paths[1].unlink()
    checked = mjtui("verify", "--check", "--json")
    assert checked.code == 3
    assert checked.json["due"] == 2
    assert {found["fault"] for found in checked.json["found"]} == {"changed", "missing"}
    assert not paths[1].exists()

    again = mjtui("download")
    assert again.code == 0, again.err
    assert paths[0].read_bytes() == before
    paths[2].unlink()
    repaired = mjtui("verify", "--json")
    assert repaired.code == 0
    assert repaired.json["repaired"] == 1
    assert all(path.is_file() for path in paths)
    assert mjtui("verify").code == 0
