"""The artists of every picture are compared, in every state, with numbers that are worked out here in another way."""

import gallery
import numpy as np
import pytest
from gallery import (
    DELTA,
    DELTAS,
    DIGITS,
    KERNEL,
    KERNELS,
    LABELS,
    NET,
    PICTURE,
    POINTS,
    READERS,
    SIDES,
    START,
    XS,
    YS,
    W,
    X,
    Y,
    b,
    x,
)
from matplotlib.colors import to_rgb, to_rgba

from nnmath.show.ch01 import CURVES
from nnmath.show.ch06 import Answer
from nnmath.show.toolkit.heat import CELL, CELL_SIZE, Heat, board
from nnmath.show.toolkit.picture import Picture
from nnmath.show.toolkit.style import COLORS, INK, MINUS, PALE, PLUS

CHECKS = {}
DEPTHS = np.array([1, 0.75, 0.5, 0.25, 0.1, 0.02, 0.001])
A_DIGIT = {digit: f"a{'n' * (digit == 8)} {digit}" for digit in range(10)}  # a 5, an 8
SLOPES = {
    "tanh": (np.tanh, lambda s: 1 / np.cosh(s) ** 2),
    "sigmoid": (lambda s: 1 / (1 + np.exp(-s)), lambda s: 1 / (2 + 2 * np.cosh(s))),
    "relu": (lambda s: np.maximum(s, 0), lambda s: 1.0 * (s > 0)),
    "softplus": (lambda s: np.log1p(np.exp(s)), lambda s: 1 / (1 + np.exp(-s))),
    "softsign": (lambda s: s / (1 + abs(s)), lambda s: 1 / (1 + abs(s)) ** 2),
    "identity": (lambda s: s, lambda s: s * 0 + 1.0),
}
softsign, dsoftsign = SLOPES["softsign"]


def drawn(*names):
    """Register a check of the pictures of these names: a function of the picture and its state."""

    def register(check):
        CHECKS.update(dict.fromkeys(names, check))
        return check

    return register


@pytest.mark.parametrize("name", [name for name in gallery.PICTURES if name != "Colors"])  # which has no data
def test_what_is_drawn_is_so(name):
    for state in gallery.states(name):
        CHECKS[name](gallery.picture(name).update(**state), **state)


# What the artists hold


def near(seen, true, digits=3):
    np.testing.assert_allclose(np.ravel(seen), np.ravel(true), rtol=0.6 * 10.0 ** (1 - digits), atol=1e-9)


def value(text):
    """The number at the end of a text, or NaN."""
    last = text.replace("−", "-").replace("✗", "").split()
    return float(last[-1]) if last else np.nan


def has(heat, values, symbol, digits=2):
    """The cells show these values: in numbers, in the depth of the symbol's color, and in stripes where they are
    negative."""
    values = np.asarray(values, float)
    if heat._numbers:
        near([value(text) for text in heat._numbers._texts], values, digits)
    color, depth = (
        np.array(to_rgb("#7A7A7A" if symbol == "E" else COLORS[symbol])),
        np.minimum(np.abs(values) / heat._limit, 1),
    )
    expected = 1 + depth.reshape(-1, 1) * (color - 1)
    assert np.abs(heat._cells.get_facecolor()[:, :3] - expected).max() < 0.01
    striped = [
        int(np.hypot(*(heat._middles - np.mean(stripe, axis=0)).T).argmin()) for stripe in heat._stripes.get_segments()
    ]
    negative = [n for n, number in enumerate(values.flat) if number < 0]
    assert sorted(set(striped)) == negative and len(striped) == (8 if heat._numbers else 6) * len(negative)


class Cells(Picture):
    """Negative entries of every depth in the upper row, the positive ones of the same size in the lower one."""

    size = (DEPTHS.size * CELL, 2 * CELL)

    def draw(self, symbol, size):
        sheet = board(self.figure, DEPTHS.size, 2)
        self.heat = Heat(sheet, symbol, (2, DEPTHS.size), 1, title="", size=size).set([-DEPTHS, DEPTHS])
        return self.heat.artists

    def move(self):
        return "cells"


@pytest.mark.parametrize("symbol", COLORS)
@pytest.mark.parametrize("size", [CELL_SIZE, None])
def test_the_stripes_of_a_negative_cell_are_seen_at_every_depth_and_leave_its_number_alone(symbol, size):
    pixels = Cells(symbol, size).pixels() / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    light = linear @ [0.2126, 0.7152, 0.0722] + 0.05
    side = light.shape[0] // 2
    for n, depth in enumerate(DEPTHS):
        negative, positive = (light[row : row + side, n * side : (n + 1) * side] for row in (0, side))
        inside = slice(2, side - 2)  # without the border
        cell = np.median(positive[inside, inside])
        ratio = np.maximum(negative, cell) / np.minimum(negative, cell)
        above = ratio[inside][: round(0.3 * side), inside]  # above the number
        assert np.mean(above > 1.8) > 0.06, f"the stripes of −{depth} are not seen"  # a sixth, without smoothed edges
        assert np.ptp(ratio[-1, inside]) < 0.05, f"the stripes of −{depth} cross the border"
        if size:
            beside = ratio[round(0.37 * side) : round(0.63 * side), 2 : side // 20]
            assert beside.max() < 1.1, f"a stripe comes near the number −{depth}"


def framed(heat):
    """The entries within the frame."""
    if not heat.frame.get_visible():
        return []
    (left, top), wide, high = heat.frame.get_xy(), heat.frame.get_width(), heat.frame.get_height()
    inside = np.array([left < x < left + wide and top < y < top + high for x, y in heat._middles]).reshape(heat._shape)
    return [tuple(map(int, place)) for place in np.argwhere(inside)]


def row(k, n=3):
    return [(k, j) for j in range(n)]


def has_bars(bars, values, color=None):
    near([bar.get_width() for bar in bars._bars], values)
    near([value(text) for text in bars._values._texts], values)
    places, side = bars._values._places, bars._values._side
    assert all(
        (place[0] - number) * s > 0 and s == (-1 if number < 0 else 1)
        for place, number, s in zip(places, np.ravel(values), side)
    )
    assert color is None or all(bar.get_facecolor() == to_rgba(color) for bar in bars._bars)


def points(line):
    return np.column_stack([np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)])


def slope_of(line):
    (x0, y0), (x1, y1) = points(line)[[0, -1]]
    return (y1 - y0) / (x1 - x0)


def passes_through(line, x, y):
    (x0, y0), s = points(line)[0], slope_of(line)
    near(y0 + s * (x - x0), y, 4)


def color(artist):
    return to_rgba(artist.get_color())


def says(line):
    """The text of a Lines, and its symbols with their colors."""
    return "\n".join("".join(text for text, _ in pieces) for pieces in line._lines)


# Chapters 00 to 05


def changed(values, first):
    out = values.astype(float).copy()
    out[0, 0] = first
    return out


@drawn("FirstLook")
def _(p, weight):
    def run(w):
        hidden = np.tanh([[1, -0.5], [-1, 1], [0.5, 0.5]] @ np.array([[1], [0.5]]))
        t = np.tanh(np.array([[w, 0.5, -1], [-0.5, 1, 0.5]]) @ hidden)
        return hidden, t, np.sum((t - [[1], [0]]) ** 2) / 2

    hidden, t, E = run(weight)
    near([value(text.get_text()) for text in p._values], [*hidden.flat, *t.flat, E], 2)
    near(value(p._weight.get_text()), weight)
    near(points(p._point), [weight, E])
    near(slope_of(p._slope), (run(weight + 1e-5)[2] - run(weight - 1e-5)[2]) / 2e-5)
    passes_through(p._slope, weight, E)
    curve = points(p.figure.axes[1].lines[0])
    near(curve[:, 1], [run(w)[2] for w in curve[:, 0]])
    assert ("raise" in p.alt) == (slope_of(p._slope) < 0)
    arrows = [patch for patch in p.figure.axes[0].patches if hasattr(patch, "get_arrowstyle")]
    assert len(arrows) == 2 * 3 + 3 * 2 + 2 + 2


