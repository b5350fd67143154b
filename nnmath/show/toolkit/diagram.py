"""The drawn network: units, arrows, and the numbers of both passes, which appear as they become known."""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from ...backprop import deltas
from ...error import E, dE_dt
from ...network import forward
from . import style
from .glyphs import LEADING, Lines
from .picture import Picture
from .style import COLORS, INK, NORMAL, PALE, PAPER, SMALL, entry, sup

INCHES = 1.1  # of one unit of length in the drawing: from one unit of a layer to the next
RADIUS = 0.25
LINE = LEADING * NORMAL / 72 / INCHES  # from one line of text under the network to the next
DIGITS = 5
APART = {"u": 1.75, "x": 0.95, "E": 1.15}  # from what comes before it to a column of this kind
BESIDE = RADIUS + 0.12  # from the middle of a circle to the number above or below it
HEAD = 0.1  # length of an arrowhead


def number(value):
    return style.number(value, DIGITS)


def bracketed(value):
    return style.bracketed(value, DIGITS)


def numbers(values):
    return style.numbers(values, DIGITS)


@dataclass(frozen=True)
class Unit:
    """A circle of the drawing: x_i^l, u_i^l, or E (then l = L and i = 0)."""

    kind: str
    l: int
    i: int = 0

    @property
    def name(self):
        return "E" if self.kind == "E" else entry(self.kind + sup(self.l), self.i)


@dataclass(frozen=True)
class Edge:
    """An arrow of the drawing. Into a u it carries a weight, into an x the activation f."""

    start: Unit
    end: Unit


def weight(l, i, j):
    """The arrow of W_ij^l."""
    return Edge(Unit("x", l - 1, j), Unit("u", l, i))


def activation(l, i):
    """The arrow of f from u_i^l to x_i^l."""
    return Edge(Unit("u", l, i), Unit("x", l, i))


