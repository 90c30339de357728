"""Answers that mean harm: nothing of them reaches a terminal raw, leaves the picture folder, or fills the memory."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import httpx
import pytest

from mjtui.engine.addresses import Reach, is_private
from mjtui.engine.transfer import TransferError
from mjtui.media.check import check_file

KEY = "sk-0123456789-never-to-be-seen-abcdef"
MEMORY_MIB = 320


def largest_allowed() -> int:
    """MiB that a command may take: its figure begins with the size of the process that forked it, which is this one."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return max(MEMORY_MIB, own + 32)


"""For a whole process with everything imported; one unbounded answer of this storm would be larger alone."""

STORM = (
    "submit:escape,submit:markup,submit:bidi,submit:huge,submit:deep,submit:html,submit:wrong-types,"
    "look:escape,look:markup,look:bidi,look:huge=40,look:deep,look:garbage,look:401,"
    "task:escape,task:markup,task:bidi,task:hostile-urls,task:bad-urls,"
    "link:escape,link:huge,file:bomb,file:html-as-picture,file:endless,file:redirect-loop,file:redirect,file:garbage"
)


def harmless(text: str) -> bool:
    """No control character, no escape sequence, nothing that turns the writing direction."""
    return all(unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for character in text)


async def said(bench) -> list[str]:
    """Everything that a face could show of what the service said."""
    texts = bench.notices()
    for job in await bench.library.newest():
        texts += [job.trouble.message, job.trouble.hint, job.trouble.code] if job.trouble else []
        texts += [picture.error or "" for picture in job.pictures]
        for event in await bench.library.log(job.id):
            texts += [str(value) for name, value in event.detail.items() if name not in ("request", "path")]
    return texts


@pytest.mark.parametrize(
    "fault",
    ["submit:escape", "submit:markup", "submit:bidi", "submit:huge=3", "look:escape:3", "look:bidi:3", "look:huge=3:3",
     "task:escape", "task:markup", "task:bidi", "task:hostile-urls", "task:bad-urls", "file:html:4;link:escape:4",
     "file:403:4;link:bidi:4", "credits:escape:9", "credits:wrong-types:9", "credits:deep:9"],
)  # fmt: skip
async def test_nothing_that_a_service_says_is_shown_raw(bench, fault):
    bench.world.faults.add(fault)
    job = await bench.submit(await bench.plan())
    for _ in range(4):
        bench.poller.hurry()
        job = await bench.look(job, after=120)
    await bench.save(job)
    texts = await said(bench)
    assert all(map(harmless, texts)), [text for text in texts if not harmless(text)]
    assert max(map(len, texts), default=0) < 4000


async def test_links_without_a_web_address_leave_the_other_pictures_their_numbers(bench):
    bench.world.faults.add("task:bad-urls")
    job = await bench.save(await bench.done())
    saved = [picture for picture in job.pictures if picture.state == "saved"]
    assert saved
    for picture in saved:
        assert f"_0_{picture.index - 1}." in picture.url, "picture 3 of the service is picture 3 here"


async def test_hostile_links_write_nothing_outside_the_folder_and_reach_no_other_machine(bench, tmp_path):
    before = {path for path in tmp_path.rglob("*") if bench.folder not in path.parents}
    bench.world.faults.add("task:hostile-urls")
    job = await bench.done()
    for _ in range(14):
        job = await bench.save(job)
        bench.clock.pass_seconds(86_400 * 2)
    assert {path for path in tmp_path.rglob("*") if bench.folder not in path.parents} - before <= {bench.folder}
    for picture in job.pictures:
        if picture.path:
            assert Path(picture.path).parent == bench.folder


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a\x1b]52;c;AA\x07b", "..", "con", "\u202egpj"])
async def test_a_prompt_cannot_lead_out_of_the_picture_folder(bench, name):
    job = await bench.save(await bench.done(f"a fox {name}"))
    for picture in job.pictures:
        path = Path(picture.path)
        assert path.resolve().parent == bench.folder.resolve()
        assert harmless(path.name)


@pytest.mark.parametrize("fault", ["bomb", "garbage", "html-as-picture", "endless", "redirect-loop", "empty"])
async def test_what_is_no_picture_is_never_saved_and_leaves_little(bench, fault):
    job = await bench.done()
    bench.world.faults.add(f"file:{fault}:4")
    bench.downloads = bench.new_downloads("here", max_bytes=1 << 20)
    for _ in range(4):
        job = await bench.save(job)
        assert sum(path.stat().st_size for path in bench.folder.iterdir()) <= 4 << 20
        bench.clock.pass_seconds(600)
    assert {picture.state for picture in job.pictures} == {"saved"}
    assert {path.suffix for path in bench.folder.iterdir()} == {".jpg"}
    assert all(check_file(Path(picture.path)).width < 5000 for picture in job.pictures)


