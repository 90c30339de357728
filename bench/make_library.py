"""Make a large library of invented jobs: realistic prompts, families, pictures, ratings, tags and notes.

python bench/make_library.py library.db --jobs 1000000 [--running 0] [--seed 1]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import time
from itertools import accumulate
from pathlib import Path
from typing import Any

from mjtui.library.store import Library

AT_A_TIME = 20_000
END = 1_790_000_000_000
MINUTE = 60_000

# fmt: off
SUBJECTS = (
    "paper lighthouse", "castle on a misty peak", "red fox in snow", "portrait of an old sailor", "tea house by a lake",
    "city street in the rain", "glass greenhouse", "night market", "desert caravan", "whale above the clouds",
    "clockwork bird", "astronaut in a poppy field", "cat on a windowsill", "ruined abbey", "river delta from above",
    "lantern festival", "fog over a fishing village", "dancer in motion", "still life with pears", "雪景の灯台",
)
LIGHTS = (
    "at dusk", "at dawn", "golden hour", "rim light", "soft fog", "volumetric light", "overcast", "neon glow",
)
STYLES = (
    "35mm film photo, grain", "watercolour on rough paper", "ukiyo-e print", "isometric 3d render", "pencil sketch",
    "oil painting, thick impasto", "studio photo, seamless background", "linocut, two colours", "art deco poster",
    "cinematic still, anamorphic", "gouache illustration", "concept art, matte painting", "macro photo",
)
SYLLABLES = (
    "ka", "lo", "mi", "ran", "tel", "su", "vor", "en", "da", "li", "pho", "ra", "sti", "no", "bel", "gur", "ae", "wyn",
)
RATIOS = ("1:1", "16:9", "9:16", "3:2", "2:3", "4:5", "21:9")
TAGS = (
    "client/acme", "client/blau", "client/cobalt", "keeper", "poster", "fog", "print", "draft", "cover", "moodboard",
)
COSTS = {"txt2img": 8.0, "img2img": 8.0, "vary": 8.0, "upscale": 2.0, "video": 60.0, "extend": 60.0}
# fmt: on
PICTURE_COLUMNS = (
    'job, "index", state, rating, width, height, size, media_type, next_try_at, saved_at, sha256, path, url'
)


class Words:
    """Invented names, a few common and most rare, as in prompts that people really write."""

    def __init__(self, rng: random.Random, size: int = 30_000) -> None:
        self._rng = rng
        self._words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(size)]
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(size)))

    def some(self, count: int) -> str:
        return " ".join(self._rng.choices(self._words, cum_weights=self._weights, k=count))


def prompt(rng: random.Random, words: Words, ratio: str, stylize: int) -> str:
    parts = [
        f"a {rng.choice(SUBJECTS)} {rng.choice(LIGHTS)}",
        f"{rng.choice(STYLES)}, {rng.choice(STYLES)}",
        f"in the manner of {words.some(2)}, with {words.some(rng.randint(3, 9))}",
        f"the light of {words.some(2)}, {rng.choice(LIGHTS)}",
    ]
    flags = f"--ar {ratio} --s {stylize} --v 7" + (f" --seed {rng.randrange(2**31)}" if rng.random() < 0.2 else "")
    return f"{', '.join(parts)} {flags}"


def make(rng: random.Random, words: Words, number: int, at: int, recent: list[dict[str, Any]]) -> dict[str, Any]:
    """One job; two in five come from a recent one."""
    parent = rng.choice(recent) if recent and rng.random() < 0.4 else None
    kind = rng.choice(("vary", "vary", "upscale", "video", "txt2img", "extend")) if parent else "txt2img"
    ratio, stylize = (
        (parent["aspect_ratio"], parent["stylize"]) if parent else (rng.choice(RATIOS), rng.randrange(0, 1000, 50))
    )
    text = parent["prompt"] if parent and kind != "txt2img" else prompt(rng, words, ratio, stylize)
    state = rng.choices(
        ("succeeded", "failed", "rejected", "cancelled", "unknown", "lost"), (9400, 400, 100, 80, 1, 19)
    )[0]
    speed = rng.choice(("fast", "fast", "relaxed", "turbo"))
    sent = state not in ("rejected", "cancelled")
    finished = at + int(rng.lognormvariate(4.1, 0.4) * 1000)
    body = {
        "taskType": f"mj_{kind}",
        "prompt": text,
        "speed": speed,
        "aspectRatio": ratio,
        "version": "7",
        "stylization": stylize,
    }
    return {
        "id": number,
        "uid": f"{rng.getrandbits(96):024x}",
        "state": state,
        "deleted_at": finished if rng.random() < 0.02 and state != "unknown" else None,
        "kind": kind,
        "speed": speed,
        "version": "7" if rng.random() < 0.9 else "6.1",
        "aspect_ratio": ratio,
        "stylize": stylize,
        "rating": None,
        "cost": COSTS[kind],
        "created_at": at,
        "submitted_at": at + 300 if sent else None,
        "finished_at": None if state == "unknown" else finished,
        "expires_at": finished + 14 * 24 * 60 * MINUTE if state == "succeeded" else None,
        "not_before": at,
        "next_look_at": None,
        "parent": parent and parent["id"],
        "parent_index": parent and rng.randint(1, 4),
        "service": "kie",
        "endpoint": "/api/v1/mj/generate",
        "task_id": f"{rng.getrandbits(128):032x}" if sent and state != "unknown" else None,
        "digest": f"{rng.getrandbits(256):064x}",
        "prompt": text,
        "note": f"for {words.some(3)}" if rng.random() < 0.03 else "",
        "trouble": json.dumps({"code": "failed", "message": "the service refused a word", "hint": ""})
        if state == "failed"
        else None,
        "files": "[]",
        "request": json.dumps(body, ensure_ascii=False),
        "draft": json.dumps({"prompt": text, "kind": kind, "aspect_ratio": ratio}, ensure_ascii=False),
    }


def pictures_of(rng: random.Random, job: dict[str, Any]) -> list[tuple[Any, ...]]:
    if job["state"] != "succeeded":
        return []
    video = job["kind"] in ("video", "extend")
    rows: list[tuple[Any, ...]] = []
    for index in range(1, 2 if video or job["kind"] == "upscale" else 5):
        rating = rng.choice((-1, 1, 2, 3, 3, 4, 5)) if rng.random() < 0.1 else None
        job["rating"] = rating if job["rating"] is None else max(job["rating"], rating or job["rating"])
        name = f"2026-{job['created_at'] % 12 + 1:02}/{job['prompt'][:40].strip()}-{job['task_id'][:8]}-{index}"
        rows.append((
            job["id"], index, "saved", rating, 1456, 816, 1_900_000, "video/mp4" if video else "image/jpeg",
            job["finished_at"], job["finished_at"] + 2000, f"{rng.getrandbits(256):064x}", name,
            f"https://pictures.example/{job['task_id']}_{index}.jpeg",
        ))  # fmt: skip
    return rows


def events_of(job: dict[str, Any]) -> list[tuple[Any, ...]]:
    lines = [(job["id"], job["created_at"], "planned", "{}")]
    if job["submitted_at"]:
        lines.append((job["id"], job["submitted_at"], "submitting", '{"endpoint":"/api/v1/mj/generate"}'))
    if job["task_id"]:
        lines.append((job["id"], job["submitted_at"] + 900, "accepted", json.dumps({"task_id": job["task_id"]})))
    if job["finished_at"]:
        lines.append((job["id"], job["finished_at"], job["state"], "{}"))
    return lines


def run(rng: random.Random, job: dict[str, Any], due: int) -> None:
    """Make the job one that still runs."""
    job |= dict.fromkeys(("deleted_at", "finished_at", "expires_at", "trouble"))
    job |= {"state": "running", "submitted_at": job["created_at"], "next_look_at": due}
    job["task_id"] = f"{rng.getrandbits(128):032x}"


def insert(db: sqlite3.Connection, rng: random.Random, jobs: list[dict[str, Any]]) -> None:
    """Insert jobs with all that hangs on them, in one transaction."""
    pictures = [picture for job in jobs for picture in pictures_of(rng, job)]
    events = [event for job in jobs for event in events_of(job)]
    tagged = [(job["id"], rng.randint(1, len(TAGS))) for job in jobs if rng.random() < 0.1]
    columns = tuple(jobs[0])
    db.execute("BEGIN")
    db.executemany(
        f"INSERT INTO jobs ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})", jobs
    )
    marks = ", ".join("?" * len(PICTURE_COLUMNS.split(", ")))
    db.executemany(f"INSERT INTO pictures ({PICTURE_COLUMNS}) VALUES ({marks})", pictures)
    db.executemany("INSERT INTO events (job, at, what, detail) VALUES (?, ?, ?, ?)", events)
    db.executemany("INSERT INTO job_tags (job, tag) VALUES (?, ?)", tagged)
    db.execute("COMMIT")


def fill(path: Path, count: int, running: int, seed: int) -> None:
    """Insert all rows with the triggers set aside, then build the search index in one go."""
    rng = random.Random(seed)
    words = Words(rng)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -200000")
    aside = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE name IN ('jobs_inserted', 'pictures_added')"
    ).fetchall()
    for name, _ in aside:
        db.execute(f"DROP TRIGGER {name}")
    db.executemany("INSERT INTO tags (name) VALUES (?)", [(name,) for name in TAGS])
    recent: list[dict[str, Any]] = []
    jobs: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        job = make(rng, words, number, END - (count - number) * MINUTE, recent)
        if number > count - running:
            run(rng, job, END + number)
        if job["state"] == "succeeded":
            recent = [*recent[-49:], job]
        jobs.append(job)
        if len(jobs) == AT_A_TIME or number == count:
            insert(db, rng, jobs)
            jobs = []
    db.execute("INSERT INTO words (words) VALUES ('rebuild')")
    for _, sql in aside:
        db.execute(sql)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


async def create(path: Path) -> None:
    library = await Library.open(path)
    await library.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--running", type=int, default=0, help="how many of the newest are running")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.path.exists():
        parser.error(f"{options.path} is there already")
    begun = time.perf_counter()
    asyncio.run(create(options.path))
    fill(options.path, options.jobs, options.running, options.seed)
    seconds = time.perf_counter() - begun
    size = options.path.stat().st_size
    print(f"{options.path}: {options.jobs:,} jobs, {size / 1e6:,.0f} MB, {size / options.jobs:,.0f} bytes a job")
    print(f"made in {seconds:,.1f} s, {options.jobs / seconds:,.0f} jobs/s")


if __name__ == "__main__":
    main()