@drawn("Reading")
def _(p, k, x_1):
    at = changed(x, x_1)
    for heat, values, symbol in ((p._W, W, "W"), (p._x, at, "x"), (p._b, b, "b"), (p._u, W @ at + b, "u")):
        has(heat, values, symbol)
    assert (
        framed(p._W) == row(k)
        and framed(p._x) == [(j, 0) for j in range(3)]
        and framed(p._b) == framed(p._u) == [(k, 0)]
    )


@drawn("Secant")
def _(p, h, method):
    left = 4 if method == "forward" else 4 - h
    near(points(p._ends), [[left, left**3], [4 + h, (4 + h) ** 3]])
    near(slope_of(p._secant), ((4 + h) ** 3 - left**3) / (4 + h - left))
    passes_through(p._secant, 4 + h, (4 + h) ** 3)
    near(points(p._step), [[left, left**3], [4 + h, left**3], [4 + h, (4 + h) ** 3]])
    curve, tangent = p.figure.axes[0].lines[:2]
    near(points(curve)[:, 1], points(curve)[:, 0] ** 3)
    near(slope_of(tangent), 48)
    passes_through(tangent, 4, 64)


@drawn("StepSize")
def _(p, h, method, curve="smooth", precision="float64"):
    F, true = CURVES[curve]
    real = np.dtype(precision).type
    a, step = real(1), real(h)
    told = {
        "forward": lambda: (F(a + step) - F(a)) / step,
        "central": lambda: (F(a + step) - F(a - step)) / (2 * step),
        "complex step": lambda: np.imag(F(a + 1j * step)) / step,
    }[method]()
    ends = {"forward": [1, 1 + h], "central": [1 - h, 1 + h], "complex step": [1]}[method]
    near(points(p._points), np.column_stack([ends, [F(np.float64(s)) for s in ends]]), 5)
    near(slope_of(p._secant), float(told), 4)
    near(points(p._now), [h, max(abs(float(told) - true), 1e-17)], 2)
    near(p._here.get_xdata(), [h, h])
    middle = np.mean(ends)
    passes_through(p._secant, middle, np.mean([float(F(np.float64(s))) for s in ends]))
    s = points(p._curve)[:, 0]
    near(points(p._curve)[:, 1], F(s))
    assert {name for name, line in p._errors.items() if color(line) == to_rgba(INK)} == {method}
    assert all(color(line) == to_rgba(PALE) for name, line in p._errors.items() if name != method)
    assert (
        {"forward": "-", "central": "--", "complex step": ":"}[method]
        == p._secant.get_linestyle()
        == p._errors[method].get_linestyle()
    )
    where = int(np.argmin(np.abs(np.log(p._errors[method].get_xdata() / h))))
    near(np.log10(p._errors[method].get_ydata()[where]), np.log10(p._now.get_ydata()[0]), 2)


@drawn("NudgeB", "NudgeW", "NudgeX")
def _(p, i=0, j=0, nudge=0.0):
    data = {"W": W.astype(float), "x": x, "b": b}
    place = (i, j) if p.symbol == "W" else (i, 0) if p.symbol == "b" else (j, 0)
    after = {name: values.copy() for name, values in data.items()}
    after[p.symbol][place] += nudge
    for name, values in after.items():
        has(p._heats[name], values, name)
    assert framed(p._heats[p.symbol]) == [place]
    assert framed(p._heats["x"]) == ([(j, 0)] if p.symbol in "Wx" else [])
    assert framed(p._heats["W"]) == {"W": [(i, j)], "x": [(k, j) for k in range(4)], "b": []}[p.symbol]
    has_bars(p._bars, after["W"] @ after["x"] + after["b"] - (W @ x + b), COLORS["u"])


@drawn("UnitColumn")
def _(p, k, b_1):
    biases = changed(b, b_1)
    for heat, values, symbol in ((p._b, biases, "b"), (p._u, W @ x + biases, "u"), (p._slope, np.eye(4)[:, k], "u")):
        has(heat, values, symbol)
        assert framed(heat) == [(k, 0)]


@drawn("RowOfW")
def _(p, k, x_1):
    at, unit = changed(x, x_1), np.eye(4)[:, [k]]
    for heat, values, symbol in ((p._e, unit, "u"), (p._x, at, "x"), (p._product, unit * at.T, "x")):
        has(heat, values, symbol)
    assert framed(p._e) == [(k, 0)] and framed(p._product) == row(k) and framed(p._x) == []


@drawn("Slices")
def _(p, i, j):
    for k, heat in enumerate(p._heats):
        has(heat, [[x[c, 0] if r == k else 0 for c in range(3)] for r in range(4)], "x")
        assert framed(heat) == [(i, j)]


@drawn("RowsStoodUp")
def _(p, k, W_11):
    weights = changed(W, W_11)
    for heat, values in ((p._W, weights), (p._slope, weights[k]), (p._WT, weights.T)):
        has(heat, values, "W")
    assert (
        framed(p._W) == row(k)
        and framed(p._slope) == [(i, 0) for i in range(3)]
        and framed(p._WT) == [(i, k) for i in range(3)]
    )


@drawn("Tangent")
def _(p, f, x, nudge):
    F, slope = SLOPES[f]
    s = p._f.get_xdata()
    near(p._f.get_ydata(), F(s))
    near(p._prime.get_ydata(), slope(p._prime.get_xdata()))
    near(points(p._point), [x, F(x)])
    near(points(p._here), [x, slope(x)])
    near(slope_of(p._tangent), slope(x))
    passes_through(p._tangent, x, F(x))
    near(points(p._nudge), [[x, F(x)], [x + nudge, F(x)]])
    near(points(p._image), [[x + nudge, F(x)], [x + nudge, F(x + nudge)]])
    assert color(p._nudge) == to_rgba(COLORS["x"]) and color(p._image) == to_rgba(COLORS["u"])
    low, high = p._axes.get_ylim()
    assert low < min(F(x), F(x + nudge)) and max(F(x), F(x + nudge)) < high


@drawn("ThroughF")
def _(p, k, x_1):
    at = changed(x, x_1)
    has(p._x, at, "x")
    slopes = 1 / np.cosh(at[:, 0]) ** 2
    for bars, values, shade in zip(p._bars, (W[k], slopes, W[k] * slopes), (COLORS["W"], INK, COLORS["u"])):
        has_bars(bars, values, shade)


# Chapters 06 to 09


@drawn("Answer")
def _(p, n, step):
    t, label = outputs(READERS[step])[:, n], LABELS[n]
    near(p._picture.get_array(), DIGITS[:, n])
    near([bar.get_height() for bar in p._bars], t)
    assert [bar.get_alpha() == 1 for bar in p._bars] == list(t == t.max())
    assert [text.get_text() for text in p._values] == [f"{value:.2f}" for value in t]
    assert all(text.get_position() == (k, t[k] + 0.01) for k, text in enumerate(p._values)), "each at its own bar"
    near(p._target.get_x() + p._target.get_width() / 2, label)
    near(p._target.get_height(), 1)
    told = f"After {step} step{'' if step == 1 else 's'}: {A_DIGIT[label]}, read as {A_DIGIT[t.argmax()]}."
    assert says(p._said).startswith(told)
    near(value(says(p._said)), np.sum((t - np.eye(10)[label]) ** 2) / 2)


