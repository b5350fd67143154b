"""Chapter 9: the walk downhill, a boundary that learns, and wrong gradients that train all the same."""

from itertools import islice
from textwrap import wrap

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from ..backprop import Gradient, gradient
from ..check import mistakes
from ..check.judge import judge
from ..descent import descend, step
from ..error import E
from ..network import forward, forward_from
from .toolkit import diagram
from .toolkit.picture import Picture
from .toolkit.style import COLORS, INK, MINUS, PALE, PAPER, PLUS, SMALL, bracketed, entry, number, sup

SPAN = 3.0  # the loss surface is drawn from −SPAN to SPAN
WALK = 40  # steps of a walk
ERRORS = (1e-4, 30.0)


class Downhill(Picture):
    """E over two weights of a chain 1-1-1, and the walk of gradient descent with the step size η."""

    size = (8.8, 4.5)

    def draw(self, net, x, y, start=(-1.5, 2.0)):
        self._net, self._x, self._y, self._start = net, x, y, start
        left, right = self.figure.subplots(1, 2, width_ratios=[1, 1.1])
        ticks = np.linspace(-SPAN, SPAN, 61)
        u = np.kron(ticks, x)  # u¹ of every W¹, side by side: one pass for each W² is enough
        errors = [(forward_from(self._at(0, w), 1, u) - np.tile(y, ticks.size)) ** 2 / 2 for w in ticks]
        surface = np.reshape(errors, (ticks.size, ticks.size, -1)).sum(axis=2)
        heights = LinearSegmentedColormap.from_list("heights", [PAPER, "#8E8E8E"])
        left.contourf(ticks, ticks, np.log10(surface + 1e-3), levels=14, cmap=heights)
        left.set(xlabel="W¹", ylabel="W²", xlim=(-SPAN, SPAN), ylim=(-SPAN, SPAN))
        left.set_title("E over two weights (dark is high)")
        (self._path,) = left.plot([], [], "o-", color=COLORS["W"], ms=4, lw=1.2, mec=PAPER, mew=0.5)
        (self._end,) = left.plot([], [], "*", color=INK, ms=15, mec=PAPER, clip_on=False)
        (self._curve,) = right.plot([], [], "o-", color=COLORS["E"], ms=3.5, lw=1.2)
        right.set(yscale="log", ylim=ERRORS, xlim=(-1, WALK + 1), xlabel="step")
        right.set_title("E, step by step")
        self._said = self.equation(2)
        return [self._path, self._end, self._curve, self._said]

    def move(self, eta=0.1):
        net, walk, slopes = self._at(*self._start), [], []
        for _ in range(WALK + 1):
            walk.append((net.W[1][0, 0], net.W[2][0, 0], self._error(net)))
            full = gradient(net, forward(net, self._x), self._y)
            slopes.append([float(full.dE_dW[l][0, 0]) for l in (1, 2)])
            still = {l: 0 * db for l, db in full.dE_db.items()}  # the biases stay 0, so that two weights are all
            net = step(net, Gradient(full.dE_dW, still), eta)
        v, w, errors = np.array(walk).T
        outside = np.flatnonzero((np.abs(v) > SPAN) | (np.abs(w) > SPAN))
        self._path.set_data(np.clip(v, -SPAN, SPAN), np.clip(w, -SPAN, SPAN))
        self._end.set_data([np.clip(v[-1], -SPAN, SPAN)], [np.clip(w[-1], -SPAN, SPAN)])
        self._curve.set_data(np.arange(WALK + 1), np.clip(errors, *ERRORS))
        first = ",  ".join(
            f"{name} ← {number(old)} − {number(eta)}·{bracketed(slope)} = {number(new, 4)}"
            for name, old, slope, new in zip(("W¹", "W²"), walk[0], slopes[0], walk[1])
        )
        left_at = f"; from step {outside[0]} on, the walk is off the map" if len(outside) else ""
        told = f"η = {number(eta)}: in {WALK} steps, E goes from {number(errors[0])} to {number(errors[-1])}{left_at}"
        self._said.set_text(f"the first step: {first}\n{told}")
        return f"{told}. The first step: {first}."

    def _at(self, v, w):
        return self._net.replace(W={1: [[float(v)]], 2: [[float(w)]]})

    def _error(self, net):
        return E(forward(net, self._x).t, self._y)


