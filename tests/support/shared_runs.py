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

    Not counted are files of installed packages, such as fonts, and the data of nnmath itself.
    """
    opened = []

    def watched(file, *more, there=open, **most):
        if not (str(file).endswith(".ttf") or "site-packages" in str(file) or PACKAGE in Path(str(file)).parents):
            opened.append(file)
        return there(file, *more, **most)

    connect = patch("socket.socket.connect", lambda self, address: opened.append(address))
    with patch("builtins.open", watched), connect:
        values = [value for _, value in books.run(books.read(path), times=2)]
    return SimpleNamespace(values=values, opened=opened)