@drawn("Bowl")
def _(p, f, u, y):
    F, slope = SLOPES[f]
    t, E = float(F(u)), (float(F(u)) - y) ** 2 / 2
    for curve, what in zip(p._curves, (lambda s: s, F)):
        near(curve.get_ydata(), (what(curve.get_xdata()) - y) ** 2 / 2)
    near(points(p._points[0]), [t, E])
    near(points(p._points[1]), [u, E])
    near(slope_of(p._slopes[0]), t - y)
    near(slope_of(p._slopes[1]), (t - y) * float(slope(np.float64(u))))
    passes_through(p._slopes[0], t, E)
    passes_through(p._slopes[1], u, E)
    near(p._target.get_xdata(), [y, y])
    near(p._y.get_position()[0], y)
    (left, right), (low, high) = p._panels[0].get_xlim(), p._panels[0].get_ylim()
    assert left <= t <= right and low <= E <= high, "the point is within the picture"


U1 = NET.W[1] @ X + NET.b[1]
X1 = softsign(U1)
U2 = NET.W[2] @ X1 + NET.b[2]
T = softsign(U2)
D2 = dsoftsign(U2) * (T - Y)
D1 = dsoftsign(U1) * (NET.W[2].T @ D2)
FORWARD = [
    ("x", 0, X),
    ("u", 1, U1),
    ("x", 1, X1),
    ("u", 2, U2),
    ("x", 2, T),
    ("E", 2, np.sum((T - Y) ** 2, keepdims=True) / 2),
]
BACKWARD = [[("x", 2, T - Y), ("u", 2, D2)], [("x", 1, NET.W[2].T @ D2), ("u", 1, D1)], [("x", 0, NET.W[1].T @ D1)]]


def numbers_of(texts):
    """{(kind, l, i): the number in the text} of the units that have one."""
    return {(unit.kind, unit.l, unit.i): value(text.get_text()) for unit, text in texts.items() if text.get_text()}


def expected(*stages):
    return {(kind, l, i): float(number) for kind, l, values in stages for i, number in enumerate(np.ravel(values))}


def same_numbers(seen, true):
    assert seen.keys() == true.keys()
    near(list(seen.values()), [true[key] for key in seen], 5)


def lit(diagram):
    """({(from, to): color} of the arrows, {name: color} of the circles) that stand out."""
    edges = {
        (edge.start.name, edge.end.name): tuple(shade)
        for edge, shade, width, head in zip(
            diagram._edges, diagram._lines.get_colors(), diagram._lines.get_linewidths(), diagram._heads.get_facecolor()
        )
        if width > 2 and tuple(head) == tuple(shade)
    }
    units = {
        unit.name: tuple(shade)
        for unit, shade, width in zip(
            diagram._units, diagram._circles.get_edgecolors(), diagram._circles.get_linewidths()
        )
        if width > 2
    }
    return edges, units


def stands_out(diagram, edges, units):
    seen = lit(diagram)
    assert seen == tuple({key: to_rgba(shade) for key, shade in part.items()} for part in (edges, units))


def weights(l):
    return [(f"x{'⁰¹'[l - 1]}{j}", f"u{'⁰¹²'[l]}{i}") for i in "₁₂" for j in "₁₂"]


ACTIVATED = {l: [(f"u{'⁰¹²'[l]}{i}", f"x{'⁰¹²'[l]}{i}") for i in "₁₂"] for l in (1, 2)}
TO_E = [("x²₁", "E"), ("x²₂", "E")]


@drawn("Passes", "PassesForward")
def _(p, step):
    d = p._diagram
    same_numbers(numbers_of(d._values), expected(*FORWARD[: step + 1]))
    same_numbers(
        numbers_of(d._derivatives), expected(*(part for stage in BACKWARD[: max(0, step - 5)] for part in stage))
    )
    u, δ = dict.fromkeys, COLORS["δ"]
    edges, units = [
        ({}, u(["x⁰₁", "x⁰₂"], COLORS["x"])),
        (u(weights(1), COLORS["W"]), u(["u¹₁", "u¹₂"], COLORS["u"])),
        (u(ACTIVATED[1], INK), u(["x¹₁", "x¹₂"], COLORS["x"])),
        (u(weights(2), COLORS["W"]), u(["u²₁", "u²₂"], COLORS["u"])),
        (u(ACTIVATED[2], INK), u(["x²₁", "x²₂"], COLORS["x"])),
        (u(TO_E, INK), {"E": INK}),
        (u([*TO_E, *ACTIVATED[2]], δ), u(["u²₁", "u²₂"], δ)),
        (u([*weights(2), *ACTIVATED[1]], δ), u(["u¹₁", "u¹₂"], δ)),
        (u(weights(1), δ), u(["x⁰₁", "x⁰₂"], δ)),
    ][step]
    stands_out(d, edges, units)
    texts = [text.get_text() for text in p._diagram._axes.texts]
    assert all(f"b {int(number)}" in texts for bias in NET.b.values() for number in bias.flat)
    drawn_ends(d)


def drawn_ends(diagram):
    """Every arrow goes from its first circle to its second, and its head is at the second."""
    for edge, line, head in zip(diagram._edges, diagram._lines.get_segments(), diagram._heads.get_paths()):
        start, end = diagram.place(edge.start), diagram.place(edge.end)
        along = (end - start) / np.hypot(*(end - start))
        assert abs(np.hypot(*(line[0] - start)) - 0.27) < 0.01 and abs((line[0] - start) @ (-along[1], along[0])) < 1e-6
        tip = max(head.vertices[:3], key=lambda corner: (corner - start) @ along)
        assert np.allclose(end - 0.27 * along, tip, atol=0.01)


@drawn("WeightPath")
def _(p, weight):
    same_numbers(numbers_of(p._diagram._values), expected(*FORWARD))
    same_numbers(numbers_of(p._diagram._derivatives), expected(("u", 2, D2), ("u", 1, D1)))
    l, i, j = [(l, i, j) for l in (1, 2) for i in range(2) for j in range(2)][weight]
    first = (f"x{'⁰¹'[l - 1]}{'₁₂'[j]}", f"u{'⁰¹²'[l]}{'₁₂'[i]}")
    later = [ACTIVATED[l][i]]
    later += (
        [(start, end) for start, end in weights(2) if start == f"x¹{'₁₂'[i]}"] + ACTIVATED[2] + TO_E
        if l == 1
        else [TO_E[i]]
    )
    stands_out(
        p._diagram, {**dict.fromkeys(later, INK), first: COLORS["W"]}, {first[0]: COLORS["x"], first[1]: COLORS["δ"]}
    )


@drawn("Paths")
def _(p, i, paths):
    arrived, δ = paths == 2, COLORS["δ"]
    back = NET.W[2].T @ D2
    true = expected(("u", 2, D2)) | ({("u", 1, i): D1[i, 0], ("x", 1, i): back[i, 0]} if arrived else {})
    same_numbers(numbers_of(p._diagram._derivatives), true)
    same_numbers(numbers_of(p._diagram._values), expected(*FORWARD))
    edges = [(f"x¹{'₁₂'[i]}", f"u²{'₁₂'[k]}") for k in range(paths)] + ([ACTIVATED[1][i]] if arrived else [])
    units = [f"u²{'₁₂'[k]}" for k in range(paths)] + ([f"x¹{'₁₂'[i]}", f"u¹{'₁₂'[i]}"] if arrived else [])
    stands_out(p._diagram, dict.fromkeys(edges, δ), dict.fromkeys(units, δ))