class Drop(Picture):
    """The drop of E that the gradient predicts, −η‖∇E‖², and the true one, as η grows."""

    size = (8.0, 3.9)

    def draw(self, net, x, y):
        self._net, self._y, self._x = net, y, x
        self._gradient = gradient(net, forward(net, x), y)
        arrays = [*self._gradient.dE_dW.values(), *self._gradient.dE_db.values()]
        self._slope = -sum(float(np.sum(a**2)) for a in arrays)
        self._now = self._error(0.0)
        axes = self.figure.subplots()
        etas = np.linspace(0, 4, 161)
        axes.plot(etas, [self._error(eta) for eta in etas], color=COLORS["E"], label="true E after the step")
        axes.plot(etas, self._now + self._slope * etas, "--", color=PLUS, label="predicted: E − η‖∇E‖²")
        axes.set(xlim=(-0.06, 4.06), ylim=(-0.7, 1.4), xlabel="η", ylabel="E")
        axes.axhline(0, color=PALE, lw=0.8)
        axes.legend(loc="upper right")
        self._points = [axes.plot([], [], "o", color=color, ms=8)[0] for color in (PLUS, COLORS["E"])]
        self._said = self.equation()
        return [*self._points, self._said]

    def move(self, eta=0.0625):
        predicted, true = self._now + self._slope * eta, self._error(eta)
        for point, value in zip(self._points, (predicted, true)):
            point.set_data([eta], [value])
        formula = (
            f"E − η‖∇E‖² = {number(self._now)} − {number(eta, 4)}·{number(-self._slope, 5)} = "
            f"{number(predicted, 5)};   "
            f"true: {number(true, 5)}"
        )
        self._said.set_text(formula)
        return f"η = {number(eta, 4)}. The prediction is {formula}."

    def _error(self, eta):
        return E(forward(step(self._net, self._gradient, eta), self._x).t, self._y)


class Boundary(Picture):
    """What a network says of every point of the plane, as its training goes on; and four moments of it side by side."""

    size = (8.6, 6.6)
    stills, side, grid = (
        (0, 0.1, 0.3, 1),
        1.6,
        56,
    )  # moments, as shares of the whole; the plane's half width; points along a side

    def draw(self, net, x, y, eta, every=25, frames=41):
        self._every, self._y, self.last = every, y, frames - 1
        states = list(islice(descend(net, x, y, eta), 0, every * (frames - 1) + 1, every))
        self._errors = [state.E for state in states]
        ticks = np.linspace(-self.side, self.side, self.grid)
        plane = np.array([point.ravel() for point in np.meshgrid(ticks, ticks)])
        self._maps = [forward(state.net, plane).t.reshape(self.grid, self.grid) for state in states]
        self._right = [int(np.sum(np.sign(forward(state.net, x).t) == np.sign(y))) for state in states]
        panels = self.figure.subplot_mosaic([["map", "map", "E", "E"], list("0123")], height_ratios=[1.9, 1])
        left, right = panels["map"], panels["E"]
        self._image = self._draw_plane(left, x, y, 0, 5)
        left.set_title("what the network says")
        right.plot(np.arange(frames) * every, self._errors, color=COLORS["E"])
        right.set(xlabel="step", ylim=(0, None), xlim=(0, every * self.last))
        right.set_title("E")
        right.legend(handles=left.lines[:2], loc="upper right")
        for n, share in enumerate(self.stills):
            frame = round(share * self.last)
            self._draw_plane(panels[str(n)], x, y, frame, 2)
            panels[str(n)].set_title(f"step {frame * every}", fontsize=SMALL)
        (self._here,) = right.plot([], [], "o", color=INK, ms=9, clip_on=False)
        self._said = self.equation()
        return [self._image, *left.lines, self._here, self._said]

    def _draw_plane(self, axes, x, y, frame, size):
        """The map of one frame with the examples on it."""
        colors = LinearSegmentedColormap.from_list("sides", ["#E9B3B3", PAPER, "#99CDD2"])  # MINUS and PLUS, lighter
        image = axes.imshow(
            self._maps[frame],
            origin="lower",
            extent=(-self.side, self.side) * 2,
            vmin=-1,
            vmax=1,
            cmap=colors,
            interpolation="bilinear",
        )
        for value, mark, color in ((1, "o", PLUS), (-1, "^", MINUS)):
            here = y[0] == value
            axes.plot(
                *x[:, here],
                mark,
                color=color,
                ms=size,
                zorder=3,
                mec=PAPER,
                mew=0.1 * size,
                label=f"y = {number(value)}",
            )
        axes.set(xlim=(-self.side, self.side), ylim=(-self.side, self.side), xticks=[], yticks=[])
        return image

    @property
    def frames(self):
        """The moments by their step, for a slider."""
        return [(str(frame * self._every), frame) for frame in range(self.last + 1)]

    def move(self, frame=0):
        self._image.set_data(self._maps[frame])
        at = frame * self._every
        self._here.set_data([at], [self._errors[frame]])
        said = (
            f"step {at}: E = ½‖t − y‖² = {number(self._errors[frame])}, "
            f"{self._right[frame]} of {self._y.shape[1]} points on the correct side"
        )
        self._said.set_text(said)
        return f"{said[0].upper()}{said[1:]}."


