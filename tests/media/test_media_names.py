from __future__ import annotations

import re
import string
import unicodedata
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.errors import SettingsError
from mjtui.media.names import check_template, picture_name, slug

MADE = 1795271520000
TASK = "7f3a9c21d04e4c1ab9a6c2d3e4f50617"


def name(prompt: str = "lighthouse in fog", template: str | None = None, **changes: Any) -> str:
    facts: dict[str, Any] = {"task_id": TASK, "index": 2, "kind": "txt2img", "extension": "jpg"}
    return picture_name(template, created_at=MADE, prompt=prompt, zone=UTC, **(facts | changes))


def test_a_name_tells_when_what_and_which() -> None:
    assert name("Lighthouse, in fog --ar 16:9 --s 250") == "20261121-1432_lighthouse-in-fog_7f3a9c21_2.jpg"


@pytest.mark.parametrize(
    ("kind", "end"), [("upscale", "_2-u.jpg"), ("vary", "_2-v.jpg"), ("extend", "_2-e.jpg"), ("video", "_2.jpg")]
)
def test_what_was_made_of_another_picture_says_so(kind: str, end: str) -> None:
    assert name(kind=kind).endswith(end)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("https://a.example/x.png a fox --sref https://b.example/y.png", "a-fox"),
        ("paper lighthouse::2 dusk::-0.5", "paper-lighthouse-dusk"),
        ("don't [panic] {red, blue}", "dont-panic-red-blue"),
        ("a fox —ar 3:2", "a-fox"),
        ("well--known pier", "well-known-pier"),
        ("灯塔，在雾中", "灯塔-在雾中"),
        ("fox 🦊 in snow", "fox-🦊-in-snow"),
        ("🏳️‍🌈 👍🏽", "🏳🌈-👍"),
        ("e\u0301te\u0301", "été"),
        ("../../etc/passwd", "etc-passwd"),
        ("\u202egpj.exe\x1b[31m", "gpj-exe-31m"),
        ("\ud800\ufffe", "untitled"),
        ("--ar 16:9", "untitled"),
        ("", "untitled"),
    ],
)
def test_a_prompt_becomes_words(prompt: str, words: str) -> None:
    assert slug(prompt) == words


def test_a_long_prompt_is_cut_between_words() -> None:
    words = slug("a paper lighthouse at dusk in soft fog with a long way home behind it")
    assert words == "a-paper-lighthouse-at-dusk-in-soft-fog-with-a-long-way-home"


def test_a_word_that_is_too_long_is_cut_between_letters() -> None:
    assert slug("灯" * 50) == "灯" * 20
    assert slug("a " + "e\u0323\u0302" * 60).endswith(unicodedata.normalize("NFC", "e\u0323\u0302"))


@pytest.mark.parametrize("task_id", [TASK, "mj_task_7f3a9c21d04e", "7f3a9c21-d04e-4c1a", "mj_upscale_7f3a9c21"])
def test_the_part_of_a_task_id_that_tells_it_from_others_is_used(task_id: str) -> None:
    assert "_7f3a9c21_" in name(task_id=task_id)


def test_a_template_decides_the_order_and_gets_an_extension() -> None:
    assert name(template="{index} {slug} ({task})") == "2 lighthouse-in-fog (7f3a9c21).jpg"


def test_a_name_that_windows_keeps_for_itself_is_changed() -> None:
    assert name(template="con.{task}{index}.{ext}") == "_con.7f3a9c212.jpg"
    assert name("aux", template="{slug}.{task}{index}") == "_aux.7f3a9c212.jpg"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{task}{index}{sluug}", r"\{sluug\}.*Did you mean \{slug\}\?"),
        ("{task}{index}{0}", r"\{0\}.*There are \{date\}"),
        ("{task!r}{index}", r"not known"),
        ("{task:>9}{index}", r"not known"),
        ("{task.real}{index}", r"\{task\.real\}"),
        ("{task}", r"does not tell pictures apart.*\{index\}"),
        ("{task}{index}{slug}{slug}", "at most once"),
        ("{task}{index", "brace"),
        ("{task}/{index}", "folders"),
        ("{task}{index}\n", "do not take"),
        ("{task}{index}" + "x" * 100, "too long"),
    ],
)
def test_a_wrong_template_gets_a_sentence(template: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_template(template)
    assert re.search(words, caught.value.sentences())


SAFE = re.compile(r'[^<>:"/\\|?*]+')


@given(
    st.text(),
    st.text(string.hexdigits, min_size=8),
    st.integers(1, 4),
    st.sampled_from([None, "{slug}.{task}{index}", "{slug}{task}{index}", "{kind}{slug} {index}{task}.{ext}"]),
)
def test_every_name_is_safe_on_every_file_system(prompt: str, task_id: str, index: int, template: str | None) -> None:
    found = name(prompt, template, task_id=task_id, index=index)
    assert SAFE.fullmatch(found)
    assert not any(unicodedata.category(character)[0] == "C" for character in found)
    assert len(found.encode()) < 120
    assert found[0] not in " .-"
    assert found[-1] not in " ."
    assert found.split(".")[0].rstrip().lower() not in ("con", "prn", "aux", "nul", "com1", "lpt1")
    assert len(slug(prompt).encode()) <= 60


@given(st.text(), st.lists(st.text("0123456789abcdef", min_size=8, max_size=8), unique=True, min_size=2))
def test_pictures_of_different_tasks_and_places_have_different_names(prompt: str, task_ids: list[str]) -> None:
    names = [name(prompt, task_id=task_id, index=index) for task_id in task_ids for index in (1, 2, 3, 4)]
    assert len(set(names)) == len(names)