@drawn("Chain")
def _(p, weight):
    u1 = 1.5 * 1 + 0.5
    u2 = -2 * softsign(u1) + 1
    u3 = softsign(u2) + 0.5
    t, inputs = softsign(u3), {1: 1.0, 2: softsign(u1), 3: softsign(u2)}
    back = [t - 0.5, dsoftsign(u3), 1.0, dsoftsign(u2), -2.0, dsoftsign(u1)]
    for l, texts in p._rows.items():
        shown = [text for text in texts if text.get_text()]
        assert bool(shown) == (l >= weight) == bool(p._names[l].get_text())
        if not shown:
            continue
        near([value(text.get_text()) for text in shown], [*back[: 2 * (3 - l) + 2], inputs[l]])
        places = [text.get_position()[0] for text in shown]
        assert places == [6.5 - n for n in range(len(places))], "each factor is under its arrow"
        box = p._boxes[l]
        assert box.get_visible() == (l < 3)
        assert l == 3 or (box.get_x(), box.get_width()) == (7 - 2 * (3 - l), 2 * (3 - l))
    factors = [*back[: 2 * (3 - weight) + 2], inputs[weight]]
    near(value(p.alt.split(". The first")[0].rstrip(".")), np.prod(factors))


@drawn("TwoPaths")
def _(p, s):
    parts = [2 * s**3, -(1 - s)]
    near([bar.get_width() for bar in p._bars], [*parts, sum(parts)])
    near([value(text.get_text()) for text in p._numbers], [*parts, sum(parts)])
    low, high = p._right.get_xlim()
    for text, part in zip(p._numbers, [*parts, sum(parts)]):
        assert (text.get_position()[0] - part) * (1 if part >= 0 else -1) > 0 and text.get_ha() == (
            "left" if part >= 0 else "right"
        )
    assert low == -high and 0.25 * high < max(map(abs, [*parts, sum(parts)])) < 0.8 * high, "the axis fits the bars"
    E = (s**4 + (1 - s) ** 2) / 2
    near(points(p._point), [s, E])
    near(slope_of(p._tangent), sum(parts))
    passes_through(p._tangent, s, E)
    curve = points(p.figure.axes[0].lines[0])
    near(curve[:, 1], (curve[:, 0] ** 4 + (1 - curve[:, 0]) ** 2) / 2)


@drawn("UnfoldOuter", "UnfoldBack")
def _(p, step, i, j=0):
    outer = type(p).__name__ == "UnfoldOuter"
    slices = [DELTA[k, 0] * (np.eye(4)[:, [k]] @ x.T if outer else W[[k]].T) for k in range(4)]
    for k, heat in enumerate(p._heats):
        has(heat, slices[k] if k < step else 0 * slices[k], "x" if outer else "W")
        assert framed(heat) == [(i, j)]
    has(p._sum, sum(slices[:step], 0 * slices[0]), "x" if outer else "W")
    assert framed(p._sum) == [(i, j)]
    if outer:
        has(p._delta, DELTA, "δ")
        has(p._x, x.T, "x")
        assert framed(p._delta) == [(i, 0)] and framed(p._x) == [(0, j)]


@drawn("Downhill")
def _(p, eta):
    error = lambda v, w: np.sum((np.tanh(w * np.tanh(v * XS)) - YS) ** 2) / 2
    v, w, walk = -1.5, 2.0, []
    for _ in range(41):
        walk.append((v, w, error(v, w)))
        hidden = np.tanh(v * XS)
        t = np.tanh(w * hidden)
        delta = (1 - t**2) * (t - YS)
        v, w = v - eta * np.sum(delta * w * (1 - hidden**2) * XS), w - eta * np.sum(delta * hidden)
    walk = np.array(walk)
    if eta < 1:  # beyond, the walk jumps, and a last digit is worth a jump
        near(points(p._path), np.clip(walk[:, :2], -3, 3), 3)
        near(points(p._end), np.clip(walk[-1, :2], -3, 3), 3)
        near(points(p._curve), np.column_stack([np.arange(41), np.clip(walk[:, 2], 1e-4, 30)]), 3)
    near(points(p._path)[0], [-1.5, 2.0])
    assert np.abs(points(p._path)).max() <= 3
    assert ("off the map" in p.alt) == (np.abs(walk[:, :2]).max() > 3)


@drawn("Drop")
def _(p, eta):
    grads = {"W1": D1 @ X.T, "b1": D1, "W2": D2 @ X1.T, "b2": D2}
    square = sum(np.sum(g**2) for g in grads.values())

    def after(eta):
        hidden = softsign((NET.W[1] - eta * grads["W1"]) @ X + NET.b[1] - eta * D1)
        return np.sum((softsign((NET.W[2] - eta * grads["W2"]) @ hidden + NET.b[2] - eta * D2) - Y) ** 2) / 2

    near(points(p._points[0]), [eta, 1.25 - eta * square])
    near(points(p._points[1]), [eta, after(eta)])
    true, predicted = p.figure.axes[0].lines[:2]
    near(points(true)[:, 1], [after(s) for s in points(true)[:, 0]])
    near(points(predicted)[:, 1], 1.25 - square * points(predicted)[:, 0])


def training(frames, every):
    """The parameters of START as it is trained on POINTS with η = 0.1."""
    w = [START.W[1], START.b[1], START.W[2], START.b[2]]
    for n in range(frames * every):
        if n % every == 0:
            yield w
        hidden = np.tanh(w[0] @ POINTS + w[1])
        t = np.tanh(w[2] @ hidden + w[3])
        d2 = (1 - t**2) * (t - SIDES)
        d1 = (1 - hidden**2) * (w[2].T @ d2)
        w = [
            w[0] - 0.1 * d1 @ POINTS.T,
            w[1] - 0.1 * d1.sum(1, keepdims=True),
            w[2] - 0.1 * d2 @ hidden.T,
            w[3] - 0.1 * d2.sum(1, keepdims=True),
        ]


@drawn("Boundary")
def _(p, frame):
    states = list(training(3, 5))
    read = lambda w, at: np.tanh(w[2] @ np.tanh(w[0] @ at + w[1]) + w[3])
    errors = [np.sum((read(w, POINTS) - SIDES) ** 2) / 2 for w in states]
    near(points(p._here), [5 * frame, errors[frame]])
    shown = np.asarray(p._image.get_array())
    left, right, low, high = p._image.get_extent()
    for r, c in ((0, 0), (10, 40), (55, 3)):
        at = np.array([[left + (right - left) * c / 55], [low + (high - low) * r / 55]])
        near(shown[r, c], read(states[frame], at))
    images = [axes.images[0] for axes in p.figure.axes if axes.images]
    assert len(images) == 5 and all(image.origin == "lower" for image in images)
    for axes in (axes for axes in p.figure.axes if axes.images):
        for line, side, shade in zip(axes.lines, (1, -1), (PLUS, MINUS)):
            near(points(line), POINTS[:, SIDES[0] == side].T)
            assert color(line) == to_rgba(shade)
    near(p.figure.axes[1].lines[0].get_ydata(), errors)


@drawn("StillTrains")
def _(p, mistake):
    curve = points(p._curve)
    near(curve[:, 0], range(11))
    top = p.figure.axes[0].get_ylim()[1]
    assert curve[:, 1].max() <= 2.01 * curve[0, 1] and color(p._curve) == to_rgba(INK) and top > curve[0, 1]
    pale = [line for line in p.figure.axes[0].lines if color(line) == to_rgba(PALE)]
    assert len(pale) == 3 and color(p._right) == to_rgba(PLUS)
    start = np.tanh(START.W[2] @ np.tanh(START.W[1] @ POINTS + START.b[1]) + START.b[2])
    near(curve[0, 1], np.sum((start - SIDES) ** 2) / 2)
    near(curve[-1, 1], value(p.alt.split(" to ")[1].split(";")[0].split(". ")[0]))
    same = np.allclose(curve[:, 1], p._right.get_ydata())
    assert same == (mistake == "correct") and ("disagrees" in says(p._said)) == (mistake != "correct")