class StillTrains(Picture):
    """Training with a wrong gradient beside training with the right one; and what the check says of it."""

    size = (8.6, 5.25)

    def draw(self, net, x, y, eta, steps, wrong):
        self._curves, self._verdicts = {}, {}
        for formula, name in [("delta", "correct"), *wrong]:
            self._curves[name] = self._train(net, x, y, eta, steps, formula, name)
            claim = _named(mistakes.gradient_with_mistake(net, forward(net, x), y, formula, name, eta).dE_dW)
            self._verdicts[name] = judge(
                claim,
                lambda W: E(forward(net.replace(W=dict(enumerate(W.values(), 1))), x).t, y),
                _named(net.W),
                {name: claim},
            )
        self.names = list(self._curves)
        axes = self.figure.subplots()
        top = 1.25 * self._curves["correct"][0]
        for name, curve in self._curves.items():
            axes.plot(np.minimum(curve, 2 * top), color=PALE, lw=1.2, label="the others" if name == "correct" else None)
        (self._right,) = axes.plot(self._curves["correct"], "--", color=PLUS, lw=2, label="the right gradient")
        (self._curve,) = axes.plot([], [], color=COLORS["E"], label="the chosen one")
        axes.set(xlim=(0, steps), ylim=(0, top), xlabel="step", ylabel="E")
        axes.legend(loc="upper right")
        self._said = self.equation(7)
        return [self._curve, self._right, self._said]

    def move(self, mistake="correct"):
        curve, right, verdict = self._curves[mistake], self._curves["correct"], self._verdicts[mistake]
        self._curve.set_data(np.arange(len(curve)), np.minimum(curve, 2 * curve[0]))
        beside = "" if mistake == "correct" else f"; with the correct gradient, it goes to {number(right[-1])}"
        lines = [
            f"{mistake}: in {len(curve) - 1} steps, E goes from {number(curve[0])} to {number(curve[-1])}{beside}",
            f"the check, before the first step: {verdict}",
        ]
        self._said.set_text("\n".join(part for line in lines for part in wrap(line, 102)))
        return f"{lines[0]}. {lines[1][0].upper()}{lines[1][1:]}"

    @staticmethod
    def _train(net, x, y, eta, steps, formula, name):
        errors = []
        for _ in range(steps + 1):
            trace = forward(net, x)
            errors.append(E(trace.t, y))
            net = step(net, mistakes.gradient_with_mistake(net, trace, y, formula, name, eta), eta)
        return np.array(errors)


def _named(by_layer):
    """{1: …, 2: …} → {"layer 1": …, "layer 2": …}, as the verdict is to say it."""
    return {f"layer {l}": array for l, array in by_layer.items()}


