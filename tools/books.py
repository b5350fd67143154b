"""The notebooks of the book: where they are, what is in them, and how to run one in this process."""

import ast
from functools import cache
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
ALL = sorted(path for path in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
CHAPTERS = [path for path in ALL if path.parent == NOTEBOOKS and path.name[:2].isdigit()]


def name(path):
    return path.relative_to(NOTEBOOKS).as_posix()


@cache
def _text(path):
    return path.read_text(encoding="utf-8")


def read(path):
    """A fresh copy, so that a test may spoil it."""
    return nbformat.reads(_text(path), as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def bundles(notebook):
    """(cell, output) for every output that can be shown."""
    return [
        (cell, output)
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type in ("execute_result", "display_data")
    ]


def pictures(notebook):
    return [(cell, output) for cell, output in bundles(notebook) if "image/png" in output.data]


def run(notebook, times=1, namespace=None):
    """Run the code cells in this process, each so many times; yield (cell, value of its last expression).

    The names that cells define go to `namespace`. The cells of a book that imports what it needs run without IPython.
    Anything that a cell raises is raised.
    """
    namespace = {} if namespace is None else namespace
    namespace.update({"__name__": "__main__", "get_ipython": lambda: None})
    for cell in code_cells(notebook):
        for _ in range(times):
            *body, last = ast.parse(cell.source, filename=cell.id).body or [ast.Pass()]
            is_value = isinstance(last, ast.Expr)
            exec(compile(ast.Module(body if is_value else [*body, last], []), cell.id, "exec"), namespace)
            value = eval(compile(ast.Expression(last.value), cell.id, "eval"), namespace) if is_value else None
        yield cell, value


def title(path):
    """The title of a notebook: its first heading, without the mark."""
    return read(path).cells[0].source.splitlines()[0].removeprefix("# ")


APPENDICES = sorted(  # A before B, whatever the files are called
    (path for path in ALL if path.parent == NOTEBOOKS and path.name.startswith("appendix_")), key=title
)
