"""Nothing is wrong in the ledger, and each of its rules fails on a notebook that is spoilt on purpose."""

import operator
import re

import books
import equations
import ledger
import nbformat
import pytest

import nnmath as nn


@pytest.fixture(scope="module")
def book():
    return {books.name(path): books.read(path) for path in books.ALL}


def test_the_ledger(book):
    assert ledger.faults(book) == []


def spoilt(book, name, edit):
    notebook = books.read(books.NOTEBOOKS / name)
    edit(notebook)
    return {**book, name: notebook}


def replace(old, new):
    def edit(notebook):
        cell = next(cell for cell in notebook.cells if old in cell.source)
        cell.source = cell.source.replace(old, new, 1)

    return edit


def without_sources(notebook):
    for cell in notebook.cells:
        cell.metadata.pop("source", None)


def with_another_verdict(notebook):
    for _, output in books.bundles(notebook):
        output.data["text/plain"] = output.data["text/plain"].replace("(3.2) agrees", "(3.2) inconclusive")


def with_two_checks_exchanged(notebook):
    n = [n for n, cell in enumerate(notebook.cells) if "nn.check(" in cell.source]
    notebook.cells[n[0]], notebook.cells[n[1]] = notebook.cells[n[1]], notebook.cells[n[0]]


def with_an_unknown_source(notebook):
    next(cell for cell in notebook.cells if cell.metadata.get("source")).metadata["source"] = ["S5", "S99"]


@pytest.mark.parametrize("edit, fault", [
    (replace('nn.check("3.2"', 'nn.judge("3.2"'), "(3.2) has no check"),
    (replace(r"\tag{3.2}", ""), "the check (3.2) has no equation"),
    (replace(r"\tag{3.2}", r"\tag{4.2}"), "expected ['3.1', '3.2'"),
    (replace(r"\tag{3.2}", r"\tag{3.1}"), "expected ['3.1', '3.2'"),
    (replace("$$", "$"), "outside $$"),
    (replace('nn.check("3.2"', 'verdict = nn.check("3.2"'), "(3.2) is not the last expression"),
    (replace('nn.check("3.3"', 'nn.check("3.2"'), "(3.2) is checked twice"),
    (with_another_verdict, "(3.2) has no stored verdict"),
    (with_two_checks_exchanged, "(3.2) is not below its equation"),
    (without_sources, "S6 has no place in chapter 03"),
    (with_an_unknown_source, "S99 is no equation of the sources"),
])  # fmt: skip
def test_the_ledger_can_fail(book, edit, fault):
    faults = ledger.faults(spoilt(book, "03_du_dW.ipynb", edit))
    assert any(fault in line for line in faults), faults


# Notebooks that the book may get: an appendix, a chapter of Part II.


def appendix(title="# Appendix A · More of it", tag="A.1"):
    new = nbformat.v4
    agrees = new.new_output(
        "execute_result", {"text/plain": f"({tag}) agrees: 1 entry, to 6 digits"}, execution_count=1
    )
    return new.new_notebook(cells=[
        new.new_markdown_cell(title),
        new.new_markdown_cell(f"$$a = b \\tag{{{tag}}}$$"),
        new.new_code_cell(f'nn.same("{tag}", a, b)', outputs=[agrees]),
    ])  # fmt: skip


def test_an_appendix_has_tags_with_its_letter(book):
    right = {"appendix_more.ipynb": appendix()}
    assert ledger.faults(right) == []
    [entry] = ledger.entries("appendix_more.ipynb", right["appendix_more.ipynb"])
    assert (entry.tag, entry.formula, entry.check) == ("A.1", "a = b", 'nn.same("A.1", a, b)')


@pytest.mark.parametrize("others, fault", [
    ({"appendix_more.ipynb": appendix(tag="B.1")}, "the tags are ['B.1']; expected ['A.1']"),
    ({"appendix_more.ipynb": appendix("# More of it")}, "an appendix has no letter"),
    ({"appendix_more.ipynb": appendix(), "appendix_less.ipynb": appendix()}, "2 appendices have the letter A"),
    ({"solutions/appendix_more.ipynb": appendix()}, "the tags are ['A.1']; expected []"),
])  # fmt: skip
def test_an_appendix_can_be_wrong(others, fault):
    assert any(fault in line for line in ledger.faults(others))


