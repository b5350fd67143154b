"""The drawn network: units, weights, and numbers that appear as they become known."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle

from ..backprop import deltas
from ..error import E
from ..network import forward
from .picture import Picture
from . import style
from .style import COLOURS, FAINT, INK, NORMAL, PAPER, SMALL, bracketed, entry, sup

RADIUS = 0.27
DIGITS = 4
APART = {"layer": 1.75, "f": 0.85}    # from x^{l−1} to u^l, and from u^l to x^l


def number(value):
    return style.number(value, DIGITS)


def numbers(values):
    return style.numbers(values, DIGITS)


class Diagram:
    """A network on axes: a circle for every x and every u, a line for every weight, its value on it.

    `write(kind, l, i, text)` puts a number into a circle (kind "x", "u") or under it ("δ"); `light(l, colour)` makes the
    weights of layer l stand out, `light()` none. `artists` are those that move.
    """

    def __init__(self, axes, net):
        self._net = net
        self._columns, place = {("x", 0): 0.0}, 0.0
        for l in net.W:
            place += APART["layer"]
            self._columns["u", l] = place
            place += APART["f"]
            self._columns["x", l] = place
        self.right = place
        tall = max(net.sizes)
        axes.set(xlim=(-0.75, place + 1.55), ylim=(-0.95, tall - 0.1), aspect="equal")
        axes.set_axis_off()
        self._lines, self._weights = {}, []
        for l, W in net.W.items():
            self._draw_weights(axes, l, W)
        self._texts = {}
        for (kind, l), column in self._columns.items():
            for i in range(net.sizes[l]):
                self._draw_unit(axes, kind, l, i, column)
            axes.text(column, tall - 0.42, f"{kind}{sup(l)}" + (" = t" if (kind, l) == ("x", net.L) else ""),
                      color=COLOURS[kind], fontsize=NORMAL, fontweight="bold", ha="center", va="bottom")
        self.artists = [*self._lines.values(), *self._weights, *self._texts.values()]

    def height(self, l, i):
        """Unit 0 on top, every layer centred."""
        tall, size = max(self._net.sizes), self._net.sizes[l]
        return tall - 1 - i - (tall - size) / 2

    def place(self, kind, l, i):
        """Where the circle of x_i^l or u_i^l stands."""
        return self._columns[kind, l], self.height(l, i)

    def write(self, kind, l, i, text):
        self._texts[kind, l, i].set_text(text)

    def light(self, layer=None, colour=INK):
        for l, lines in self._lines.items():
            lines.set(colors=[colour if l == layer else "#BDBDBD"], linewidths=[2.4 if l == layer else 1.0])

    def light_some(self, weights):
        """Let only these stand out: weights maps (l, i, j) to a colour."""
        for l, lines in self._lines.items():
            m, n = self._net.W[l].shape
            lit = [weights.get((l, i, j)) for i in range(m) for j in range(n)]
            lines.set(colors=[to_rgba(colour or "#BDBDBD") for colour in lit],
                      linewidths=[3.0 if colour else 1.0 for colour in lit])

    def fill(self, trace, delta):
        """Write every number of a pass forward, and the δ's of these layers."""
        for kind, layers in (("x", trace.x), ("u", trace.u), ("δ", delta)):
            for l, values in layers.items():
                for i in range(self._net.sizes[l]):
                    self.write(kind, l, i, ("δ " if kind == "δ" else "") + number(values[i, 0]))

    def _draw_weights(self, axes, l, W):
        ends = [_between(self.place("x", l - 1, j), self.place("u", l, i)) for i, j in np.ndindex(W.shape)]
        self._lines[l] = axes.add_collection(LineCollection(ends, zorder=1))
        for (i, j), ((x0, y0), (x1, y1)) in zip(np.ndindex(W.shape), ends):
            part = 0.3 if (i + j) % 2 else 0.62      # crossing lines carry their numbers at different places
            self._weights.append(axes.text(
                x0 + part * (x1 - x0), y0 + part * (y1 - y0), number(W[i, j]), color=COLOURS["W"], fontsize=SMALL,
                ha="center", va="center", zorder=2, bbox={"fc": PAPER, "ec": "none", "pad": 0.6}))

    def _draw_unit(self, axes, kind, l, i, column):
        height = self.height(l, i)
        if kind == "u":
            axes.annotate("", (self._columns["x", l] - RADIUS, height), (column + RADIUS, height),
                          arrowprops={"arrowstyle": "->", "color": FAINT})
            axes.text(column + APART["f"] / 2, height + 0.05, "f", fontsize=SMALL, style="italic", ha="center", va="bottom")
            axes.text(column - 0.02, height + RADIUS + 0.02, f"b {number(self._net.b[l][i, 0])}", fontsize=SMALL,
                      color=COLOURS["b"], ha="center", va="bottom")
            self._texts["δ", l, i] = axes.text(column, height - RADIUS - 0.04, "", color=COLOURS["δ"], fontsize=SMALL,
                                               ha="center", va="top", zorder=4, fontweight="bold")
        axes.add_patch(_circle((column, height), COLOURS[kind]))
        self._texts[kind, l, i] = axes.text(column, height, "", fontsize=SMALL, ha="center", va="center", zorder=4)


