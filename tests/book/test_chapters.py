"""Every chapter has the same layout, can be run twice, and has exercises with a notebook that answers them."""

import ast
import re

import books
import pytest
import shared_runs

from nnmath.check import mistakes

WITH_EXERCISES = [
    path for path in books.CHAPTERS if 'nn.exercise("' in path.read_text(encoding="utf-8").replace('\\"', '"')
]


@pytest.mark.parametrize("n, path", list(enumerate(books.CHAPTERS)), ids=lambda value: getattr(value, "stem", ""))
def test_a_chapter_is_laid_out_like_the_others(n, path):
    notebook = books.read(path)
    texts = [cell.source for cell in books.markdown_cells(notebook)]
    assert path.name.startswith(f"{n:02d}_")
    assert texts[0].startswith(f"# {n:02d} · ")
    assert "(equations.ipynb)" in texts[0]
    for neighbour, cell in ((n - 1, texts[0]), (n + 1, texts[0]), (n + 1, texts[-1])):
        if 0 <= neighbour < len(books.CHAPTERS):
            assert f"({books.CHAPTERS[neighbour].name})" in cell, f"no link to chapter {neighbour:02d}"
    assert any(
        re.search(r"^(At the end .*you (can|know)|By the end of this chapter you will be able to)", text, re.MULTILINE)
        for text in texts[:4]
    )
    headings = re.findall(r"^## (.*)$", "\n".join(texts), re.MULTILINE)
    assert headings[-1].startswith("What we have")
    if 2 <= n <= 9:
        places = [
            next(i for i, h in enumerate(headings) if h.startswith(start))
            for start in ("Where people go wrong", "Exercises")
        ]
        assert places == sorted(places)
    first = books.code_cells(notebook)[0].source
    assert first.split("\n")[:3] == ["import numpy as np", "import nnmath as nn", "from nnmath import show"]
    assert books.pictures(notebook)


@pytest.mark.parametrize("path", books.APPENDICES, ids=books.name)
def test_an_appendix_leads_back_to_the_book(path):
    first = books.markdown_cells(books.read(path))[0].source
    assert re.match(r"# Appendix [A-Z] · ", first)
    assert any(f"({chapter.name})" in first for chapter in books.CHAPTERS)


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_any_cell_can_be_run_twice_and_touches_neither_files_nor_network(path):
    assert shared_runs.of(path).opened == []


@pytest.mark.parametrize("chapter, formula, count", [(7, "dE_dW", 7), (8, "delta", 7)])
def test_a_chapter_prints_the_wrong_formulas_as_its_menu_writes_them(chapter, formula, count):
    cells = books.read(books.CHAPTERS[chapter]).cells
    menu = next(n for n, cell in enumerate(cells) if cell.cell_type == "code" and "show.break_it(" in cell.source)
    rows = re.findall(r"^\| (.+?) \| `(.+)` \|$", cells[menu - 1].source, re.MULTILINE)
    offered = re.search(r"names = (\[.*?\])", cells[menu].source, re.DOTALL)[1]
    assert [name for name, _ in rows] == ast.literal_eval(offered)
    assert len({name for name, _ in rows}) == count
    assert [code for _, code in rows] == [mistakes.form(formula, name)[1] for name, _ in rows]


@pytest.mark.parametrize(
    "chapter, formula",
    [
        (3, "du_dW"),
        (5, "du_dx_through"),
        (13, "dE_dK"),
        (13, "dE_dx_conv"),
        (14, "dE_dx_max"),
        (14, "dE_dx_mean"),
        (16, "skip"),
    ],
)
def test_a_chapter_lists_every_wrong_formula_of_its_menu(chapter, formula):
    notebook = books.read(books.CHAPTERS[chapter])
    assert any(f'show.break_it("{formula}"' in cell.source for cell in books.code_cells(notebook))
    tables = [
        re.findall(r"^\| (.+?) \| `(.+)` \|$", block, re.MULTILINE)
        for cell in books.markdown_cells(notebook)
        for block in re.split("</?details>", cell.source)
    ]
    assert [(name, mistakes.form(formula, name)[1]) for name in mistakes.names(formula)[1:]] in tables


# Exercises


def exercise_cells(path):
    """{tag: the code cells that judge an answer to it}"""
    found = {}
    for cell in books.code_cells(books.read(path)):
        for tag in re.findall(r'nn\.exercise\("([^"]+)"[^)]*\)\.judge\(', cell.source):
            found.setdefault(tag, []).append(cell)
    return found


@pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)
def test_exercises_are_stored_unanswered_and_a_notebook_answers_them(path):
    asked = exercise_cells(path)
    assert all(len(cells) == 1 for cells in asked.values())
    assert all(tag.startswith(f"{int(path.name[:2])}.") for tag in asked)
    for tag, [cell] in asked.items():
        assert cell.outputs[0].data["text/plain"].startswith(f"({tag}) not answered yet")
    solutions = exercise_cells(books.NOTEBOOKS / "solutions" / path.name)
    assert set(solutions) == set(asked)
    for tag, cells in solutions.items():
        assert all(cell.outputs[0].data["text/plain"].startswith(f"({tag}) agrees") for cell in cells)


@pytest.mark.parametrize("path", books.CHAPTERS[2:10], ids=lambda path: path.stem)
def test_these_chapters_have_two_exercises_or_more(path):
    assert len(exercise_cells(path)) >= 2


@pytest.mark.parametrize("path", books.CHAPTERS, ids=books.name)
def test_the_solutions_of_a_chapter_name_it(path):
    solutions = books.read(path.parent / "solutions" / path.name)
    assert solutions.cells[0].source.startswith(f"# Solutions to Chapter {int(path.name[:2])}\n")