def test_a_chapter_of_part_two_must_place_its_equations_as_soon_as_it_is_there():
    assert ledger.faults({}) == []
    faults = ledger.faults(
        {"16_reverse_mode.ipynb": nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 16")])}
    )
    assert faults == ["P16 has no place in chapter 16"]


# The page of all equations


def test_the_page_of_all_equations_is_made_from_the_chapters(book):
    assert [cell.source for cell in book[equations.PAGE].cells] == [cell.source for cell in equations.page().cells]


def test_every_tag_and_every_source_has_a_row(book):
    lines = "\n".join(cell.source for cell in equations.page().cells).split("\n")
    rows = [line.replace(r"\|", "").split("|")[1:-1] for line in lines if line.startswith("| [")]
    assert {len(row) for row in rows} == {5}
    listed = [row[0].strip() for row in rows]
    for path in books.CHAPTERS + books.APPENDICES:
        for tag, _ in ledger.equations(book[path.name]):
            assert listed.count(f"[{tag}]({path.name})") == 1
    sources = {source for row in rows for source in row[2].strip().split(", ")}
    written = {path.name[:2] for path in books.CHAPTERS}
    assert {source for source, chapter in ledger.PLACES.items() if chapter in written} <= sources


@pytest.mark.parametrize(
    "formula, stacked",
    [
        ("a = 1", "a = 1"),
        (r"a = 1, \qquad J = W", r"\begin{aligned} & a = 1, \\[1ex] & J = W \end{aligned}"),
        (r"a, \qquad\text{in short}\qquad b", r"\begin{aligned} & a, \\[1ex] & \text{in short}\quad b \end{aligned}"),
        (r"a \qquad \text{with rows}", r"\begin{aligned} & a \\[1ex] & \text{with rows} \end{aligned}"),
        (r"\{a\}, \qquad b", r"\begin{aligned} & \{a\}, \\[1ex] & b \end{aligned}"),
        (r"\begin{aligned} a &= b \qquad c \end{aligned}", r"\begin{aligned} a &= b \qquad c \end{aligned}"),
        (r"\text{a \qquad b}", r"\text{a \qquad b}"),
    ],
)
def test_what_stands_side_by_side_in_a_chapter_is_stacked_in_the_table(formula, stacked):
    assert equations._inline(formula) == stacked


def test_no_row_of_the_table_has_formulas_side_by_side():
    """The table would be wider than the page, and its last columns would be cut off."""
    formulas = re.findall(r"^\| \[[^|]+\| \$(.+?)\$ \|", equations.page().cells[0].source, re.MULTILINE)
    assert len(formulas) > 100
    for formula in formulas:
        outside = re.sub(r"\\begin\{(\w+)\}.*\\end\{\1\}", "", formula)
        assert r"\qquad" not in outside, formula
        braces = re.sub(r"\\[{}]", "", formula)
        assert braces.count("{") == braces.count("}") and formula.count(r"\begin") == formula.count(r"\end")


def test_what_is_named_in_code_computes_an_equation_of_the_same_source(book):
    """The docstring of the function names a source of the equation, as in "Source: S13 to S17, P6". Only the
    derivatives of Chapter 5 have no source."""
    entries = {entry.tag: entry for path in books.CHAPTERS for entry in ledger.entries(path.name, book[path.name])}
    for tag, name in equations.IN_CODE.items():
        value = operator.attrgetter(name)(nn)
        if entries[tag].source:
            assert set(entries[tag].source) & ids_in(value.__doc__), (tag, name)
        else:
            assert name.endswith(".prime") and tag.startswith("5."), (tag, name)


def ids_in(docstring):
    said = re.search(r"Source: ([^;]+);", docstring)[1]
    spans = re.findall(r"([SP])(\d+)(?: to [SP](\d+))?", said)
    return {f"{letter}{n}" for letter, first, last in spans for n in range(int(first), int(last or first) + 1)}


def test_a_measured_jacobian_is_checked_by_finite_differences(book):
    """nn.same compares (2.3) and (4.3) with a measured Jacobian; (0.2) has a second computation."""
    rows = {row.split(" | ")[0]: row for row in book[equations.PAGE].cells[0].source.splitlines() if row[:2] == "| "}
    how = {tag: row.split(" | ")[-1] for row in rows.values() for tag in re.findall(r"^\| \[([\dA-Z.]+)\]", row)}
    assert {how[tag] for tag in ("1.3", "2.3", "4.3")} == {"finite differences |"}
    assert how["0.2"] == "second computation |"


def test_every_term_is_defined_somewhere():
    read = [(path.name, books.read(path)) for path in books.CHAPTERS + books.APPENDICES]
    assert [term for term in equations.TERMS if term not in equations.terms(read)] == []


def chapter(name, text):
    return name, nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])


def test_a_term_is_listed_where_it_is_first_in_bold():
    read = [
        chapter("00_a.ipynb", "the loss, the *learning rate*, and a **Mini-batch**"),
        chapter("01_b.ipynb", "the **loss** E, a **learning rate**, **finite\ndifferences**"),
        chapter("02_c.ipynb", "the **loss** E"),
    ]
    found = equations.terms(read)
    assert found == {
        "finite difference": "01_b.ipynb",
        "learning rate": "01_b.ipynb",
        "loss": "01_b.ipynb",
        "mini-batch": "00_a.ipynb",
    }
