"""What jobs were seen to cost: the balance before and after a job that was alone."""

from __future__ import annotations

import json

import aiosqlite

from mjtui.library.database import change, fetch
from mjtui.library.migrations import UNPAID
from mjtui.library.records import to_json
from mjtui.prompt.draft import HAS_SPEED, KINDS, SPEEDS

AROUND_MS = 10_000
"""A balance from before a job may be this old, and what another job costs may show this late."""

NEWEST = 9
"""How many jobs of a kind and speed are looked at."""

# A job is alone where no other one was under way between its two balances, in any process.
MEASURE = f"""
    UPDATE jobs SET balance_after = :after, measured = CASE WHEN
        state = 'succeeded' AND balance_before >= :after AND NOT EXISTS (
            SELECT 1 FROM jobs o WHERE o.submitted_at >= jobs.submitted_at - :around AND o.id != jobs.id
                AND o.state NOT IN ({UNPAID})
        ) AND NOT EXISTS (
            SELECT 1 FROM jobs o WHERE o.finished_at >= jobs.submitted_at - :around AND o.deleted_at IS NULL
                AND o.id != jobs.id AND o.submitted_at IS NOT NULL
        ) AND NOT EXISTS (
            SELECT 1 FROM jobs o WHERE o.state IN ('submitting', 'running', 'unknown') AND o.deleted_at IS NULL
                AND o.id != jobs.id
        )
        THEN balance_before - :after END
    WHERE id = :job
"""
MEASURED = """
    SELECT kind, speed, (
        SELECT json_group_array(each) FROM (
            SELECT measured / CASE WHEN kind IN ('video', 'video_hd', 'extend')
                THEN max(1, (SELECT count(*) FROM pictures p WHERE p.job = j.id)) ELSE 1 END AS each
            FROM jobs j WHERE j.kind = k.kind AND j.speed IS k.speed AND j.measured IS NOT NULL
            ORDER BY j.id DESC LIMIT :newest
        )
    ) AS measured
    FROM (SELECT json_extract(value, '$[0]') AS kind, json_extract(value, '$[1]') AS speed FROM json_each(:asked)) k
"""

_ASKED = [(kind, speed) for kind in KINDS for speed in (SPEEDS if kind in HAS_SPEED else (None,))]


async def note_balance(db: aiosqlite.Connection, job_id: int, after: float) -> None:
    """Keep the credits that were left after a job, and what it cost where no other can have cost something."""
    await change(db, MEASURE, {"job": job_id, "after": after, "around": AROUND_MS})


async def measured(db: aiosqlite.Connection) -> dict[tuple[str, str | None], list[float]]:
    """What the newest jobs that were alone have cost, by kind and speed; of videos, each clip."""
    rows = await fetch(db, MEASURED, {"newest": NEWEST, "asked": to_json(_ASKED)})
    found = {(row["kind"], row["speed"]): json.loads(row["measured"]) for row in rows}
    return {key: costs for key, costs in found.items() if costs}
