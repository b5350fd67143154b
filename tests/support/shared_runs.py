"""One run of each notebook in this process, shared by all tests that need what its cells make."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import books

import nnmath.show

PACKAGE = Path(nnmath.__file__).parent


@cache
def of(path):
    """A notebook run here, each cell twice: `values` are those of its cells, `opened` the files and addresses it used.

    At the end its pictures are run once more, like those of a reader who comes back to one after reading the chapter.
    Not counted are files of installed packages, such as fonts, and the data of nnmath itself.
    """
    opened = []

    def watched(file, *more, there=open, **most):
        if not (str(file).endswith(".ttf") or "site-packages" in str(file) or PACKAGE in Path(str(file)).parents):
            opened.append(file)
        return there(file, *more, **most)

    connect = patch("socket.socket.connect", lambda self, address: opened.append(address))
    with patch("builtins.open", watched), connect:
        notebook, names = books.read(path), {}
        cells = list(books.run(notebook, times=2, namespace=names))
        notebook.cells = [cell for cell, value in cells if isinstance(value, nnmath.show.Explorer)]
        list(books.run(notebook, namespace=names))
        values = [value for _, value in cells]
    return SimpleNamespace(values=values, opened=opened)