class Diagram:
    """A network drawn on a figure: a circle for every x and every u, an arrow for every weight with its value on it,
    and E.

    `value(unit, text)` writes above a circle and `derivative(unit, text)` below it. `light(edges, units)` makes what
    is named
    stand out; both map to colors. `say(lines)` is the text under the network. `artists` are those that move.
    """

    def __init__(self, figure, net, y, lines):
        self._net, self._tall = net, max(net.sizes)
        self._columns, right = {("x", 0): 0.0}, 0.0
        for l in net.W:
            for kind in ("u", "x"):
                right += APART[kind]
                self._columns[kind, l] = right
        self.loss = Unit("E", net.L)
        right += APART["E"]
        self._columns["E", net.L] = right
        left, low = -0.6, 0.25 - LINE * (lines + 0.8)
        self._axes = _canvas(figure, (left, right + 0.6), (low, self._tall + 0.75))
        self._units = [Unit(kind, l, i) for kind, l in self._columns for i in range(self._size(kind, l))]
        self._draw_units()
        weights = self._draw_edges()
        self._draw_names(y)
        self._said = Lines(self._axes, (left + 0.15, 0.25 - 0.75 * LINE))
        self.artists = [
            self._lines,
            self._heads,
            *weights,
            self._circles,
            *self._names,
            *self._values.values(),
            *self._derivatives.values(),
            self._said,
        ]

    def place(self, unit):
        """Where the middle of a circle is; unit 0 is on top, every layer centered."""
        return np.array(
            (self._columns[unit.kind, unit.l], (self._tall + self._size(unit.kind, unit.l)) / 2 - 0.5 - unit.i + 0.25)
        )

    def _size(self, kind, l):
        return 1 if kind == "E" else self._net.sizes[l]

    def weights(self, l):
        """The arrows of the weights of layer l."""
        return [weight(l, i, j) for i, j in np.ndindex(self._net.W[l].shape)]

    def activations(self, l):
        """The arrows of f in layer l."""
        return [activation(l, i) for i in range(self._net.sizes[l])]

    def losses(self):
        """The arrows from the outputs to E."""
        return [Edge(unit, self.loss) for unit in self.layer("x", self._net.L)]

    def layer(self, kind, l):
        """The units of one kind in layer l."""
        return [Unit(kind, l, i) for i in range(self._size(kind, l))]

    def value(self, unit, text):
        self._values[unit].set_text(text)

    def derivative(self, unit, text):
        self._derivatives[unit].set_text(text)

    def say(self, lines):
        self._said.set(*lines)

    def light(self, edges=(), units=()):
        edges, units = dict(edges), dict(units)
        colors = [to_rgba(edges.get(edge, PALE)) for edge in self._edges]
        self._lines.set(colors=colors, linewidths=[3.0 if edge in edges else 1.2 for edge in self._edges])
        self._heads.set(facecolors=colors, edgecolors=colors)
        self._circles.set(
            edgecolors=[to_rgba(units.get(unit, COLORS[unit.kind])) for unit in self._units],
            linewidths=[4.5 if unit in units else 1.5 for unit in self._units],
        )

    def _draw_units(self):
        self._circles = self._axes.add_collection(
            PatchCollection([Circle(self.place(unit), RADIUS) for unit in self._units], facecolors=PAPER, zorder=3)
        )
        self._names = [self._text(self.place(unit), unit.name, COLORS[unit.kind], zorder=4) for unit in self._units]
        self._values = {unit: self._text(self.place(unit) + (0, BESIDE), zorder=4) for unit in self._units}
        self._derivatives = {
            unit: self._text(self.place(unit) - (0, BESIDE), "", COLORS["δ"], zorder=4) for unit in self._units
        }

    def _draw_edges(self):
        """All arrows at once, and the values on those of the weights."""
        layers = self._net.W
        self._edges = [*(edge for l in layers for edge in [*self.weights(l), *self.activations(l)]), *self.losses()]
        ends = {edge: _between(self.place(edge.start), self.place(edge.end)) for edge in self._edges}
        self._lines = self._axes.add_collection(LineCollection([_shaft(*pair) for pair in ends.values()], zorder=1))
        self._heads = self._axes.add_collection(PolyCollection([_head(*pair) for pair in ends.values()], zorder=1))
        texts = []
        for l, i, j in ((l, i, j) for l, W in layers.items() for i, j in np.ndindex(W.shape)):
            start, end = ends[weight(l, i, j)]
            part = 0.28 if (i + j) % 2 else 0.58  # arrows that cross carry their numbers at different places
            texts.append(
                self._text(start + part * (end - start), number(layers[l][i, j]), COLORS["W"], zorder=2, bbox=_CARD)
            )
        return texts

    def _draw_names(self, y):
        """The names of the columns and layers, f on its arrows, the biases with their arrows, and the targets."""
        top = self._tall + 0.25
        self._text((0, top + 0.12), "input x⁰", COLORS["x"], fontweight="bold")
        for l in self._net.W:
            u, x = (self._columns[kind, l] for kind in ("u", "x"))
            last = l == self._net.L
            self._text(((u + x) / 2, top + 0.34), f"layer {l}" + (", the output" if last else ""))
            self._text((u, top + 0.12), f"u{sup(l)}", COLORS["u"], fontweight="bold")
            self._text((x, top + 0.12), f"x{sup(l)} = t" if last else f"x{sup(l)}", COLORS["x"], fontweight="bold")
            for i in range(self._net.sizes[l]):
                here, there = self.place(Unit("u", l, i)), self.place(Unit("x", l, i))
                self._text((here + there) / 2 + (-0.03, 0.1), "f", style="italic", weight="bold")
                if self._net.b:
                    self._draw_bias(here, number(self._net.b[l][i, 0]))
        loss = self.place(self.loss)
        self._text((loss[0], top + 0.12), "loss E", COLORS["E"], fontweight="bold")
        for k, target in enumerate(y[:, 0]):
            self._text(loss - (0, BESIDE + 0.04 + 0.17 * k), f"{entry('y', k)} = {number(target)}", COLORS["y"])

    def _draw_bias(self, unit, text):
        corner = RADIUS * np.sqrt(0.5)
        self._axes.annotate(
            "",
            unit + (-corner, corner),
            unit + (-0.37, 0.37),
            arrowprops={"arrowstyle": "-|>", "color": COLORS["b"], "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8},
        )
        self._text(unit + (-0.42, 0.44), f"b {text}", COLORS["b"], zorder=2, bbox=_CARD)

    def _text(self, at, text="", color=INK, size=SMALL, **more):
        return self._axes.text(*at, text, color=color, fontsize=size, ha="center", va="center", **more)


class NetworkPicture(Picture):
    """A picture of a network with one example; y is its target."""

    lines = 2  # of text under the network

    def _start(self, net, x, y):
        self._net, self._y, self._trace = net, y, forward(net, x)
        self._delta, self._E = deltas(net, self._trace, y), float(E(self._trace.t, y))
        self._by_x = {l: net.W[l + 1].T @ self._delta[l + 1] for l in range(net.L)} | {net.L: dE_dt(self._trace.t, y)}
        self._diagram = Diagram(self.figure, net, y, self.lines)
        return self._diagram.artists

    def _slopes(self, l):
        """f′(u^l), one number for each unit."""
        return self._net.f[l].prime(self._trace.u[l])[:, 0]

    def _write_values(self):
        """Every number of the forward pass."""
        for kind, layers in (("x", self._trace.x), ("u", self._trace.u)):
            for l, values in layers.items():
                for unit, value in zip(self._diagram.layer(kind, l), values[:, 0]):
                    self._diagram.value(unit, number(value))
        self._diagram.value(self._diagram.loss, number(self._E))

    def _write_derivatives(self, kind, l, known=True):
        """∂E/∂u = δ under every u of layer l, or ∂E/∂x under every x."""
        values = {"u": self._delta, "x": self._by_x}[kind][l][:, 0]
        name = "δ" if kind == "u" else "∂E/∂t" if l == self._net.L else "∂E/∂x"
        for unit, value in zip(self._diagram.layer(kind, l), values):
            self._diagram.derivative(unit, f"{name} {number(value)}" if known else "")


_CARD = {"fc": PAPER, "ec": "none", "pad": 0.6}  # behind a number on an arrow


def _canvas(figure, xs, ys):
    """Axes that fill the figure, with INCHES for each unit of length."""
    figure.set_layout_engine("none")
    figure.set_size_inches(INCHES * (xs[1] - xs[0]), INCHES * (ys[1] - ys[0]))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=xs, ylim=ys)
    axes.set_axis_off()
    return axes


def _between(start, end):
    """The ends of an arrow: from the rim of one circle to the rim of the other."""
    rim = (RADIUS + 0.02) * _unit_vector(start, end)
    return start + rim, end - rim


def _shaft(start, end):
    return start, end - 0.8 * HEAD * _unit_vector(start, end)


def _head(start, end):
    along = HEAD * _unit_vector(start, end)
    across = 0.45 * np.array((-along[1], along[0]))
    return [end, end - along + across, end - along - across]


def _unit_vector(start, end):
    return (end - start) / np.hypot(*(end - start))
