"""None of the habits of style that the book has given up is left, and each of them would be found."""

import books
import prose
import pytest


@pytest.mark.parametrize("path", prose.everything(), ids=lambda path: path.relative_to(books.ROOT).as_posix())
def test_no_habit_is_left(path):
    assert list(prose.faults(path)) == []


@pytest.mark.parametrize("sentence, habit", [
    ("The slope by x is 2.", "slope by x"),
    ("Each claim is held against the referee.", "held against"),
    ("The code is spelled like the page.", "spelled like"),
    ("The error stands in the denominator.", "stands"),
    ("Meant are the rows.", "Meant are"),
    ("Then mend the sign.", "mend"),
    ("It turns away vectors.", "turns away"),
    ("Vectors are rejected at the door.", "at the door"),
    ("It is lost for ever.", "for ever"),
    ("Its sister is the next formula.", "sister"),
    ("They differ, for they are measured.", ", for they are"),
    ("It needs nothing but numpy.", "nothing but"),
    ("The layer above has three units.", "layer above"),
    ("The verdict says nothing.", "says nothing"),
    ("A flat unit lets none of it through.", "none of it"),
    ("The lowest rung is noise.", "rung"),
    ("The claim: a row: x.", "The claim: a row:"),
])  # fmt: skip
def test_a_habit_is_found(tmp_path, sentence, habit):
    page = tmp_path / "page.md"
    page.write_text(f"A first sentence.\n{sentence}\n", encoding="utf-8")
    [fault] = prose.faults(page)
    assert f"{habit!r} in" in fault


@pytest.mark.parametrize("sentence", [
    "The letter W stands for the weights.", "It says nothing about large changes.", "The layer before it: two units.",
    "`a: b: c` is code, and so is $f: x: y$.", "Understanding takes time, for example an hour.",
])  # fmt: skip
def test_good_sentences_pass(tmp_path, sentence):
    page = tmp_path / "page.md"
    page.write_text(sentence, encoding="utf-8")
    assert list(prose.faults(page)) == []


def test_comments_and_strings_of_code_are_read(tmp_path):
    code = tmp_path / "code.py"
    code.write_text(
        '"""It is held against it."""\nspelled_like = "spelled like" + f"{1} sisters"  # mend it\n', encoding="utf-8"
    )
    assert [fault.partition(" in ")[0].partition(": ")[2] for fault in prose.faults(code)] == [
        "'held against'", "'spelled like'", "'sisters'", "'mend'",
    ]  # fmt: skip
