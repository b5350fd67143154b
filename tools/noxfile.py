"""The book in every environment that it claims: nox -f tools/noxfile.py

`book` runs the whole suite on each Python that is on this machine, with the oldest and with the newest libraries of the
range. `varied` runs every notebook under all that differs between machines. `binder` replays Binder's steps, where it
may.
What follows -- goes to pytest or to varied.py. A table of the results comes last.
"""

import os
import re
import tomllib
from pathlib import Path

import nox

ROOT = Path(__file__).parent.parent
PYTHONS, VERSIONS = ["3.11", "3.12", "3.13", "3.14"], ["oldest", "newest"]
FIRST_WHEELS = {  # where the oldest release of the range has none for this Python
    "3.13": {"numpy": "2.1", "scipy": "1.14", "playwright": "1.49"},
    "3.14": {"numpy": "2.3", "scipy": "1.16", "matplotlib": "3.10", "pillow": "12.0", "playwright": "1.55"},
}
FOR_COLAB = ("numpy", "matplotlib", "anywidget", "ipywidgets", "ipython", "pillow", "pytest")
TOLD = {}  # (Python, versions): pytest's closing line

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["book", "colab_like", "varied", "binder"]


def oldest(python):
    """Every name>=1.2 of pyproject.toml as name==1.2.*, or as the first release with wheels for this Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    claimed = [*project["dependencies"], *extras["book"], *extras["test"]]
    for name, version, rest in (re.fullmatch(r"([\w-]+)>=([\d.]+)(.*)", claim).groups() for claim in claimed):
        yield f"{name}=={FIRST_WHEELS.get(python, {}).get(name, version)}.*{rest}"


@nox.session(python=PYTHONS)
@nox.parametrize("versions", VERSIONS)
def book(session, versions):
    """The whole suite. With ipywidgets 7.7 without a browser: JupyterLab 4 has no front end for them."""
    session.notify("table")
    session.chdir(ROOT)
    TOLD[session.python, versions] = "not installable"
    session.install("-e", ".[book,test]", *(oldest(session.python) if versions == "oldest" else []))
    without = ["--ignore=tests/browser"] if versions == "oldest" else []
    told = session.run(
        "python",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *without,
        *session.posargs,
        silent=True,
        success_codes=range(256),
    )
    TOLD[session.python, versions] = last = told.strip().splitlines()[-1].strip("= ")
    if re.search(r"failed|error", last) or "passed" not in last:
        session.error(told)


@nox.session(python="3.11")
def colab_like(session):
    """A chapter with the oldest libraries and ipywidgets 7.7, as on Colab, in the last front end that had them."""
    session.chdir(ROOT)
    session.install(
        "-e",
        ".",
        *(pin for pin in oldest(session.python) if pin.startswith(FOR_COLAB)),
        "notebook==6.5.*",
        "widgetsnbextension==3.6.*",
        "nbformat",
        "playwright",
    )
    session.run(
        "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "tests/browser/colab_like.py"
    )


@nox.session
def varied(session):
    """Every notebook, where something about the machine is different."""
    session.chdir(ROOT)
    session.install("-e", ".[book,test]")
    session.run("python", "tools/varied.py", *session.posargs)


@nox.session
def binder(session):
    """Binder's steps, replayed."""
    if not hasattr(os, "getuid") or os.getuid():
        session.skip("only root can become another user")
    session.chdir(ROOT)
    session.install("-e", ".[book,test]")
    session.run("python", "tools/binder.py", env={"PYTHONPATH": "tests/support:tests/browser"})


@nox.session(venv_backend="none")
def table(session):
    """What `book` found."""
    print(f"{'Python':8}" + "".join(f"{versions:40}" for versions in VERSIONS))
    for python in PYTHONS:
        print(
            f"{python:8}"
            + "".join(f"{TOLD.get((python, versions), 'untested: not on this machine'):40}" for versions in VERSIONS)
        )