@drawn("Cost")
def _(p, width, depth):
    M = depth * width**2
    P, back = M + depth * width, 3 * M + depth * width - width**2
    near(points(p._points), [[P, 2 * P * M], [P, back], [P, M]])
    for line, count in zip(
        p._curves,
        (
            lambda w: 2 * (depth * w * w + depth * w) * depth * w * w,
            lambda w: 3 * depth * w * w + depth * w - w * w,
            lambda w: depth * w * w,
        ),
    ):
        widths = np.arange(4, 257, 4)
        near(points(line), np.column_stack([depth * widths**2 + depth * widths, count(widths)]))


# Chapters 10 and 11


def digits_on(sheet):
    """The digits on a sheet, as columns, with their texts."""
    pixels = np.asarray(sheet._image.get_array())
    return [pixels[r * 13 : r * 13 + 8, c * 11 + 1 : c * 11 + 9].ravel() for r in range(4) for c in range(6)], [
        t.get_text() for t in sheet._texts
    ]


@drawn("Digits")
def _(p, start):
    pixels, texts = digits_on(p._sheet)
    near(np.array(pixels), DIGITS[:, start : start + 24].T)
    assert texts == [str(label) for label in LABELS[start : start + 24]]


@drawn("Starts", "TwoLosses", "Readers")
def _(p, start=None, loss=None, network=None):
    name = start or loss or network
    shares = 100 * np.array(gallery.CURVES[name])
    near(points(p._curve), np.column_stack([np.arange(3), shares]))
    assert p._name.get_text() == name and color(p._curve) == to_rgba(INK)
    pale = [line.get_ydata() for line in p.figure.axes[0].lines if color(line) == to_rgba(PALE)]
    near(np.array(pale), 100 * np.array(list(gallery.CURVES.values())))
    assert f"{shares[-1]:.0f}%" in p.alt


def outputs(net, x=DIGITS):
    sigmoid = SLOPES["sigmoid"][0]
    return sigmoid(net.W[2] @ sigmoid(net.W[1] @ x + net.b[1]) + net.b[2])


@drawn("Learning")
def _(p, epoch):
    said = [outputs(net).argmax(axis=0) for net in READERS]
    wrong = np.array([one != LABELS for one in said])
    hard = sorted(range(len(LABELS)), key=lambda n: (-wrong[:, n].sum(), n))[:24]
    pixels, texts = digits_on(p._sheet)
    near(np.array(pixels), DIGITS[:, hard].T)
    assert texts == [f"{said[epoch][n]}" + (" ✗" if wrong[epoch, n] else "") for n in hard]
    assert [text.get_color() for text in p._sheet._texts] == [MINUS if wrong[epoch, n] else INK for n in hard]
    shares = [100 * np.mean(one == LABELS) for one in said]
    near(points(p._here), [epoch, shares[epoch]])
    near(points(p._sofar), np.column_stack([np.arange(epoch + 1), shares[: epoch + 1]]))
    near(p.figure.axes[0].lines[0].get_ydata(), shares)


@drawn("Confusion")
def _(p, epoch):
    said, counts = outputs(READERS[epoch]).argmax(axis=0), np.zeros((10, 10), int)
    for is_a, read_as in zip(LABELS, said):
        counts[is_a, read_as] += 1
    assert [[text.get_text() for text in line] for line in p._texts] == [
        [str(n) if n else "" for n in line] for line in counts
    ]
    off = counts - np.diag(np.diag(counts))
    shown = p._image.get_array()
    assert np.array_equal(np.ma.filled(shown, 0), off) and np.array_equal(np.ma.getmaskarray(shown), off == 0)
    assert f"{off.sum()} of {len(LABELS)}" in p._said.get_text()


@drawn("Misread")
def _(p, n):
    net, t = READERS[0], outputs(READERS[0])
    which = [k for k in range(len(LABELS)) if t[:, k].argmax() != LABELS[k]]
    column = which[n]
    pixels, y, h = DIGITS[:, [column]], np.eye(10)[:, [LABELS[column]]], 1e-5
    E = lambda v: np.sum((outputs(net, v) - y) ** 2, axis=0) / 2
    slope = ((E(pixels + h * np.eye(64)) - E(pixels - h * np.eye(64))) / (2 * h)).reshape(8, 8)
    relative = slope / np.abs(slope).max()
    near(p._picture.get_array(), DIGITS[:, column])
    np.testing.assert_allclose(p._map.get_array(), relative, atol=1e-3)
    assert p._map.cmap(1.0)[:3] == to_rgb(PLUS) and p._map.cmap(0.0)[:3] == to_rgb(MINUS)
    for signs, steep in zip(p._signs, (relative > 0.4, relative < -0.4)):
        assert {tuple(map(int, place)) for place in points(signs)} == {(c, r) for r, c in np.argwhere(steep)}
    assert [signs.get_marker() for signs in p._signs] == ["+", "_"]
    near([bar.get_height() for bar in p._bars], t[:, column])
    near(p._target.get_x() + p._target.get_width() / 2, LABELS[column])
    assert p._said.get_text() == f"{A_DIGIT[LABELS[column]]}, read as {A_DIGIT[t[:, column].argmax()]}"


@drawn("Shares")
def _(p, j, nudge):
    powers = np.array([1.0, 2.0, 5.0])
    nudged = powers * np.exp(nudge * (np.arange(3) == j))
    for bars, values, symbol in zip(
        p._bars, (np.log(nudged), nudged / nudged.sum(), nudged / nudged.sum() - powers / 8), "uxx"
    ):
        has_bars(bars, values, COLORS[symbol])


@drawn("SoftmaxJacobian")
def _(p, k):
    t = np.array([1, 2, 5]) / 8
    for heat, values in zip(
        p._heats, (np.diag(t), np.outer(t, t), [[t[i] * ((i == j) - t[j]) for j in range(3)] for i in range(3)])
    ):
        has(heat, values, "x")
        assert framed(heat) == row(k)


@drawn("Cure")
def _(p, u):
    t = lambda u: 1 / (1 + np.exp(-u))
    E = [lambda u: (t(u) - 1) ** 2 / 2, lambda u: -np.log(t(u))]
    delta = [lambda u: t(u) * (1 - t(u)) * (t(u) - 1), lambda u: t(u) - 1]
    for axes, points_, functions in zip(p.figure.axes, p._points, (E, delta)):
        for line, point, function in zip(axes.lines, points_, functions):
            near(line.get_ydata(), function(line.get_xdata()))
            near(points(point), [u, function(u)])
        assert [line.get_linestyle() for line in axes.lines[:2]] == ["--", "-"]
        assert [text.get_text() for text in axes.get_legend().get_texts()] == ["squared error", "cross-entropy"]


# Chapter 12


def shifted(picture, right):
    return np.array([[row[c - right] if 0 <= c - right < 8 else 0 for c in range(8)] for row in picture])


def by_places(kernel, picture, b=0.0):
    """u, entry by entry."""
    (h, w), (a, c) = picture.shape, kernel.shape
    return np.array([
        [b + sum(kernel[r, s] * picture[i + r, j + s] for r in range(a) for s in range(c)) for j in range(w - c + 1)]
        for i in range(h - a + 1)
    ])  # fmt: skip


