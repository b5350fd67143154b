"""The drawn network: units, weights, and numbers that appear as they become known."""

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from ..backprop import deltas
from ..error import E
from ..network import forward
from . import style
from .picture import Picture
from .style import COLOURS, FAINT, NORMAL, PAPER, SMALL, entry, sup

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


class _Network(Picture):
    """A picture of a network with one example; y is its target."""

    lines = 2    # of text under the network

    def _start(self, net, x, y):
        self._net, self._y, self._trace = net, y, forward(net, x)
        self._delta, self._E = deltas(net, self._trace, y), float(E(self._trace.t, y))
        self._diagram = Diagram(self.figure, net, y, self.lines)
        return self._diagram.artists


class Passes(_Network):
    """The forward pass number by number, and then, unless `forward_only`, the δ's going back, one layer a step."""

    def draw(self, net, x, y, forward_only=False):
        self.lines = 1 + max(net.sizes)
        artists = self._start(net, x, y)
        up = [stage for l in net.W for stage in (("u", l), ("x", l))]
        down = [("δ", l) for l in reversed(net.W)]
        self.stages = [("x", 0), *up, ("E", net.L), *([] if forward_only else down)]
        return artists

    @property
    def steps(self):
        """(first, last), for a slider."""
        return 0, len(self.stages) - 1

    def move(self, step=0):
        known = self.stages[:step + 1]
        for kind, l in self.stages:
            self._write(kind, l, (kind, l) in known)
        kind, l = self.stages[step]
        self._diagram.light(*self._lit(kind, l))
        formula, entries = {"x": self._say_x, "u": self._say_u, "E": self._say_E, "δ": self._say_delta}[kind](l)
        self._diagram.say([formula, *entries])
        return f"Step {step} of {self.steps[1]}. {formula}" + (f": {'; '.join(entries)}." if entries else ".")

    def _write(self, kind, l, known):
        values = [self._E] if kind == "E" else {"x": self._trace.x, "u": self._trace.u, "δ": self._delta}[kind][l][:, 0]
        for i, value in enumerate(values):
            text = number(value) if known else ""
            self._diagram.write(kind, l, i, f"δ {text}" if known and kind == "δ" else text)

    def _lit(self, kind, l):
        """The edges that a stage goes along and the units that it reaches, each with its colour."""
        d, L = self._diagram, self._net.L
        through, to_E = [("f", l, i) for i in range(self._net.sizes[l])], [("E", k) for k in range(self._net.sizes[L])]
        edges = {"x": through if l else [], "u": d.weights(l) if l else [], "E": to_E,
                 "δ": through + (to_E if l == L else d.weights(l + 1))}[kind]
        units = [("E", L, 0)] if kind == "E" else d.layer("u" if kind == "δ" else kind, l)
        return dict.fromkeys(edges, COLOURS["W" if kind == "u" else kind]), dict.fromkeys(units, COLOURS[kind])

    def _say_x(self, l):
        x = self._trace.x[l][:, 0]
        if l == 0:
            return f"the input, x⁰ = {numbers(x)}", []
        name = f"x{sup(l)} = f(u{sup(l)})" + (" = t" if l == self._net.L else "")
        return f"{name} = {numbers(x)}", [f"{entry(f'x{sup(l)}', i)} = f({number(u)}) = {number(x[i])}"
                                          for i, u in enumerate(self._trace.u[l][:, 0])]

    def _say_u(self, l):
        W, b, x, u = self._net.W[l], self._net.b[l], self._trace.x[l-1][:, 0], self._trace.u[l][:, 0]
        sums = [" + ".join([*(f"{bracketed(w)}·{bracketed(v)}" for w, v in zip(row, x)), bracketed(c)]) for row, c in zip(W, b[:, 0])]
        return (f"u{sup(l)} = W{sup(l)}·x{sup(l - 1)} + b{sup(l)} = {numbers(u)}",
                [f"{entry(f'u{sup(l)}', i)} = {sums[i]} = {number(u[i])}" for i in range(len(u))])

    def _say_E(self, _):
        squares = " + ".join(f"({number(t)} − {bracketed(y)})²" for t, y in zip(self._trace.t[:, 0], self._y[:, 0]))
        return f"E = ½‖t − y‖² = ½({squares}) = {number(self._E)}", []

    def _say_delta(self, l):
        delta, slope, L = self._delta[l][:, 0], self._net.f.prime(self._trace.u[l])[:, 0], self._net.L
        if l == L:
            formula = f"δ{sup(l)} = f′(u{sup(l)}) ∘ (t − y)"
            terms = [f"{number(s)}·({number(t)} − {bracketed(y)})" for s, t, y in zip(slope, self._trace.t[:, 0], self._y[:, 0])]
        else:
            formula = f"δ{sup(l)} = ((W{sup(l + 1)})ᵀ δ{sup(l + 1)}) ∘ f′(u{sup(l)})"
            above = self._delta[l+1][:, 0]
            terms = [f"({' + '.join(f'{bracketed(w)}·{bracketed(d)}' for w, d in zip(column, above))})·{number(s)}"
                     for column, s in zip(self._net.W[l+1].T, slope)]
        return (f"{formula} = {numbers(delta)}",
                [f"{entry(f'δ{sup(l)}', i)} = {terms[i]} = {number(delta[i])}" for i in range(len(delta))])


