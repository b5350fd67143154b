"""The drawn network: units, weights, and numbers that appear as they become known."""

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from ...backprop import deltas
from ...error import E
from ...network import forward
from . import style
from .picture import Picture
from .style import COLOURS, FAINT, NORMAL, PAPER, SMALL, sup

UNIT = 1.05                           # inches from one unit of a layer to the next
RADIUS = 0.27
LINE = 0.25                           # of text under the network
DIGITS = 4
APART = {"layer": 1.75, "f": 0.85, "E": 1.15}    # from x^{l−1} to u^l, from u^l to x^l, and from t to E
THREAD = "#BDBDBD"


def number(value):
    return style.number(value, DIGITS)


def bracketed(value):
    return style.bracketed(value, DIGITS)


def numbers(values):
    return style.numbers(values, DIGITS)


class Diagram:
    """A network drawn on a figure: a circle for every x and every u, a line for every weight, its value on it, and E.

    `write(kind, l, i, text)` puts a number into a circle (kinds "x", "u" and, with l = L and i = 0, "E") or under it ("δ").
    `light(edges, units)` makes what is named stand out: edges maps ("W", l, i, j), ("f", l, i), from u_i^l to x_i^l, and
    ("E", k), from t_k to E, to colours, units maps (kind, l, i). `say(lines)` is the text under the network.
    `artists` are those that move.
    """

    def __init__(self, figure, net, y, lines):
        self._net, self.tall = net, max(net.sizes)
        self._columns, place = {("x", 0): 0.0}, 0.0
        for l in net.W:
            place += APART["layer"]
            self._columns["u", l] = place
            place += APART["f"]
            self._columns["x", l] = place
        self._columns["E", net.L] = place = place + APART["E"]
        axes = self._axes = _canvas(figure, (-0.45, place + 0.65), (-0.72 - LINE * lines, self.tall - 0.1))
        self._units = [(kind, l, i) for kind, l in self._columns for i in range(self._size(kind, l))]
        self._circles = axes.add_collection(PatchCollection([Circle(self.place(*unit), RADIUS) for unit in self._units],
                                                            facecolors=PAPER, zorder=3))
        self._texts = {unit: self._text(self.place(*unit), zorder=4) for unit in self._units}
        for kind, l in self._columns:
            name = "E" if kind == "E" else f"{kind}{sup(l)}" + (" = t" if (kind, l) == ("x", net.L) else "")
            self._text((self._columns[kind, l], self.tall - 0.38), name, COLOURS[kind], NORMAL, fontweight="bold")
        weights = self._draw_weights()
        self._draw_layers(y)
        self._said = axes.text(-0.35, -0.72, "", fontsize=NORMAL, va="top", linespacing=1.5)
        self.artists = [self._threads, *weights, self._circles, *self._texts.values(), self._said]

    def place(self, kind, l, i):
        """Where the circle of x_i^l, of u_i^l or of E stands: unit 0 on top, every layer centred."""
        return np.array((self._columns[kind, l], self.tall - 1 - i - (self.tall - self._size(kind, l)) / 2))

    def _size(self, kind, l):
        return 1 if kind == "E" else self._net.sizes[l]

    def weights(self, l):
        """The edges ("W", l, i, j) of layer l."""
        return [("W", l, i, j) for i, j in np.ndindex(self._net.W[l].shape)]

    def layer(self, kind, l):
        """The units (kind, l, i) of layer l."""
        return [(kind, l, i) for i in range(self._net.sizes[l])]

    def write(self, kind, l, i, text):
        self._texts[kind, l, i].set_text(text)

    def say(self, lines):
        self._said.set_text("\n".join(lines))

    def light(self, edges=(), units=()):
        edges, units = dict(edges), dict(units)
        colours = [edges.get(edge, "none" if edge[0] == "f" else THREAD) for edge in self._edges]    # f has its arrow
        self._threads.set(colors=[to_rgba(colour) for colour in colours],
                          linewidths=[3.0 if edge in edges else 1.0 for edge in self._edges])
        self._circles.set(edgecolors=[units.get(unit, COLOURS[unit[0]]) for unit in self._units],
                          linewidths=[5.0 if unit in units else 2.0 for unit in self._units])

    def fill(self, trace, delta):
        """Write every number of a pass forward, and the δ's of these layers."""
        for kind, layers in (("x", trace.x), ("u", trace.u), ("δ", delta)):
            for l, values in layers.items():
                for i, value in enumerate(values[:, 0]):
                    self.write(kind, l, i, ("δ " if kind == "δ" else "") + number(value))

    def _draw_weights(self):
        """All lines at once, and the values on those of the weights."""
        ends = {edge: (self.place("x", l - 1, edge[3]), self.place("u", l, edge[2])) for l in self._net.W for edge in self.weights(l)}
        ends |= {("f", l, i): (self.place("u", l, i), self.place("x", l, i)) for l in self._net.W for i in range(self._net.sizes[l])}
        ends |= {("E", k): (self.place("x", self._net.L, k), self.place("E", self._net.L, 0)) for k in range(self._net.sizes[-1])}
        self._edges = list(ends)
        self._threads = self._axes.add_collection(LineCollection([_between(*pair) for pair in ends.values()], zorder=1))
        texts = []
        for edge in (edge for edge in self._edges if edge[0] == "W"):
            (_, l, i, j), (start, end) = edge, _between(*ends[edge])
            part = 0.3 if (i + j) % 2 else 0.62      # crossing lines carry their numbers at different places
            texts.append(self._text(start + part * (end - start), number(self._net.W[l][i, j]), COLOURS["W"], zorder=2,
                                    bbox={"fc": PAPER, "ec": "none", "pad": 0.6}))
        return texts

    def _draw_layers(self, y):
        """The biases, the arrows of f, the targets, and room for the δ's."""
        for l, b in self._net.b.items():
            for i in range(len(b)):
                here, there = self.place("u", l, i), self.place("x", l, i)
                self._axes.annotate("", there - (RADIUS, 0), here + (RADIUS, 0), arrowprops={"arrowstyle": "->", "color": FAINT})
                self._text((here + there) / 2 + (0, 0.11), "f", style="italic")
                self._text(here + (0, RADIUS + 0.1), f"b {number(b[i, 0])}", COLOURS["b"])
                self._texts["δ", l, i] = self._text(here - (0, RADIUS + 0.12), "", COLOURS["δ"], fontweight="bold", zorder=4)
        for k, target in enumerate(y[:, 0]):
            self._text(self.place("x", self._net.L, k) - (0, RADIUS + 0.12), f"y {number(target)}", COLOURS["y"])

    def _text(self, at, text="", colour=None, size=SMALL, **more):
        return self._axes.text(*at, text, color=colour, fontsize=size, ha="center", va="center", **more)


class NetworkPicture(Picture):
    """A picture of a network with one example; y is its target."""

    lines = 2    # of text under the network

    def _start(self, net, x, y):
        self._net, self._y, self._trace = net, y, forward(net, x)
        self._delta, self._E = deltas(net, self._trace, y), float(E(self._trace.t, y))
        self._diagram = Diagram(self.figure, net, y, self.lines)
        return self._diagram.artists


def _canvas(figure, xs, ys):
    """Axes that fill the figure, with UNIT inches for each unit either way."""
    figure.set_layout_engine("none")
    figure.set_size_inches(UNIT * (xs[1] - xs[0]), UNIT * (ys[1] - ys[0]))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=xs, ylim=ys)
    axes.set_axis_off()
    return axes


def _between(start, end):
    """The line from the rim of one circle to the rim of the other."""
    rim = RADIUS * (end - start) / np.hypot(*(end - start))
    return start + rim, end - rim
