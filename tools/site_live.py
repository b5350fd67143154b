"""JupyterLite for the site: the notebooks in JupyterLab, on Python that runs in the reader's browser.

The site carries JupyterLab, the notebooks and the package. Python itself, Pyodide with numpy and matplotlib, comes from
its usual host when a reader opens a notebook there, and anywidget from PyPI; neither is loaded before that. What comes
from elsewhere has not been tested, only that the notebooks open.

What builds it is installed in an environment of its own, dist/lite, because its extensions trouble other JupyterLabs.
"""

import os
import shutil
import subprocess
import tempfile
import venv
from pathlib import Path

import books
import nbformat

NEEDED = ("jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyter-server", "anywidget", "ipywidgets")
FIRST = "%pip install -q nnmath anywidget matplotlib pillow"
ENVIRONMENT = books.ROOT / "dist" / "lite"


def build(folder):
    """Write JupyterLite into a folder. Errors: CalledProcessError, with what was printed."""
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    _run("pip", "install", "-q", *NEEDED, cwd=books.ROOT)
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary)
        _run("pip", "wheel", "-q", "--no-deps", books.ROOT, "-w", here, cwd=books.ROOT)
        (wheel,) = here.glob("nnmath-*.whl")
        for path in books.ALL:
            notebook, target = books.read(path), here / "contents" / path.relative_to(books.NOTEBOOKS)
            notebook.cells.insert(1, nbformat.v4.new_code_cell(FIRST, id="install-live"))
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, target)
        options = ["--contents", "contents", "--piplite-wheels", wheel, "--apps", "lab", "--no-sourcemaps"]
        _run("jupyterlite_core", "build", *options, "--output-dir", folder, cwd=here, stdout=subprocess.DEVNULL)


def _run(module, *arguments, **options):
    python = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", module, *arguments], check=True, **options)
