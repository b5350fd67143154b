"""Chapter 0: the colors of the book, and which numbers one output reads."""

from itertools import pairwise

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch

from ..activation import tanh
from ..backprop import gradient
from ..error import E
from ..layer import u
from ..network import Network, forward
from .toolkit.heat import CELL, FOOT, Heat, board, line_under, names, sign, with_first
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, MINUS, NORMAL, PALE, PAPER, PLUS, SMALL, both, bracketed, number, numbers, sub


class FirstLook(Picture):
    """What a network is for: a 2-3-2 network turns an input into an output, E compares it with the target, and
    ∂E/∂W says which way to change one weight, whose value can be moved."""

    size = (10.0, 4.5)
    columns, target = (0.0, 2.0, 4.0, 5.7), np.array([[1.0], [0.0]])  # of input, hidden layer, output and loss
    steps = np.linspace(-2.5, 3.5, 121)

    def draw(self):
        self._net = Network(
            {1: np.array([[1, -0.5], [-1, 1], [0.5, 0.5]]), 2: np.array([[1, 0.5, -1], [-0.5, 1, 0.5]])},
            {1: np.zeros((3, 1)), 2: np.zeros((2, 1))},
            tanh,
        )
        self._input = np.array([[1.0], [0.5]])
        left, right = self.figure.subplots(1, 2, width_ratios=[2.1, 1])
        left.set(xlim=(-0.6, 6.3), ylim=(-1.95, 2.0), aspect="equal")
        left.set_axis_off()
        places = [
            [(column, (size - 1) / 2 - i) for i in range(size)] for column, size in zip(self.columns, (2, 3, 2, 1))
        ]
        for before, after in pairwise(places):
            for end in after:
                for start in before:
                    _arrow(left, start, end, PALE)
        _arrow(left, places[1][0], places[2][0], COLORS["W"], lw=2.5)
        _arrow(left, (5.7, 0.0), (3.0, 0.95), COLORS["δ"], lw=1.8, ls="--", connectionstyle="arc3,rad=0.35")
        left.text(4.75, 1.6, "∂E/∂W: which way to change it", color=COLORS["δ"], ha="center")
        for layer, color in zip(places, ("x", "x", "x", "E")):
            for place in layer:
                left.add_patch(Circle(place, 0.33, fc=PAPER, ec=COLORS[color], lw=2, zorder=3))
        for x, y, text, color in (
            (0, -1.5, "input\n$x^0$", "x"),
            (2, -1.7, "hidden layer\n$x^1 = f(W^1 x^0 + b^1)$", "x"),
            (4, -1.5, "output\n$t = f(W^2 x^1 + b^2)$", "x"),
            (5.7, -0.75, "loss\n$E = ½‖t − y‖²$", "E"),
        ):
            left.text(x, y, text, color=COLORS[color], ha="center", va="center", fontsize=SMALL)
        for place, value in zip(places[0], self._input[:, 0]):
            left.text(*place, number(value), ha="center", va="center", fontsize=SMALL)
        for (x, y), value in zip(places[2], self.target[:, 0]):
            left.text(
                x,
                y - 0.47,
                f"target y = {number(value)}",
                color=COLORS["y"],
                fontsize=SMALL,
                ha="center",
                va="center",
                bbox={"fc": PAPER, "ec": "none", "pad": 0.6},
                zorder=4,
            )
        self._values = [
            left.text(*place, "", ha="center", va="center", fontsize=SMALL, zorder=4)
            for layer in places[1:]
            for place in layer
        ]
        self._weight = left.text(
            2.75,
            1.05,
            "",
            color=COLORS["W"],
            fontsize=SMALL,
            ha="center",
            va="bottom",
            bbox={"fc": PAPER, "ec": "none", "pad": 0.6},
        )
        right.plot(self.steps, [self._loss(w) for w in self.steps], color=COLORS["E"])
        right.set(xlim=(self.steps[0], self.steps[-1]), ylim=(-0.06, 2.3), xlabel="the weight W")
        right.set_title("the loss E")
        (self._slope,) = right.plot([], [], "--", color=COLORS["δ"], lw=1.5)
        (self._point,) = right.plot([], [], "o", color=COLORS["W"], ms=9)
        self._said = self.equation()
        return [*self._values, self._weight, self._slope, self._point, self._said]

    def move(self, weight=1.0):
        net = self._with(weight)
        trace = forward(net, self._input)
        loss, slope = E(trace.t, self.target), float(gradient(net, trace, self.target).dE_dW[2][0, 0])
        for text, value in zip(self._values, [*trace.x[1][:, 0], *trace.t[:, 0], loss]):
            text.set_text(number(value, 2))
        self._weight.set_text(f"W = {number(weight)}")
        near = weight + np.array([-0.8, 0.8])
        self._slope.set_data(near, loss + slope * (near - weight))
        self._point.set_data([weight], [loss])
        way = "lower" if slope > 0 else "raise"
        seen = f"E = {number(loss)} and ∂E/∂W = {number(slope)}"
        told = f"W = {number(weight)}: {seen}, so {way} this weight to make E smaller"
        self._said.set(told)
        return (
            f"A 2-3-2 network turns the input {numbers(self._input[:, 0])} "
            f"into the output {numbers(trace.t[:, 0])}; the target "
            f"is {numbers(self.target[:, 0])}. {told}."
        )

    def _with(self, weight):
        W = self._net.W[2].copy()
        W[0, 0] = weight
        return self._net.replace(W={2: W})

    def _loss(self, weight):
        return E(forward(self._with(weight), self._input).t, self.target)