@drawn("Shifted")
def _(p, n, right):
    digit, moved = DIGITS[:, n], shifted(DIGITS[:, n].reshape(8, 8), right).ravel()
    away = [np.inf if LABELS[k] == LABELS[n] else np.sum((DIGITS[:, k] - digit) ** 2) for k in range(len(LABELS))]
    nearest = int(np.argmin(away))
    for image, pixels in zip(p._images, (digit, moved, DIGITS[:, nearest])):
        near(image.get_array(), pixels)
    assert [title.get_text().split("  ")[0] for title in p._titles[::2]] == [
        A_DIGIT[LABELS[n]],
        A_DIGIT[LABELS[nearest]],
    ]
    told = says(p._said).replace(",", "").split()
    near(value(says(p._said)), away[nearest] ** 0.5)
    near(float(told[told.index("nearest") - 2].rstrip("the")), np.sum((moved - digit) ** 2) ** 0.5)
    assert f"{sum(a != b for a, b in zip(moved, digit))} of its 64 numbers" in says(p._said)


@drawn("Sliding")
def _(p, i, j):
    u, patch = by_places(KERNEL, PICTURE, 0.5), PICTURE[i : i + 2, j : j + 3]
    for name, values, symbol in (
        ("x", PICTURE, "x"),
        ("K", KERNEL, "W"),
        ("product", KERNEL * patch, "E"),
        ("u", u, "u"),
    ):
        has(p._heats[name], values, symbol)
    assert framed(p._heats["x"]) == [(i + a, j + b) for a in range(2) for b in range(3)]
    assert framed(p._heats["u"]) == [(i, j)]
    near(value(says(p._line).split("\n")[0]), u[i, j])


@drawn("Maps")
def _(p, kernel, right):
    pictures = [DIGITS[:, 0].reshape(8, 8), shifted(DIGITS[:, 0].reshape(8, 8), right)]
    strong = None
    for n, picture in enumerate(pictures):
        u = by_places(KERNELS[kernel], picture)
        strong = 0.3 * np.abs(u).max() if strong is None else strong
        near(p._images[2 * n].get_array(), picture)
        np.testing.assert_allclose(p._images[2 * n + 1].get_array(), u, atol=1e-12)
        for signs, which in zip(p._signs[n], (u > strong, u < -strong)):
            assert {tuple(map(int, place)) for place in points(signs)} == {(c, r) for r, c in np.argwhere(which)}
        i, j = np.unravel_index(u.argmax(), u.shape)
        for frame, size in zip(p._frames[2 * n : 2 * n + 2], (2, 1)):
            assert frame.get_xy() == (j - 0.5, i - 0.5) and frame.get_width() == frame.get_height() == size
        near(value(says(p._said).split("\n")[n]), u.max())
    near([value(text.get_text()) for text in p._cells], KERNELS[kernel], 2)


@drawn("TiedMatrix")
def _(p, k):
    place, units = np.zeros((4, 12)), list(np.ndindex(2, 2))
    for row_, (i, j) in enumerate(units):
        for r, c in np.ndindex(2, 3):
            place[row_, 4 * (i + r) + j + c] = KERNEL[r, c]
    has(p._heat, place, "W")
    has(p._picture, PICTURE, "x")
    i, j = units[k]
    assert framed(p._heat) == row(k, 12)
    assert framed(p._picture) == [(i + a, j + b) for a in range(2) for b in range(3)]
    assert len(p._heat._marks.get_segments()) == 6
    assert says(p._line).split(" = ")[0] == f"u{'₁₂'[i]}{'₁₂'[j]}"


# Chapter 13


def patch_of(i, j, rows, columns):
    return [(i + r, j + c) for r in range(rows) for c in range(columns)]


@drawn("KernelGradient")
def _(p, a, b):
    true = np.array([
        [sum(DELTAS[i, j] * PICTURE[i + r, j + c] for i in range(2) for j in range(2)) for c in range(3)]
        for r in range(2)
    ])  # fmt: skip
    met = PICTURE[a : a + 2, b : b + 2]
    for heat, values, symbol in (
        (p._over, PICTURE, "x"),
        (p._kernel, DELTAS, "δ"),
        (p._products, DELTAS * met, "E"),
        (p._sum, true, "K"),
    ):
        has(heat, values, symbol)
    assert framed(p._over) == patch_of(a, b, 2, 2) and framed(p._sum) == [(a, b)]
    near(value(says(p._line).split("\n")[0]), true[a, b])


def back_to_pixels():
    """∂E/∂x: each place adds its δ times the kernel to its patch."""
    slopes = np.zeros(PICTURE.shape)
    for i, j in np.ndindex(2, 2):
        slopes[i : i + 2, j : j + 3] += DELTAS[i, j] * KERNEL
    return slopes


@drawn("Reach")
def _(p_, p, q):
    for k, (i, j) in enumerate(np.ndindex(2, 2)):
        laid = np.zeros(PICTURE.shape)
        laid[i : i + 2, j : j + 3] = KERNEL
        has(p_._heats[k], laid, "K")
        assert framed(p_._heats[k]) == [(p, q)]
        inside = (p, q) in patch_of(i, j, 2, 3)
        told = f"through K{'₀₁'[p - i]}{'₀₁₂'[q - j]}" if inside else "not reached"
        assert p_._under[k].get_text() == told
        assert color(p_._under[k]) == to_rgba(COLORS["K"] if inside else INK)
    near(value(says(p_._line)), back_to_pixels()[p, q])


@drawn("FlippedKernel")
def _(p_, p, q):
    padded = np.zeros((4, 6))
    padded[1:3, 2:4] = DELTAS
    turned = np.array([KERNEL[1][::-1], KERNEL[0][::-1]])
    for heat, values, symbol in (
        (p_._over, padded, "δ"),
        (p_._kernel, turned, "K"),
        (p_._products, padded[p : p + 2, q : q + 3] * turned, "E"),
        (p_._sum, back_to_pixels(), "x"),
    ):
        has(heat, values, symbol)
    assert framed(p_._over) == patch_of(p, q, 2, 3) and framed(p_._sum) == [(p, q)]
    near(value(says(p_._line)), back_to_pixels()[p, q])


# Chapter 14

IN_BLOCKS = np.array([[1.0, 4, 0, 2], [3, 2, 5, 1], [-2, 0, 3, 1], [1, -3, 2, 6]])
BLAME = np.array([[1, -2], [0.5, 3]])


def nudged(place, nudge):
    """The picture with one entry nudged, and where each block has its largest one."""
    values = IN_BLOCKS.copy()
    values.flat[place] += nudge
    largest = np.zeros(values.shape, bool)
    for i, j in np.ndindex(2, 2):
        places = [(p, q) for p in (2 * i, 2 * i + 1) for q in (2 * j, 2 * j + 1)]
        largest[max(places, key=lambda place: values[place])] = True
    return values, largest


def of_block(values, kind):
    return [[kind([values[2 * i + p, 2 * j + q] for p, q in np.ndindex(2, 2)]) for j in (0, 1)] for i in (0, 1)]


def cornered(heat):
    """The entries with a dark corner, which lies within its cell."""
    middles = [np.mean(path.vertices[:3], axis=0) for path in heat._corners.get_paths()]
    return {tuple(map(int, np.round(middle - heat._middles[0])[::-1])) for middle in middles}


