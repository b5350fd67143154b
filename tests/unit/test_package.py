"""What the package promises as a whole: its names, its docstrings, its colors, and values that nobody changes."""

import inspect
import pkgutil
import re
import tomllib
from copy import copy
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

import nnmath as nn
from nnmath.check.measurement import measure

PACKAGE = Path(nn.__file__).parent


@pytest.mark.parametrize("path", sorted((PACKAGE / "show").rglob("*.py")), ids=lambda path: path.stem)
def test_pictures_are_drawn_without_pyplot(path):
    assert "pyplot" not in path.read_text(encoding="utf-8")


def test_exported_names():
    modules = {module.name for module in pkgutil.iter_modules([str(PACKAGE)])}
    assert len(set(nn.__all__)) == len(nn.__all__)
    for name in nn.__all__:
        assert hasattr(nn, name)
    assert modules & set(nn.__all__) == {"check", "softmax", "tape"}, "a module has the name of a function"
    # where a name is both, the notebooks get the function
    assert inspect.isfunction(nn.check) and isinstance(nn.softmax, nn.Activation)


@pytest.mark.parametrize("name", [name for name in nn.__all__ if callable(getattr(nn, name))])
def test_every_exported_function_says_what_it_does(name):
    thing = getattr(nn, name)
    if isinstance(thing, nn.Activation):
        return
    assert thing.__doc__ and not thing.__doc__.startswith(f"{name}(")


@pytest.mark.parametrize(
    "name",
    [
        "e",
        "u",
        "du_db",
        "du_dW",
        "du_dx",
        "du_dx_through",
        "E",
        "dE_dt",
        "forward",
        "forward_from",
        "deltas",
        "gradient",
        "step",
        "descend",
        "column",
    ],
)
def test_docstrings_give_the_formula_the_shapes_the_errors_and_the_chapter(name):
    doc = getattr(nn, name).__doc__
    formula, rest = doc.split("\n", 1)
    assert any(sign in formula for sign in "=←∂:") or name in ("forward_from", "descend")
    parts = ["Parameters\n", "Yields\n" if name == "descend" else "Returns\n", "Raises\n", "hapter"]
    places = [rest.index(part) for part in parts]
    assert places == sorted(places)


def luminance(color):
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colors_can_be_read_in_both_themes():
    from nnmath.show.toolkit import style

    assert contrast("#000000", "#FFFFFF") == 21
    assert list(style.COLORS) == ["x", "W", "K", "β", "b", "u", "δ", "E", "y"]
    assert style.COLORS["K"] == style.COLORS["β"] == style.COLORS["W"]  # all of them are weights
    colored = [color for symbol, color in style.COLORS.items() if symbol not in ("E", "K", "β")]
    assert len({*colored, style.INK, style.FAINT, style.PLUS, style.MINUS, style.PALE}) == len(colored) + 5
    for color in (*colored, style.PLUS):
        assert min(contrast(color, "#FFFFFF"), contrast(color, "#111111")) >= 4
    for color in (style.COLORS["E"], style.INK, style.FAINT, style.MINUS):  # on the paper of a picture only
        assert contrast(color, style.PAPER) >= 4.5


def test_the_sign_and_the_bar_of_a_verdict_can_be_seen_in_both_themes():
    from nnmath.check.render import SIGNS, html
    from nnmath.check.verdict import KINDS, Verdict

    assert list(SIGNS) == list(KINDS)
    for kind in KINDS:
        used = re.findall(r"#[0-9A-Fa-f]{3,8}\b", html(Verdict(kind)))
        assert used == 2 * [SIGNS[kind][1]]  # the bar and the sign; all else has the page's own color
        assert min(contrast(used[0], ground) for ground in ("#FFFFFF", "#111111")) >= 4, kind
    for tell_apart in zip(*SIGNS.values()):  # a sign without its color, and a color without its sign
        assert len(set(tell_apart)) == len(KINDS)


def test_the_black_number_in_a_colored_cell_can_be_read():
    from matplotlib.colors import to_hex

    from nnmath.show.toolkit import style

    for symbol in style.COLORS:
        for share in range(0, 101, 5):
            assert contrast("#000000", to_hex(style.colormap(symbol)(share / 100))) >= 4.5


def test_the_pictures_wear_the_readers_formulas_colors():
    """The colors in the notebooks' formulas are those of the pictures."""
    from nnmath.show.toolkit import style

    wanted = {**style.COLORS, r"\delta": style.COLORS["δ"], r"\beta": style.COLORS["β"]}
    for path in (PACKAGE.parent / "notebooks").glob("[01]*.ipynb"):
        for color, symbol in re.findall(r"\\\\color\{(#\w+)\}\{([^{}]+)\}", path.read_text(encoding="utf-8")):
            assert wanted[symbol.replace("\\\\", "\\")] == color, f"{path.name}: {symbol}"


def values_of_the_package():
    net = nn.Network.random((2, 3, 1), nn.tanh, seed=0)
    x, y = nn.column([1, 2]), nn.column([1])
    trace = nn.forward(net, x)
    of_arrays = [
        net,
        trace,
        nn.gradient(net, trace, y),
        next(nn.descend(net, x, y, 0.1)),
        measure(lambda v: v.sum(), x),
    ]
    of_words = [
        nn.tanh,
        nn.judge(y, lambda v: v.sum(), y),
        nn.judge_network(of_arrays[2], net, x, y),
        nn.exercise("3.a"),
        nn.exercise("3.a").exercise,
        nn.mistakes.catalogue["sign"],
    ]
    return [
        pytest.param(value, of_arrays is group, id=type(value).__name__)
        for group in (of_arrays, of_words)
        for value in group
    ]


@pytest.mark.parametrize("value, of_arrays", values_of_the_package())
def test_values_stay_as_they_are(value, of_arrays):
    """They are frozen, and those made of arrays are compared by identity, never entry by entry."""
    with pytest.raises(FrozenInstanceError):
        setattr(value, next(iter(fields(value))).name, None)
    if of_arrays:
        assert value == value and value != copy(value) and value in {value}


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert nn.__version__ == project["version"]
    assert (PACKAGE / "py.typed").exists()