def _arrow(axes, start, end, color, **looks):
    """An arrow from circle to circle."""
    axes.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=10, shrinkA=23, shrinkB=23, color=color, zorder=2, **looks
        )
    )


class Reading(Picture):
    """u_k = W_k·x + b_k with its numbers: row k of W, x, b_k and u_k are highlighted. The first entry of x can be
    moved."""

    def draw(self, W, x, b):
        self._layer = W, x, b
        (m, n), rows = W.shape, max(W.shape)
        self.figure.set_size_inches((n + 11) * CELL, (rows + FOOT) * CELL)
        sheet = board(self.figure, n + 11, rows + FOOT)
        limit = 1.2 * max(np.abs(a).max() for a in (W, x, b))
        self._W = Heat(sheet, "W", (m, n), limit, at=(1, 1), rows=names("W", m), columns=range(1, n + 1)).set(W)
        self._x = Heat(sheet, "x", (n, 1), limit, at=(n + 3, 1 + (m - n) / 2), rows=names("x", n))
        self._b = Heat(sheet, "b", (m, 1), limit, at=(n + 6, 1), rows=names("b", m)).set(b)
        self._u = Heat(sheet, "u", (m, 1), 3 * limit, at=(n + 9, 1), rows=names("u", m))
        for column, between in ((n + 1.3, "·"), (n + 4.3, "+"), (n + 7.3, "=")):
            sign(sheet, column, 1 + (m - 1) / 2, between)
        self._line = line_under(sheet, rows)
        return [artist for heat in (self._W, self._x, self._b, self._u) for artist in heat.artists] + [self._line]

    def move(self, k=0, x_1=1.0):
        W, x, b = self._layer
        x = with_first(x, x_1)
        out = u(W, x, b)
        self._x.set(x).mark(j=0)
        self._u.set(out).mark(i=k)
        self._W.mark(i=k)
        self._b.mark(i=k)
        terms = " + ".join(f"{bracketed(w)}·{bracketed(v)}" for w, v in zip(W[k], x[:, 0]))
        K = sub(k + 1)
        total = f"u{K} = W{K}·x + b{K} = {terms} + {bracketed(b[k, 0])} = {number(out[k, 0])}"
        self._line.set(total)
        return f"{both('k', k, 'u')} depends on row {k + 1} of W, on all of x, and on entry {k + 1} of b: {total}."


class Colors(Picture):
    """The colors of the book: one for each symbol, stripes for negative numbers, and what the other colors mean."""

    meanings = {
        "x": "x, the input of a layer",
        "W": "W, the weights",
        "b": "b, the biases",
        "u": "u, the pre-activations",
        "δ": "δ = ∂E/∂u, the blame",
        "y": "y, the target",
        "E": "E, the loss",
    }

    def draw(self):
        width, rows = 16.5, len(self.meanings)
        self.figure.set_size_inches(width * CELL, (rows + 0.6) * CELL)
        sheet = board(self.figure, width, rows + 0.6)
        say = lambda column, row, text, color: sheet.text(column, row, text, color=color, fontsize=NORMAL, va="center")
        for row, (symbol, meaning) in enumerate(self.meanings.items()):
            if symbol != "E":
                Heat(sheet, symbol, (1, 2), 1, at=(0.2, row + 0.3), title="", size=None).set([1, -1])
            say(2.0, row + 0.3, meaning, COLORS[symbol])
        curve = np.linspace(-1, 1, 41)
        sheet.plot(0.7 + 0.9 * curve, rows - 0.4 - 0.6 * curve**2, color=COLORS["E"])
        for row, (color, mark, meaning) in enumerate(
            (
                (PLUS, "o", "a positive sign, the class y = 1"),
                (MINUS, "^", "a negative sign, the class y = −1"),
                (PALE, "s", "gray: present, but not in focus"),
            )
        ):
            sheet.plot(8.9, row + 0.3, mark, color=color, ms=13)
            say(9.6, row + 0.3, meaning, INK)
        for row, line in enumerate(
            (
                "The larger a number in absolute value,",
                "the deeper the color of its cell.",
                "A striped cell holds a negative number.",
            )
        ):
            say(8.6, 3.5 + 0.65 * row, line, INK)
        return []

    def move(self):
        return (
            f"The colors of the book. Each symbol has its own: {'; '.join(self.meanings.values())}. "
            "The larger the absolute value of a number, the deeper the color of its cell; a striped cell holds a "
            "negative number. Two more colors mark the signs and the classes, and gray marks what is not in focus."
        )
