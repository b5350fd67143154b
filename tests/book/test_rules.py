"""No notebook breaks a rule, and each rule fails on a notebook that is spoilt on purpose."""

import books
import pytest
import refresh
import rules
import slides


@pytest.mark.parametrize("path", books.ALL, ids=books.name)
def test_the_rules(path):
    assert rules.faults(books.name(path), books.read(path)) == []


def on_first(kind, edit):
    def spoil(notebook):
        find = {
            "cell": lambda: books.code_cells(notebook)[1],
            "picture": lambda: books.pictures(notebook)[0][1],
            "text": lambda: books.markdown_cells(notebook)[0],
        }
        edit(find[kind]())

    return spoil


def folded(source):
    return on_first("cell", lambda cell: (cell.update(source=source), cell.metadata.update(tags=[rules.FOLDED])))


@pytest.mark.parametrize("edit, fault", [
    (on_first("cell", lambda cell: cell.update(source="pass\n" * 16)), "16 lines"),
    (lambda notebook: [cell.update(source="pass\n" * 5) for cell in books.code_cells(notebook)], "5 lines, 5"),
    (on_first("cell", lambda cell: cell.update(execution_count=7)), "counts are"),
    (on_first("cell", lambda cell: cell.update(id="03-01")), "one id"),
    (on_first("cell", lambda cell: cell.update(source=" ")), "an empty cell"),
    (on_first("cell", lambda cell: cell.update(source="show.explore(1);")), "trailing ;"),
    (on_first("cell", lambda cell: cell.update(source="show.explore(1)")), "a picture's code is in view"),
    (on_first("cell", lambda cell: cell.update(source="show.break_it('db')")), "a picture's code is in view"),
    (on_first("cell", lambda cell: cell.update(source="open('/home/me/a')")), "a machine's path"),
    (folded("show.explore(1)"), "a folded cell begins with 'show.explore(1)'"),
    (folded("# the picture: " + "a" * 46), "expected a comment of at most 60 characters"),
    (on_first("cell", lambda cell: cell.metadata.update(execution={})), "metadata"),
    (on_first("cell", lambda cell: cell.metadata.update(tags=[rules.FOLDED])), "the metadata for JupyterLab is None"),
    (on_first("cell", lambda cell: cell.metadata.update(jupyter={"source_hidden": True})), "expected None"),
    (on_first("text", lambda cell: cell.metadata.update(slideshow={"slide_type": "skip"})), "the slide type"),
    (on_first("text", lambda cell: cell.metadata.pop("slideshow")), "the slide type is None"),
    (lambda notebook: notebook.metadata.update(widgets={}), "metadata of the notebook"),
    (lambda notebook: notebook.metadata.language_info.update(version="3.13.0"), "metadata of the notebook"),
    (on_first("picture", lambda output: output.data.update({refresh.WIDGET: {}})), "stored as application"),
    (on_first("picture", lambda output: output.metadata.clear()), "alternative text"),
    (on_first("picture", lambda output: output.data.update({"text/plain": "VBox(children=())"})), "widget's name"),
    (on_first("picture", lambda output: output.metadata["image/png"].update(width=1)), "pixels shown as"),
    (on_first("picture", lambda output: output.data.update({"text/html": f"<b>at {id(output):#x}</b>"})), "address"),
    (on_first("picture", lambda output: output.data.update({"text/plain": "np.float64(0.5)"})), "np.float64"),
    (on_first("picture", lambda output: output.data.update({"text/html": "u = nan"})), "not finite"),
    (on_first("text", lambda cell: cell.update(source="[there](nowhere.ipynb)")), "leads nowhere"),
    (on_first("text", lambda cell: cell.update(source="![](a.png)")), "without a text"),
])  # fmt: skip
def test_the_rules_can_fail(edit, fault):
    notebook = books.read(books.NOTEBOOKS / "03_du_dW.ipynb")
    edit(notebook)
    faults = rules.faults("03_du_dW.ipynb", notebook)
    assert any(fault in line for line in faults), faults


def test_a_heading_begins_a_slide_and_code_follows_on_it():
    notebook = books.read(books.NOTEBOOKS / "03_du_dW.ipynb")
    slides.mark(notebook)
    marked = [(cell.cell_type, cell.metadata.get("slideshow", {}).get("slide_type")) for cell in notebook.cells]
    for cell, mark in zip(notebook.cells, marked, strict=True):
        heading = cell.cell_type == "markdown" and cell.source.startswith("#")
        assert mark == (cell.cell_type, "slide" if heading else {"markdown": "subslide", "code": None}[cell.cell_type])
