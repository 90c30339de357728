"""How fast pictures are fetched, against aria2c and curl in the same run, and what it costs; prints a table.

    python bench/downloads.py [--files 100] [--size 2000000] [--rounds 3]

A small server on loopback, a process of its own, sends the same picture under many names. mjtui fetches with its own
downloader, library and checks, once with the pictures decoded and once without, since neither of the others looks at
what it has fetched. mjtui also syncs each file to the disk before it calls it saved, so aria2c is measured twice: as it
is, and with its files synced afterwards. Processor time is that of the fetching process alone. The loop's stall is how
much later than asked a timer of 5 ms in the same event loop came, at worst.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

SERVER = """
import socket, sys, threading
body = open(sys.argv[1], "rb").read()
head = b"HTTP/1.1 200 OK\\r\\nContent-Type: image/jpeg\\r\\nETag: \\"x\\"\\r\\nAccept-Ranges: bytes\\r\\n"
answer = head + b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body

def serve(line):
    with line:
        asked = b""
        while piece := line.recv(65536):
            asked += piece
            while b"\\r\\n\\r\\n" in asked:
                first, _, asked = asked.partition(b"\\r\\n\\r\\n")
                line.sendall(answer if first.startswith(b"GET") else answer[: -len(body)])

listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""

PARALLEL = 4
PEERS = ("aria2c", "aria2c, files synced")


@dataclass(frozen=True)
class Measured:
    seconds: float
    cpu_seconds: float
    stall_ms: float | None = None


def picture(size: int) -> bytes:
    """A JPEG of about so many bytes: noise, which does not compress."""
    chance = random.Random(1)
    side = round((size / 1.05) ** 0.5)
    image = Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3))
    low, high, best = 1, 100, b""
    while low <= high:
        quality = (low + high) // 2
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, subsampling=2)
        best = min((best or file.getvalue(), file.getvalue()), key=lambda made: abs(len(made) - size))
        low, high = (quality + 1, high) if len(file.getvalue()) < size else (low, quality - 1)
    return best


