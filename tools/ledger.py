"""The ledger: every tagged equation has one check below it, and every equation of the sources has its place.

    python tools/ledger.py

prints what is wrong with the stored notebooks. The page of all equations is made from `entries` and `definitions`.
"""

import ast
import re
import sys
from collections import Counter
from dataclasses import dataclass

import books

DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
TAG = re.compile(r"\\tag\{([^}]*)\}")

# The chapter in which each equation of the sources belongs. S1 to S22 come from the text that Part I follows, P1 to P16
# from the paper that this text cites and from what Part II adds to it.
PLACES = {
    **dict.fromkeys(["S1", "S2"], "00"),
    **dict.fromkeys(["S3", "S4"], "02"),
    **dict.fromkeys(["S5", "S6"], "03"),
    "S7": "04",
    **dict.fromkeys(["S8", "S9"], "05"),
    **dict.fromkeys(["S10", "S11"], "06"),
    **dict.fromkeys([f"S{n}" for n in range(12, 18)], "07"),
    **dict.fromkeys([f"S{n}" for n in range(18, 22)], "08"),
    "S22": "09",
    **dict.fromkeys([f"P{n}" for n in range(1, 7)], "11"),
    **dict.fromkeys([f"P{n}" for n in range(7, 10)], "12"),
    **dict.fromkeys([f"P{n}" for n in range(10, 13)], "13"),
    **dict.fromkeys([f"P{n}" for n in range(13, 16)], "14"),
    "P16": "16",
}


@dataclass(frozen=True)
class Entry:
    """One equation: its tag, the notebook, the ids of the sources, the formula, and the cell that checks it."""

    tag: str
    notebook: str
    source: tuple[str, ...]
    formula: str
    check: str


@dataclass(frozen=True)
class Check:
    """One call of nn.check or nn.same: its tag, the index of its cell, and whether it is the cell's last expression."""

    tag: str
    cell: int
    last: bool


def tags(cell):
    """The tags of a markdown cell's displayed equations."""
    return [tag for display in DISPLAY.findall(cell.source) for tag in TAG.findall(display)]


def equations(notebook):
    """(tag, index of its cell) of every tagged equation, from top to bottom."""
    return [(tag, n) for n, cell in enumerate(notebook.cells) if cell.cell_type == "markdown" for tag in tags(cell)]


def checks(notebook):
    """Every Check of a notebook, from top to bottom."""
    return [
        found
        for n, cell in enumerate(notebook.cells)
        if cell.cell_type == "code"
        for found in _checks_in(cell.source, n)
    ]


def _checks_in(source, n):
    body = ast.parse(source).body
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("nn.check", "nn.same"):
            tag = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            yield Check(tag, n, isinstance(body[-1], ast.Expr) and body[-1].value is node)


def entries(name, notebook):
    """The equations of one notebook that are checked in it."""
    below = {check.tag: notebook.cells[check.cell].source for check in reversed(checks(notebook))}
    return [
        Entry(
            tag, name, tuple(notebook.cells[n].metadata.get("source", ())), _formula(notebook.cells[n], tag), below[tag]
        )
        for tag, n in equations(notebook)
        if tag in below
    ]


def _formula(cell, tag):
    formula = next(formula for formula in DISPLAY.findall(cell.source) if f"\\tag{{{tag}}}" in formula)
    return TAG.sub("", formula).strip()


def definitions(notebook):
    """The equations of the sources that carry no tag because they define something: (ids, formula)."""
    cells = [cell for cell in notebook.cells if cell.metadata.get("source") and not tags(cell)]
    return [(tuple(cell.metadata["source"]), formula) for cell in cells for formula in DISPLAY.findall(cell.source)[:1]]


def letter(notebook):
    """The letter of an appendix, from its title "# Appendix A · …"; None where the title is another one."""
    title = re.match(r"# Appendix ([A-Z])\b", notebook.cells[0].source)
    return title[1] if title else None


def prefix(name, notebook):
    """What the tags of a notebook begin with: "3" in chapter 03, "A" in appendix A, None in a notebook without tags."""
    if "/" in name:
        return None
    return str(int(name[:2])) if name[:2].isdigit() else letter(notebook)


def faults(book):
    """What is wrong in {notebook's name: notebook}, in words."""
    found = [f"{name}: {fault}" for name, notebook in book.items() for fault in _faults_in(name, notebook)]
    return found + list(_places(book))


def _faults_in(name, notebook):
    yield from _displays(notebook)
    yield from _numbering(prefix(name, notebook), [tag for tag, _ in equations(notebook)])
    yield from _verdicts(notebook)
    yield from _pairs(equations(notebook), checks(notebook))


def _displays(notebook):
    """Tags belong into displayed equations, and a cell that names its source displays one."""
    for n, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and tags(cell) != TAG.findall(cell.source):
            yield f"cell {n} has a tag outside $$ … $$"
        if cell.metadata.get("source") and not DISPLAY.search(cell.source):
            yield f"cell {n} names {cell.metadata['source']} and displays no equation"


def _numbering(begins, found):
    expected = [f"{begins}.{n}" for n in range(1, len(found) + 1)] if begins else []
    if found != expected:
        yield f"the tags are {found}; expected {expected}"


def _verdicts(notebook):
    """Each check shows its verdict, and the stored verdict agrees."""
    for check in checks(notebook):
        outputs = notebook.cells[check.cell].outputs
        if not check.last:
            yield f"the check of ({check.tag}) is not the last expression of its cell"
        if not any(f"({check.tag}) agrees" in output.get("data", {}).get("text/plain", "") for output in outputs):
            yield f"the check of ({check.tag}) has no stored verdict that agrees"


def _pairs(shown, checked):
    """One check for each equation, below it and in the same order."""
    counts = Counter(check.tag for check in checked)
    yield from (f"({tag}) has no check" for tag, _ in shown if not counts[tag])
    yield from (f"the check ({tag}) has no equation" for tag in counts if tag not in dict(shown))
    yield from (f"({tag}) is checked twice" for tag, count in counts.items() if count > 1)
    for (tag, n), check in zip(shown, checked, strict=False):
        if tag != check.tag or check.cell < n:
            yield f"the check ({check.tag}) is not below its equation, in the order of the equations"
            return


def _places(book):
    """Each id of the sources has its place in its chapter, as soon as this chapter is written."""
    placed = {
        (source, name)
        for name, notebook in book.items()
        for cell in notebook.cells
        for source in cell.metadata.get("source", [])
    }
    for source, chapter in PLACES.items():
        written = any(name.startswith(chapter) for name in book)
        if written and not any(source == other and name.startswith(chapter) for other, name in placed):
            yield f"{source} has no place in chapter {chapter}"
    yield from sorted(
        f"{name}: {source} is no equation of the sources" for source, name in placed if source not in PLACES
    )
    letters = Counter(letter(notebook) for name, notebook in book.items() if name.startswith("appendix_"))
    yield from (
        f"{count} appendices have the letter {which}" for which, count in letters.items() if which and count > 1
    )
    if letters[None]:
        yield 'an appendix has no letter; expected a title like "# Appendix A · The step size"'


def main():
    found = faults({books.name(path): books.read(path) for path in books.ALL})
    print("\n".join(found) or f"{len(books.ALL)} notebooks, and nothing is wrong in the ledger")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
