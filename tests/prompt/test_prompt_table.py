"""Files of drafts: what each form says, and what is said about those that lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjtui.prompt.draft import Draft
from mjtui.prompt.table import TableError, decode, guess_format, read


def test_a_line_of_text_is_a_prompt() -> None:
    table = read("a fox\n\n# not this\n  an owl --ar 3:2 \n", "txt")
    assert [(row.draft.prompt, row.line) for row in table.rows] == [("a fox", 1), ("an owl --ar 3:2", 4)]


def test_columns_are_fields_by_any_of_their_names() -> None:
    text = (
        "Prompt;Type;Image;Speed;AR;V;stylize;chaos;weird;seed;no;clips;translate;tags\n"
        'fox;video;https://a.example/1.png|b.png;relax;16:9;7;250;5;10;7;"cars, people";2;yes;"a, b"\n'
        "owl;;;;;;;;;;;;;\n"
    )
    first, second = read(text, "csv").rows
    assert first.draft == Draft(
        prompt="fox",
        kind="video",
        images=("https://a.example/1.png", "b.png"),
        speed="relaxed",
        aspect_ratio="16:9",
        version="7",
        stylize=250,
        chaos=5,
        weird=10,
        seed=7,
        negative="cars, people",
        batch_size=2,
        translate=True,
    )
    assert first.tags == ("a", "b")
    assert second.draft == Draft(prompt="owl")


def test_objects_a_line_have_numbers_lists_and_nothing() -> None:
    text = '{"prompt": "fox", "version": 6.1, "stylize": 100.0, "image": ["a.png"], "seed": null, "tags": ["x"]}'
    (row,) = read(text, "jsonl").rows
    assert row.draft == Draft(prompt="fox", version="6.1", stylize=100, images=("a.png",), kind="img2img")
    assert row.tags == ("x",)


def test_a_template_takes_its_columns_away_from_the_fields() -> None:
    table = read("Animal\ttype\tar\nfox\tshy\t3:2\n", "csv", "a $type $animal --s 50")
    assert table.rows[0].draft == Draft(prompt="a shy fox --s 50", aspect_ratio="3:2")
    assert not table.notes


def test_a_column_that_nobody_reads_is_mentioned_with_a_guess() -> None:
    notes = read("prompt,stlyize,id\nfox,250,1\n", "csv").notes
    assert notes[0] == "The column “stlyize” is not used; did you mean “stylize”?"
    assert notes[1] == "The column “id” is not used; it is no field, and no template names it."


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("stylize", "much", "stylize is a whole number, not “much”"),
        ("stylize", "2.5", "stylize is a whole number"),
        ("kind", "upscale", "kind is one of txt2img"),
        ("speed", "warp", "speed is one of relaxed, fast, turbo, not “warp”"),
        ("translate", "perhaps", "translate is yes or no"),
    ],
)
def test_a_wrong_cell_is_an_error_of_its_row_alone(column: str, value: str, says: str) -> None:
    first, second = read(f"prompt,{column}\nfox,{value}\nowl,\n", "csv").rows
    assert says in first.findings[0].message
    assert first.findings[0].message.startswith("Line 2: ")
    assert first.draft.prompt == "fox"
    assert not second.findings


@pytest.mark.parametrize(
    ("text", "form", "template", "says"),
    [
        ("", "csv", None, "no rows"),
        ("prompt\n", "csv", None, "no rows"),
        ("animal,place\nfox,fog\n", "csv", None, 'such as --template "a $animal"'),
        ("animal,place\nfox,fog\n", "csv", "a $anmal", "asks for $anmal; did you mean $animal?"),
        ("prompt,prompt\na,b\n", "csv", None, "two columns “prompt”"),
        ("prompt\nfox, snow\n", "csv", None, "Line 2 has 2 cells"),
        ('prompt\n"fox\n', "csv", None, "cannot be read"),
        ("prompt\n" + "x" * 200_000, "csv", None, "cannot be read"),
        ('{"prompt": 1}\nnope\n', "jsonl", None, "Line 2 is not JSON"),
        ("[" * 100_000, "jsonl", None, "Line 1 is not JSON"),
        ("3\n", "jsonl", None, "Line 1 is no JSON object"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_a_sentence(text, form, template, says) -> None:
    with pytest.raises(TableError) as caught:
        read(text, form, template)
    assert says in str(caught.value)


def test_a_cell_may_hold_lines_and_commas_in_quotes() -> None:
    first, second = read('prompt,ar\n"a fox,\nin snow",3:2\nowl,1:1\n', "csv").rows
    assert first.draft.prompt == "a fox,\nin snow"
    assert (first.line, second.line) == (2, 4)


def test_a_mark_at_the_start_is_taken_off_and_other_encodings_are_named() -> None:
    assert decode("\ufeffprompt".encode()) == "prompt"
    with pytest.raises(TableError, match="UTF-16"):
        decode("prompt".encode("utf-16"))
    with pytest.raises(TableError, match="Line 2 is no UTF-8"):
        decode(b"fox\nf\xe9e\n")


def test_what_has_no_name_is_told_by_its_first_line() -> None:
    assert guess_format('\n{"prompt": "fox"}') == "jsonl"
    assert guess_format("{fox, owl} in snow") == "txt"
    assert guess_format("") == "txt"


@given(st.text(), st.sampled_from(["csv", "jsonl", "txt"]))
def test_any_text_is_read_or_refused_with_a_sentence(text, form) -> None:
    try:
        assert read(text, form).rows
    except TableError as error:
        assert str(error)
