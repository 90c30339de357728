from __future__ import annotations

import contextlib
import sqlite3
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.errors import UsageError
from mjtui.library.migrations import V1
from mjtui.library.query import FILTERS, Filter, Query, Term, parse_query
from mjtui.library.search import compile_query
from mjtui.prompt.draft import KINDS


def test_words_phrases_exclusions_and_the_word_being_typed():
    assert parse_query('lighthouse "in fog" -people du') == Query(
        terms=(Term("lighthouse"), Term("in fog"), Term("people", excluded=True), Term("du", typing=True))
    )
    assert parse_query("fog ").terms == (Term("fog"),)
    assert parse_query('"in fo').terms == (Term("in fo"),)
    assert parse_query('-"in fog" x').terms == (Term("in fog", excluded=True), Term("x", typing=True))


@pytest.mark.parametrize("text", ["", "   ", '"', '""', '-""', "\n\t"])
def test_nothing_asked_is_nothing_looked_for(text):
    assert parse_query(text) == Query()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is:failed", Filter("is", "=", "failed")),
        ("IS:Failed", Filter("is", "=", "failed")),
        ("type:vary", Filter("type", "=", "vary")),
        ("v:7", Filter("v", "=", "7")),
        ("version:niji6", Filter("v", "=", "niji6")),
        ("ar:16:9", Filter("ar", "=", "16:9")),
        ("speed:relax", Filter("speed", "=", "relaxed")),
        ("tag:client/acme", Filter("tag", "=", "client/acme")),
        ('tag:"two words"', Filter("tag", "=", "two words")),
        ("rating>=4", Filter("rating", ">=", 4)),
        ("rating<2", Filter("rating", "<", 2)),
        ("rating:5", Filter("rating", "=", 5)),
        ("rating=-1", Filter("rating", "=", -1)),
        ("parent:#8123", Filter("parent", "=", "#8123")),
        ("before:2026-10-01", Filter("before", "=", date(2026, 10, 1))),
        ("after:2026", Filter("after", "=", date(2026, 1, 1))),
        ("has:video", Filter("has", "=", "video")),
        ("-is:failed", Filter("is", "=", "failed", excluded=True)),
    ],
)
def test_filters(text, expected):
    assert parse_query(text) == Query(filters=(expected,))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("is:done", "is one of planned"),
        ("type:", "needs a value"),
        ("ar:wide", "aspect ratio like 16:9"),
        ("rating>=9", "from 0 to 5"),
        ("rating>=x", "from 0 to 5"),
        ("before:2026-13-01", "like 2026-10-01"),
        ("after:yesterday", "like 2026-10-01"),
        ("v>6", "cannot be compared"),
        ("has:audio", "is one of video"),
        ("ratng>=3", 'no filter "ratng"'),
    ],
)
def test_a_filter_that_cannot_be_meant_is_a_sentence(text, says):
    with pytest.raises(UsageError, match=says):
        parse_query(f"fog {text} dusk")
    assert UsageError.exit_code == 2


def test_a_misspelt_comparison_is_answered_with_the_right_name():
    with pytest.raises(UsageError) as caught:
        parse_query("raiting>3")
    assert "rating" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["castle::2", "https://x.example/a.png", "--ar 16:9", "mood:calm", "5>3", "--", "-", "a-b"]
)
def test_what_prompts_are_made_of_is_looked_for_as_words(text):
    assert parse_query(text).filters == ()
    assert not any(term.excluded for term in parse_query(text).terms)


WORDS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\"*-:()^+{}[]%_\\\0'ANDORNOT \t灯🦊éʼ\ud800", max_size=30),
    st.lists(
        st.sampled_from([*(f"{name}:" for name in FILTERS), "rating>=", '"', "-", "NEAR(", "fog", "7", *KINDS]),
        max_size=6,
    ).map("".join),
)


@settings(deadline=None)
@given(text=WORDS)
def test_no_text_is_an_error_but_a_usage_error(text):
    try:
        query = parse_query(text)
    except UsageError as error:
        assert error.message.endswith(".")
        return
    query = Query(query.terms, tuple(item for item in query.filters if item.field != "parent"))
    compiled = compile_query(query)
    values = [
        value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in compiled.values
    ]
    with contextlib.closing(_schema()) as db:
        db.execute(compiled.jobs(), (*values, 2**63 - 1, 50)).fetchall()
        db.execute(compiled.hits(), (*values, 2**63 - 1, 50)).fetchall()


_SOURCE: list[bytes] = []


def _schema() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    if not _SOURCE:
        for statement in V1:
            db.execute(statement)
        db.execute(
            "INSERT INTO jobs (uid, state, kind, created_at, not_before, service, endpoint, digest, prompt, files,"
            " request, draft) VALUES ('u', 'running', 'vary', 1, 1, 's', 'e', 'd', 'fog é', '[]', '{}', '{}')"
        )
        db.commit()
        _SOURCE.append(db.serialize())
    else:
        db.deserialize(_SOURCE[0])
    return db


@settings(deadline=None)
@given(word=st.text(alphabet=st.characters(categories=("Ll", "Lu", "Nd")), min_size=1, max_size=12))
def test_a_word_of_a_prompt_finds_its_job_while_it_is_typed(word):
    with contextlib.closing(_schema()) as db:
        db.execute("UPDATE jobs SET prompt = ? WHERE id = 1", (f"a {word} at dusk",))
        for text in (word, f"{word} ", f'"{word}"', f'"a {word} at"', f"dusk {word[: max(1, len(word) // 2)]}"):
            compiled = compile_query(parse_query(text))
            assert db.execute(compiled.hits(), (*compiled.values, 2**63 - 1, 9)).fetchone() == (1,), text
        excluded = compile_query(parse_query(f"dusk -{word}"))
        assert db.execute(excluded.hits(), (*excluded.values, 2**63 - 1, 9)).fetchone() == (0,)