def outside(command: list[str]) -> Measured:
    """Another program, with the processor time that it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def aria2c(urls: list[str], folder: Path) -> Measured:
    listing = folder / "urls"
    listing.write_text("".join(f"{url}\n  out={number}.jpg\n" for number, url in enumerate(urls)))
    options = ["-j", str(PARALLEL), "-x", "1", "-s", "1", "--file-allocation=none", "--console-log-level=error"]
    return outside(["aria2c", "-q", *options, "-d", str(folder), "-i", str(listing)])


def aria2c_synced(urls: list[str], folder: Path) -> Measured:
    fetched = aria2c(urls, folder)
    synced = outside(["sync", *map(str, folder.glob("*.jpg"))])
    return Measured(fetched.seconds + synced.seconds, fetched.cpu_seconds + synced.cpu_seconds)


def curl(urls: list[str], folder: Path) -> Measured:
    outputs = [part for number, url in enumerate(urls) for part in ("-o", str(folder / f"{number}.jpg"), url)]
    return outside(["curl", "-s", "--parallel", "--parallel-max", str(PARALLEL), *outputs])


def mjtui(urls: list[str], folder: Path, *, decode: bool) -> Measured:
    """A fresh process, so that its processor time is its own; imports are not counted."""
    command = [sys.executable, __file__, "--child", str(folder), "decode" if decode else "plain"]
    done = subprocess.run(command, input="\n".join(urls), capture_output=True, text=True, check=True)
    seconds, cpu, stall = map(float, done.stdout.split())
    return Measured(seconds, cpu, stall)


async def child(urls: list[str], folder: Path, *, decode: bool) -> Measured:
    from mjtui.api.dialects import dialect
    from mjtui.api.service import Service
    from mjtui.engine import downloads
    from mjtui.engine.publisher import Publisher
    from mjtui.library.rows import NewJob
    from mjtui.library.store import Library
    from mjtui.media.check import Checked

    if not decode:
        downloads.check_file = lambda path: Checked("image/jpeg", "jpg", 1, 1)
    library = await Library.open(folder / "library.db")
    for first in range(0, len(urls), 4):
        new = NewJob(service="kie", kind="txt2img", prompt=f"p {first}", request={}, endpoint="/", digest=str(first))
        job = await library.plan_job(new)
        await library.move(job.id, old=("planned",), new="submitting", what="submitting")
        await library.move(job.id, old=("submitting",), new="running", what="accepted", task_id=f"task{first:08}")
        await library.succeed(job.id, urls=urls[first : first + 4], finished_at=1, expires_at=None, detail=None)
    origin = urls[0].rpartition("/")[0]
    service = Service(key="key", dialect=dialect("kie"), api_url=origin, upload_url=origin)
    saving = downloads.Downloads(
        library,
        service,
        Publisher(lambda events: None),
        owner="bench",
        now=lambda: time.time_ns() // 1_000_000,
        folder=folder / "pictures",
        template="{slug}_{task}_{index}",
        parallel=PARALLEL,
        max_bytes=1 << 30,
    )
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - before - 0.005)

    await saving._http.get(urls[0])  # What is imported and resolved with the first request is no cost of the others.
    watching = asyncio.create_task(watch())
    before, began = os.times(), time.perf_counter()
    woken = asyncio.Event()
    saving.wake = woken.set
    fetched = (folder / "pictures").glob
    while await saving.step() is not None or saving._running:
        await woken.wait()
        woken.clear()
    seconds, after = time.perf_counter() - began, os.times()
    watching.cancel()
    assert len(list(fetched("*.jpg"))) == len(urls)
    await saving.close()
    await service.aclose()
    await library.close()
    return Measured(seconds, after.user + after.system - before.user - before.system, worst * 1000)


def main() -> None:
    line = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    line.add_argument("--files", type=int, default=100)
    line.add_argument("--size", type=int, default=2_000_000)
    line.add_argument("--rounds", type=int, default=3)
    line.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = line.parse_args()
    if options.child:
        folder, how = options.child
        made = asyncio.run(child(sys.stdin.read().split(), Path(folder), decode=how == "decode"))
        print(made.seconds, made.cpu_seconds, made.stall_ms)
        return
    ways: dict[str, Callable[[list[str], Path], Measured]] = {
        "mjtui, pictures decoded": lambda urls, folder: mjtui(urls, folder, decode=True),
        "mjtui, not decoded": lambda urls, folder: mjtui(urls, folder, decode=False),
        **({"aria2c": aria2c, "aria2c, files synced": aria2c_synced} if shutil.which("aria2c") else {}),
        **({"curl": curl} if shutil.which("curl") else {}),
    }
    body = picture(options.size)
    measured: dict[str, list[Measured]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory(prefix="mjtui-downloads-") as folder:
        file = Path(folder) / "picture.jpg"
        file.write_bytes(body)
        server: Any = subprocess.Popen([sys.executable, "-c", SERVER, str(file)], stdout=subprocess.PIPE, text=True)
        port = server.stdout.readline().strip()
        urls = [f"http://127.0.0.1:{port}/{number}.jpg" for number in range(options.files)]
        try:
            for round_ in range(options.rounds):
                for name, way in ways.items():
                    own = Path(folder) / f"{round_} {name}"
                    own.mkdir()
                    measured[name].append(way(urls, own))
                    shutil.rmtree(own)
        finally:
            server.terminate()
            server.wait()
    megabytes = len(body) * options.files / 1e6
    print(
        f"{options.files} files of {len(body) / 1e6:.2f} MB on loopback, {PARALLEL} at a time;"
        f" median of {options.rounds} rounds"
    )
    print("| | MB/s | of aria2c | of aria2c with synced files | CPU ms per MB | loop stall ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    rates = {name: megabytes / statistics.median(run.seconds for run in runs) for name, runs in measured.items()}
    for name, runs in measured.items():
        cpu = statistics.median(run.cpu_seconds for run in runs) * 1000 / megabytes
        stalls = [run.stall_ms for run in runs if run.stall_ms is not None]
        stall = f"{statistics.median(stalls):.1f}" if stalls else ""
        ratios = [f"{rates[name] / rates[peer]:.2f}" if peer in rates else "" for peer in PEERS]
        print(f"| {name} | {rates[name]:.0f} | {' | '.join(ratios)} | {cpu:.2f} | {stall} |")


if __name__ == "__main__":
    main()