class Cost(Picture):
    """Multiplications for one gradient: by finite differences and by back-propagation, as the network grows."""

    size = (8.0, 4.9)
    widths, depths = (4, 256), (1, 8)

    def draw(self):
        axes = self.figure.subplots()
        axes.set(
            xscale="log", yscale="log", xlim=(15, 1e6), ylim=(10, 1e13), xlabel="parameters P", ylabel="multiplications"
        )
        axes.grid(color="#E9E9E9", lw=0.8)
        looks = {
            "finite differences, 2P·M": ("-", MINUS),
            "back-propagation, forward and backward": ("--", PLUS),
            "one forward pass, M": (":", INK),
        }
        self._curves = [
            axes.plot([], [], dashes, color=color, label=name)[0] for name, (dashes, color) in looks.items()
        ]
        (self._points,) = axes.plot([], [], "o", color=INK, ms=8)
        axes.legend(loc="upper left")
        self._said = self.equation(3)
        return [*self._curves, self._points, self._said]

    def move(self, width=32, depth=2):
        costs = np.array([cost([w] * (depth + 1)) for w in range(self.widths[0], self.widths[1] + 1, 4)]).T
        P, M, nudging, back = sizes = cost([width] * (depth + 1))
        for curve, values in zip(self._curves, (costs[2], costs[3], costs[1])):
            curve.set_data(costs[0], values)
        self._points.set_data([P] * 3, [sizes[n] for n in (2, 3, 1)])
        lines = [
            f"{depth} layer{'s' * (depth > 1)} of {width} units: M = {M:,} weights, P = {P:,} parameters",
            f"finite differences: 2P·M = 2·{P:,}·{M:,} = {nudging:,} multiplications",
            f"back-propagation: 3M + (P − M) − n₀n₁ = {3 * M:,} + {P - M:,} − {width**2:,} = {back:,} = "
            f"{back / M:.2f}·M",
        ]
        self._said.set_text("\n".join(lines))
        return "; ".join(lines) + "."


def cost(sizes):
    """(P, M, multiplications of the central difference of every parameter, those of back-propagation), as Chapter 9
    counts."""
    M = sum(m * n for m, n in zip(sizes[1:], sizes))
    P = M + sum(sizes[1:])
    return P, M, 2 * P * M, 3 * M + (P - M) - sizes[0] * sizes[1]


class WeightPath(diagram.NetworkPicture):
    """One weight, all its paths forward to E, and the two factors of its gradient: δ_i^l after it and x_j^{l−1}
    before it."""

    def draw(self, net, x, y):
        artists = self._start(net, x, y)
        self._places = [(l, i, j) for l, W in net.W.items() for i, j in np.ndindex(W.shape)]
        self._write_values()
        for l in net.W:
            self._write_derivatives("u", l)
        return artists

    @property
    def weights(self):
        """One option for each weight, for a slider."""
        return [(_weight(*place), n) for n, place in enumerate(self._places)]

    def move(self, weight=0):
        l, i, j = self._places[weight]
        self._diagram.light(
            {**dict.fromkeys(self._paths(l, i), COLORS["E"]), diagram.weight(l, i, j): COLORS["W"]},
            {diagram.Unit("x", l - 1, j): COLORS["x"], diagram.Unit("u", l, i): COLORS["δ"]},
        )
        delta, x = float(self._delta[l][i, 0]), float(self._trace.x[l - 1][j, 0])
        ways = int(np.prod(self._net.sizes[l + 1 :], dtype=int))
        factor = entry("δ" + sup(l), i)
        lines = [
            f"{_weight(l, i, j)} reaches E along {ways} path{'s' * (ways > 1)}; {factor} sums up everything after it",
            f"∂E/∂{_weight(l, i, j)} = {factor}·{entry('x' + sup(l - 1), j)} = "
            f"{diagram.bracketed(delta)}·{diagram.bracketed(x)} = {diagram.number(delta * x)}",
        ]
        self._diagram.say(lines)
        return ". ".join(lines) + "."

    def _paths(self, l, i):
        """The arrows of all paths from u_i^l to E."""
        reached, edges = range(i, i + 1), []
        for later in range(l, self._net.L + 1):
            edges += [diagram.activation(later, n) for n in reached]
            if later < self._net.L:
                edges += [edge for edge in self._diagram.weights(later + 1) if edge.start.i in reached]
                reached = range(self._net.sizes[later + 1])
        return edges + [edge for edge in self._diagram.losses() if edge.start.i in reached]


def _weight(l, i, j):
    return entry("W" + sup(l), i, j)
