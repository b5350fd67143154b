"""refresh.py stores a notebook clean, tells what changed, and refuses to store an error."""

import re
from importlib.metadata import version

import books
import nbformat
import pytest
import refresh


def test_refresh_leaves_a_stored_notebook_as_it_is(tmp_path, capsys):
    path = tmp_path / "00_notation_and_shapes.ipynb"
    before = (books.NOTEBOOKS / path.name).read_bytes()
    path.write_bytes(before)
    assert refresh.refresh(path)
    if drawn_by(pinned) == drawn_by(version):
        assert path.read_bytes() == before
        assert "unchanged" in capsys.readouterr().out
    else:  # another release may draw another pixel, but it says the same
        assert told(path) == told(books.NOTEBOOKS / path.name)


def drawn_by(version):
    """What the pixels depend on, by a function from a package's name to its version."""
    return {name: version(name) for name in ("matplotlib", "pillow", "numpy")}


def pinned(name):
    return re.search(
        rf"^{name}==(.+)$", (books.ROOT / "tools" / "pinned.txt").read_text(encoding="utf-8"), re.MULTILINE
    )[1]


def told(path):
    return [[refresh.text(output) for output in cell.get("outputs", [])] for cell in books.read(path).cells]


def test_refresh_cleans_and_tells_what_changed(tmp_path, capsys):
    stored = books.read(books.NOTEBOOKS / "02_du_db.ipynb")
    stored.cells = [cell for cell in stored.cells if cell.cell_type == "code"][:3]
    path = tmp_path / "small.ipynb"
    refresh._write(path, stored)
    refresh.refresh(path)
    clean = path.read_bytes()
    spoilt = books.read(path)
    spoilt.metadata["widgets"] = {"state": {}}
    spoilt.cells[0]["metadata"]["execution"] = {"time": "now"}
    spoilt.cells[-1]["execution_count"] = 99
    spoilt.cells[-1].outputs[0]["data"]["text/plain"] = "something else"
    path.write_text(refresh.nbformat.writes(spoilt), encoding="utf-8")
    capsys.readouterr()
    assert refresh.refresh(path)
    assert path.read_bytes() == clean
    assert "'something else' is now" in capsys.readouterr().out


def printed(*texts):
    cells = [
        refresh.nbformat.v4.new_code_cell(outputs=[refresh.nbformat.v4.new_output("stream", text=text)])
        for text in texts
    ]
    return refresh.nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    "was, now, told",
    [
        ("E = 0.25", "E = 0.25", []),
        (
            "step 3: E = 0.25, then less",
            "step 3: E = 0.26, then less",
            ["cell 2: '0.25,' is now '0.26,' in 'step 3: E = 0.26, then less'"],
        ),
        (
            "the same " * 200 + "0.1",
            "the same " * 200 + "0.2",
            ["cell 2: '0.1' is now '0.2' in 'the same the same 0.2'"],
        ),
        (
            "a 1 b c d e f 2",
            "a 3 b c d e f 4",
            ["cell 2: '1' is now '3' in 'a 3 b c d e'", "cell 2: '2' is now '4' in 'c d e f 4'"],
        ),
        ("gone", "", ["cell 2: 'gone' is now '' in ''"]),
    ],
)
def test_changes_name_the_cell_and_the_number(was, now, told):
    assert list(refresh.changes(printed("x", was), printed("x", now))) == told


def test_changes_tell_of_pictures_and_of_new_cells():
    before, after = printed("x"), printed("x", "y")
    before.cells[0].outputs[0]["more"] = "a picture's bytes"
    assert list(refresh.changes(before, after)) == ["1 cells are now 2", "cell 1: the picture is another one"]


@pytest.mark.parametrize(
    "source, told",
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys\nprint('oh', file=sys.stderr)", "wrote to stderr"),
        ("import numpy as np, nnmath as nn\nnn.same('1.1', np.ones(1), np.zeros(1))", "AssertionError"),
    ],
)
def test_refresh_refuses_to_store_an_error(tmp_path, capsys, source, told):
    notebook = refresh.nbformat.v4.new_notebook(cells=[refresh.nbformat.v4.new_code_cell(source)])
    path = tmp_path / "bad.ipynb"
    path.write_text(refresh.nbformat.writes(notebook), encoding="utf-8")
    before = path.read_bytes()
    assert not refresh.refresh(path)
    assert path.read_bytes() == before
    assert told in capsys.readouterr().err


def test_what_a_cell_prints_in_pieces_is_stored_as_one_output():
    pieces = [nbformat.v4.new_output("stream", name="stdout", text=text) for text in ("step 0\n", "step 1\n")]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("…", outputs=pieces)])
    refresh.clean(notebook)
    assert [output.text for output in notebook.cells[0].outputs] == ["step 0\nstep 1\n"]


def test_a_notebook_is_named_by_its_file_or_by_its_path():
    path = books.NOTEBOOKS / "solutions" / "03_du_dW.ipynb"
    assert refresh.path_of("solutions/03_du_dW.ipynb") == refresh.path_of(str(path)) == path
    with pytest.raises(SystemExit, match="there is no notebook 'du_dW.ipynb'; expected one of 00_"):
        refresh.path_of("du_dW.ipynb")
