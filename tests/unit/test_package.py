"""What the package promises as a whole: light to import, arrows one way, small enough to read in one sitting."""

import ast
import io
import pkgutil
import re
import subprocess
import sys
import tokenize
import tomllib
from copy import copy
from dataclasses import FrozenInstanceError, fields
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import nnmath as nn
from nnmath.check.measurement import measure

PACKAGE = Path(nn.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))
CORE = ["__init__", "shapes", "activation", "layer", "error", "network", "backprop", "descent"]
MAY_IMPORT = {    # in chapter order; a module may import those of its row only
    "shapes": set(),
    "activation": {"shapes"},
    "layer": {"shapes", "activation"},
    "error": {"shapes"},
    "network": {"shapes", "activation", "layer"},
    "backprop": {"shapes", "error", "network"},
    "descent": {"shapes", "error", "network", "backprop"},
    "finite_difference": set(),
    "measurement": {"finite_difference"},
}


def imports(path):
    """(nnmath's own modules, other top-level packages) that a file imports, wherever in the file."""
    own, others = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            own |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            others.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            others |= {alias.name.split(".")[0] for alias in node.names}
    return own, others


def code_lines(path):
    """Lines of code: no docstrings, comments or blank lines."""
    source = path.read_text(encoding="utf-8")
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
                              tokenize.ENDMARKER):
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_import_loads_neither_figures_nor_widgets():
    code = "import sys, nnmath; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stderr == ""
    heavy = {"matplotlib", "ipywidgets", "IPython", "PIL", "sklearn", "scipy", "sympy", "pandas"}
    assert "numpy" in loaded.stdout.split() and not heavy & set(loaded.stdout.split())


