"""The ledger: every tagged equation of the book with its check, read from the notebooks themselves.

`entries()` is what the tests verify and what the page of all equations is made from.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PAGE = "equations.ipynb"
TAG = re.compile(r"\\tag\{([^}]*)\}")
CHECK = re.compile(r"\bnn\.(check|same)\(\s*\"([^\"]*)\"")
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
FUNCTIONS = ("du_db", "du_dW", "du_dx_through", "du_dx", "forward", "forward_from", "deltas", "gradient", "step", "E")


@dataclass(frozen=True)
class Entry:
    """One equation: its tag, the notebook, the source's ids, the formula, and the lines that check it."""
    tag: str
    notebook: str
    source: tuple
    formula: str
    check: str


def chapters():
    """The notebooks of the book, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def tags(cell):
    return TAG.findall(cell.source) if cell.cell_type == "markdown" else []


def checks(cell):
    return [tag for _, tag in CHECK.findall(cell.source)] if cell.cell_type == "code" else []


def entries(path):
    """The equations of one notebook. Errors: ValueError for a tag without a check below it."""
    cells = nbformat.read(path, as_version=4).cells
    found = []
    for n, cell in enumerate(cells):
        for tag in tags(cell):
            below = [c.source for c in cells[n + 1:] if tag in checks(c)]
            if not below:
                raise ValueError(f"{path.name}: equation ({tag}) has no check; expected a cell below it with "
                                 f'nn.check("{tag}", …) or nn.same("{tag}", …)')
            formula = next(f for f in DISPLAY.findall(cell.source) if f"\\tag{{{tag}}}" in f)
            found.append(Entry(tag, path.name, tuple(cell.metadata.get("source", ())), TAG.sub("", formula).strip(), below[0]))
    return found


def definitions(path):
    """The source's equations that stand in a cell without a tag, as definitions: (ids, formula)."""
    cells = nbformat.read(path, as_version=4).cells
    untagged = [cell for cell in cells if cell.metadata.get("source") and not tags(cell)]
    return [(tuple(cell.metadata["source"]), formula) for cell in untagged for formula in DISPLAY.findall(cell.source)[:1]]


def page():
    """The notebook with the table of all equations."""
    rows = []
    for path in chapters():
        rows += [f"| [{path.name[:2]}]({path.name}) | ${_inline(formula)}$ | {', '.join(ids)} | | a definition |"
                 for ids, formula in definitions(path)]
        rows += [_row(entry) for entry in entries(path)]
    text = "\n".join([
        "# All equations", "",
        "Every equation of the book that has a number, and what holds it. Each is checked where it stands, against the referee "
        "of [chapter 01](01_the_referee.ipynb) (a gradient) or against a second way to the same numbers (an equality). The "
        "formulas of the package are proved in `tests/` once more by referees that share no code: complex step, sympy on "
        "symbolic entries, autograd on random networks, 50-digit arithmetic, and a worked example by pencil. S1 to S22 are "
        "the equations of the text that the book follows.", "",
        "| equation | formula | source | in code | held by |", "|---|---|---|---|---|", *rows])
    cell = nbformat.v4.new_markdown_cell(text, id="equations")
    return nbformat.v4.new_notebook(cells=[cell])


def _row(entry):
    names = [f"`nn.{name}`" for name in FUNCTIONS if re.search(rf"\bnn\.{name}\b", entry.check)][:2]
    held = "central differences" if f'nn.check("{entry.tag}"' in entry.check else "a second way"
    return (f"| [{entry.tag}]({entry.notebook}) | ${_inline(entry.formula)}$ | {', '.join(entry.source)} | {', '.join(names)} | {held} |")


def _inline(formula):
    """On one line, and without the bar that would end a table's cell."""
    return re.sub(r"\s+", " ", formula.strip()).replace(r"\|", r"\Vert ").replace("|", r"\vert ")