class Passes(Picture):
    """The forward pass number by number, and then, unless `forward_only`, the δ's going back, one layer a step."""

    def draw(self, net, x, y, forward_only=False):
        self._net, self._y, self._trace = net, y, forward(net, x)
        self._delta = deltas(net, self._trace, y)
        self.figure.set_size_inches(1.05 * (2.6 * net.L + 2.3), 1.05 * (max(net.sizes) + 0.85) + 0.55)
        axes = self.figure.subplots()
        self._diagram = Diagram(axes, net)
        middle = (max(net.sizes) - 1) / 2
        self._error = axes.text(self._diagram.right + 0.55, middle, "", fontsize=NORMAL, va="center", color=COLOURS["E"],
                                fontweight="bold")
        self._said = axes.text(-0.7, -0.85, "", fontsize=NORMAL, va="center")
        up = [stage for l in net.W for stage in (("u", l), ("x", l))]
        down = [("δ", l) for l in reversed(net.W)]
        self.stages = [("x", 0), *up, ("E", None), *([] if forward_only else down)]
        return [*self._diagram.artists, self._error, self._said]

    @property
    def steps(self):
        """(first, last), for a slider."""
        return 0, len(self.stages) - 1

    def move(self, step=0):
        known = self.stages[:step + 1]
        self._diagram.light()
        for kind, l in self.stages:
            if kind != "E":
                self._write(kind, l, (kind, l) in known)
        error = float(E(self._trace.t, self._y))
        self._error.set_text(f"E = {number(error)}\ny = {numbers(self._y[:, 0])}" if ("E", None) in known else "")
        said = self._say(*self.stages[step], error)
        self._said.set_text(said)
        return f"Step {step} of {len(self.stages) - 1}. {said}"

    def _write(self, kind, l, known):
        values = {"x": self._trace.x, "u": self._trace.u, "δ": self._delta}[kind][l][:, 0]
        for i, value in enumerate(values):
            text = number(value) if known else ""
            self._diagram.write(kind, l, i, f"δ {text}" if known and kind == "δ" else text)

    def _say(self, kind, l, error):
        L, delta = self._net.L, self._delta
        if kind == "x":
            name = "the input, x⁰" if l == 0 else f"x{sup(l)} = f(u{sup(l)})" + (" = t" if l == L else "")
            return f"{name} = {numbers(self._trace.x[l][:, 0])}"
        if kind == "u":
            self._diagram.light(l, COLOURS["W"])
            return f"u{sup(l)} = W{sup(l)}·x{sup(l - 1)} + b{sup(l)} = {numbers(self._trace.u[l][:, 0])}"
        if kind == "E":
            return f"E = ½‖t − y‖² = {number(error)}"
        values = numbers(delta[l][:, 0])
        if l == L:
            return f"δ{sup(l)} = f′(u{sup(l)}) ∘ (t − y) = {values}"
        self._diagram.light(l + 1, COLOURS["δ"])
        return f"δ{sup(l)} = ((W{sup(l + 1)})ᵀ δ{sup(l + 1)}) ∘ f′(u{sup(l)}) = {values}"


