"""Imports go one way: the graph of all modules, read from their code, has no cycle and no arrow that points up."""

import ast
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import nnmath

PACKAGE = Path(nnmath.__file__).parent
ROOT = PACKAGE.parent

# The rooms from the lowest to the highest. A module imports from its own room and from those below it.
ROOMS = [
    {"nnmath.shapes"},
    {
        "nnmath.activation",
        "nnmath.layer",
        "nnmath.error",
        "nnmath.data",
        "nnmath.softmax",
        "nnmath.convolution",
        "nnmath.pooling",
    },
    {"nnmath.network"},
    {"nnmath.backprop", "nnmath.mixed", "nnmath.tape"},
    {"nnmath.descent"},
    {"nnmath.check", "nnmath.__main__"},
    {"nnmath.exercises"},
    {"nnmath"},
    {"nnmath.show.toolkit"},
    {"nnmath.show"},
]


def modules():
    """{name of a module: its file}, for all of nnmath."""
    return {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
        for p in sorted(PACKAGE.rglob("*.py"))
    }


def imports(name, source, known, is_package=False):
    """(those of `known` that a module imports, other packages that it imports), at its top or inside a function."""
    own, others = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            targets = [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = [(_absolute(name, node, is_package), alias.name) for alias in node.names]
        else:
            continue
        for module, attribute in targets:
            inner = f"{module}.{attribute}"
            found = inner if inner in known else module
            (own if found in known else others).add(found)
    return own, {other.split(".")[0] for other in others}


def _absolute(name, node, is_package):
    if not node.level:
        return node.module
    parts = name.split(".")
    base = parts[: len(parts) - node.level + is_package]
    return ".".join([*base, *(node.module or "").split(".")]).rstrip(".")


def graph():
    """{module: the modules of nnmath that it imports}"""
    known = modules()
    return {
        name: imports(name, path.read_text(encoding="utf-8"), known, path.name == "__init__.py")[0]
        for name, path in known.items()
    }


def room(name):
    """The number of the room that a module is in: that of the longest name in ROOMS that it begins with."""
    places = [
        (len(begin), n)
        for n, names in enumerate(ROOMS)
        for begin in names
        if begin == name or name.startswith(f"{begin}.")
    ]
    return max(places)[1]


def upward(arrows):
    """The imports that go from a lower room to a higher one."""
    return [
        f"{name} imports {other}"
        for name, others in arrows.items()
        for other in sorted(others)
        if room(other) > room(name)
    ]


def test_there_is_no_cycle():
    list(TopologicalSorter(graph()).static_order())


def test_no_arrow_points_up():
    assert upward(graph()) == []


def test_every_module_of_the_mathematics_has_a_room():
    named = set().union(*ROOMS)
    assert [name for name in graph() if name.count(".") == 1 and name not in named] == []


def test_finite_differences_know_none_of_the_formulas():
    name = "nnmath.check.finite_difference"
    assert graph()[name] == set()


def test_show_is_imported_by_nobody_outside():
    outside = [
        name
        for name, others in graph().items()
        if not name.startswith("nnmath.show")
        for o in others
        if o.startswith("nnmath.show")
    ]
    assert outside == []


@pytest.mark.parametrize("name", [name for name in modules() if not name.startswith("nnmath.show")])
def test_outside_of_show_numpy_is_all_that_is_imported(name):
    path = modules()[name]
    others = imports(name, path.read_text(encoding="utf-8"), modules(), path.name == "__init__.py")[1]
    assert others - set(sys.stdlib_module_names) <= {"numpy"}


@pytest.mark.parametrize("source, own, others", [
    ("import numpy as np\nfrom matplotlib.figure import Figure", set(), {"numpy", "matplotlib"}),
    ("from ..layer import u", {"nnmath.layer"}, set()),
    ("from .. import layer, check\nfrom . import judge", {"nnmath.layer", "nnmath.check", "nnmath.check.judge"}, set()),
    ("def f():\n    from .judge import judge", {"nnmath.check.judge"}, set()),
    ("import nnmath as nn\nfrom nnmath import error", {"nnmath", "nnmath.error"}, set()),
])  # fmt: skip
def test_imports_are_found_wherever_they_are(source, own, others):
    known = {"nnmath", "nnmath.layer", "nnmath.error", "nnmath.check", "nnmath.check.judge", "nnmath.check.network"}
    assert imports("nnmath.check.network", source, known) == (own, others)


def test_a_cycle_and_an_upward_arrow_would_be_found():
    spoilt = {**graph(), "nnmath.shapes": {"nnmath.descent"}}
    assert upward(spoilt) == ["nnmath.shapes imports nnmath.descent"]
    with pytest.raises(CycleError):
        list(TopologicalSorter(spoilt).static_order())


# What is loaded and what is asked for


def test_import_loads_neither_figures_nor_widgets():
    code = "import sys, nnmath; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stderr == ""
    heavy = {"matplotlib", "ipywidgets", "IPython", "PIL", "sklearn", "scipy", "sympy", "pandas", "anywidget"}
    assert "numpy" in loaded.stdout.split() and not heavy & set(loaded.stdout.split())


def requirements(*extras):
    """{name: Requirement} of what pyproject.toml asks for: numpy, and these extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return {canonicalize_name(wanted.name): wanted for wanted in map(Requirement, project["dependencies"] + listed)}


providers_of_modules = cache(packages_distributions)  # it reads the lists of files of all packages


def sources(folder):
    """The code of a folder: of its Python files, or of its notebooks' cells."""
    if folder == "notebooks":
        import books

        return ["\n".join(cell.source for cell in books.code_cells(books.read(path))) for path in books.ALL]
    return [path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py") if path.name != "noxfile.py"]


@pytest.mark.parametrize("folder, extras", [
    ("nnmath", ["book"]), ("notebooks", ["book"]), ("tools", ["book", "test"]),
    *[(f"tests/{part}", ["book", "test"]) for part in ("unit", "book", "browser", "support")],
])  # fmt: skip
def test_what_is_imported_is_asked_for(folder, extras):
    ours = {"nnmath", "benchmarks"} | {path.stem for near in ("tests", "tools") for path in (ROOT / near).rglob("*.py")}
    found = set().union(*(imports("nnmath.somewhere.deep.inside", source, modules())[1] for source in sources(folder)))
    for name in found - set(sys.stdlib_module_names) - ours:
        providers = {canonicalize_name(provider) for provider in providers_of_modules()[name]}
        assert providers & set(requirements(*extras)), f"{folder} imports {name}"


def test_the_pins_are_within_the_ranges():
    lines = (ROOT / "tools" / "pinned.txt").read_text(encoding="utf-8").splitlines()
    pins = {
        canonicalize_name(name): version
        for name, version in (line.split("==") for line in lines if not line.startswith("#"))
    }
    for name, wanted in requirements("book", "test").items():
        assert wanted.specifier.contains(pins[name]), f"{wanted} and {name}=={pins[name]}"


def test_requirements_txt_names_what_the_book_extra_asks_for():
    """The file names the packages for readers to see; pip reads pyproject.toml when it installs the package."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = {canonicalize_name(Requirement(line).name) for line in lines if line[:1].isalpha()}
    assert named == set(requirements("book"))
    assert "-e ." in lines
