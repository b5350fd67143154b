"""JupyterLite for the site: the notebooks in JupyterLab, on Python that runs in the reader's browser.

The site carries JupyterLab, the notebooks and the package. Python itself, Pyodide with numpy and matplotlib, comes from
its usual host when a reader opens a notebook there, and anywidget from PyPI; nothing of it is loaded before. What comes
from elsewhere has not been tested, only that the notebooks open.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import books
import nbformat

INSTALL = "%pip install -q nnmath anywidget matplotlib pillow"


def build(folder):
    """Write JupyterLite into a folder. Errors: CalledProcessError, with what was printed."""
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        for path in books.ALL:
            notebook, target = books.read(path), here / "contents" / path.relative_to(books.NOTEBOOKS)
            notebook.cells.insert(1, nbformat.v4.new_code_cell(INSTALL, id="install-live"))
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, target)
        _run("pip", "wheel", "-q", "--no-deps", books.ROOT, "-w", here, cwd=here)
        (wheel,) = here.glob("nnmath-*.whl")
        options = ["--contents", "contents", "--piplite-wheels", wheel, "--apps", "lab", "--no-sourcemaps"]
        _run("jupyterlite_core", "build", *options, "--output-dir", folder, cwd=here)


def _run(module, *arguments, cwd):
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=cwd, check=True)
