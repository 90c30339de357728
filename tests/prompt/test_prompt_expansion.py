"""Fragments, wildcards, groups and --repeat become the prompts of single jobs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjtui.prompt import TooManyJobs
from mjtui.prompt.draft import Edit, Finding
from mjtui.prompt.expansion import Shelf, as_written, build, for_one, open_up
from mjtui.prompt.fragment_files import check, gather, read
from mjtui.prompt.fragments import fill
from mjtui.prompt.wildcards import WildcardError, as_option, lines_of

LIBRARY = """
[noir]
text = "film noir, $mood light"
parameters = "--s 250 --no cars, people"
about = "dark"
variables.mood = { type = "choice", choices = ["soft", "hard"], default = "soft" }
tests = [{ versions = ["7", "niji6"] }, { versions = ["7"], with = { mood = "hard" } }]

[crowd]
text = "$count people with $what"
variables.count = { type = "int", min = 1, max = 9, default = 3 }
variables.what = { type = "text" }

[dawn]
text = "at dawn, <noir mood=hard>"

[palette]
text = "{teal, orange} on __place__"
"""
WILDCARDS = {
    "place": ["a hill", "the sea, far out"],
    "animal": ["cat", "{red, grey} fox", "__bird__"],
    "bird": ["owl"],
    "one": ["alone"],
    "empty": [],
    "loop": ["__knot__"],
    "knot": ["__loop__"],
    "brace": ["fine", "a { b"],
    "lost": ["__nowhere__"],
    "named": ["<noir>", "<nior>"],
}


def shelf() -> Shelf:
    fragments, mistakes = read("light.toml", LIBRARY)
    assert not mistakes
    return Shelf(gather(fragments)[0], WILDCARDS.get, WILDCARDS.keys)


def jobs(text: str, limit: int = 100) -> list[str]:
    opened = open_up(text, shelf())
    assert not opened.findings
    return build(opened, limit)


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a __place__", ["a a hill", "a the sea, far out"]),
        ("__animal__ on snow", ["cat on snow", "red fox on snow", "grey fox on snow", "owl on snow"]),
        ("{__place__, fog}", ["a hill", "the sea, far out", "fog"]),
        (r"\__place__ and __one__", ["__place__ and alone"]),
        ("snake_case __init", ["snake_case __init"]),
        ("<noir> street", ["film noir, soft light street --s 250 --no cars, people"]),
        ("<noir mood=hard>, <crowd what=umbrellas>", [
            "film noir, hard light, 3 people with umbrellas --s 250 --no cars, people"
        ]),
        ('<crowd what="red, wet coats" count=2>', ["2 people with red, wet coats"]),
        ("a {<noir>, fog} street --ar 3:2", [
            "a film noir, soft light street --ar 3:2 --s 250 --no cars, people",
            "a fog street --ar 3:2",
        ]),
        ("<noir> street --s 50", ["film noir, soft light street --s 50 --no cars, people"]),
        ("<dawn>", ["at dawn, film noir, hard light --s 250 --no cars, people"]),
        ("<palette>", ["teal on a hill", "teal on the sea, far out", "orange on a hill", "orange on the sea, far out"]),
        (r"\<noir> and <3 and <https://a.example/x.png>", ["<noir> and <3 and <https://a.example/x.png>"]),
        ("__one__ --repeat 2", ["alone", "alone"]),
    ],
)  # fmt: skip
def test_what_is_named_is_put_in_its_place(text: str, prompts: list[str]) -> None:
    assert jobs(text) == prompts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a __plaec__", "There is no wildcard __plaec__; did you mean __place__?"),
        ("a __zzz__", "it would be the file wildcards/zzz.txt"),
        ("a __empty__", "has no lines"),
        ("a __loop__", "stands in itself: loop > knot > loop"),
        ("a __brace__", "Line 2 of the wildcard __brace__ has a brace without a partner"),
        ("a __lost__", "There is no wildcard __nowhere__"),
        ("a __named__", "The wildcard __named__: There is no fragment <nior>; did you mean <noir>?"),
        ("a <nior>", "There is no fragment <nior>; did you mean <noir>?"),
        ("a <noir mood=wet>", "mood of the fragment <noir> is one of soft, hard, not “wet”"),
        ("a <noir light=wet>", "has no variable light; it has: mood"),
        ("a <crowd>", "needs what: write <crowd what=…>"),
        ("a <crowd what=x count=ten>", "count of the fragment <crowd> is a whole number, not “ten”"),
        ("a <crowd what=x count=10>", "is at most 9, not 10"),
        ("a <crowd what=x count=0>", "is at least 1, not 0"),
    ],
)
def test_a_name_that_leads_nowhere_is_an_error_at_its_place(text: str, says: str) -> None:
    opened = open_up(text, shelf())
    assert (opened.text, opened.count) == (text, 1)
    (finding,) = opened.findings
    assert finding.level == "error"
    assert says in finding.message
    assert finding.span == (2, len(text))


def test_a_file_that_cannot_be_read_is_told_in_its_place() -> None:
    def broken(name: str) -> list[str]:
        raise WildcardError("The disk is gone.")

    (finding,) = open_up("a __x__", Shelf({}, broken)).findings
    assert finding.message == "The disk is gone."


def test_lines_of_a_wildcard_are_without_blanks_and_comments() -> None:
    assert lines_of("# birds\nowl\n\n  wren \n#x\n") == ["owl", "wren"]


def test_many_combinations_are_counted_without_being_built() -> None:
    ten = Shelf({}, {"ten": [str(number) for number in range(10)]}.get)
    started = time.perf_counter()
    opened = open_up("__ten__ " * 40, ten)
    assert opened.count == 10**40
    with pytest.raises(TooManyJobs):
        build(opened, 200)
    assert time.perf_counter() - started < 2


def test_wildcards_that_multiply_in_each_other_are_bounded() -> None:
    deep = {f"w{level}": [f"__w{level + 1}__" * 9] * 9 for level in range(6)} | {"w6": ["x" * 9]}
    (finding,) = open_up("__w0__", Shelf({}, deep.get)).findings
    assert "characters" in finding.message


def test_a_repeat_in_the_parameters_of_a_fragment_is_held_to_the_limit() -> None:
    fragments, _ = read("x.toml", '[twice]\ntext = "fox"\nparameters = "--repeat 2"')
    shelf = Shelf(gather(fragments)[0])
    assert build(open_up("{<twice>, owl}", shelf), 3) == ["fox", "fox", "owl"]
    with pytest.raises(TooManyJobs):
        build(open_up("{<twice>, owl}", shelf), 2)


def test_one_job_keeps_its_groups_for_the_lint_to_tell_of() -> None:
    assert for_one("<noir> fox", shelf())[0] == "film noir, soft light fox --s 250 --no cars, people"
    assert for_one("a fox on __one__", shelf())[0] == "a fox on alone"
    assert "{a hill" in for_one("a fox on __place__", shelf())[0]
    assert for_one("a {b}", shelf())[0] == "a {b}"
    text, findings = for_one("a <nior>", shelf())
    assert text == "a <nior>"
    assert findings[0].rule == "fragment"


def test_a_finding_is_told_of_the_text_as_written() -> None:
    written, sent = "a <noir> fox --ar 7:5", "a film noir fox --ar 7:5"
    at = sent.index("--ar")
    finding = Finding(level="error", rule="x", message="", span=(at, len(sent)), fix=Edit(at, len(sent), "--ar 3:2"))
    moved = as_written(finding, written, sent)
    assert moved.span is not None
    assert written[slice(*moved.span)] == "--ar 7:5"
    assert moved.fix is not None
    assert moved.fix.apply(written) == "a <noir> fox --ar 3:2"
    inside = Finding(level="error", rule="x", message="", span=(3, 5))
    assert as_written(inside, written, sent).span is None


def test_a_template_is_filled_and_its_dollars_stay() -> None:
    assert fill("a $a in ${b} for $5 or $$a", {"a": "fox", "b": "snow"}) == "a fox in snow for $5 or $a"
    assert fill("{$a, owl}", {"a": "red, wet"}) == r"{red\, wet, owl}"
    assert fill("$a, owl", {"a": "red, wet"}) == "red, wet, owl"


@settings(deadline=None)
@given(st.text(st.sampled_from("{},\\ab _<>noir$="), max_size=60))
def test_any_text_is_opened_or_refused_with_a_sentence(text: str) -> None:
    opened = open_up(text, shelf())
    if not opened.findings and opened.count <= 100:
        assert len(build(opened, 1000)) >= 1
    assert as_option(as_option(text)) == as_option(text)


def test_the_promises_of_fragments_are_kept_or_named() -> None:
    assert not list(check(shelf().fragments))
    fragments, mistakes = read(
        "x.toml",
        '[heavy]\ntext = "fox:: owl"\ntests = [{ versions = ["6.1", "7"] }]\n\n[lost]\ntext = "<nothing>"\n',
    )
    assert not mistakes
    found = [str(mistake) for mistake in check(gather(fragments)[0])]
    assert found[0].startswith("x.toml:1: heavy: on 7, “fox:: owl”: ")
    assert found[-1].startswith("x.toml:5: lost: There is no fragment <nothing>")


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("x = [", "x.toml:1", "not valid TOML"),
        ('[a]\ntext = "b"\ntxet = "c"', "x.toml:3", "knows no “txet”"),
        ("[a]\nabout = 'x'", "x.toml:1", "needs a text"),
        ("[a]\ntext = 3", "x.toml:2", "text is a text in quotes"),
        ("\n[a]\ntext = '$b'", "x.toml:3", "asks for $b"),
        ("[a]\ntext = 'b'\nparameters = 's 250'", "x.toml:3", "begin with a flag"),
        ("[a]\ntext = 'b'\nvariables.c = { type = 'date' }", "x.toml:3", "not choice, int or text"),
        ("[a]\ntext = 'b'\nvariables.c = { type = 'choice' }", "x.toml:3", "needs its choices"),
        ("[a]\ntext = 'b'\n[a.variables.c]\ntype = 'int'\nmin = 'x'", "x.toml:3", "min is a whole number"),
        ("[a]\ntext = 'b'\nvariables.c = { type = 'int', max = 3, default = 4 }", "x.toml:3", "at most 3, not 4"),
        ("[a]\ntext = 'b'\nvariables.c = { typ = 'int' }", "x.toml:3", "knows no “typ”"),
        ("[a]\ntext = 'b'\ntests = [{ versions = ['99'] }]", "x.toml:3", "there is no version 99"),
        ("[a]\ntext = 'b'\ntests = [{}]", "x.toml:3", "a test is"),
        ("[a]\ntext = 'b'\ntests = [{ versions = ['7'], with = { c = 1 } }]", "x.toml:3", "no variable of it"),
        ("['a b']\ntext = 'b'", "x.toml:1", "is no name"),
        ("a = 3", "x.toml:1", "is no table"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_line(text: str, where: str, says: str) -> None:
    _, mistakes = read("x.toml", text)
    assert len(mistakes) == 1, mistakes
    assert mistakes[0].where == where
    assert says in mistakes[0].message


def test_two_fragments_of_one_name_are_a_mistake() -> None:
    one, two = (read(name, '[a]\ntext = "b"')[0] for name in ("one.toml", "two.toml"))
    named, mistakes = gather([*one, *two])
    assert named["a"].where == "one.toml:1"
    assert str(mistakes[0]) == "two.toml:1: a: there is one of this name in one.toml:1"