@pytest.mark.parametrize(
    ("address", "private"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("192.168.0.1", True), ("169.254.169.254", True), ("100.64.0.1", True),
     ("0.0.0.0", True), ("::1", True), ("fe80::1%eth0", True), ("fd00::1", True), ("::ffff:10.0.0.1", True),
     ("224.0.0.1", True), ("104.16.0.1", False), ("2606:4700::1", False)],
)  # fmt: skip
def test_private_addresses_are_known(address, private):
    assert is_private(address) is private


def resolving(monkeypatch, names: dict[str, str]) -> None:
    def lookup(host, *args, **kwargs):
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


async def test_a_public_service_cannot_send_us_into_a_private_network(monkeypatch):
    resolving(monkeypatch, {"api.test": "104.16.0.1", "files.test": "104.16.0.2", "inside.test": "10.0.0.7"})
    reach = Reach("https://api.test")
    await reach(httpx.Request("GET", "https://files.test/a.jpg"))
    await reach(httpx.Request("GET", "https://unknown.test/a.jpg"))
    for url in ("http://inside.test/a.jpg", "ftp://files.test/a.jpg"):
        with pytest.raises(TransferError):
            await reach(httpx.Request("GET", url))


async def test_a_service_at_home_may_use_addresses_at_home(monkeypatch):
    resolving(monkeypatch, {"api.test": "192.168.0.9", "inside.test": "10.0.0.7"})
    await Reach("http://api.test")(httpx.Request("GET", "http://inside.test/a.jpg"))


@pytest.mark.parametrize("target", ["http://inside.test/x.jpg", "file:///etc/passwd", "ftp://files.test/x.jpg"])
async def test_a_redirect_is_checked_like_a_link_and_carries_no_secret(bench, monkeypatch, target):
    resolving(monkeypatch, {"service.test": "104.16.0.1", "files.test": "104.16.0.2", "inside.test": "10.0.0.7"})
    job = await bench.done()
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(302, headers={"Location": target, "Set-Cookie": "a=b"})

    bench.downloads = bench.new_downloads("here", transport=httpx.MockTransport(answer))
    job = await bench.save(job)
    assert {picture.state for picture in job.pictures} == {"due"}
    assert {request.url.host for request in asked} == {"service.test"}
    assert not any("authorization" in request.headers for request in asked)


async def test_downloads_together_keep_to_the_pace_that_is_set(bench):
    taken: list[float] = []

    class Pace:
        max_rate = 10_000

        async def acquire(self, amount: float) -> None:
            taken.append(amount)

    job = await bench.done()
    object.__setattr__(bench.downloads._bounds, "pace", Pace())
    job = await bench.save(job)
    assert sum(taken) == sum(picture.size for picture in job.pictures)
    assert max(taken) <= Pace.max_rate


def storm(home: Path, simulator: Any, *line: str) -> tuple[int, str, int]:
    """One command as a process of its own: its exit code, all that it said, and its largest size in MiB."""
    environ = os.environ | {
        "MJTUI_HOME": str(home),
        "MJTUI_API_URL": simulator.url,
        "MJTUI_UPLOAD_URL": simulator.url,
        "MJTUI_SERVICE_TIMEOUT": "2",
        "MJTUI_PICTURES_MAX_MIB": "8",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    environ.pop("KIE_API_KEY", None)
    said = home / "said"
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "mjtui", *line], env=environ, stdout=out, stderr=out)
        assert KEY.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said.read_text("utf-8", "replace"), usage.ru_maxrss >> 10


def test_after_a_storm_the_key_is_in_no_file_but_its_own_and_the_memory_was_bounded(simulate, tmp_path):
    simulator = simulate("--seconds", "0.1-0.2", "--key", KEY, "--switches", "creates-per-window=1000")
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "key").write_text(KEY)
    (home / "config" / "key").chmod(0o600)
    simulator.faults(STORM)
    heard = ""
    largest = 0
    for number in range(12):
        code, said, size = storm(home, simulator, "imagine", f"a paper lighthouse in storm {number}", "--json")
        assert code in (0, 1, 3, 4, 5), said
        heard, largest = heard + said, max(largest, size)
    for line in (("sync",), ("sync", "--json"), ("tasks",), ("show", "last", "--log"), ("verify",), ("doctor",)):
        code, said, size = storm(home, simulator, *line)
        heard, largest = heard + said, max(largest, size)

    assert "Traceback" not in heard
    assert KEY not in heard
    assert all(harmless(line) for line in heard.replace("\t", " ").splitlines())
    assert largest < largest_allowed()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in files if KEY.encode() in path.read_bytes()] == [home / "config" / "key"]
    pictures = home / "pictures"
    assert all(path.suffix in (".jpg", ".part") for path in pictures.rglob("*"))
    assert not any(
        seen["authorized"] for seen in simulator.requests() if seen["path"].startswith(("/m/", "/t/", "/r/"))
    )