class Paths(_Network):
    """Every path from u_i^1 to E leaves through x_i^1 and fans out over the units k above: what each brings, and their sum."""

    def draw(self, net, x, y):
        artists = self._start(net, x, y)
        self._diagram.fill(self._trace, {2: self._delta[2]})
        self._diagram.write("E", net.L, 0, number(self._E))
        return artists

    def move(self, i=0, paths=1):
        delta, m = self._delta, len(self._delta[2])
        arrived = paths == m
        for n, value in enumerate(delta[1][:, 0]):
            self._diagram.write("δ", 1, n, f"δ {number(value)}" if arrived and n == i else "")
        edges = [("W", 2, k, i) for k in range(paths)] + [("f", 1, i)] * arrived
        units = [("u", 2, k) for k in range(paths)] + [("u", 1, i)] * arrived
        self._diagram.light(dict.fromkeys(edges, COLOURS["δ"]), dict.fromkeys(units, COLOURS["δ"]))
        lines = self._say(i, paths, arrived) if paths else [f"No path yet. How does a nudge of {entry('u¹', i)} reach E?"]
        self._diagram.say(lines)
        return ". ".join(lines) + ("" if lines[-1].endswith("?") else ".")

    def _say(self, i, paths, arrived):
        W, delta = self._net.W[2][:paths, i], self._delta[2][:paths, 0]
        letters = " + ".join(f"{entry('δ²', k)}·{entry('W²', k, i)}" for k in range(paths))
        products = " + ".join(f"{bracketed(d)}·{bracketed(w)}" for d, w in zip(delta, W))
        total, slope = float(delta @ W), float(self._net.f.prime(self._trace.u[1][i, 0]))
        if not arrived:
            return [f"{paths} of {len(self._delta[2])} paths from {entry('x¹', i)}: {letters} = {products} = {number(total)}"]
        agree = "The paths agree" if len(set(np.sign(delta * W))) == 1 else "The paths oppose each other"
        return [f"∂E/∂{entry('x¹', i)} = {letters} = {products} = {number(total)}",
                f"{agree}. Times f′({number(self._trace.u[1][i, 0])}) = {number(slope)}: "
                f"{entry('δ¹', i)} = {bracketed(total)}·{number(slope)} = {number(total * slope)}"]


class WeightPath(_Network):
    """One weight, all its paths forward to E, and the two factors of its gradient: δ_i^l above it and x_j^{l−1} below."""

    def draw(self, net, x, y):
        artists = self._start(net, x, y)
        self._places = [(l, i, j) for l, W in net.W.items() for i, j in np.ndindex(W.shape)]
        self._diagram.fill(self._trace, self._delta)
        self._diagram.write("E", net.L, 0, number(self._E))
        return artists

    @property
    def weights(self):
        """One option for each weight, for a slider."""
        return [(_weight(*place), n) for n, place in enumerate(self._places)]

    def move(self, weight=0):
        l, i, j = self._places[weight]
        self._diagram.light({**dict.fromkeys(self._onward(l, i), COLOURS["E"]), ("W", l, i, j): COLOURS["W"]},
                            {("x", l - 1, j): COLOURS["x"], ("u", l, i): COLOURS["δ"]})
        delta, x = float(self._delta[l][i, 0]), float(self._trace.x[l-1][j, 0])
        ways = int(np.prod(self._net.sizes[l + 1:], dtype=int))
        lines = [f"{_weight(l, i, j)} reaches E by {ways} path{'s' * (ways > 1)}; all that lies above is in {entry('δ' + sup(l), i)}",
                 f"∂E/∂{_weight(l, i, j)} = {entry('δ' + sup(l), i)}·{entry('x' + sup(l - 1), j)} = "
                 f"{bracketed(delta)}·{bracketed(x)} = {number(delta * x)}"]
        self._diagram.say(lines)
        return ". ".join(lines) + "."

    def _onward(self, l, i):
        """The edges of all paths from u_i^l to E."""
        reached, edges = [i], []
        for above in range(l, self._net.L + 1):
            edges += [("f", above, n) for n in reached]
            if above < self._net.L:
                edges += [edge for edge in self._diagram.weights(above + 1) if edge[3] in reached]
                reached = range(self._net.sizes[above + 1])
        return edges + [("E", k) for k in reached]


def _weight(l, i, j):
    return entry("W" + sup(l), i, j)


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