@drawn("Blocks")
def _(p, place, nudge):
    values, largest = nudged(place, nudge)
    has(p._x, values, "x")
    assert cornered(p._x) == set(map(tuple, np.argwhere(largest)))
    i, j = place // 4, place % 4
    assert framed(p._x) == [(i, j)] and framed(p._means) == framed(p._largest) == [(i // 2, j // 2)]
    has(p._means, of_block(values, lambda block: sum(block) / 4), "u")
    has(p._largest, of_block(values, max), "u")


@drawn("Blame")
def _(p, place, nudge):
    values, largest = nudged(place, nudge)
    has(p._x, values, "x")
    assert cornered(p._x) == set(map(tuple, np.argwhere(largest)))
    back = np.array([[BLAME[i // 2, j // 2] for j in range(4)] for i in range(4)])
    has(p._deltas, BLAME, "δ")
    has(p._mean, back / 4, "x")
    has(p._max, np.where(largest, back, 0), "x")
    i, j = place // 4, place % 4
    assert framed(p._x) == framed(p._mean) == framed(p._max) == [(i, j)] and framed(p._deltas) == [(i // 2, j // 2)]


@drawn("ThroughMean")
def _(p, place):
    back = np.array([[BLAME[i // 2, j // 2] for j in range(4)] for i in range(4)])
    slope = 1 / (1 + np.abs(gallery.MAP)) ** 2
    for heat, values, symbol in zip(p._heats, (BLAME, back, slope, 2 / 4 * slope * back), "δδuδ"):
        has(heat, values, symbol)
    i, j = place // 4, place % 4
    assert [framed(heat) for heat in p._heats] == [[(i // 2, j // 2)], [(i, j)], [(i, j)], [(i, j)]]


# Chapter 16

ORDER = ("p1", "u1", "x1", "p2", "u2", "x2", "E")
WAY_BACK = (("E",), ("x2", "y"), ("u2",), ("p2", "b2"), ("x1", "W2"), ("u1",), ("p1", "b1"), ("x0", "W1"))


def graph(**given):
    """Every value of the network, some of them given and the others computed from them."""
    at = {"x0": X, "y": Y, **{f"{name}{l}": getattr(NET, name)[l] for name in "Wb" for l in (1, 2)}, **given}
    for l in (1, 2):
        at.setdefault(f"p{l}", at[f"W{l}"] @ at[f"x{l - 1}"])
        at.setdefault(f"u{l}", at[f"p{l}"] + at[f"b{l}"])
        at.setdefault(f"x{l}", softsign(at[f"u{l}"]))
    at.setdefault("E", np.sum((at["x2"] - at["y"]) ** 2, keepdims=True) / 2)
    return at


def measured(name, h=1e-5):
    """∂E/∂(each entry of one value of the network), by central differences."""
    value = graph()[name].astype(float)
    slopes = np.zeros_like(value)
    for place in np.ndindex(value.shape):
        move = np.zeros_like(value)
        move[place] = h
        high, low = (graph(**{name: value + sign * move})["E"].item() for sign in (1, -1))
        slopes[place] = (high - low) / (2 * h)
    return slopes


def table(text):
    return [value(number) for number in text.get_text().split()]


@drawn("Tape")
def _(p, step):
    at, done = graph(), ORDER[:step]
    reached = [name for names in WAY_BACK[: max(0, step - 7)] for name in names]
    for name, text in p._values.items():
        known = name in done or name not in ORDER
        near(table(text), at[name] if known else [])
    for name, text in p._slopes.items():
        near(table(text), measured(name) if name in reached else [], 2)
    lit = set(WAY_BACK[step - 8]) if step > 7 else {ORDER[step - 1]} if step else set(at) - set(ORDER)
    for name, arrow in p._arrows.items():
        shade = PALE if name not in lit else COLORS["δ"] if step > 7 else INK
        assert to_rgba(arrow.get_edgecolor()) == to_rgba(shade), name
    busy = [name for name, circle in p._circles.items() if circle.get_linewidth() > 3]
    assert busy == [(None, *ORDER, "E", *ORDER[::-1])[step]] * (step > 0)


@drawn("Modes")
def _(p, n, m, passes):
    for (cells, inside, names, shade), by_row in zip(p._grids, (False, True)):
        texts = np.array(inside._texts).reshape(6, 6)
        faces, edges = cells.get_facecolor().reshape(6, 6, 4), cells.get_edgecolor().reshape(6, 6, 4)
        for i, j in np.ndindex(6, 6):
            found_in, there = (i if by_row else j) + 1, i < m and j < n
            assert texts[i, j] == (str(found_in) if there and found_in <= passes else "")
            assert (faces[i, j, 3] > 0) == (there and found_in <= passes) and (edges[i, j, 3] > 0) == there
            assert not faces[i, j, 3] or tuple(faces[i, j, :3]) == to_rgb(shade)
        assert [text for text in names._texts if text] == [f"x{'₁₂₃₄₅₆'[j]}" for j in range(n)] + [
            f"t{'₁₂₃₄₅₆'[i]}" for i in range(m)
        ]
    assert [grid[-1] for grid in p._grids] == [COLORS["x"], COLORS["δ"]]
    said = says(p._said).replace("\n", " ")
    assert f"forward mode has found {min(n, passes)} of {n} column" in said
    assert f"reverse mode has found {min(m, passes)} of {m} row" in said
    winner = "forward mode wins" if n < m else "reverse mode wins" if m < n else "the two are equal"
    assert said.endswith(f"{n} forward pass{'es' * (n > 1)} or {m} backward pass{'es' * (m > 1)}: {winner}")


@drawn("Checkpoints")
def _(p, k):
    kept, counts = set(), [0]
    for l in range(12):
        kept |= {l} if l % k == 0 else set()
        counts.append(len(kept))
    for first in range(12 - k, -1, -k):
        for l in range(first + 1, first + k):
            kept.add(l)
            counts.append(len(kept))
        for l in range(first + k - 1, first - 1, -1):
            kept.remove(l)
            counts.append(len(kept))
    near(points(p._curve), np.column_stack([np.arange(len(counts)), counts]))
    near(points(p._point), [k, max(counts)])
    assert color(p._curve) == to_rgba(COLORS["x"])
    assert f"= {max(counts)} kept at once" in says(p._said)
    assert f"{len(counts) - 1 - 24} layers run forward a second time" in says(p._said)
    all_points = p.figure.axes[1].lines[0]
    near(points(all_points), [[d, 12 / d + d - 1] for d in (1, 2, 3, 4, 6, 12)])


# Chapter 15


def passed(name, x):
    """x¹, x² and t of a network on pictures (8, 8), place by place."""
    net = gallery.PICTURE_READERS[name]
    if name == "dense":
        x2 = np.tanh(net.W[1] @ x.reshape(64) + net.b[1][:, 0])
        x1, scores = x2, net.W[2] @ x2 + net.b[2][:, 0]
    else:
        x1 = np.array([np.tanh(by_places(K[0], x, b)) for K, b in zip(net.W[1], net.b[1][:, 0])])
        x2 = np.array([
            [[x1[m, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max() for j in range(3)] for i in range(3)] for m in range(5)
        ])  # fmt: skip
        scores = net.W[3] @ x2.ravel() + net.b[3][:, 0]
    return x1, x2, np.exp(scores) / np.exp(scores).sum()


def displaced(x, down, right):
    return shifted(shifted(x, right).T, down).T


@drawn("Moves")
def _(p, network, down, right):
    near(p._image.get_array(), displaced(DIGITS[:, 0].reshape(8, 8), down, right))
    read = [
        [
            np.mean([
                passed(network, displaced(DIGITS[:, n].reshape(8, 8), i, j))[2].argmax() == LABELS[n] for n in range(60)
            ])
            for j in range(-2, 3)
        ]
        for i in range(-2, 3)
    ]  # fmt: skip
    has(p._heat, np.round(100 * np.array(read)), "x")
    assert framed(p._heat) == [(down + 2, right + 2)]
    assert says(p._line).endswith(f"{round(100 * read[down + 2][right + 2])}% of the digits are read correctly")


@drawn("Inside")
def _(p, n, m):
    net = gallery.PICTURE_READERS["convolution"]
    x1, x2, t = passed("convolution", DIGITS[:, n].reshape(8, 8))
    near(p._picture.get_array(), DIGITS[:, n])
    for image, frame, tiles in zip(p._images, p._frames, (net.W[1][:, 0] / np.abs(net.W[1]).max(), x1, x2)):
        side = tiles.shape[1]
        for k, tile in enumerate(tiles):
            top, left = k // 4 * (side + 1), k % 4 * (side + 1)
            near(image.get_array()[top : top + side, left : left + side], tile)
            inside = frame.get_x() < left - 0.5 < left + side - 0.5 < frame.get_x() + frame.get_width()
            above = frame.get_y() < top - 0.5 < top + side - 0.5 < frame.get_y() + frame.get_height()
            assert (inside and above) == (k == m)
    near([bar.get_width() for bar in p._bars], t)


@drawn("LooksAt")
def _(p, network, n):
    pixels, h = DIGITS[:, n].reshape(8, 8), 1e-5
    loss = lambda x: -np.log(passed(network, x)[2][LABELS[n]])
    units = np.eye(64).reshape(64, 8, 8)
    slope = np.array([(loss(pixels + h * unit) - loss(pixels - h * unit)) / (2 * h) for unit in units]).reshape(8, 8)
    relative = slope / np.abs(slope).max()
    near(p._picture.get_array(), pixels)
    np.testing.assert_allclose(p._map.get_array(), relative, atol=1e-3)
    for signs, steep in zip(p._signs, (relative > 0.4, relative < -0.4)):
        assert {tuple(map(int, place)) for place in points(signs)} == {(c, r) for r, c in np.argwhere(steep)}
    assert [signs.get_marker() for signs in p._signs] == ["+", "_"]
    t = passed(network, pixels)[2]
    near([bar.get_height() for bar in p._bars], t)
    near(p._target.get_x() + p._target.get_width() / 2, LABELS[n])
    assert p._said.get_text() == f"{A_DIGIT[LABELS[n]]}, read as {A_DIGIT[t.argmax()]}"


@drawn("BreakIt")
def _(p, mistake):
    true, unit = np.eye(4)[:, [1]] * x.T, np.eye(4)
    claim = {
        "correct": true,
        "transposed": true.T,
        "index off by one": unit[:, [2]] * x.T,
        "every row": np.ones((4, 1)) * x.T,
    }[mistake]
    visible = [heat for heat in p._heats.values() if heat._cells.get_visible()]
    assert len(visible) == 1
    has(visible[0], claim, "x")
    comparable = claim.shape == true.shape
    assert p._difference._cells.get_visible() == comparable and bool(p._no_difference.get_text()) != comparable
    marked = {
        tuple(np.round(np.mean(square[:4], axis=0) - visible[0]._middles[0]).astype(int)[::-1])
        for square in visible[0]._marks.get_segments()
    }
    assert marked == (set(map(tuple, np.argwhere(claim != true))) if comparable else set())
    if comparable:
        has(p._difference, claim - true, "x")
        assert len(p._difference._marks.get_segments()) == np.sum(claim != true)
    shade, sign = (PLUS, "✓") if mistake == "correct" else (MINUS, "✗")
    assert all(piece[1] == shade for line in p._verdict._lines for piece in line) and says(p._verdict).startswith(sign)


# Where a picture starts, and what it offers to its controls

STARTS = {
    "FirstLook": {"weight": 1.0}, "Reading": {"k": 0, "x_1": 1.0}, "Secant": {"h": 0.5, "method": "forward"},
    "StepSize": {"h": 0.1, "method": "central", "curve": "smooth", "precision": "float64"},
    "NudgeB": {"i": 0, "nudge": 0.0}, "NudgeW": {"i": 0, "j": 0, "nudge": 0.0}, "NudgeX": {"j": 0, "nudge": 0.0},
    "UnitColumn": {"k": 0, "b_1": 0.5}, "RowOfW": {"k": 0, "x_1": 1.0}, "Slices": {"i": 0, "j": 0},
    "RowsStoodUp": {"k": 0, "W_11": 1.0}, "Tangent": {"x": 0.0, "nudge": 1.0, "f": "tanh"},
    "ThroughF": {"k": 0, "x_1": 1.0}, "Bowl": {"u": 2.0, "y": -0.5, "f": "tanh"}, "Passes": {"step": 0},
    "Answer": {"n": 7, "step": 0},
    "Chain": {"weight": 1}, "TwoPaths": {"s": 0.5}, "UnfoldOuter": {"step": 0, "i": 0, "j": 0},
    "WeightPath": {"weight": 0}, "Paths": {"i": 0, "paths": 1}, "UnfoldBack": {"step": 0, "i": 0},
    "Downhill": {"eta": 0.1}, "Drop": {"eta": 0.0625}, "Boundary": {"frame": 0}, "StillTrains": {"mistake": "correct"},
    "Cost": {"width": 32, "depth": 2}, "Digits": {"start": 0}, "Starts": {"start": "works"}, "Learning": {"epoch": 0},
    "Confusion": {"epoch": 0}, "Misread": {"n": 0}, "Shares": {"j": 0, "nudge": 0.0}, "SoftmaxJacobian": {"k": 0},
    "Cure": {"u": 0.0}, "TwoLosses": {"loss": "works"}, "Shifted": {"n": 0, "right": 1},
    "Sliding": {"i": 0, "j": 0}, "Maps": {"kernel": "edges", "right": 0}, "TiedMatrix": {"k": 0},
    "KernelGradient": {"a": 0, "b": 0}, "Reach": {"p": 1, "q": 1}, "FlippedKernel": {"p": 0, "q": 0},
    "Blocks": {"place": 1, "nudge": 0.0},
    "Blame": {"place": 1, "nudge": 0.0}, "ThroughMean": {"place": 0},
    "Readers": {"network": "works"}, "Moves": {"network": "dense", "down": 0, "right": 0}, "Inside": {"n": 0, "m": 0},
    "LooksAt": {"network": "dense", "n": 0},
    "Tape": {"step": 0}, "Modes": {"n": 6, "m": 3, "passes": 3}, "Checkpoints": {"k": 6},
    "BreakIt": {"mistake": "correct"},
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_where_a_picture_starts(name):
    assert gallery.PICTURES[name][0]().values == STARTS[name]


def test_what_a_picture_offers_to_its_controls():
    p = gallery.picture
    assert p("Passes").steps == (0, 8) and p("Passes").last == 8 and p("PassesForward").last == 5
    assert p("Boundary").frames == [("0", 0), ("5", 1), ("10", 2)] and p("Boundary").last == 2
    assert "step" not in Answer([READERS[0]], DIGITS[:, :10], LABELS[:10]).alt
    assert p("Answer").last == 2 and p("Answer").digits[3] == (A_DIGIT[LABELS[3]], 3) and len(p("Answer").digits) == 10
    assert p("Digits").starts == [("1 to 24", 0), ("25 to 48", 24)] and p("Learning").last == p("Confusion").last == 2
    wrong = np.sum(outputs(READERS[0]).argmax(axis=0) != LABELS)
    assert p("Misread").numbers == [(str(n), n - 1) for n in range(1, wrong + 1)]
    for name in ("Inside", "LooksAt"):
        assert [text for text, _ in p(name).numbers] == [str(n) for n in range(1, len(p(name)._labels) + 1)]
    assert p("StillTrains").names == ["correct", "f′ missing", "f′ twice"] and p("BreakIt").names[:2] == [
        "correct",
        "transposed",
    ]
    assert [n for _, n in p("WeightPath").weights] == list(range(8))
    assert p("Tape").steps == (0, 15) and p("Tape").last == 15 and p("Checkpoints").every == [1, 2, 3, 4, 6, 12]


@pytest.mark.parametrize("name", gallery.PICTURES)
def test_a_state_of_the_gallery_names_every_value(name):
    """Otherwise what is drawn would depend on the state before, and so on the order of the tests."""
    assert all(state.keys() == gallery.picture(name).values.keys() for state in gallery.states(name))