def claims(*parts):
    """{name: Requirement} of what pyproject.toml asks for in these extras, and of numpy."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [claim for part in parts for claim in project["optional-dependencies"][part]]
    return {canonicalize_name(claim.name): claim for claim in map(Requirement, project["dependencies"] + listed)}


@pytest.mark.parametrize("folder, parts", [("nnmath/show", ["book"]), ("notebooks", ["book", "test"]), ("tests", ["book", "test"])])
def test_what_is_imported_is_asked_for(folder, parts):
    providers = packages_distributions()
    files = [path for path in (PACKAGE.parent / folder).glob("*.py") if path.name != "noxfile.py"]
    ours = {path.stem for near in ("tests", "notebooks") for path in (PACKAGE.parent / near).glob("*.py")} | {"nnmath", "benchmarks"}
    for name in set().union(*(imports(path)[1] for path in files)) - set(sys.stdlib_module_names) - ours:
        assert {canonicalize_name(provider) for provider in providers[name]} & set(claims(*parts)), f"{folder} imports {name}"


def test_the_pins_lie_within_the_claimed_ranges():
    lines = (PACKAGE.parent / "tools" / "pinned.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(name): version for name, version in (line.split("==") for line in lines[1:])}
    for name, claim in claims("book", "test").items():
        assert claim.specifier.contains(pins[name]), f"{claim} and {name}=={pins[name]}"


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_arrows_point_one_way(name):
    own, others = imports(PACKAGE / f"{name}.py")
    assert own <= MAY_IMPORT[name]
    assert others <= {"numpy", "dataclasses", "collections", "sys", "time"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_outside_show_imports_it_or_draws(path):
    own, others = imports(path)
    assert "show" not in own
    assert others - set(sys.stdlib_module_names) <= {"numpy", "nnmath"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "show").glob("*.py")), ids=lambda path: path.stem)
def test_pictures_are_drawn_without_pyplot(path):
    assert "pyplot" not in path.read_text(encoding="utf-8")


def test_the_core_is_small_enough_to_read_in_one_sitting():
    assert sum(code_lines(PACKAGE / f"{name}.py") for name in CORE) <= 275
    assert code_lines(PACKAGE / "finite_difference.py") <= 150
    assert code_lines(PACKAGE / "measurement.py") <= 150


def test_exported_names():
    modules = {module.name for module in pkgutil.iter_modules([str(PACKAGE)])}
    assert len(set(nn.__all__)) == len(nn.__all__)
    for name in nn.__all__:
        assert hasattr(nn, name)
        if name in modules:
            assert name in {"finite_difference", "mistakes"}, f"{name} is a module and a name"
            assert getattr(nn, name).__name__ == f"nnmath.{name}"


@pytest.mark.parametrize("name", [name for name in nn.__all__ if callable(getattr(nn, name))])
def test_every_exported_function_says_what_it_does(name):
    thing = getattr(nn, name)
    if isinstance(thing, nn.Activation):
        return
    assert thing.__doc__ and not thing.__doc__.startswith(f"{name}(")


@pytest.mark.parametrize("name", ["e", "u", "du_db", "du_dW", "du_dx", "du_dx_through", "E", "dE_dt", "forward", "forward_from",
                                  "deltas", "gradient", "step", "descend", "column"])
def test_docstrings_give_formula_shapes_errors_and_place(name):
    doc = getattr(nn, name).__doc__
    formula, rest = doc.split("\n", 1)
    assert any(sign in formula for sign in "=←∂:") or name in ("forward_from", "descend")
    assert rest.index("Shapes:") < rest.index("hapter")
    assert "Errors:" in rest or name == "step"


def luminance(colour):
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055)**2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_can_be_read_in_both_themes():
    from nnmath.show.toolkit import style

    assert contrast("#000000", "#FFFFFF") == 21
    assert list(style.COLOURS) == ["x", "W", "b", "u", "δ", "E", "y"]
    coloured = [colour for symbol, colour in style.COLOURS.items() if symbol != "E"]
    assert len({*coloured, style.INK, style.FAINT, style.PLUS, style.MINUS, style.PALE}) == len(coloured) + 5
    for colour in (*coloured, style.PLUS):
        assert min(contrast(colour, "#FFFFFF"), contrast(colour, "#111111")) >= 4
    for colour in (style.COLOURS["E"], style.INK, style.FAINT, style.MINUS):    # on the paper of a picture only
        assert contrast(colour, style.PAPER) >= 4.5


def test_the_black_number_in_a_coloured_cell_can_be_read():
    from matplotlib.colors import to_hex

    from nnmath.show.toolkit import style

    for symbol in style.COLOURS:
        for share in range(0, 101, 5):
            assert contrast("#000000", to_hex(style.colormap(symbol)(share / 100))) >= 4.5


def test_the_pictures_wear_the_readers_formulas_colours():
    """The colours in the notebooks' formulas are those of the pictures."""
    from nnmath.show.toolkit import style

    wanted = {**style.COLOURS, r"\delta": style.COLOURS["δ"]}
    for path in (PACKAGE.parent / "notebooks").glob("[01]*.ipynb"):
        for colour, symbol in re.findall(r"\\\\color\{(#\w+)\}\{([^{}]+)\}", path.read_text(encoding="utf-8")):
            assert wanted[symbol.replace("\\\\", "\\")] == colour, f"{path.name}: {symbol}"


def values_of_the_package():
    net = nn.Network.random((2, 3, 1), nn.tanh, seed=0)
    x, y = nn.column([1, 2]), nn.column([1])
    trace = nn.forward(net, x)
    of_arrays = [net, trace, nn.gradient(net, trace, y), next(nn.descend(net, x, y, 0.1)), measure(lambda v: v.sum(), x)]
    of_words = [nn.tanh, nn.judge(y, lambda v: v.sum(), y), nn.judge_network(of_arrays[2], net, x, y), nn.exercise("3.a"),
                nn.exercise("3.a").exercise, nn.mistakes._ALL[0]]
    return [pytest.param(value, of_arrays is group, id=type(value).__name__) for group in (of_arrays, of_words) for value in group]


@pytest.mark.parametrize("value, of_arrays", values_of_the_package())
def test_values_stay_as_they_are(value, of_arrays):
    """Nobody changes them behind the reader's back; those made of arrays are compared by identity, never entry by entry."""
    with pytest.raises(FrozenInstanceError):
        setattr(value, next(iter(fields(value))).name, None)
    if of_arrays:
        assert value == value and value != copy(value) and value in {value}