class Paths(Picture):
    """Every path from u_i^1 to E leaves through x_i^1 and fans out over the units k above: what each brings, and their sum."""

    def draw(self, net, x, y):
        self._net, self._trace = net, forward(net, x)
        self._delta = deltas(net, self._trace, y)
        self.figure.set_size_inches(1.05 * (2.6 * net.L + 2.3), 1.05 * (max(net.sizes) + 0.85) + 0.95)
        axes = self.figure.subplots()
        self._diagram = Diagram(axes, net)
        axes.set_ylim(-1.45, axes.get_ylim()[1])
        self._diagram.fill(self._trace, {2: self._delta[2]})
        self._said = axes.text(-0.7, -1.05, "", fontsize=NORMAL, va="center", linespacing=1.6)
        return [*self._diagram.artists, self._said]

    def move(self, i=0, paths=1):
        W, delta, u, f = self._net.W[2], self._delta[2], self._trace.u[1], self._net.f
        self._diagram.light_some({(2, k, i): COLOURS["δ"] for k in range(paths)})
        terms = [float(delta[k, 0] * W[k, i]) for k in range(paths)]
        products = " + ".join(f"{bracketed(delta[k, 0], DIGITS)}·{bracketed(W[k, i], DIGITS)}" for k in range(paths)) or "nothing yet"
        first = f"blame of {entry('x', i)}, over {paths} of {len(delta)} paths: {products} = {number(sum(terms))}"
        if paths < len(delta):
            said = first
        else:
            slope = float(f.prime(u[i, 0]))
            agree = "the paths agree" if len({np.sign(t) for t in terms}) == 1 else "the paths oppose each other"
            said = (f"{first}; {agree}\ntimes f′({number(u[i, 0])}) = {number(slope)}: "
                    f"δ¹ of unit {i + 1} is {number(sum(terms) * slope)}")
        self._said.set_text(said)
        return said.replace("\n", ", ")


class WeightPath(Picture):
    """One weight, all its paths forward to E, and the two factors of its gradient: δ_i^l above it and x_j^{l−1} below."""

    def draw(self, net, x, y):
        self._net, self._trace = net, forward(net, x)
        self._delta = deltas(net, self._trace, y)
        self._places = [(l, i, j) for l, W in net.W.items() for i, j in np.ndindex(W.shape)]
        self.figure.set_size_inches(1.05 * (2.6 * net.L + 2.3), 1.05 * (max(net.sizes) + 0.85) + 0.95)
        axes = self.figure.subplots()
        self._diagram = Diagram(axes, net)
        axes.set_ylim(-1.45, axes.get_ylim()[1])
        self._diagram.fill(self._trace, self._delta)
        axes.text(self._diagram.right + 0.55, (max(net.sizes) - 1) / 2, f"E = {number(E(self._trace.t, y))}",
                  fontsize=NORMAL, va="center", color=COLOURS["E"], fontweight="bold")
        self._rings = {kind: axes.add_patch(Circle((0, 0), RADIUS - 0.03, fc="none", ec=COLOURS[kind], lw=6, zorder=3.5))
                       for kind in ("x", "δ")}
        self._said = axes.text(-0.7, -1.05, "", fontsize=NORMAL, va="center", linespacing=1.6)
        return [*self._diagram.artists, *self._rings.values(), self._said]

    @property
    def weights(self):
        """One option for each weight, for a slider."""
        return [(_weight(*place), n) for n, place in enumerate(self._places)]

    def move(self, weight=0):
        l, i, j = self._places[weight]
        paths = {(above, k, n): COLOURS["δ"] for above in range(l + 1, self._net.L + 1)
                 for k, n in np.ndindex(self._net.W[above].shape) if above > l + 1 or n == i}
        self._diagram.light_some({(l, i, j): COLOURS["W"], **paths})
        self._rings["x"].center, self._rings["δ"].center = self._diagram.place("x", l - 1, j), self._diagram.place("u", l, i)
        delta, x = float(self._delta[l][i, 0]), float(self._trace.x[l-1][j, 0])
        ways = int(np.prod(self._net.sizes[l + 1:], dtype=int))
        first = f"{_weight(l, i, j)} reaches E by {ways} path{'s' * (ways > 1)}; all that lies above is in δ{sup(l)}"
        formula = (f"∂E/∂{_weight(l, i, j)} = {entry('δ' + sup(l), i)} · {entry('x' + sup(l - 1), j)} = "
                   f"{bracketed(delta, DIGITS)}·{bracketed(x, DIGITS)} = {number(delta * x)}")
        self._said.set_text(f"{first}\n{formula}")
        return f"{first}. {formula}"


def _weight(l, i, j):
    return entry("W" + sup(l), i, j)


def _between(start, end):
    """The line from the rim of one circle to the rim of the other."""
    start, end = np.array(start), np.array(end)
    rim = RADIUS * (end - start) / np.hypot(*(end - start))
    return start + rim, end - rim


def _circle(centre, colour):
    return Circle(centre, RADIUS, fc=PAPER, ec=colour, lw=2, zorder=3)
